import { describe, expect, it } from 'vitest';
import { indicatorCatalogue, indicatorsByName } from './catalogue.ts';
import { indicatorChoice } from './choice.ts';
import { indicatorGroups } from './indicator.ts';

/** The names that the analysis promises. */
const promised = `
  sma ema wma dema tema trima kama t3 hma alma zlema vwma vwap midpoint midprice bollinger keltner donchian sar supertrend ichimoku
  rsi macd ppo apo stochastic stochastic-fast stochastic-rsi cci mfi adx adxr dx plus-di minus-di plus-dm minus-dm aroon aroon-oscillator
  williams-r ultimate-oscillator trix roc rocp momentum cmo bop awesome-oscillator
  atr natr true-range stddev variance obv ad adosc cmf force-index ease-of-movement
  linear-regression linear-regression-slope linear-regression-angle time-series-forecast typical-price median-price weighted-close average-price
`.trim().split(/\s+/);

describe('the catalogue of indicators', () => {
  it('has every indicator that is promised, each once', () => {
    expect(indicatorCatalogue.map(({ name }) => name).toSorted()).toEqual(promised.toSorted());
    expect(indicatorsByName.size).toBe(indicatorCatalogue.length);
  });

  it('leaves no group empty', () => {
    expect(new Set(indicatorCatalogue.map(({ group }) => group))).toEqual(new Set(indicatorGroups));
  });

  it.each(indicatorCatalogue)('$name has numbers whose defaults are allowed, and columns that differ', ({ name, parameters, outputs, inputs, formula, source }) => {
    for (const { default: usual, min, max, integer } of parameters) {
      expect(usual).toBeGreaterThanOrEqual(min);
      expect(usual).toBeLessThanOrEqual(max);
      if (integer) expect([usual, min, max].every(Number.isInteger)).toBe(true);
    }
    expect(new Set(outputs.map((output) => output.name)).size).toBe(outputs.length);
    expect(new Set(inputs).size).toBe(inputs.length);
    expect(name).toMatch(/^[a-z][a-z0-9]*(-[a-z]+)*$/);
    expect([formula, source].every((text) => text !== '')).toBe(true);
  });

  it.each(indicatorCatalogue)('$name has a warm-up of whole rows that no longer period shortens', ({ parameters, outputs, warmUp }) => {
    const defaults = parameters.map((parameter) => parameter.default);
    const longer = parameters.map((parameter) => (parameter.integer ? parameter.default + 3 : parameter.default));
    for (const rows of [warmUp, ...outputs.flatMap((output) => output.warmUp ?? [])]) {
      expect(Number.isInteger(rows(defaults)) && rows(defaults) >= 0).toBe(true);
      expect(rows(longer)).toBeGreaterThanOrEqual(rows(defaults));
    }
  });

  it('is read by name with all numbers, whatever is left out at the end', () => {
    for (const { name, parameters, outputs } of indicatorCatalogue) {
      const numbers = parameters.map((parameter) => parameter.default);
      for (let given = 0; given <= numbers.length; given++) {
        const choice = indicatorChoice(given === 0 ? name : `${name}(${numbers.slice(0, given).join(', ')})`);
        if (typeof choice === 'string') throw new Error(`${name}: ${choice}`);
        expect(choice.parameters).toEqual(numbers);
        expect(choice.columns).toEqual(outputs.map((output) => [name, ...numbers.slice(0, given), ...(output.name === '' ? [] : [output.name])].join('_')));
      }
    }
  });
});
