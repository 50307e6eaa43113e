import { describe, expect, it } from 'vitest';
import { discreteEntropyOracle, discreteInformationOracle } from '../../test/oracle/discrete.ts';
import { columnsOf } from '../../test/series/columns.ts';
import { uniform } from '../../test/series/random.ts';
import { chiSquareTail } from '../statistics/chi-square.ts';
import type { Columns } from '../engine/contract.ts';
import { discreteEstimator } from './discrete.ts';
import { nothing } from './neighbours.ts';
import { plugInEntropy } from './plug-in.ts';
import { join, statesOf } from './states.ts';

const options = { precision: 'f64' } as const;
const block = (...series: ReadonlyArray<readonly number[]>): Columns => columnsOf(series.map((values) => Float64Array.from(values)));
const draws = (seed: number, length: number, values: number): number[] => Array.from({ length }, (_, i) => Math.floor(uniform(seed, i) * values));

async function information(x: Columns, y: Columns, z: Columns = nothing, alphabet: number | null = null): Promise<number> {
  const session = await discreteEstimator({ alphabet }).open(y, z, options);
  const [values] = await session.estimate([{ source: x, surrogates: 0, null: { kind: 'permuted', stream: [1, 0, 0, 0] } }], options);
  return values?.[0] ?? Number.NaN;
}

/** Both inputs of a gate, each of the four cases once. */
const inputs = [[0, 0, 1, 1], [0, 1, 0, 1]] as const;

describe('the discrete estimator', () => {
  it('finds nothing between the inputs of XOR, one bit once the output is known', async () => {
    const output = block([0, 1, 1, 0]);
    expect(await information(block(inputs[0]), block(inputs[1]))).toBe(0);
    expect(await information(block(inputs[0]), block(inputs[1]), output)).toBe(1);
    expect(await information(block(...inputs), output)).toBe(1);
  });

  it('finds 0.3113 bits between an input of AND and its output: H(1/4) less half a bit', async () => {
    const entropyOfQuarter = -(0.25 * Math.log2(0.25) + 0.75 * Math.log2(0.75));
    expect(await information(block(inputs[0]), block([0, 0, 0, 1]))).toBeCloseTo(entropyOfQuarter - 0.5, 14);
  });

  it('agrees with the spelt-out probabilities, for several variables and conditions', async () => {
    const [a, b, c, d] = [draws(1, 200, 3), draws(2, 200, 2), draws(3, 200, 4), draws(4, 200, 3)];
    const y = a.map((value, i) => (value + (c[i] ?? 0)) % 3);
    expect(await information(block(a, b), block(y), block(c, d))).toBeCloseTo(discreteInformationOracle([a, b], [y], [c, d]), 12);
    expect(await information(block(a), block(y, b))).toBeCloseTo(discreteInformationOracle([a], [y, b], []), 12);
    expect(plugInEntropy(statesOf(block(a, b, c), null))).toBeCloseTo(discreteEntropyOracle([a, b, c]), 12);
  });

  it('is symmetric, and obeys the chain rule I(A, B; Y) = I(A; Y) + I(B; Y | A)', async () => {
    const [a, b, y] = [block(draws(5, 500, 3)), block(draws(6, 500, 3)), block(draws(7, 500, 2))];
    expect(await information(a, y)).toBe(await information(y, a));
    const together = await information(columnsOf([a.values, b.values]), y);
    expect(together).toBeCloseTo((await information(a, y)) + (await information(b, y, a)), 12);
  });

  it('has local values whose mean is the value', async () => {
    const [x, y, z] = [block(draws(8, 300, 3)), block(draws(9, 300, 3)), block(draws(10, 300, 2))];
    const session = await discreteEstimator({ alphabet: null }).open(y, z, options);
    const locals = await session.locals(x, options);
    expect(locals.reduce((sum, value) => sum + value, 0) / 300).toBeCloseTo(await information(x, y, z), 12);
  });

  it('gives a surrogate that leaves every count as it was the very bits of the value', async () => {
    const n = 900;
    const x = draws(11, n, 3);
    const y = draws(12, n, 3);
    const session = await discreteEstimator({ alphabet: null }).open(block(y), nothing, options);
    // Two realisations of equal y exchange their x; and all are taken in as they are.
    const ordering = Int32Array.from({ length: n }, (_, i) => i);
    const [first = 0, second = 1] = y.flatMap((value, i) => (value === y[0] ? [i] : [])).slice(3, 5);
    [ordering[first], ordering[second]] = [second, first];
    const [values] = await session.estimate([{ source: block(x), surrogates: 1, null: { kind: 'ordered', orderings: ordering } }], options);
    expect(values?.[1]).toBe(values?.[0]);
  });

  it('takes p from 2 N ln 2 I with (|X| − 1)(|Y| − 1)|Z| degrees of freedom', async () => {
    const [x, y, z] = [block(draws(13, 400, 3), draws(14, 400, 2)), block(draws(15, 400, 4)), block(draws(16, 400, 2))];
    const session = await discreteEstimator({ alphabet: 4 }).open(y, z, options);
    expect(session.analyticP(x, 0.01)).toBeCloseTo(chiSquareTail(2 * 400 * Math.LN2 * 0.01, (16 - 1) * (4 - 1) * 4), 14);
    const observed = await discreteEstimator({ alphabet: null }).open(y, z, options);
    expect(observed.analyticP(x, 0.01)).toBeCloseTo(chiSquareTail(2 * 400 * Math.LN2 * 0.01, (6 - 1) * (4 - 1) * 2), 14);
  });

  it('refuses more values than the alphabet has, with both figures', async () => {
    await expect(information(block([0, 1, 2]), block([0, 1, 0]), nothing, 2)).rejects.toMatchObject({ code: 'invalid-params', message: expect.stringContaining('3 values') });
  });

  it('joins states of many values by a hash map as it does by a table', () => {
    const [a, b] = [draws(17, 5000, 100_000), draws(18, 5000, 100_000)];
    const joined = join(statesOf(block(a), null), statesOf(block(b), null));
    expect(joined.count).toBe(new Set(a.map((value, i) => `${value},${b[i]}`)).size);
    const again = a.findIndex((value, i) => i > 0 && value === a[0] && b[i] === b[0]);
    expect(joined.of.filter((state) => state === joined.of[0]).length).toBe(again < 0 ? 1 : 2);
  });
});
