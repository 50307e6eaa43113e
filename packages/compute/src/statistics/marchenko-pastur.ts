/**
 * Correlation matrices freed of what noise alone explains, and of what all series share: M. López de Prado, "Machine
 * Learning for Asset Managers" (2020), chapter 2; L. Laloux, P. Cizeau, J.-P. Bouchaud and M. Potters, "Noise dressing
 * of financial correlation matrices", Physical Review Letters 83 (1999) 1467.
 */
import { Pace, type PaceOptions } from '@corrente/shared/portable/pace';
import { standardDeviations, toCorrelation } from './correlation-matrix.ts';

/** Eigenvalues ascending, eigenvector k in row k of `vectors` [n × n]. */
export interface Spectrum {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

export interface NoiseBound {
  /** λ₊: what noise can explain, at most. */
  readonly bound: number;
  /** σ²: the variance that noise has, of the 1 that each series has. */
  readonly variance: number;
  /** How many eigenvalues lie at or below the bound. */
  readonly noise: number;
}

/**
 * The upper edge of the spectrum of noise, λ₊ = σ² (1 + √(n / rows))² (V. A. Marchenko and L. A. Pastur 1967). Noise of
 * variance 1 is the most there can be: what lies above its edge is signal, and σ² is what this leaves of the variance
 * (Laloux et al.). It is not fitted again to what then lies below: series with unlike shares of noise would have the
 * edge fall further with every turn, and take noise for signal.
 */
export function noiseBound(values: Float64Array, rows: number): NoiseBound {
  const edge = (1 + Math.sqrt(values.length / rows)) ** 2;
  const upTo = (bound: number): number => values.findLastIndex((value) => value <= bound) + 1;
  const surely = values.subarray(0, upTo(edge));
  const variance = surely.length === 0 ? 0 : surely.reduce((sum, value) => sum + value, 0) / surely.length;
  return { bound: variance * edge, variance, noise: upTo(variance * edge) };
}

export interface Cleaning {
  /** Eigenvalues from the smallest on that are replaced by their mean (the constant residual eigenvalue); 0 for none. */
  readonly noise: number;
  /** Leading eigenvectors that are taken out. */
  readonly detone: number;
}

/**
 * Cleans a correlation matrix [n × n] in place, and scales it to 1 on the diagonal again. Replacing eigenvalues by their
 * mean keeps the trace, so what is left of the matrix is that mean times I and some outer products of the other
 * eigenvectors: n² work for each of these only. A series of which nothing is left becomes NaN. Gives way to the event
 * loop; throws `cancelled` where the signal aborts, the matrix then being half cleaned.
 */
export async function cleanCorrelation(matrix: Float64Array, { values, vectors }: Spectrum, { noise, detone }: Cleaning, options: PaceOptions): Promise<void> {
  const n = values.length;
  const kept = noise > 0 ? n - noise : 0;
  const pace = new Pace('cleaning a correlation matrix', kept + detone, options);
  await pace.start();
  let mean = 0;
  if (noise > 0) {
    mean = values.subarray(0, noise).reduce((sum, value) => sum + value, 0) / noise;
    matrix.fill(0);
    for (let i = 0; i < n; i++) matrix[i * n + i] = mean;
  }
  const add = async (k: number, factor: number): Promise<void> => {
    addOuterProduct(matrix, vectors.subarray(k * n, (k + 1) * n), factor);
    pace.count(1);
    if (pace.due) await pace.turn();
  };
  for (let k = n - kept; k < n; k++) await add(k, (values[k] ?? Number.NaN) - mean);
  for (let k = Math.max(0, n - detone); k < n; k++) await add(k, -(k < noise ? mean : (values[k] ?? Number.NaN)));
  scaleToUnitDiagonal(matrix, n);
}

function addOuterProduct(matrix: Float64Array, vector: Float64Array, factor: number): void {
  const n = vector.length;
  for (let i = 0; i < n; i++) {
    const scaled = factor * (vector[i] ?? Number.NaN);
    for (let j = 0; j <= i; j++) {
      const value = (matrix[i * n + j] ?? Number.NaN) + scaled * (vector[j] ?? Number.NaN);
      matrix[i * n + j] = value;
      matrix[j * n + i] = value;
    }
  }
}

/** What a diagonal entry keeps of the 1 it had may be rounding; below this it is. */
const nothingLeft = 1e-12;

function scaleToUnitDiagonal(matrix: Float64Array, n: number): void {
  const deviations = standardDeviations(matrix, n).map((deviation) => (deviation * deviation > nothingLeft ? deviation : Number.NaN));
  toCorrelation(matrix, n, deviations);
}
