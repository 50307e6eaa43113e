/** The exponential moving average. */
import type { Scan } from './scan.ts';

/**
 * alpha = 2 / (window + 1), seeded with the mean of the first `window` present values. A missing value gives a missing
 * output and leaves the average as it was.
 */
export function emaScan(values: Float64Array, out: Float64Array, window: number): Scan {
  const alpha = 2 / (window + 1);
  // Not average + alpha (value - average): after a spike that difference has lost the value's digits.
  const keep = (window - 1) / (window + 1);
  const kept = { seen: 0, origin: 0, sum: 0, lost: 0, average: 0 };
  return {
    step: 1,
    run(from, to) {
      // Local while the loop runs: what a closure captures is allocated anew at each write.
      let { seen, origin, sum, lost, average } = kept;
      for (let t = from; t < to; t++) {
        const value = values[t]!;
        if (value !== value) {
          out[t] = Number.NaN;
          continue;
        }
        if (seen >= window) {
          out[t] = average = keep * average + alpha * value;
          continue;
        }
        // The seed: a compensated sum (Kahan 1965) relative to the first value.
        if (seen++ === 0) origin = value;
        const term = value - origin - lost;
        const next = sum + term;
        lost = next - sum - term;
        sum = next;
        if (seen === window) average = origin + sum / window;
        out[t] = seen === window ? average : Number.NaN;
      }
      Object.assign(kept, { seen, origin, sum, lost, average });
    },
  };
}
