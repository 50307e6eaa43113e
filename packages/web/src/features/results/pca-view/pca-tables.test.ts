import { expect, it } from 'vitest';
import { integers, reals, storeOf, texts } from '../table-store.testing.ts';
import { componentsIn, loadingBars, varianceBars } from './pca-tables.ts';

it('tells the share of each component, and of all up to it', () => {
  expect(varianceBars(storeOf({ component: integers([1, 2]), ratio: reals([0.75, 0.2]), cumulative: reals([0.75, 0.95]) }))).toMatchObject([
    { name: 'component 1', value: 0.75, figure: '75 %', note: '75 %' },
    { name: 'component 2', figure: '20 %', note: '95 %' },
  ]);
});

it('has the loadings of one component, the strongest of either sign first', () => {
  const store = storeOf({ component: integers([1, 1, 2]), series: texts(['a', 'b', 'a']), loading: reals([0.1, -0.9, 1]) });
  expect(componentsIn(store)).toEqual([1, 2]);
  expect(loadingBars(store, 1).map(({ name, figure }) => [name, figure])).toEqual([['b', '−0.9000'], ['a', '0.1000']]);
});
