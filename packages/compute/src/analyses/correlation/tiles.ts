/** The correlation matrix in tiles of rows, each from the diagonal to the right edge. */
import type { OpOptions, Reals } from '../../engine/contract.ts';

/** About 2 GFLOP: some tens of milliseconds on vector units; and at most 16 MiB, unless 128 rows are more. */
const tileOperations = 2e9;
const tileValues = 2 ** 21;
const leastRows = 128;

/** Rows of one tile: a multiple of 128, by the shape alone, so that a resumed plan has the same tiles. */
export function rowsPerTile(series: number, length: number): number {
  const byWork = tileOperations / (2 * series * Math.max(1, length));
  const rows = Math.floor(Math.min(byWork, tileValues / series) / leastRows) * leastRows;
  return Math.max(leastRows, rows);
}

export interface TileBounds {
  readonly from: number;
  readonly to: number;
}

export function tileBounds(series: number, rows: number): TileBounds[] {
  const bounds: TileBounds[] = [];
  for (let from = 0; from < series; from += rows) bounds.push({ from, to: Math.min(from + rows, series) });
  return bounds;
}

/** Rows [from, to) and columns [from, series) of the matrix, row-major; r is missing where n is below minPeriods. */
export interface UpperTile {
  readonly from: number;
  readonly to: number;
  readonly width: number;
  readonly r: Reals;
  readonly n: Int32Array | number;
  /** Positive where the series of the row leads that of the column; null where all is at lag 0. */
  readonly lag: Int32Array | null;
}

/** Where tiles come from: a session of the engine, or a matrix that was computed as a whole. */
export interface Tiles {
  readonly series: number;
  upper(bounds: TileBounds, options: OpOptions): Promise<UpperTile>;
  /** Rows [from, to) and columns [0, columns), for what no tile of this attempt can be mirrored from. */
  left(bounds: TileBounds, columns: number, options: OpOptions): Promise<Reals>;
  /** The p of a pair (a, b); NaN where there is none. */
  p(a: number, b: number, r: number, n: number): number;
  close(): void;
}
