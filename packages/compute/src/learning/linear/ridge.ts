/** Ridge regression (Hoerl and Kennard 1970) by the eigensystem of the correlations, which serves every penalty. */
import type { Engine, OpOptions } from '../../engine/contract.ts';
import type { Moments } from './moments.ts';

/** Eigenvalues below this share of the largest are of directions that the rows do not tell apart. */
const rankTolerance = 1e-13;

/**
 * For each penalty the weights of the standardised features that minimise ‖y − Xw‖² + alpha ‖w‖²; without a penalty
 * those of least length where features are collinear.
 */
export async function ridge({ rows, gram, towards }: Moments, alphas: readonly number[], engine: Engine, options: OpOptions): Promise<Float64Array[]> {
  const features = towards.length;
  const { values, vectors } = await engine.symmetricEigen(gram, features, options);
  const largest = values.at(-1) ?? 0;
  const projected = Float64Array.from({ length: features }, (_, k) => dot(vectors, k * features, towards));
  return alphas.map((alpha) => {
    const weights = new Float64Array(features);
    for (let k = 0; k < features; k++) {
      const eigenvalue = Math.max(0, values[k] ?? 0);
      if (alpha === 0 && eigenvalue <= rankTolerance * features * largest) continue;
      const share = (projected[k] ?? 0) / (eigenvalue + alpha / rows);
      for (let i = 0; i < features; i++) weights[i]! += share * (vectors[k * features + i] ?? 0);
    }
    return weights;
  });
}

function dot(matrix: Float64Array, from: number, vector: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += (matrix[from + i] ?? 0) * (vector[i] ?? 0);
  return sum;
}
