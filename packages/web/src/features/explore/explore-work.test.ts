import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Block } from '@corrente/shared/portable/block';
import { describe, expect, it } from 'vitest';
import { Explorer, type PairsInSight } from './explore-work.ts';

const [length, series] = [60, 2];
const a = Float64Array.from({ length }, (_, t) => 100 + t + 8 * Math.sin(t));
const b = a.map((value, t) => (t % 7 === 3 ? Number.NaN : value ** 2 + 40 * Math.cos(2 * t)));
const block: Block = { values: Float64Array.of(...a, ...b), series, length, stride: length };

function pearson(x: Float64Array, y: Float64Array): number {
  const rows = [...x.keys()].filter((t) => !Number.isNaN(x[t]) && !Number.isNaN(y[t]));
  const mean = (values: Float64Array): number => rows.reduce((sum, t) => sum + (values[t] ?? 0), 0) / rows.length;
  const [mx, my] = [mean(x), mean(y)];
  const product = (u: Float64Array, mu: number, v: Float64Array, mv: number): number => rows.reduce((sum, t) => sum + ((u[t] ?? 0) - mu) * ((v[t] ?? 0) - mv), 0);
  return product(x, mx, y, my) / Math.sqrt(product(x, mx, x, mx) * product(y, my, y, my));
}

const returns = (values: Float64Array): Float64Array => values.map((value, t) => (t === 0 ? Number.NaN : Math.log(value / (values[t - 1] ?? Number.NaN))));
const meansOfTwo = (x: Float64Array): Float64Array => x.map((value, t) => (value + (x[t - 1] ?? Number.NaN)) / 2);
const inSight = (of: PairsInSight['of'], from = 0, to = length): PairsInSight => ({ method: 'pearson', of, from, to });

describe.each([
  ['gpu.js', () => new Explorer()],
  ['no gpu.js', () => new Explorer(() => Promise.reject(new CorrenteError('device-error', 'This page may not.')))],
] as const)('with %s', (name, made) => {
  it('a rolling mean is that of the last rows, missing until the window is full', async () => {
    const { lines, backend } = await made().answer(block, { average: { kind: 'mean', window: 3 }, pairs: null });
    expect(lines?.[1]).toBeNaN();
    expect(lines?.[10]).toBeCloseTo((a[8]! + a[9]! + a[10]!) / 3, 4);
    if (name === 'no gpu.js') expect(backend).toBe('JavaScript');
    else expect(['WebGPU', 'WebGL', 'WebAssembly', 'JavaScript']).toContain(backend);
  });

  it('correlates values, those in sight, and log returns, over the rows that both have', async () => {
    const explorer = made();
    const r = async (pairs: PairsInSight) => (await explorer.answer(block, { average: null, pairs })).r;
    expect((await r(inSight('values')))?.[1]).toBeCloseTo(pearson(a, b), 5);
    expect((await r(inSight('values', 20, 45)))?.[1]).toBeCloseTo(pearson(a.subarray(20, 45), b.subarray(20, 45)), 5);
    expect((await r(inSight('log-returns')))?.[2]).toBeCloseTo(pearson(returns(a), returns(b)), 5);
    expect((await r(inSight('values', 7, 8)))?.[1]).toBeNaN();
  });

  it('correlates the lines of the average, once they are full', async () => {
    const { r } = await made().answer(block, { average: { kind: 'median', window: 2 }, pairs: inSight('average') });
    expect(r?.[1]).toBeCloseTo(pearson(meansOfTwo(a), meansOfTwo(b)), 5);
  });
});

it('goes on in JavaScript when the device is lost', async () => {
  let calls = 0;
  const explorer = new Explorer(() =>
    Promise.resolve({
      backend: 'WebGL',
      device: true,
      // The first two kernels are those that the sum of the probe is made of.
      run: (_kernel, [width = 1]) => (++calls > 2 ? Promise.reject(new CorrenteError('device-error', 'context lost')) : Promise.resolve([Float32Array.from({ length: width }, () => 3)])),
    }),
  );
  const { backend, lines } = await explorer.answer(block, { average: { kind: 'mean', window: 4 }, pairs: null });
  expect(backend).toBe('JavaScript');
  expect(lines?.[3]).toBeCloseTo((a[0]! + a[1]! + a[2]! + a[3]!) / 4, 4);
});
