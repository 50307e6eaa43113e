import { indicatorCatalogue, indicatorsByName } from '@corrente/shared/contract/indicators/catalogue';
import { describe, expect, it } from 'vitest';
import { talib, talibInput } from '../../reference/talib.ts';
import { gaussian } from '../../series/random.ts';
import { assertClose } from '../compare.ts';
import { indicatorFormulas, indicatorOracle } from './indicators.ts';

const defaults = (name: string): number[] => indicatorsByName.get(name)?.parameters.map((parameter) => parameter.default) ?? [];

/** Bars of a random walk: no two values are equal, no range is empty. */
function walk(length: number): Record<string, Float64Array> {
  const close = new Float64Array(length);
  for (let t = 0; t < length; t++) close[t] = (close[t - 1] ?? 100) + gaussian(5, t);
  const open = close.map((value, t) => value + 0.5 * gaussian(6, t));
  const top = (t: number): number => Math.max(open[t] ?? 0, close[t] ?? 0);
  const bottom = (t: number): number => Math.min(open[t] ?? 0, close[t] ?? 0);
  return {
    value: close,
    open,
    close,
    high: close.map((_, t) => top(t) + Math.abs(gaussian(7, t))),
    low: close.map((_, t) => bottom(t) - Math.abs(gaussian(8, t))),
    volume: close.map((_, t) => 1e6 * Math.exp(gaussian(9, t))),
  };
}

const inputsOf = (name: string, bars: Record<string, Float64Array>): Float64Array[] => indicatorsByName.get(name)?.inputs.map((input) => bars[input] ?? new Float64Array(0)) ?? [];

describe('the oracle of the indicators', () => {
  it('knows each of the catalogue, and no other', () => {
    expect([...indicatorFormulas.keys()].toSorted()).toEqual(indicatorCatalogue.map(({ name }) => name).toSorted());
  });

  it.each(indicatorCatalogue)('$name has its outputs, each missing on as many rows as the catalogue says and on no later one', ({ name, outputs, parameters, warmUp }) => {
    const length = 150;
    for (const numbers of [defaults(name), parameters.map(({ default: value, integer }) => (integer && value > 3 ? value - 2 : value))]) {
      const found = indicatorOracle(name, numbers, inputsOf(name, walk(length)));
      expect(found).toHaveLength(outputs.length);
      for (const [i, values] of found.entries()) {
        const expected = outputs[i]?.warmUp?.(numbers) ?? warmUp(numbers);
        expect(values.findIndex((value) => !Number.isNaN(value))).toBe(expected);
        expect(values.subarray(expected).every(Number.isFinite)).toBe(true);
      }
    }
  });

  it.each(indicatorCatalogue)('$name looks at no later row', ({ name }) => {
    const [whole, part] = [walk(150), walk(120)];
    const cut = indicatorOracle(name, defaults(name), inputsOf(name, part));
    for (const [i, values] of indicatorOracle(name, defaults(name), inputsOf(name, whole)).entries()) expect(values.subarray(0, 120)).toEqual(cut[i]);
  });

  it('passes over rows where an input is missing, as if they were not there', () => {
    const bars = walk(100);
    const gaps = { ...bars, high: bars.high?.slice() ?? new Float64Array(0), volume: bars.volume?.slice() ?? new Float64Array(0) };
    for (const row of [0, 31, 32]) gaps.high[row] = Number.NaN;
    gaps.volume[60] = Number.NaN;
    const rows = Array.from({ length: 100 }, (_, row) => row).filter((row) => ![0, 31, 32, 60].includes(row));
    const closed = Object.fromEntries(Object.entries(bars).map(([name, values]) => [name, Float64Array.from(rows, (row) => values[row] ?? 0)]));
    const [found = new Float64Array(0)] = indicatorOracle('mfi', [10], inputsOf('mfi', gaps));
    const [expected] = indicatorOracle('mfi', [10], inputsOf('mfi', closed));
    expect(Float64Array.from(rows, (row) => found[row] ?? 0)).toEqual(expected);
    expect([0, 31, 32, 60].map((row) => found[row])).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
  });
});

describe(`TA-Lib ${talib.version}`, () => {
  const cases = talib.values.map((reference) => ({ ...reference, call: `${reference.function}(${reference.parameters.join(', ')})` }));

  it('is compared with for every indicator that the catalogue says is its', () => {
    const its = indicatorCatalogue.filter(({ source }) => source.startsWith('TA-Lib'));
    const compared = new Map(talib.values.map(({ name, function: called }) => [name, called]));
    expect(its.length).toBeGreaterThanOrEqual(50);
    for (const { name, source } of its) expect(source).toMatch(new RegExp(`^TA-Lib ${compared.get(name)}\\b`));
    expect([...compared.keys()].toSorted()).toEqual(its.map(({ name }) => name).toSorted());
  });

  it.each(cases)('agrees with the oracle: $call of $series', ({ name, parameters, series, begin, rows, outputs, call }) => {
    const indicator = indicatorsByName.get(name);
    const found = indicatorOracle(name, parameters, (indicator?.inputs ?? []).map((input) => talibInput(series, input)));
    expect(indicator?.warmUp(parameters)).toBe(begin);
    expect(found).toHaveLength(outputs.length);
    for (const [i, expected] of outputs.entries()) {
      const got = rows.map((row) => found[i]?.[row] ?? Number.NaN);
      assertClose(got, expected, { tolerance: (at) => 1e-9 * Math.max(1, Math.abs(expected[at] ?? 0)), place: (at) => `${call} of ${series}, output ${i}, row ${rows[at]}` });
    }
  });
});
