/** Classical decomposition: the trend by a centred moving average, the season by means over the same place of a period. */

/** The mean over one period centred at each row (of an even period the two half rows at its ends); NaN near the ends. */
function centredMean(values: Float64Array, period: number): Float64Array<ArrayBuffer> {
  const trend = new Float64Array(values.length).fill(Number.NaN);
  const half = Math.floor(period / 2);
  let sum = 0;
  for (let t = half; t + half < values.length; t++) {
    if ((t - half) % period === 0) {
      // Summed anew once in a period, so that what rounding leaves does not grow.
      sum = 0;
      for (let k = t - half; k <= t + half; k++) sum += values[k]!;
    } else {
      sum += values[t + half]! - values[t - half - 1]!;
    }
    trend[t] = (period % 2 === 0 ? sum - (values[t - half]! + values[t + half]!) / 2 : sum) / period;
  }
  return trend;
}

/**
 * The seasonal indices of a period, [period], that of row t being number t mod period. Multiplicative ones have the mean
 * 1, additive ones 0. `values` holds two periods at least; multiplicative ones need values above 0.
 */
export function seasonalIndices(values: Float64Array, period: number, multiplicative: boolean): Float64Array<ArrayBuffer> {
  const trend = centredMean(values, period);
  const sums = new Float64Array(period);
  const counts = new Float64Array(period);
  for (const [t, level] of trend.entries()) {
    if (Number.isNaN(level)) continue;
    sums[t % period]! += multiplicative ? values[t]! / level : values[t]! - level;
    counts[t % period]! += 1;
  }
  const neutral = multiplicative ? 1 : 0;
  const means = sums.map((sum, k) => (counts[k]! > 0 ? sum / counts[k]! : neutral));
  const mean = means.reduce((sum, value) => sum + value, 0) / period;
  return means.map((value) => (multiplicative ? value / mean : value - mean));
}
