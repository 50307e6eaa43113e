import { indicatorCatalogue } from '@corrente/shared/contract/indicators/catalogue';
import { indicatorChoice } from '@corrente/shared/contract/indicators/choice';
import { expect, it } from 'vitest';
import { indicatorPanels } from './indicator-panels.ts';

it('what is a price is drawn over the field, and every other indicator for itself', () => {
  expect(indicatorPanels({ names: ['sma(20)', 'rsi', 'rsi(7)', 'bollinger', 'macd(5,8,3)', 'stochastic(9)', 'supertrend', 'linear-regression', 'linear-regression-slope'] })).toEqual([
    { title: 'values', columns: ['sma_20', 'bollinger_upper', 'bollinger_middle', 'bollinger_lower', 'supertrend', 'linear-regression'], overField: true },
    { title: 'Relative strength index', columns: ['rsi'], overField: false },
    { title: 'Relative strength index (7)', columns: ['rsi_7'], overField: false },
    { title: 'Moving average convergence/divergence (5, 8, 3)', columns: ['macd_5_8_3', 'macd_5_8_3_signal', 'macd_5_8_3_histogram'], overField: false },
    { title: 'Stochastic oscillator (9)', columns: ['stochastic_9_k', 'stochastic_9_d'], overField: false },
    { title: 'Supertrend, direction: 1 up, -1 down', columns: ['supertrend_direction'], overField: false },
    { title: 'Slope of linear regression', columns: ['linear-regression-slope'], overField: false },
  ]);
});

it('each column of the whole catalogue stands in one panel', () => {
  const names = indicatorCatalogue.map(({ name }) => name);
  const columns = names.flatMap((name) => {
    const choice = indicatorChoice(name);
    return typeof choice === 'string' ? [] : choice.columns;
  });
  expect(indicatorPanels({ names }).flatMap((panel) => panel.columns).toSorted()).toEqual(columns.toSorted());
});

it('the field has its panel though no indicator belongs over it', () => {
  expect(indicatorPanels({ names: ['rsi'] }).map(({ title, overField }) => [title, overField])).toEqual([['values', true], ['Relative strength index', false]]);
});

it('no two panels have one title, so that each is told apart', () => {
  const titles = indicatorPanels({ names: indicatorCatalogue.map(({ name }) => name) }).map(({ title }) => title);
  expect(new Set(titles).size).toBe(titles.length);
});
