/** The decomposition itself: by the matrix of series, or, where there are more series than rows, by that of rows. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Columns, Engine, OpOptions } from '../../engine/contract.ts';
import { innerProducts } from './inner-products.ts';

export interface Decomposition {
  /** Variances of the components, descending: as many as the smaller side of the block. */
  readonly values: Float64Array<ArrayBuffer>;
  /** That of all series. */
  readonly total: number;
  /** The direction of component k, of length 1, its largest component positive: [series]. */
  direction(k: number): Float64Array<ArrayBuffer>;
}

/** A series about its mean, over its standard deviation where the matrix is of correlations; and that variance. */
export interface Standardised {
  readonly block: Columns;
  /** Of each series, before the division, divided by the number of rows - ddof. */
  readonly variances: Float64Array<ArrayBuffer>;
}

/** Throws `constant-series` where a correlation is asked for of a series that does not vary. */
export function standardise(columns: Columns, names: readonly string[], { matrix, ddof }: { readonly matrix: 'correlation' | 'covariance'; readonly ddof: number }): Standardised {
  const { series, length, stride } = columns;
  const values = columns.values.slice();
  const variances = new Float64Array(series);
  for (let s = 0; s < series; s++) {
    const row = values.subarray(s * stride, s * stride + length);
    // About the first value, so that a large level costs no digits.
    const origin = row[0] ?? Number.NaN;
    const mean = row.reduce((sum, value) => sum + (value - origin), 0) / length;
    for (let t = 0; t < length; t++) row[t] = (row[t] ?? Number.NaN) - origin - mean;
    const constant = columns.values.subarray(s * stride, s * stride + length).every((value) => value === origin);
    const variance = constant ? 0 : row.reduce((sum, value) => sum + value * value, 0) / (length - ddof);
    variances[s] = variance;
    if (constant) row.fill(0);
    if (matrix === 'covariance') continue;
    if (variance === 0) throw new CorrenteError('constant-series', `${names[s]} is ${origin} in all of the ${length} rows that take part; a correlation is of what varies. Leave it out, or take the covariance.`);
    const deviation = Math.sqrt(variance);
    for (let t = 0; t < length; t++) row[t] = (row[t] ?? Number.NaN) / deviation;
  }
  return { block: { ...columns, values }, variances };
}

/** The components of a standardised block; see `standardise`. */
export async function decompose(engine: Engine, block: Columns, ddof: number, options: OpOptions): Promise<Decomposition> {
  const within = (from: number, share: number): OpOptions => ({ ...options, precision: 'f64', onProgress: (fraction) => options.onProgress?.(from + share * fraction) });
  const { series, length } = block;
  const dual = series > length;
  const matrix = await innerProducts(engine, dual ? transposed(block) : block, within(0, 0.5));
  const side = dual ? length : series;
  let total = 0;
  for (let i = 0; i < side; i++) total += matrix[i * side + i] ?? Number.NaN;
  const { values, vectors } = await engine.symmetricEigen(matrix, side, within(0.5, 0.5));
  const vector = (k: number): Float64Array<ArrayBuffer> => vectors.slice((side - 1 - k) * side, (side - k) * side);
  return {
    // Rounding leaves what is 0 a little below or above it.
    values: Float64Array.from({ length: side }, (_, k) => Math.max(0, values[side - 1 - k] ?? Number.NaN) / (length - ddof)),
    total: total / (length - ddof),
    direction: (k) => (dual ? primal(block, vector(k)) : vector(k)),
  };
}

export function transposed({ values, series, length, stride }: Columns): Columns {
  const width = Math.ceil(series / 8) * 8;
  const turned = new Float64Array(length * width);
  for (let s = 0; s < series; s++) for (let t = 0; t < length; t++) turned[t * width + s] = values[s * stride + t] ?? Number.NaN;
  return { values: turned, series: length, length: series, stride: width };
}

/** The direction among series of an eigenvector of the rows: their combination by it, brought to length 1. */
function primal({ values, series, length, stride }: Columns, vector: Float64Array): Float64Array<ArrayBuffer> {
  const direction = new Float64Array(series);
  for (let s = 0; s < series; s++) {
    let sum = 0;
    for (let t = 0; t < length; t++) sum += (values[s * stride + t] ?? Number.NaN) * (vector[t] ?? Number.NaN);
    direction[s] = sum;
  }
  const norm = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0));
  const largest = direction.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return direction.map((value) => (norm === 0 ? 0 : (Math.sign(largest) * value) / norm));
}
