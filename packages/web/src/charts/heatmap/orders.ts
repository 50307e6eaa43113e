import { clusterOrder } from './cluster-order.ts';

/**
 * Orders for the rows and columns of a correlation matrix. Each returns a permutation: `order[position]` is the index
 * of the series that stands there. A missing coefficient counts as no correlation (0).
 */
export const orderNames = ['file', 'alphabetical', 'mean', 'cluster', 'eigenvector'] as const;
export type OrderName = (typeof orderNames)[number];

export const orderTitles: Record<OrderName, string> = {
  file: 'As in the file',
  alphabetical: 'Alphabetical',
  mean: 'By mean correlation',
  cluster: 'By cluster',
  eigenvector: 'By first eigenvector',
};

export interface SquareMatrix {
  readonly names: readonly string[];
  /** Row-major [names × names], symmetric; NaN where missing. */
  readonly values: Float32Array;
}

export function orderOf(name: OrderName, matrix: SquareMatrix): Uint32Array<ArrayBuffer> {
  switch (name) {
    case 'file':
      return identity(matrix.names.length);
    case 'alphabetical':
      return alphabetical(matrix.names);
    case 'mean':
      return byScore(meanCorrelations(matrix));
    case 'cluster':
      return clusterOrder(matrix);
    case 'eigenvector':
      return byScore(firstEigenvector(matrix));
  }
}

export function identity(size: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from({ length: size }, (_, i) => i);
}

function alphabetical(names: readonly string[]): Uint32Array<ArrayBuffer> {
  const collator = new Intl.Collator('en', { numeric: true });
  return identity(names.length).sort((a, b) => collator.compare(names[a]!, names[b]!) || a - b);
}

/** Highest first; ties in the file's order. */
function byScore(scores: Float64Array): Uint32Array<ArrayBuffer> {
  return identity(scores.length).sort((a, b) => scores[b]! - scores[a]! || a - b);
}

function meanCorrelations({ names, values }: SquareMatrix): Float64Array {
  const size = names.length;
  return Float64Array.from({ length: size }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < size; j++) if (j !== i) sum += values[i * size + j]! || 0;
    return size > 1 ? sum / (size - 1) : 0;
  });
}

/** Power iteration from a fixed start, until the direction stands still; the sign that makes the sum positive. */
export function firstEigenvector({ names, values }: SquareMatrix): Float64Array {
  const size = names.length;
  let vector = Float64Array.from({ length: size }, (_, i) => 1 + i / size);
  for (let iteration = 0; iteration < 200; iteration++) {
    const next = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let j = 0; j < size; j++) sum += (values[i * size + j]! || 0) * vector[j]!;
      next[i] = sum;
    }
    const norm = Math.sqrt(next.reduce((sum, x) => sum + x * x, 0));
    if (norm === 0) return next;
    let moved = 0;
    for (let i = 0; i < size; i++) {
      next[i]! /= norm;
      moved = Math.max(moved, Math.abs(next[i]! - vector[i]!));
    }
    vector = next;
    if (moved < 1e-9) break;
  }
  return vector.reduce((sum, x) => sum + x, 0) < 0 ? vector.map((x) => -x) : vector;
}

/** Covariances as correlations, so that series of large variance do not decide the order; missing where a variance is not positive. */
export function asCorrelations({ names, values }: SquareMatrix): SquareMatrix {
  const size = names.length;
  const scale = Float64Array.from({ length: size }, (_, i) => 1 / Math.sqrt(values[i * size + i]!));
  return { names, values: Float32Array.from(values, (value, at) => value * scale[Math.floor(at / size)]! * scale[at % size]!).map((r) => (Number.isFinite(r) ? r : Number.NaN)) };
}
