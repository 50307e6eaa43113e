/** Rows of the full matrix as Arrow columns: the upper half as computed, the lower half mirrored. */
import type { OpOptions, Reals } from '../../engine/contract.ts';
import type { PartColumn } from '../analysis.ts';
import type { Tiles, UpperTile } from './tiles.ts';

/** Side of the squares in which a tile is transposed, so that both sides stay in the first cache. */
const square = 32;

/**
 * Makes the columns of `matrix` for one tile of rows after the other. Keeps the upper tiles it was given, half the
 * matrix in the end. Columns left of the first of them (stored by an earlier attempt) are computed anew; r(a, b) and
 * r(b, a) are the same bits, so the result does not depend on which way they came.
 */
export class MatrixRows {
  readonly #source: Tiles;
  readonly #names: readonly string[];
  readonly #kept: UpperTile[] = [];

  constructor(source: Tiles, names: readonly string[]) {
    this.#source = source;
    this.#names = names;
  }

  async columns(tile: UpperTile, options: OpOptions): Promise<PartColumn[]> {
    this.#kept.push(tile);
    const rows = tile.to - tile.from;
    const out = tile.r instanceof Float32Array ? new Float32Array(rows * this.#source.series) : new Float64Array(rows * this.#source.series);
    const known = this.#kept[0]?.from ?? 0;
    if (known > 0) transpose(await this.#source.left(tile, known, options), rows, known, out.subarray(0, rows * known));
    for (const earlier of this.#kept) if (earlier !== tile) mirror(earlier, tile, out);
    transpose(tile.r, rows, tile.width, out.subarray(rows * tile.from));
    const views = Array.from({ length: this.#source.series }, (_, column) => out.subarray(column * rows, (column + 1) * rows));
    return [this.#names.slice(tile.from, tile.to), ...views];
  }
}

/** Row-major [rows × columns] into column-major. */
function transpose(from: Reals, rows: number, columns: number, to: Reals): void {
  for (let i0 = 0; i0 < rows; i0 += square) {
    const i1 = Math.min(i0 + square, rows);
    for (let j0 = 0; j0 < columns; j0 += square) {
      const j1 = Math.min(j0 + square, columns);
      for (let j = j0; j < j1; j++) for (let i = i0; i < i1; i++) to[j * rows + i] = from[i * columns + j] ?? Number.NaN;
    }
  }
}

/** Columns [earlier.from, earlier.to) of the rows of `tile`: rows of the earlier tile, as they lie. */
function mirror(earlier: UpperTile, tile: UpperTile, out: Reals): void {
  const rows = tile.to - tile.from;
  for (let column = earlier.from; column < earlier.to; column++) {
    const at = (column - earlier.from) * earlier.width + (tile.from - earlier.from);
    out.set(earlier.r.subarray(at, at + rows), column * rows);
  }
}
