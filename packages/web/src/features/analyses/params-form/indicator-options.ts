/** What can be chosen of the indicators, and their numbers as they are written. */
import { indicatorCatalogue } from '@corrente/shared/contract/indicators/catalogue';
import { indicatorChoice } from '@corrente/shared/contract/indicators/choice';
import { indicatorGroups, type IndicatorGroup, type IndicatorParameter } from '@corrente/shared/contract/indicators/indicator';

export interface Option {
  readonly value: string;
  readonly label: string;
}

export interface OptionGroup {
  readonly group: string;
  readonly items: Option[];
}

const titles: Readonly<Record<IndicatorGroup, string>> = {
  average: 'Averages',
  band: 'Bands and stops',
  trend: 'Trend',
  momentum: 'Momentum',
  volatility: 'Volatility',
  volume: 'Volume',
  regression: 'Regression',
  price: 'Prices',
};

/** The catalogue by its groups; before it, what was typed or chosen with numbers of its own. */
export function indicatorOptions(chosen: readonly string[], typed: string): OptionGroup[] {
  const catalogue = indicatorGroups.map((group) => ({ group: titles[group], items: indicatorCatalogue.filter((one) => one.group === group).map(({ name, title }) => ({ value: name, label: `${title} · ${name}` })) }));
  const known = new Set(indicatorCatalogue.map(({ name }) => name));
  const text = typed.replaceAll(' ', '');
  const own = [...(typeof indicatorChoice(text) === 'string' ? [] : [text]), ...chosen].filter((name, i, all) => !known.has(name) && all.indexOf(name) === i);
  return own.length === 0 ? catalogue : [{ group: 'With numbers of their own', items: own.map((value) => ({ value, label: value })) }, ...catalogue];
}

/** A number of an indicator that is chosen. */
export interface IndicatorNumber {
  readonly parameter: IndicatorParameter;
  readonly value: number;
}

/** The numbers of an indicator; none where it takes none, or is not one. */
export function numbersOf(name: string): readonly IndicatorNumber[] {
  const choice = indicatorChoice(name);
  if (typeof choice === 'string') return [];
  return choice.indicator.parameters.map((parameter, i) => ({ parameter, value: choice.parameters[i] ?? parameter.default }));
}

/** The indicator with another value in place of number `place`: `rsi(7)`, and `rsi` where all are the defaults. */
export function withNumber(name: string, place: number, value: number): string {
  const numbers = numbersOf(name);
  const values = numbers.map((number, i) => (i === place ? value : number.value));
  const plain = name.replace(/\(.*$/, '').trim();
  return numbers.every(({ parameter }, i) => values[i] === parameter.default) ? plain : `${plain}(${values.join(',')})`;
}

/** The formula of the catalogue; empty where there is no such indicator. */
export function formulaOf(name: string): string {
  const choice = indicatorChoice(name);
  return typeof choice === 'string' ? '' : choice.indicator.formula;
}
