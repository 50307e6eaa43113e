import { expect, it } from 'vitest';
import { gaussian } from '../../test/series/random.ts';
import { portableEngine } from '../engine/portable.ts';
import type { LearnedModel } from './model.ts';
import { permutationImportance } from './permutation-importance.ts';
import { tableOf } from './table.testing.ts';

const engine = portableEngine();
const column = (seed: number, rows: number): Float64Array => Float64Array.from({ length: rows }, (_, t) => gaussian(seed, t));
const sum: LearnedModel = { classes: 0, features: 2, predictor: { kind: 'linear', mean: new Float64Array(2), scale: Float64Array.of(1, 1), weights: Float64Array.of(1, 0), intercepts: Float64Array.of(0) }, fills: null, calibrators: null };

it('the loss rises by twice the variance of a feature that is all, and not by one that is nothing', async () => {
  const [all, nothing] = [column(1, 4000), column(2, 4000)];
  const [of, none] = await permutationImportance(sum, tableOf([all, nothing], all), all, { repeats: 3, seed: 1, draw: 0 }, engine, { precision: 'f64' });
  for (const rise of of!) expect(Math.abs(rise - 2)).toBeLessThan(0.2);
  expect([...none!]).toEqual([0, 0, 0]);
});

it('ends within the repeats of a feature when it is cancelled', async () => {
  const [all, nothing] = [column(1, 20_000), column(2, 20_000)];
  const stop = new AbortController();
  const started = performance.now();
  setTimeout(() => stop.abort(), 30);
  await expect(permutationImportance(sum, tableOf([all, nothing], all), all, { repeats: 100_000, seed: 1, draw: 0 }, engine, { precision: 'f64', signal: stop.signal })).rejects.toMatchObject({ code: 'cancelled' });
  expect(performance.now() - started).toBeLessThan(1000);
});
