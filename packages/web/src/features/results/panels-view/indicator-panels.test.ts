import { indicatorCatalogue } from '@corrente/shared/contract/indicators/catalogue';
import { indicatorChoice } from '@corrente/shared/contract/indicators/choice';
import { expect, it } from 'vitest';
import { indicatorPanels } from './indicator-panels.ts';

it('what is a price is drawn over the field, and every other indicator for itself', () => {
  expect(indicatorPanels({ names: ['sma(20)', 'rsi', 'bollinger', 'macd(5,8,3)', 'supertrend', 'linear-regression', 'linear-regression-slope'] })).toEqual([
    { title: 'values', columns: ['sma_20', 'bollinger_upper', 'bollinger_middle', 'bollinger_lower', 'supertrend', 'linear-regression'], overField: true },
    { title: 'rsi', columns: ['rsi'], overField: false },
    { title: 'macd_5_8_3', columns: ['macd_5_8_3', 'macd_5_8_3_signal', 'macd_5_8_3_histogram'], overField: false },
    { title: 'supertrend_direction', columns: ['supertrend_direction'], overField: false },
    { title: 'linear-regression-slope', columns: ['linear-regression-slope'], overField: false },
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
  expect(indicatorPanels({ names: ['rsi'] }).map(({ title, overField }) => [title, overField])).toEqual([['values', true], ['rsi', false]]);
});
