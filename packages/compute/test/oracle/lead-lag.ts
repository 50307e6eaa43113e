/** Cross-correlation over lags, slow and plain. */
import type { LeadLagRequest } from '../../src/engine/contract.ts';
import { pearsonOracle } from './correlation.ts';

export interface ProfileOracle {
  /** At lags -maxLag … maxLag. */
  readonly r: Float64Array;
  readonly n: Int32Array;
}

/** r of a[t] with b[t + k] over the rows where both are present, and how many those are. */
export function profileOracle(a: Float64Array, b: Float64Array, { maxLag, minPeriods }: LeadLagRequest): ProfileOracle {
  const r = new Float64Array(2 * maxLag + 1);
  const n = new Int32Array(2 * maxLag + 1);
  for (let k = -maxLag; k <= maxLag; k++) {
    const overlap = Math.max(0, a.length - Math.abs(k));
    const first = a.subarray(Math.max(0, -k), Math.max(0, -k) + overlap);
    const second = b.subarray(Math.max(0, k), Math.max(0, k) + overlap);
    const pair = pearsonOracle(first, second);
    r[maxLag + k] = pair.n < minPeriods ? Number.NaN : pair.r;
    n[maxLag + k] = pair.n;
  }
  return { r, n };
}

/** The lag of largest |r| in a profile: of equal ones the shortest, then the positive one; null where none has a value. */
export function strongestLag(r: ArrayLike<number>): number | null {
  const maxLag = (r.length - 1) / 2;
  let best: number | null = null;
  for (let k = 0; k <= maxLag; k++) {
    for (const lag of [k, -k]) {
      const value = Math.abs(r[maxLag + lag] ?? Number.NaN);
      if (value > (best === null ? -1 : Math.abs(r[maxLag + best] ?? 0))) best = lag;
    }
  }
  return best;
}
