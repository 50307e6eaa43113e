import { describe, expect, it } from 'vitest';
import { reals, storeOf, texts } from '../table-store.testing.ts';
import { classesIn, coefficientBars, foldMetrics, importanceBars, importancesIn, metricBars, metricsIn } from './learn-tables.ts';

describe('metricBars', () => {
  const metrics = foldMetrics(storeOf({ fold: texts(['1', '1', '2', 'all']), metric: texts(['mse', 'mae', 'mse', 'mse']), value: reals([1, 2, 3, 2]), baseline: reals([2, 2, null, 2]), baseline_name: texts(['mean', 'mean', 'mean', 'mean']) }));

  it('has the mean of the folds first, each beside its baseline', () => {
    expect(metricsIn(metrics)).toEqual(['mse', 'mae']);
    expect(metricBars(metrics, 'mse')).toMatchObject([{ name: 'all folds', value: 2, mark: 2, note: '2 · mean' }, { name: 'fold 1', value: 1 }, { name: 'fold 2', value: 3, note: '' }]);
  });
});

describe('importanceBars', () => {
  const store = storeOf({ feature: texts(['a', 'b', 'c']), gain: reals([0.2, 0.7, 0.1]), permutation: reals([0.5, 0.1, null]), permutation_sd: reals([0.1, 0.3, null]) });

  it('has the most important first, hollow where chance could make it, and none where it is not known', () => {
    expect(importanceBars(store, 'permutation')).toMatchObject([{ name: 'a', note: '± 0.1', hollow: false }, { name: 'b', hollow: true }]);
    expect(importanceBars(store, 'gain')).toMatchObject([{ name: 'b', figure: '70 %', note: '', hollow: false }, { name: 'a' }, { name: 'c' }]);
  });

  it('offers only importances that the model has', () => {
    expect(importancesIn(store)).toEqual(['permutation', 'gain']);
    expect(importancesIn(storeOf({ feature: texts(['a']), gain: reals([null]), permutation: reals([1]) }))).toEqual(['permutation']);
  });
});

describe('coefficientBars', () => {
  const store = storeOf({ class: texts(['0', '0', '1']), feature: texts(['(intercept)', 'a', 'a']), coefficient: reals([9, 1, 2]), standardised: reals([9, -0.5, 0.5]) });

  it('are of one class, without the constant', () => {
    expect(classesIn(store)).toEqual(['0', '1']);
    expect(coefficientBars(store, '0')).toMatchObject([{ name: 'a', value: -0.5, figure: '−0.5', note: '1' }]);
  });
});
