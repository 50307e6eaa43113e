import { correlationRange, type ValueRange } from './value-range.ts';

/**
 * A symmetric matrix [series × series] that arrives row by row. As soon as row i is there, so is column i: what has
 * not come yet is read from its mirror image.
 */
export class GrowingMatrix {
  readonly names: readonly string[];
  readonly size: number;
  /** Row-major, NaN where missing; single precision is more than a colour or six printed digits need. */
  readonly values: Float32Array<ArrayBuffer>;
  /** Rows that have arrived, from the first. */
  rows = 0;

  constructor(names: readonly string[]) {
    this.names = names;
    this.size = names.length;
    this.values = new Float32Array(names.length ** 2).fill(Number.NaN);
  }

  get complete(): boolean {
    return this.rows === this.size;
  }

  /** Appends rows given as columns, as Arrow holds them: `columns[j][k]` is the value of new row k and series j. */
  append(columns: readonly ArrayLike<number>[], rows: number): void {
    if (columns.length !== this.size || this.rows + rows > this.size) {
      throw new RangeError(`A matrix of ${this.size} series holding ${this.rows} rows was given ${rows} rows of ${columns.length} columns.`);
    }
    for (let j = 0; j < this.size; j++) {
      const column = columns[j]!;
      for (let k = 0; k < rows; k++) this.values[(this.rows + k) * this.size + j] = column[k]!;
    }
    this.rows += rows;
  }

  /** Whether the value of this pair has arrived (it may still be missing). */
  has(i: number, j: number): boolean {
    return i < this.rows || j < this.rows;
  }

  /** NaN where missing or not there yet. */
  at(i: number, j: number): number {
    return i < this.rows ? this.values[i * this.size + j]! : this.values[j * this.size + i]!;
  }
}

export interface MatrixSummary {
  /** Pairs of different series that have a value. */
  readonly pairs: number;
  readonly missing: number;
  readonly mean: number;
  readonly lowest: { readonly a: number; readonly b: number; readonly r: number } | null;
  readonly highest: { readonly a: number; readonly b: number; readonly r: number } | null;
  /** Counts of values in equal bins over the range; those beyond it in the outermost. */
  readonly histogram: Uint32Array;
}

/** What stands off the diagonal, of the pairs whose value has arrived. */
export function summarise(matrix: GrowingMatrix, bins = 80, { from, to }: ValueRange = correlationRange): MatrixSummary {
  const histogram = new Uint32Array(bins);
  let [pairs, missing, sum] = [0, 0, 0];
  let lowest: MatrixSummary['lowest'] = null;
  let highest: MatrixSummary['highest'] = null;
  for (let a = 0; a < matrix.rows; a++) {
    for (let b = 0; b < matrix.size; b++) {
      // Each pair once: below the diagonal only where the mirror image is not there.
      if (b === a || (b < a && b < matrix.rows)) continue;
      const r = matrix.values[a * matrix.size + b]!;
      if (Number.isNaN(r)) {
        missing += 1;
        continue;
      }
      pairs += 1;
      sum += r;
      histogram[Math.max(0, Math.min(bins - 1, Math.floor(((r - from) / (to - from)) * bins)))]! += 1;
      if (lowest === null || r < lowest.r) lowest = { a, b, r };
      if (highest === null || r > highest.r) highest = { a, b, r };
    }
  }
  return { pairs, missing, mean: pairs === 0 ? Number.NaN : sum / pairs, lowest, highest, histogram };
}

export interface Neighbour {
  readonly index: number;
  readonly r: number;
}

/** The other series by their correlation with one, highest first; those without a value are left out. */
export function neighbours(matrix: GrowingMatrix, index: number): Neighbour[] {
  const found: Neighbour[] = [];
  for (let other = 0; other < matrix.size; other++) {
    const r = matrix.at(index, other);
    if (other !== index && !Number.isNaN(r)) found.push({ index: other, r });
  }
  return found.sort((a, b) => b.r - a.r);
}
