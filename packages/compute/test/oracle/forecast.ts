/** The test of a forecast as a person would do it: every window, one after the other. */

export interface ForecastErrors {
  readonly mse: number;
  readonly mae: number;
  readonly windows: number;
}

export interface ForecastTest {
  /** One series. */
  readonly values: readonly number[];
  readonly trainTo: number;
  readonly testFrom: number;
  readonly testTo: number;
  readonly horizon: number;
}

export function meanAndDeviation(values: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) };
}

/** Errors of forecasts by `predict`, which is given all rows before the window, standardised by the train rows. */
export function forecastErrors({ values, trainTo, testFrom, testTo, horizon }: ForecastTest, predict: (known: readonly number[], step: number) => number): ForecastErrors {
  const { mean, deviation } = meanAndDeviation(values.slice(0, trainTo));
  const scaled = values.map((value) => (value - mean) / deviation);
  let [squared, absolute, windows] = [0, 0, 0];
  for (let origin = testFrom; origin + horizon <= testTo; origin++) {
    windows += 1;
    for (let step = 1; step <= horizon; step++) {
      const error = scaled[origin + step - 1]! - predict(scaled.slice(0, origin), step);
      squared += error ** 2;
      absolute += Math.abs(error);
    }
  }
  return { mse: squared / (windows * horizon), mae: absolute / (windows * horizon), windows };
}

/** The absolute residual whose rank among n is ⌈(n + 1) coverage⌉; null where there is none. */
export function conformalWidth(residuals: readonly number[], coverage: number): number | null {
  const sorted = residuals.map(Math.abs).toSorted((a, b) => a - b);
  return sorted[Math.ceil((sorted.length + 1) * coverage) - 1] ?? null;
}
