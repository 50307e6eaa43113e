import { movingAverageKinds } from '@corrente/shared/contract/analyses/moving-average';
import { expect, it } from 'vitest';
import { kindGroups, kindMeaning } from './kind-options.ts';

const options = kindGroups.flatMap(({ items }) => items);

it('each kind of the contract stands in one group, with words of its own', () => {
  expect(options.map(({ value }) => value).toSorted()).toEqual(movingAverageKinds.toSorted());
  expect(new Set(options.map(({ label }) => label)).size).toBe(options.length);
  for (const { value } of options) expect(kindMeaning(value), value).toMatch(/\.$/);
});

it('what is no kind means nothing', () => {
  expect(kindMeaning('toString')).toBe('');
});
