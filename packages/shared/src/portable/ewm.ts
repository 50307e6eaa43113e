/** Exponentially weighted mean and variance of all present values so far. */
import type { Scan } from './scan.ts';
import { TwoPartMean } from './two-part-mean.ts';

/**
 * alpha = 2 / (window + 1); the value k present values ago weighs (1 - alpha)^k, divided by the sum of weights (pandas
 * `ewm(span=window, adjust=True, ignore_na=True)`). Missing at a missing value, and until `window` are present. The
 * update is West's (1979) for weighted samples whose weights all shrink at each step.
 */
export function ewmScan(values: Float64Array, out: Float64Array, kind: 'ewm-mean' | 'ewm-var' | 'ewm-std', window: number, ddof: number): Scan {
  const keep = (window - 1) / (window + 1);
  const kept = { seen: 0, weights: 0, squaredWeights: 0, squares: 0, average: 0 };
  // What spreads are taken about; the average itself is put together from shares of values, which a spike does not spoil.
  const mean = new TwoPartMean();
  return {
    step: 1,
    run(from, to) {
      let { seen, weights, squaredWeights, squares, average } = kept;
      for (let t = from; t < to; t++) {
        const value = values[t]!;
        if (value !== value) {
          out[t] = Number.NaN;
          continue;
        }
        const old = keep * weights;
        weights = old + 1;
        squaredWeights = keep * keep * squaredWeights + 1;
        if (seen === 0) mean.start(value);
        const apart = mean.to(value);
        squares = keep * squares + ((apart * apart) / weights) * old;
        mean.move(apart / weights);
        average = (old / weights) * average + value / weights;
        seen += 1;
        if (seen < window) {
          out[t] = Number.NaN;
          continue;
        }
        if (kind === 'ewm-mean') {
          out[t] = average;
          continue;
        }
        // The reliability weights' correction: 1 - Σw² / (Σw)².
        const freedom = ddof === 0 ? weights : weights - squaredWeights / weights;
        const variance = freedom > 0 && seen > ddof ? squares / freedom : Number.NaN;
        out[t] = kind === 'ewm-var' ? variance : Math.sqrt(variance);
      }
      Object.assign(kept, { seen, weights, squaredWeights, squares, average });
    },
  };
}
