import { movingAverageKinds, movingAverageParams, outputsOf } from '@corrente/shared/contract/analyses/moving-average';
import { expect, it } from 'vitest';
import { averagePanels } from './average-panels.ts';

it('what lies at the level of the series is drawn over it, and each other quantity for itself', () => {
  expect(averagePanels({ kinds: ['sma', 'rank', 'std', 'quantile', 'ewm-std', 'zscore'], windows: [20], quantiles: [0.1, 0.9] })).toEqual([
    { title: 'values', columns: ['sma_20', 'quantile_20_0.1', 'quantile_20_0.9'], overField: true },
    { title: 'Rank', columns: ['rank_20'], overField: false },
    { title: 'Standard deviation', columns: ['std_20', 'ewm-std_20'], overField: false },
    { title: 'Z-score', columns: ['zscore_20'], overField: false },
  ]);
});

it('the series has its panel though nothing lies at its level', () => {
  expect(averagePanels({ kinds: ['skew'], windows: ['5d', 20] })).toEqual([
    { title: 'values', columns: [], overField: true },
    { title: 'Skewness', columns: ['skew_5d', 'skew_20'], overField: false },
  ]);
});

it('each column of every kind stands in one panel', () => {
  const params = { kinds: [...movingAverageKinds], windows: [30, 60] };
  expect(averagePanels(params).flatMap(({ columns }) => columns).toSorted()).toEqual(outputsOf(movingAverageParams.parse(params)).map(({ name }) => name).toSorted());
});
