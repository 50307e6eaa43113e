import { expect, it } from 'vitest';
import { reals, storeOf, texts } from '../table-store.testing.ts';
import { errorBars, errorsBySeries } from './error-tables.ts';

const store = storeOf({ series: texts(['a', 'b', 'c', 'all']), mse: reals([1, null, 3, 2]), naive_mse: reals([2, 2, 2, 2]), mae: reals([0.5, 0.5, 0.5, 0.5]), naive_mae: reals([1, 1, 1, 1]), coverage: reals([0.9, null, 0.85, 0.875]) });

it('has the errors over all series first, then the largest, and those without one last', () => {
  expect(errorsBySeries(store, 'mse').map(({ series }) => series)).toEqual(['all', 'c', 'a', 'b']);
});

it('holds each error against that of the last value repeated', () => {
  const [all, , , missing] = errorBars(errorsBySeries(store, 'mse'));
  expect(all).toMatchObject({ name: 'all series', value: 2, mark: 2, figure: '2', note: '2 · 87.5 %' });
  expect(missing).toMatchObject({ figure: 'no value', note: '2' });
});
