import { describe, expect, it } from 'vitest';
import { covariance, flat } from '../../test/oracle/matrix.ts';
import { askPython, hasPython } from '../../test/python.ts';
import { gaussianColumns, seriesOf } from '../../test/series/columns.ts';
import { ledoitWolf, oracleApproximating, shrink, type Shrinkage } from './shrinkage.ts';

const shapes = [[2, 5], [5, 40], [30, 20], [12, 300]] as const;

/** Series of unlike variances. */
function seriesFor(count: number, rows: number): Float64Array[] {
  const columns = gaussianColumns(count, rows, { seed: 7 + count });
  return Array.from({ length: count }, (_, s) => seriesOf(columns, s).map((value) => 3 + value * (1 + (s % 4))));
}

function squaresOf(series: readonly Float64Array[]): Float64Array {
  const means = series.map((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
  return Float64Array.from(series[0] ?? [], (_, t) => series.reduce((sum, values, s) => sum + ((values[t] ?? 0) - (means[s] ?? 0)) ** 2, 0));
}

/** Of a matrix of 30 rows. */
const trace = (matrix: Float64Array): number => matrix.reduce((sum, value, at) => sum + (at % 31 === 0 ? value : 0), 0);

function both(series: readonly Float64Array[]): Record<'ledoit-wolf' | 'oas', Shrinkage> {
  const c = flat(covariance(series));
  return { 'ledoit-wolf': ledoitWolf(c, series.length, squaresOf(series)), oas: oracleApproximating(c, series.length, series[0]?.length ?? 0) };
}

/** Ledoit and Wolf by their paper: d² = |S - mI|², b̄² = the mean over rows of |x xᵀ - S|² / n, all norms divided by p. */
function ledoitWolfOfThePaper(series: readonly Float64Array[]): number {
  const [p, n] = [series.length, series[0]?.length ?? 0];
  const s = covariance(series);
  const means = series.map((values) => values.reduce((sum, value) => sum + value, 0) / n);
  const m = s.reduce((sum, row, i) => sum + (row[i] ?? 0), 0) / p;
  const norm = (value: (i: number, j: number) => number): number => {
    let sum = 0;
    for (let i = 0; i < p; i++) for (let j = 0; j < p; j++) sum += value(i, j) ** 2;
    return sum / p;
  };
  const d2 = norm((i, j) => (s[i]?.[j] ?? 0) - (i === j ? m : 0));
  let b2 = 0;
  for (let t = 0; t < n; t++) {
    const x = series.map((values, i) => (values[t] ?? 0) - (means[i] ?? 0));
    b2 += norm((i, j) => (x[i] ?? 0) * (x[j] ?? 0) - (s[i]?.[j] ?? 0)) / n / n;
  }
  return Math.min(b2, d2) / d2;
}

describe('shrinkage', () => {
  it.each(shapes)('of Ledoit and Wolf for %d series of %d rows is that of their paper', (count, rows) => {
    const series = seriesFor(count, rows);
    expect(Math.abs(both(series)['ledoit-wolf'].intensity - ledoitWolfOfThePaper(series))).toBeLessThan(1e-12);
  });

  it('keeps the trace, and draws everything else towards the mean variance', () => {
    const series = seriesFor(30, 20);
    const before = flat(covariance(series));
    const after = before.slice();
    const { oas } = both(series);
    shrink(after, 30, oas);
    expect(oas.intensity).toBeGreaterThan(0);
    expect(oas.intensity).toBeLessThan(1);
    expect(trace(after) / trace(before)).toBeCloseTo(1, 12);
    after.forEach((value, at) => {
      if (at % 31 !== 0) expect(value).toBeCloseTo((before[at] ?? 0) * (1 - oas.intensity), 12);
    });
  });

  it('of one series changes nothing, and of white noise with equal variances is complete for oas', () => {
    const one = seriesFor(1, 10);
    expect(both(one)['ledoit-wolf'].intensity).toBe(0);
    expect(both(one).oas.intensity).toBe(0);
    expect(oracleApproximating(Float64Array.of(2, 0, 0, 2), 2, 10).intensity).toBe(1);
  });

  it.skipIf(!hasPython('numpy', 'sklearn.covariance'))('is scikit-learn’s (needs python3 with scikit-learn)', () => {
    for (const [count, rows] of shapes) {
      const series = seriesFor(count, rows);
      const theirs = askPython('from sklearn.covariance import ledoit_wolf, oas\nX = np.array(data).T\nresult = [ledoit_wolf(X)[1], oas(X)[1]]', series.map((values) => [...values]));
      const ours = both(series);
      expect(theirs).toEqual([expect.closeTo(ours['ledoit-wolf'].intensity, 12), expect.closeTo(ours.oas.intensity, 12)]);
    }
  });
});
