/**
 * Pearson correlation in float64, plain TypeScript. Pairs of complete series are dot products of unit columns, taken
 * four rows by four columns at a time; pairs with a missing value go over their common rows.
 */
import { isMirrored, placeIn, type Block, type Rectangle } from './block.ts';
import { Pace, type PaceOptions } from './pace.ts';
import { pearsonOfPair, type MaskedColumns } from './pair.ts';
import { standardise, type StandardColumns } from './standardise.ts';

export interface PearsonTile<R> {
  readonly r: R;
  /** Common rows of each pair; one number where no series has a missing value. */
  readonly n: Int32Array<ArrayBuffer> | number;
}

/** Checks and copies the columns once, for any number of tiles. */
export async function preparePearson(block: Block, options: PaceOptions): Promise<StandardColumns> {
  const pace = new Pace('correlation', block.series * block.length, options);
  await pace.start();
  return standardise(block, pace);
}

const side = 4;

/** r and n of a rectangle, row-major. Every pair's arithmetic is its own: no bit depends on the rectangle. */
export async function pearsonTile(columns: StandardColumns, rectangle: Rectangle, options: PaceOptions): Promise<PearsonTile<Float64Array<ArrayBuffer>>> {
  const { rowFrom, rowTo, colFrom, colTo } = rectangle;
  const count = (rowTo - rowFrom) * (colTo - colFrom);
  const r = new Float64Array(count);
  const n = columns.masked === null ? columns.length : new Int32Array(count);
  const pace = new Pace('correlation', count * (typeof n === 'number' ? 1 : 2), options);
  await pace.start();
  for (let row = rowFrom; row < rowTo; row += side) {
    const rows = Math.min(side, rowTo - row);
    for (let col = colFrom; col < colTo; col += side) {
      const cols = Math.min(side, colTo - col);
      if (!isMirrored(rectangle, row, col + cols - 1) || !isMirrored(rectangle, row + rows - 1, col)) dotProducts(columns.unit, columns.length, rectangle, row, col, r);
      pace.count(rows * cols);
      if (pace.due) await pace.turn();
    }
  }
  finishComplete(columns, rectangle, r, n);
  if (columns.masked !== null && typeof n !== 'number') {
    await pairsWithMissing(columns, columns.masked, rectangle, pace, r, n);
    mirror(rectangle, n);
  }
  mirror(rectangle, r);
  return { r, n };
}

/**
 * Writes the dot products of four series from `row` with four from `col`, each summed in the order of time. At the
 * rectangle's edge the last series stands in for those beyond it.
 */
function dotProducts(unit: Float64Array, length: number, rectangle: Rectangle, row: number, col: number, r: Float64Array): void {
  const { rowTo, colTo } = rectangle;
  const rowAt = (i: number): number => Math.min(row + i, rowTo - 1);
  const colAt = (j: number): number => Math.min(col + j, colTo - 1);
  const [a0, a1, a2, a3] = [rowAt(0) * length, rowAt(1) * length, rowAt(2) * length, rowAt(3) * length];
  const [b0, b1, b2, b3] = [colAt(0) * length, colAt(1) * length, colAt(2) * length, colAt(3) * length];
  let r00 = 0;
  let r01 = 0;
  let r02 = 0;
  let r03 = 0;
  let r10 = 0;
  let r11 = 0;
  let r12 = 0;
  let r13 = 0;
  let r20 = 0;
  let r21 = 0;
  let r22 = 0;
  let r23 = 0;
  let r30 = 0;
  let r31 = 0;
  let r32 = 0;
  let r33 = 0;
  for (let t = 0; t < length; t++) {
    const y0 = unit[b0 + t]!;
    const y1 = unit[b1 + t]!;
    const y2 = unit[b2 + t]!;
    const y3 = unit[b3 + t]!;
    let x = unit[a0 + t]!;
    r00 += x * y0;
    r01 += x * y1;
    r02 += x * y2;
    r03 += x * y3;
    x = unit[a1 + t]!;
    r10 += x * y0;
    r11 += x * y1;
    r12 += x * y2;
    r13 += x * y3;
    x = unit[a2 + t]!;
    r20 += x * y0;
    r21 += x * y1;
    r22 += x * y2;
    r23 += x * y3;
    x = unit[a3 + t]!;
    r30 += x * y0;
    r31 += x * y1;
    r32 += x * y2;
    r33 += x * y3;
  }
  const sums = [r00, r01, r02, r03, r10, r11, r12, r13, r20, r21, r22, r23, r30, r31, r32, r33];
  for (let i = 0; i < side; i++) {
    for (let j = 0; j < side; j++) r[placeIn(rectangle, rowAt(i), colAt(j))] = sums[i * side + j]!;
  }
}

/** Turns dot products into r: within [-1, 1], 1 on the diagonal, NaN where there is nothing to correlate. */
export function finishComplete(columns: StandardColumns, rectangle: Rectangle, r: Float64Array | Float32Array, n: Int32Array | number): void {
  const { rowFrom, rowTo, colFrom, colTo } = rectangle;
  for (let row = rowFrom; row < rowTo; row++) {
    for (let col = colFrom; col < colTo; col++) {
      const place = placeIn(rectangle, row, col);
      const defined = columns.length >= 2 && columns.constant[row] === 0 && columns.constant[col] === 0;
      if (!defined) r[place] = Number.NaN;
      else r[place] = row === col ? 1 : Math.min(1, Math.max(-1, r[place]!));
      if (typeof n !== 'number') n[place] = columns.length;
    }
  }
}

/** Every pair with a missing value whose mirror image the rectangle does not hold. */
async function pairsWithMissing(columns: StandardColumns, masked: MaskedColumns, rectangle: Rectangle, pace: Pace, r: Float64Array, n: Int32Array): Promise<void> {
  const { rowFrom, rowTo, colFrom, colTo } = rectangle;
  for (let row = rowFrom; row < rowTo; row++) {
    for (let col = colFrom; col < colTo; col++) {
      pace.count(1);
      if (isMirrored(rectangle, row, col) || (columns.complete[row] === 1 && columns.complete[col] === 1)) continue;
      const pair = pearsonOfPair(masked, row, col);
      const place = placeIn(rectangle, row, col);
      r[place] = row === col && pair.r === pair.r ? 1 : pair.r;
      n[place] = pair.n;
      if (pace.due) await pace.turn();
    }
  }
}

/** Copies what was computed above the diagonal to its mirror image. */
export function mirror(rectangle: Rectangle, matrix: Float64Array | Float32Array | Int32Array): void {
  const { rowFrom, rowTo, colFrom, colTo } = rectangle;
  for (let row = rowFrom; row < rowTo; row++) {
    for (let col = colFrom; col < colTo; col++) {
      if (isMirrored(rectangle, row, col)) matrix[placeIn(rectangle, row, col)] = matrix[placeIn(rectangle, col, row)]!;
    }
  }
}
