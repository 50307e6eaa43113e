import { indicatorCatalogue } from '@corrente/shared/contract/indicators/catalogue';
import { indicatorChoice } from '@corrente/shared/contract/indicators/choice';
import { describe, expect, it } from 'vitest';
import { indicatorOptions, numbersOf, withNumber } from './indicator-options.ts';

describe('indicatorOptions', () => {
  it('offer each of the catalogue once, in groups of which none is empty', () => {
    const groups = indicatorOptions([], '');
    expect(groups.flatMap(({ items }) => items.map(({ value }) => value)).toSorted()).toEqual(indicatorCatalogue.map(({ name }) => name).toSorted());
    expect(groups.every(({ items }) => items.length > 0)).toBe(true);
  });

  it('offer what is typed with numbers as soon as it is an indicator', () => {
    expect(indicatorOptions([], 'macd(5, 8, 3)')[0]).toEqual({ group: 'With numbers of their own', items: [{ value: 'macd(5,8,3)', label: 'macd(5,8,3)' }] });
    expect(indicatorOptions([], 'macd(5,')).toEqual(indicatorOptions([], ''));
    expect(indicatorOptions([], 'rsi')).toEqual(indicatorOptions([], ''));
  });

  it('keep what is chosen already, even if it is no indicator, so that it can be taken away', () => {
    expect(indicatorOptions(['rsi', 'rsi(7)', 'nonsense'], 'rsi(7)')[0]?.items.map(({ value }) => value)).toEqual(['rsi(7)', 'nonsense']);
  });
});

describe('the numbers of an indicator', () => {
  it('are those that are written, then the defaults', () => {
    expect(numbersOf('bollinger(20)').map(({ parameter, value }) => [parameter.name, value])).toEqual([['period', 20], ['up', 2], ['down', 2]]);
    expect(numbersOf('obv')).toEqual([]);
    expect(numbersOf('nonsense(3)')).toEqual([]);
  });

  it('are written when one of them changes, and left out where all are the defaults', () => {
    expect(withNumber('rsi', 0, 7)).toBe('rsi(7)');
    expect(withNumber('rsi(7)', 0, 14)).toBe('rsi');
    expect(withNumber('bollinger(20)', 2, 1.5)).toBe('bollinger(20,2,1.5)');
  });

  it('are read as they were written, for every indicator and each of its numbers', () => {
    for (const { name, parameters } of indicatorCatalogue) {
      for (const [place, { default: usual, max }] of parameters.entries()) {
        const wanted = usual + 1 <= max ? usual + 1 : max;
        const choice = indicatorChoice(withNumber(name, place, wanted));
        if (typeof choice === 'string') throw new Error(`${name}: ${choice}`);
        expect(choice.parameters).toEqual(parameters.map((parameter, i) => (i === place ? wanted : parameter.default)));
      }
    }
  });
});
