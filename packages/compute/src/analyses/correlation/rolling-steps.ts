/** The steps of a rolling or exponentially weighted correlation: bands of rows of the matrix, all windows of each pair. */
import { rollingStepValues, rollingWindows, type CorrelationParams } from '@corrente/shared/contract/analyses/correlation';
import type { RollingCorrelationSession } from '../../engine/contract.ts';
import type { PartColumn, PlanInput, Step } from '../analysis.ts';

/** The weight that the newest row has: after `halfLife` rows a weight has halved. */
export function alphaOfHalfLife(halfLife: number): number {
  return -Math.expm1(-Math.LN2 / halfLife);
}

/** Pairs of a band: series [from, to), each with all series after it. */
interface Band {
  readonly from: number;
  readonly to: number;
}

export function rollingSteps({ params, frame, precision }: PlanInput<CorrelationParams>, session: RollingCorrelationSession): Step[] {
  const { series, names } = frame;
  const time = windowTimes(params, frame.time);
  return bandsOf(series, time.length).map(({ from, to }) => ({
    title: to - from === 1 ? `${names[from]} with all after it` : `series ${from + 1} to ${to}`,
    work: (to - from) * (series - from) * Math.max(1, frame.length),
    independent: true,
    async run(context) {
      const options = { precision, signal: context.signal, onProgress: (fraction: number) => context.progress(fraction) };
      const width = series - from - 1;
      const r = await session.tile(from, to, from + 1, series, options);
      for (let a = from; a < to; a++) {
        // The pairs a < b of a row of the tile lie together, window after window.
        const begin = (a - from) * width + (a - from);
        const others = names.slice(a + 1);
        if (others.length === 0 || time.length === 0) continue;
        context.emit('rolling', columnsOf(time, names[a] ?? '', others, r.subarray(begin * time.length, (begin + others.length) * time.length)));
      }
    },
  }));
}

function columnsOf(time: BigInt64Array, a: string, others: readonly string[], r: Float64Array<ArrayBuffer> | Float32Array<ArrayBuffer>): PartColumn[] {
  const times = new BigInt64Array(time.length * others.length);
  for (let k = 0; k < others.length; k++) times.set(time, k * time.length);
  return [times, { names: [a], counts: [times.length] }, { names: others, counts: others.map(() => time.length) }, r];
}

/** The time of the last row of each window. */
function windowTimes(params: CorrelationParams, time: BigInt64Array): BigInt64Array {
  const { count, first } = rollingWindows(params, time.length);
  return BigInt64Array.from({ length: count }, (_, k) => time[first + k * params.step] ?? 0n);
}

/** The last series has none after it. */
function bandsOf(series: number, windows: number): Band[] {
  const bands: Band[] = [];
  for (let from = 0; from + 1 < series; ) {
    const rows = Math.max(1, Math.floor(rollingStepValues / Math.max(1, (series - from) * windows)));
    const to = Math.min(from + rows, series - 1);
    bands.push({ from, to });
    from = to;
  }
  return bands;
}
