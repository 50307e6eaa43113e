/** Rolling statistics of the CPU engine against pandas, where Python and pandas are installed. */
import { describe, expect, it } from 'vitest';
import { rollingTolerance } from '@corrente/shared/contract/analyses/rolling-tolerance';
import { assertClose } from '../../test/oracle/compare.ts';
import { rollingOracle } from '../../test/oracle/rolling.ts';
import { askPython, hasPython } from '../../test/python.ts';
import { columnsOf } from '../../test/series/columns.ts';
import { gaussian, uniform } from '../../test/series/random.ts';
import type { RollingRequest } from './contract.ts';
import { cpuEngine } from './cpu.ts';

const engine = cpuEngine();
const hasPandas = hasPython('pandas');

/** Evaluates expressions in s, a pandas Series of the values; NaN comes back as null. */
function pandas(expressions: readonly string[], values: Float64Array): Float64Array[] {
  const script = `
import pandas
s = pandas.Series([np.nan if v is None else v for v in data], dtype='float64')
result = [one.tolist() for one in [${expressions.join(', ')}]]`;
  const lists = askPython(script, Array.from(values, (value) => (Number.isNaN(value) ? null : value)));
  if (!Array.isArray(lists)) throw new Error('pandas gave no list');
  return lists.map((numbers: unknown) => {
    if (!Array.isArray(numbers)) throw new Error('pandas gave no list of numbers');
    return Float64Array.from(numbers, (value) => (typeof value === 'number' ? value : Number.NaN));
  });
}

const windows = [5, 20, 60] as const;

const requests: ReadonlyArray<readonly [RollingRequest, (window: number) => string]> = [
  [{ kind: 'mean', window: 0, ddof: 0 }, (w) => `s.rolling(${w}).mean()`],
  [{ kind: 'sum', window: 0, ddof: 0 }, (w) => `s.rolling(${w}).sum()`],
  [{ kind: 'var', window: 0, ddof: 1 }, (w) => `s.rolling(${w}).var()`],
  [{ kind: 'std', window: 0, ddof: 0 }, (w) => `s.rolling(${w}).std(ddof=0)`],
  [{ kind: 'skew', window: 0, ddof: 0 }, (w) => `s.rolling(${w}).skew()`],
  [{ kind: 'kurtosis', window: 0, ddof: 0 }, (w) => `s.rolling(${w}).kurt()`],
  [{ kind: 'zscore', window: 0, ddof: 1 }, (w) => `(s - s.rolling(${w}).mean()) / s.rolling(${w}).std()`],
  [{ kind: 'autocorrelation', window: 0, ddof: 0, parameter: 3 }, (w) => `s.rolling(${w}).apply(lambda v: v.autocorr(3))`],
  [{ kind: 'ewm-mean', window: 0, ddof: 0 }, (w) => `s.ewm(span=${w}, ignore_na=True, min_periods=${w}).mean().where(s.notna())`],
  [{ kind: 'ewm-var', window: 0, ddof: 1 }, (w) => `s.ewm(span=${w}, ignore_na=True, min_periods=${w}).var().where(s.notna())`],
  [{ kind: 'ewm-std', window: 0, ddof: 0 }, (w) => `s.ewm(span=${w}, ignore_na=True, min_periods=${w}).std(bias=True).where(s.notna())`],
];

describe.skipIf(!hasPandas || !engine.info().available)('rolling statistics of the CPU engine, beside pandas', { timeout: 60_000 }, () => {
  it.each(requests)('$kind is what pandas computes, and missing where it is', async (request, expression) => {
    const values = Float64Array.from({ length: 700 }, (_, t) => (uniform(401, t) < 0.01 ? Number.NaN : 2 + gaussian(402, t)));
    const theirs = pandas(windows.map(expression), values);
    for (const [i, window] of windows.entries()) {
      const [block] = await engine.rolling(columnsOf([values]), [{ ...request, window }], { precision: 'f64' });
      const { scale } = rollingOracle(values, { ...request, window });
      // pandas slides its sums, and is a thousand times as far from the exact value as we may be.
      assertClose(block ?? [], theirs[i] ?? [], {
        tolerance: (t) => 1000 * rollingTolerance(request.kind, 'f64') * (scale[t] ?? 0),
        place: (t) => `${request.kind} of ${window}, row ${t}`,
      });
    }
  });

  it('keeps the spread and the skewness of a thousandth at a billion, where pandas loses them', async () => {
    const values = Float64Array.from({ length: 2000 }, (_, t) => (t < 1000 ? 1e9 : 0) + 1e-3 * gaussian(403, t));
    const kinds = ['std', 'var', 'skew'] as const;
    const theirs = pandas(kinds.map((kind) => `s.rolling(50).${kind}()`), values);
    for (const [i, kind] of kinds.entries()) {
      const request: RollingRequest = { kind, window: 50, ddof: 1 };
      const [block] = await engine.rolling(columnsOf([values]), [request], { precision: 'f64' });
      const { expected } = rollingOracle(values, request);
      // After the step down from a billion, windows hold the noise alone.
      const [ours, exact, pandas50] = [block ?? new Float64Array(0), expected, theirs[i] ?? new Float64Array(0)].map((values50) => values50.slice(1100));
      const allowed = (at: number): number => (kind === 'skew' ? 1 : (exact![at] ?? 0));
      assertClose(ours!, exact!, { tolerance: (at) => 1e-10 * allowed(at), place: (at) => `${kind} ${at} rows after the step` });
      expect(Array.from(pandas50!).filter((value, at) => Math.abs(value - (exact![at] ?? 0)) > 1e-6 * allowed(at)).length).toBeGreaterThan(800);
    }
  });
});
