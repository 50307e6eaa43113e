/** Exponentially weighted mean and variance of all present values so far. */
import type { Scan } from './scan.ts';

/**
 * alpha = 2 / (window + 1); the value k present values ago weighs (1 - alpha)^k, divided by the sum of weights (pandas
 * `ewm(span=window, adjust=True, ignore_na=True)`). Missing at a missing value, and until `window` are present. The
 * update is West's (1979) for weighted samples whose weights all shrink at each step.
 */
export function ewmScan(values: Float64Array, out: Float64Array, kind: 'ewm-mean' | 'ewm-var' | 'ewm-std', window: number, ddof: number): Scan {
  const keep = (window - 1) / (window + 1);
  const kept = { seen: 0, weights: 0, squaredWeights: 0, mean: 0, squares: 0 };
  return {
    step: 1,
    run(from, to) {
      let { seen, weights, squaredWeights, mean, squares } = kept;
      for (let t = from; t < to; t++) {
        const value = values[t]!;
        if (value !== value) {
          out[t] = Number.NaN;
          continue;
        }
        const old = keep * weights;
        weights = old + 1;
        squaredWeights = keep * keep * squaredWeights + 1;
        const apart = seen === 0 ? 0 : value - mean;
        if (seen === 0) mean = value;
        squares = keep * squares + ((apart * apart) / weights) * old;
        // Not mean + apart / weights: after a spike that difference has lost the value's digits.
        mean = seen === 0 ? value : (old / weights) * mean + value / weights;
        seen += 1;
        if (seen < window) {
          out[t] = Number.NaN;
          continue;
        }
        if (kind === 'ewm-mean') {
          out[t] = mean;
          continue;
        }
        // The reliability weights' correction: 1 - Σw² / (Σw)².
        const freedom = ddof === 0 ? weights : weights - squaredWeights / weights;
        const variance = freedom > 0 && seen > ddof ? squares / freedom : Number.NaN;
        out[t] = kind === 'ewm-var' ? variance : Math.sqrt(variance);
      }
      Object.assign(kept, { seen, weights, squaredWeights, mean, squares });
    },
  };
}
