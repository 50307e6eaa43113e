/** Cross-correlation of every pair over lags: each lag by itself, over the rows that overlap. */
import { CorrenteError } from '../contract/errors.ts';
import { isMirrored, placeIn, type Block, type Rectangle } from './block.ts';
import { Pace, type PaceOptions } from './pace.ts';
import { pearsonOfRows, type MaskedColumns } from './pair.ts';
import { maskColumns } from './standardise.ts';

/** What `LeadLagRequest` of the engines' contract defines. */
export interface LeadLagRequest {
  readonly maxLag: number;
  readonly minPeriods: number;
}

export interface LeadLagTiles {
  tile(rectangle: Rectangle, options: PaceOptions): Promise<{ r: Float64Array<ArrayBuffer>; lag: Int32Array<ArrayBuffer>; n: Int32Array<ArrayBuffer> }>;
  profile(a: number, b: number, options: PaceOptions): Promise<Profile>;
}

/** r and common rows at lags -maxLag … maxLag. */
interface Profile {
  readonly r: Float64Array<ArrayBuffer>;
  readonly n: Int32Array<ArrayBuffer>;
}

/** `rounded`: values are those of float32, and the largest is looked for among them. */
export async function leadLagTiles(block: Block, request: LeadLagRequest, rounded: boolean, options: PaceOptions): Promise<LeadLagTiles> {
  const { maxLag, minPeriods } = request;
  if (!Number.isInteger(maxLag) || maxLag < 0) throw new CorrenteError('invalid-params', `lead-lag: maxLag is ${maxLag}, expected a whole number of at least 0.`);
  if (!Number.isInteger(minPeriods) || minPeriods < 2) throw new CorrenteError('invalid-params', `lead-lag: minPeriods is ${minPeriods}, expected a whole number of at least 2.`);
  const preparing = new Pace('lead-lag', block.series * block.length, options);
  await preparing.start();
  const { masked } = await maskColumns(block, preparing);

  const profileOf = async (a: number, b: number, pace: Pace): Promise<Profile> => {
    const r = new Float64Array(2 * maxLag + 1).fill(Number.NaN);
    const n = new Int32Array(2 * maxLag + 1);
    for (let lag = -maxLag; lag <= maxLag; lag++) {
      const pair = atLag(masked, a, b, lag);
      n[maxLag + lag] = pair.n;
      if (pair.n >= minPeriods) r[maxLag + lag] = rounded ? Math.fround(pair.r) : pair.r;
      if (pace.due) await pace.turn();
    }
    return { r, n };
  };

  return {
    async tile(rectangle, tileOptions) {
      const { rowFrom, rowTo, colFrom, colTo } = rectangle;
      const count = (rowTo - rowFrom) * (colTo - colFrom);
      const [r, lag, n] = [new Float64Array(count), new Int32Array(count), new Int32Array(count)];
      const pace = new Pace('lead-lag', count, tileOptions);
      await pace.start();
      const write = (row: number, col: number, profile: Profile): void => {
        const place = placeIn(rectangle, row, col);
        const best = strongestLag(profile.r, maxLag);
        r[place] = best === null ? Number.NaN : profile.r[maxLag + best]!;
        lag[place] = best ?? 0;
        n[place] = best === null ? 0 : profile.n[maxLag + best]!;
      };
      for (let row = rowFrom; row < rowTo; row++) {
        for (let col = colFrom; col < colTo; col++) {
          pace.count(1);
          if (isMirrored(rectangle, row, col)) continue;
          const profile = await profileOf(row, col, pace);
          write(row, col, profile);
          if (row < col && col < rowTo && col >= rowFrom && row >= colFrom && row < colTo) write(col, row, { r: profile.r.toReversed(), n: profile.n.toReversed() });
        }
      }
      return { r, lag, n };
    },
    async profile(a, b, profileOptions) {
      const pace = new Pace('lead-lag', 1, profileOptions);
      await pace.start();
      return profileOf(a, b, pace);
    },
  };
}

/** r of a[t] with b[t + lag]; exactly 1 of a series with itself at lag 0. */
function atLag(masked: MaskedColumns, a: number, b: number, lag: number): { r: number; n: number } {
  const { length } = masked;
  const overlap = Math.max(0, length - Math.abs(lag));
  const pair = pearsonOfRows(masked, a * length + Math.max(0, -lag), b * length + Math.max(0, lag), overlap);
  return a === b && lag === 0 && pair.r === pair.r ? { r: 1, n: pair.n } : pair;
}

/** The lag of largest |r|, of equal ones the shortest, then the positive one; null where none has a value. */
function strongestLag(r: Float64Array, maxLag: number): number | null {
  let best: number | null = null;
  let most = -1;
  for (let k = 0; k <= maxLag; k++) {
    for (const lag of [k, -k]) {
      const value = Math.abs(r[maxLag + lag]!);
      if (!(value > most)) continue;
      most = value;
      best = lag;
    }
  }
  return best;
}
