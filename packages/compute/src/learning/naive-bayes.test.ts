import { expect, it } from 'vitest';
import { gaussian } from '../../test/series/random.ts';
import { fitNaiveBayes } from './naive-bayes.ts';
import { tableOf } from './table.testing.ts';

const rows = 400;
const columns = [1, 2, 3].map((seed) => Float64Array.from({ length: rows }, (_, t) => gaussian(seed, t) + (t % 2) * seed));
const target = Float64Array.from({ length: rows }, (_, t) => t % 2);

it('the classes have the means of their rows', async () => {
  const { mean, logPrior } = await fitNaiveBayes(tableOf(columns, target), target, 2, 1e-9, {});
  expect([...logPrior]).toEqual([Math.log(0.5), Math.log(0.5)]);
  for (const [f, column] of columns.entries()) expect(mean[3 + f]).toBeCloseTo(column.filter((_, t) => t % 2 === 1).reduce((sum, value) => sum + value, 0) / (rows / 2), 12);
});

it('a fit gives way between features, and ends there when it is cancelled', async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 0);
  await expect(fitNaiveBayes(tableOf(columns, target), target, 2, 1e-9, { signal: stop.signal })).rejects.toMatchObject({ code: 'cancelled' });
});
