/** The correlation matrix in tiles of rows, each from the diagonal to the right edge. */
import type { OpOptions, CorrelationSession, Reals } from '../../engine/contract.ts';

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

/** Rows [from, to) and columns [from, series) of the matrix, row-major; r is missing where n is below minPeriods. */
export interface UpperTile {
  readonly from: number;
  readonly to: number;
  readonly width: number;
  readonly r: Reals;
  readonly n: Int32Array | number;
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

/** Computes tiles, with pairs of fewer than `minPeriods` common rows made missing. */
export class TileSource {
  readonly #session: CorrelationSession;
  readonly #minPeriods: number;
  readonly series: number;

  constructor(session: CorrelationSession, series: number, minPeriods: number) {
    this.#session = session;
    this.series = series;
    this.#minPeriods = minPeriods;
  }

  async upper({ from, to }: TileBounds, options: OpOptions): Promise<UpperTile> {
    return { from, to, width: this.series - from, ...(await this.#tile(from, to, from, this.series, options)) };
  }

  /** Rows [from, to) and columns [0, columns), for what no tile of this attempt can be mirrored from. */
  async left({ from, to }: TileBounds, columns: number, options: OpOptions): Promise<Reals> {
    return (await this.#tile(from, to, 0, columns, options)).r;
  }

  async #tile(rowFrom: number, rowTo: number, colFrom: number, colTo: number, options: OpOptions): Promise<{ r: Reals; n: Int32Array | number }> {
    const { r, n } = await this.#session.tile(rowFrom, rowTo, colFrom, colTo, options);
    if (typeof n === 'number') {
      if (n < this.#minPeriods) r.fill(Number.NaN);
    } else if (this.#minPeriods > 2) {
      for (let i = 0; i < n.length; i++) if ((n[i] ?? 0) < this.#minPeriods) r[i] = Number.NaN;
    }
    return { r, n };
  }

  close(): void {
    this.#session.close();
  }
}
