import { expect, it } from 'vitest';
import { integers, reals, storeOf } from '../table-store.testing.ts';
import { lossCurves } from './loss-curves.ts';

const history = (rows: readonly (readonly [epoch: number, train: number, validation: number | null, fold: number])[]) =>
  storeOf({ epoch: integers(rows.map(([epoch]) => epoch)), train_loss: reals(rows.map(([, train]) => train)), val_loss: reals(rows.map(([, , loss]) => loss)), seconds: reals(rows.map(() => 0.5)), fold: integers(rows.map(([, , , fold]) => fold)) });

it('has a curve for each fold, whose best epoch is the first of least validation loss', () => {
  const curves = lossCurves(history([[1, 3, 4, 1], [2, 2, 3, 1], [3, 1, 3, 1], [1, 9, null, 2]]));
  expect(curves.map(({ fold, epochs, best, seconds }) => [fold, [...epochs], best, seconds])).toEqual([[1, [1, 2, 3], 1, 1.5], [2, [1], -1, 0.5]]);
});

it('counts an epoch that was trained again as it was the last time', () => {
  const [curve] = lossCurves(history([[1, 3, 4, 1], [2, 2, 1, 1], [2, 2, 5, 1]]));
  expect([[...curve!.validation], curve!.best]).toEqual([[4, 5], 0]);
});
