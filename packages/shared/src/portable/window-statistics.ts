/** Statistics of the values of one window: two passes about the mean, nothing clever. */

/** A statistic of the values of a window, the last of them the newest; none is missing. */
export type WindowStatistic = (values: Float64Array) => number;

/** Compensated sum (Kahan 1965) of f(value). */
function sumOf(values: Float64Array, f: (value: number) => number): number {
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < values.length; i++) {
    const term = f(values[i]!) - lost;
    const next = sum + term;
    lost = next - sum - term;
    sum = next;
  }
  return sum;
}

/** The mean as an origin and what is beyond it: far from zero, deviations from it keep their digits. */
function centreOf(values: Float64Array): { origin: number; beyond: number } {
  const origin = values[0]!;
  return { origin, beyond: sumOf(values, (value) => value - origin) / values.length };
}

/** Sums of the powers 2, 3 and 4 of the deviations from the mean. */
function centralSums(values: Float64Array): { squares: number; cubes: number; fourths: number } {
  const { origin, beyond } = centreOf(values);
  const power = (k: number): number => sumOf(values, (value) => (value - origin - beyond) ** k);
  return { squares: power(2), cubes: power(3), fourths: power(4) };
}

function isConstant(values: Float64Array): boolean {
  const first = values[0];
  return values.every((value) => value === first);
}

export const meanOf: WindowStatistic = (values) => {
  const { origin, beyond } = centreOf(values);
  return origin + beyond;
};
export const totalOf: WindowStatistic = (values) => sumOf(values, (value) => value);
export const leastOf: WindowStatistic = (values) => values.reduce((least, value) => Math.min(least, value));
export const mostOf: WindowStatistic = (values) => values.reduce((most, value) => Math.max(most, value));

/** Divides by n - ddof; NaN where that is not positive. */
export const varianceOf =
  (ddof: number): WindowStatistic =>
  (values) =>
    values.length > ddof ? (isConstant(values) ? 0 : centralSums(values).squares / (values.length - ddof)) : Number.NaN;

export const zscoreOf =
  (ddof: number): WindowStatistic =>
  (values) => {
    if (values.length <= ddof || isConstant(values)) return Number.NaN;
    const { origin, beyond } = centreOf(values);
    return (values[values.length - 1]! - origin - beyond) / Math.sqrt(varianceOf(ddof)(values));
  };

/** G1 of Joanes and Gill (1998). */
export const skewOf: WindowStatistic = (values) => {
  const n = values.length;
  if (n < 3 || isConstant(values)) return Number.NaN;
  const { squares, cubes } = centralSums(values);
  return ((Math.sqrt(n * (n - 1)) / (n - 2)) * (cubes / n)) / (squares / n) ** 1.5;
};

/** G2 of Joanes and Gill (1998). */
export const kurtosisOf: WindowStatistic = (values) => {
  const n = values.length;
  if (n < 4 || isConstant(values)) return Number.NaN;
  const { squares, fourths } = centralSums(values);
  const g2 = fourths / n / (squares / n) ** 2 - 3;
  return ((n - 1) / ((n - 2) * (n - 3))) * ((n + 1) * g2 + 6);
};

/** Pearson's r of the values with those `lag` before them. */
export const autocorrelationOf =
  (lag: number): WindowStatistic =>
  (values) => {
    const [early, late] = [values.subarray(0, Math.max(0, values.length - lag)), values.subarray(Math.min(lag, values.length))];
    if (early.length < 2 || isConstant(early) || isConstant(late)) return Number.NaN;
    const [a, b] = [centreOf(early), centreOf(late)];
    let [xx, yy, xy] = [0, 0, 0];
    for (let i = 0; i < early.length; i++) {
      const [x, y] = [early[i]! - a.origin - a.beyond, late[i]! - b.origin - b.beyond];
      xx += x * x;
      yy += y * y;
      xy += x * y;
    }
    return Math.min(1, Math.max(-1, xy / Math.sqrt(xx) / Math.sqrt(yy)));
  };

export const weightedOf =
  (weights: Float64Array): WindowStatistic =>
  (values) => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += weights[i]! * values[i]!;
    return sum;
  };
