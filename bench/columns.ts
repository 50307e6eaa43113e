/** Seeded columns for the kernel benchmarks, in the engines' layout. */
import type { Columns } from '../packages/compute/src/engine/contract.ts';

/** splitmix32: a small generator with a full period of 2^32; good enough for data that is only timed. */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** Sums of three uniforms, centred: near enough to Gaussian, and quick to make. */
export function gaussianColumns(series: number, length: number, seed: number): Columns {
  const stride = Math.ceil(length / 8) * 8;
  const values = new Float64Array(series * stride);
  const next = uniform(seed);
  for (let s = 0; s < series; s += 1) {
    for (let t = 0; t < length; t += 1) values[s * stride + t] = 2 * (next() + next() + next() - 1.5);
  }
  return { values, series, length, stride };
}
