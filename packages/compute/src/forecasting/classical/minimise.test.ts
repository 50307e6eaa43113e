import { expect, it } from 'vitest';
import { minimise } from './minimise.ts';

const turn = (): Promise<void> => Promise.resolve();

it('finds the minimum of the valley of Rosenbrock', async () => {
  const valley = (x: Float64Array): number => 100 * (x[1]! - x[0]! ** 2) ** 2 + (1 - x[0]!) ** 2;
  const { at, value } = await minimise(valley, Float64Array.of(-1.2, 1), { turn, tolerance: 1e-14 });
  expect(value).toBeLessThan(1e-9);
  expect(at[0]).toBeCloseTo(1, 4);
  expect(at[1]).toBeCloseTo(1, 4);
});

it('finds that of a quadratic in twenty variables of unlike scale', async () => {
  const bowl = (x: Float64Array): number => x.reduce((sum, value, i) => sum + (1 + i * i) * (value - i / 10) ** 2, 0);
  const { at } = await minimise(bowl, new Float64Array(20), { turn, tolerance: 1e-14 });
  for (const [i, value] of at.entries()) expect(value).toBeCloseTo(i / 10, 4);
});

it('stays where the function is finite', async () => {
  const half = (x: Float64Array): number => (x[0]! > 0 ? x[0]! - Math.log(x[0]!) : Number.POSITIVE_INFINITY);
  const { at } = await minimise(half, Float64Array.of(1e-3), { turn, tolerance: 1e-12 });
  expect(at[0]).toBeCloseTo(1, 4);
});

it('gives up where a turn throws', async () => {
  const stopped = new Error('stopped');
  await expect(minimise((x) => x[0]! ** 2, Float64Array.of(3), { turn: () => Promise.reject(stopped) })).rejects.toBe(stopped);
});
