/** The exponential moving average in float32: a linear recurrence by doubling (Kogge and Stone 1973). */
import type { Block } from './block.ts';
import type { Gpu, KernelSource } from './gpu.ts';
import type { Pace } from './pace.ts';

/** sums[t] + factor sums[t - shift], the latter only from `shift` rows after the seed on. */
const reachBack: KernelSource = {
  argumentTypes: { sums: 'Array', since: 'Array', shift: 'Integer', factor: 'Float' },
  source: `function (sums, since, shift, factor) {
    let before = this.thread.x - shift;
    if (before < 0) { before = 0; }
    let reached = 0.0;
    if (since[this.thread.x] >= shift) { reached = factor; }
    return sums[this.thread.x] + reached * sums[before];
  }`,
};

/**
 * Writes the average of `count` series from `from` on to `out`, [count × length]. Missing values are left out before
 * and put back after, so that the recurrence runs over present values only. At the seed the term is the mean of the
 * first `window` present values; after it, alpha times the value.
 */
export async function emaSeries(gpu: Gpu, { values, length, stride }: Block, from: number, count: number, window: number, out: Float32Array, pace: Pace): Promise<void> {
  const alpha = 2 / (window + 1);
  let sums = new Float32Array(count * length);
  // Rows since the seed, -1 before it.
  const since = new Float32Array(count * length).fill(-1);
  for (let s = 0; s < count; s++) {
    let seen = 0;
    let seed = 0;
    for (let t = 0; t < length; t++) {
      const value = values[(from + s) * stride + t]!;
      if (value !== value) continue;
      const at = s * length + seen++;
      if (seen <= window) seed += (value - seed) / seen;
      if (seen < window) continue;
      sums[at] = seen === window ? seed : alpha * value;
      since[at] = seen - window;
    }
  }
  for (let shift = 1; shift < length; shift *= 2) {
    const factor = (1 - alpha) ** shift;
    if (factor === 0) break;
    sums = new Float32Array((await gpu.run(reachBack, [sums.length], [sums, since, shift, factor]))[0]!);
    if (pace.due) await pace.turn();
  }
  for (let s = 0; s < count; s++) {
    let seen = 0;
    for (let t = 0; t < length; t++) {
      const value = values[(from + s) * stride + t]!;
      const full = value === value && ++seen >= window;
      out[s * length + t] = full ? sums[s * length + seen - 1]! : Number.NaN;
    }
  }
}
