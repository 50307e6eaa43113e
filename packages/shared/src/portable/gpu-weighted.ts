/** Weighted sums of a sliding window in float32: one thread per value, a loop over the weights. */
import type { Block } from './block.ts';
import type { Gpu, KernelSource } from './gpu.ts';
import type { Pace } from './pace.ts';

/** Products in one call, at most: some 20 ms of work without a device. */
const productsPerCall = 2 ** 24;

/** Weights are padded to whole stretches, of which each is summed on its own: that keeps the error of long sums small. */
const stretch = 64;

const weightedSum: KernelSource = {
  argumentTypes: { values: 'Array', weights: 'Array', from: 'Integer', window: 'Integer', stretches: 'Integer' },
  source: `function (values, weights, from, window, stretches) {
    let sum = 0;
    for (let k = 0; k < stretches; k++) {
      let part = 0;
      for (let i = 0; i < ${stretch}; i++) {
        const before = from + this.thread.x - k * ${stretch} - i;
        if (before >= 0 && k * ${stretch} + i < window) {
          part += weights[k * ${stretch} + i] * values[before];
        }
      }
      sum += part;
    }
    return sum;
  }`,
};

/**
 * Writes sum of weights[i] times the window's i-th value, oldest first, of `count` series from `from` on to `out`,
 * [count × length]; NaN where a window is not full or holds a missing value.
 */
export async function weightedSums(gpu: Gpu, { values, length, stride }: Block, from: number, count: number, weights: Float64Array, out: Float32Array, pace: Pace): Promise<void> {
  const window = weights.length;
  const stretches = Math.ceil(window / stretch);
  // The newest value's weight first.
  const padded = new Float32Array(stretches * stretch);
  for (let i = 0; i < window; i++) padded[i] = weights[window - 1 - i]!;
  const present = new Float32Array(count * length);
  for (let s = 0; s < count; s++) {
    for (let t = 0; t < length; t++) {
      const value = values[(from + s) * stride + t]!;
      present[s * length + t] = value === value ? value : 0;
    }
  }
  const sums = new Float32Array(present.length);
  const together = Math.max(1, Math.min(present.length, Math.floor(productsPerCall / padded.length)));
  for (let row = 0; row < present.length; row += together) {
    // Calls have one shape, so that a kernel is built once: the last ones overlap.
    const first = Math.min(row, present.length - together);
    sums.set((await gpu.run(weightedSum, [together], [present, padded, first, window, stretches]))[0]!, first);
    if (pace.due) await pace.turn();
  }
  for (let s = 0; s < count; s++) {
    // Rows since the last missing value.
    let run = 0;
    for (let t = 0; t < length; t++) {
      const value = values[(from + s) * stride + t]!;
      run = value === value ? run + 1 : 0;
      out[s * length + t] = run < window ? Number.NaN : sums[s * length + t]!;
    }
  }
}
