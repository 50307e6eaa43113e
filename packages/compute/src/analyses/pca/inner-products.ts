/** Products of every pair of vectors, by an engine that has covariances. */
import type { Columns, Engine, OpOptions } from '../../engine/contract.ts';

/**
 * x · y of each pair of vectors, the rows of a block [vectors × dimensions] without a missing value: [vectors × vectors].
 * A vector followed by its negative has mean 0, so the covariance of two such is the product of the vectors over their
 * length. Always in float64.
 */
export async function innerProducts(engine: Engine, { values, series, length, stride }: Columns, options: OpOptions): Promise<Float64Array<ArrayBuffer>> {
  const width = Math.ceil(length / 4) * 8;
  const both: Columns = { values: new Float64Array(series * width), series, length: 2 * length, stride: width };
  for (let s = 0; s < series; s++) {
    const vector = values.subarray(s * stride, s * stride + length);
    both.values.set(vector, s * width);
    for (let t = 0; t < length; t++) both.values[s * width + length + t] = -(vector[t] ?? Number.NaN);
  }
  const session = await engine.openCorrelation(both, { method: 'covariance', ddof: 0 }, { ...options, precision: 'f64' });
  try {
    const { r } = await session.tile(0, series, 0, series, { ...options, precision: 'f64' });
    // A loop: of millions of products, `from` with a function takes ten times as long.
    const products = new Float64Array(r);
    for (let i = 0; i < products.length; i++) products[i]! *= length;
    return products;
  } finally {
    session.close();
  }
}
