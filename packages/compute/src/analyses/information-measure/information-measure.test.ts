import { describe, expect, it } from 'vitest';
import { discreteInformationOracle } from '../../../test/oracle/discrete.ts';
import { columnsOf, gaussianColumns } from '../../../test/series/columns.ts';
import { gaussians, uniform } from '../../../test/series/random.ts';
import type { Columns } from '../../engine/contract.ts';
import { collect, type Collected, type CollectOptions } from '../../run/collect.testing.ts';
import { frameOf } from '../../run/frame.testing.ts';

const measure = (columns: Columns, params: Record<string, unknown>, options: Partial<CollectOptions> & { trials?: number } = {}): Promise<Collected> =>
  collect('information-measure', frameOf(columns, { timeKind: 'index', ...(options.trials === undefined ? {} : { trials: options.trials }) }), { ...options, params });

const values = (result: Collected, name = 'value'): unknown[] => result.column('values', name);
const pairsOf = (result: Collected): string[] => values(result, 'source').map((source, i) => `${String(source)}>${String(values(result, 'target')[i])}`);

/** s0 drives s1 one row later, s1 drives s2 two rows later; s3 stands alone. */
function driven(n: number, seed = 1): Columns {
  const [a, b, c, d] = [0, 1, 2, 3].map((s) => gaussians(seed + 100 * s, n));
  const [first = a, second = b, third = c] = [a, b, c].map((noise) => Float64Array.from(noise ?? []));
  for (let t = 1; t < n; t += 1) if (second !== undefined) second[t] = 0.9 * (first?.[t - 1] ?? 0) + 0.5 * (second[t] ?? 0);
  for (let t = 2; t < n; t += 1) if (third !== undefined) third[t] = 0.9 * (second?.[t - 2] ?? 0) + 0.5 * (third[t] ?? 0);
  return columnsOf([first, second, third, d].map((series) => series ?? new Float64Array(n)));
}

const symbols = (seed: number, n: number, count: number): Float64Array => Float64Array.from({ length: n }, (_, t) => Math.floor(count * uniform(seed, t)));

/** x[t − lag] for every t from 2 on. */
const before = (series: Float64Array, lag: number): number[] => [...series.subarray(2 - lag, series.length - lag)];

describe('information-measure', () => {
  it('finds by transfer entropy who drives whom, at the delay, with p', async () => {
    const data = driven(300);
    const there = await measure(data, { source: 's0', target: 's1', permutations: 50 });
    const back = await measure(data, { source: 's1', target: 's0', permutations: 50 });
    expect(Number(values(there)[0])).toBeGreaterThan(0.4);
    expect(values(there, 'p')).toEqual([1 / 50]);
    expect(Math.abs(Number(values(back)[0]))).toBeLessThan(0.1);
    expect(Number(values(back, 'p')[0])).toBeGreaterThan(0.05);
    expect(Number(values(await measure(data, { source: 's1', target: 's2', delay: 2 }))[0])).toBeGreaterThan(0.4);
  });

  it('makes a row for every ordered pair of te and every unordered pair of mi, target after target', async () => {
    const data = driven(80);
    expect(pairsOf(await measure(data, { estimator: 'gaussian' }))).toEqual(['s1>s0', 's2>s0', 's3>s0', 's0>s1', 's2>s1', 's3>s1', 's0>s2', 's1>s2', 's3>s2', 's0>s3', 's1>s3', 's2>s3']);
    expect(pairsOf(await measure(data, { measure: 'mi', pairs: 'all', estimator: 'gaussian' }))).toEqual(['s0>s1', 's0>s2', 's1>s2', 's0>s3', 's1>s3', 's2>s3']);
    expect(pairsOf(await measure(data, { pairs: [['s2', 's1'], ['s0', 's3'], ['s0', 's1']], estimator: 'gaussian' }))).toEqual(['s2>s1', 's0>s1', 's0>s3']);
    expect(pairsOf(await measure(data, { source: 's3', estimator: 'gaussian' }))).toEqual(['s3>s0', 's3>s1', 's3>s2']);
    expect(pairsOf(await measure(data, { source: ['s0', 's1'], target: ['s2', 's3'], estimator: 'gaussian' }))).toEqual(['s0, s1>s2, s3']);
    expect(pairsOf(await measure(data, { pairs: 'all', source: ['s0', 's1'], target: ['s1', 's2'], estimator: 'gaussian' }))).toEqual(['s0>s1', 's0>s2', 's1>s2']);
  });

  it('lays the pairs out as a matrix, a row for each target, the diagonal missing', async () => {
    const data = driven(120);
    const result = await measure(data, { output: 'both', estimator: 'gaussian' });
    const matrix = result.table('matrix');
    expect(matrix.schema.fields.map(({ name }) => name)).toEqual(['target', 's0', 's1', 's2', 's3']);
    expect(result.column('matrix', 'target')).toEqual(['s0', 's1', 's2', 's3']);
    const cells = Object.fromEntries(pairsOf(result).map((pair, i) => [pair, values(result)[i]]));
    for (const source of ['s0', 's1', 's2', 's3']) expect(result.column('matrix', source)).toEqual(['s0', 's1', 's2', 's3'].map((target) => cells[`${source}>${target}`] ?? null));
    const mutual = await measure(data, { measure: 'mi', output: 'matrix', estimator: 'gaussian' });
    expect(mutual.column('matrix', 's1')[0]).toBeCloseTo(Number(mutual.column('matrix', 's0')[1]), 13);
    expect(mutual.tables.map(({ name }) => name)).toEqual(['matrix']);
  });

  it('gives a pair the same value and p alone as among all pairs, whatever was stored before', async () => {
    const data = driven(150);
    const all = await measure(data, { estimator: 'ksg1', permutations: 20 });
    const alone = await measure(data, { source: 's2', target: 's3', permutations: 20 });
    const place = pairsOf(all).indexOf('s2>s3');
    expect([values(all)[place], values(all, 'p')[place]]).toEqual([values(alone)[0], values(alone, 'p')[0]]);
    const resumed = await measure(data, { estimator: 'ksg1', permutations: 20 }, { stored: 2 });
    expect([values(resumed), values(resumed, 'p')]).toEqual([values(all).slice(6), values(all, 'p').slice(6)]);
  });

  it('depends on the seed in p only', async () => {
    const data = driven(100);
    const runs = await Promise.all([1, 1, 2].map((seed) => measure(data, { permutations: 200, source: 's3', target: 's0', estimator: 'gaussian' }, { seed })));
    const [first, again, other] = runs.map((run) => [values(run)[0], values(run, 'p')[0]]);
    expect(first).toEqual(again);
    expect(first?.[0]).toBe(other?.[0]);
    expect(first?.[1]).not.toBe(other?.[1]);
  });

  it('conditions on what is named: a driver’s effect through the middle is gone once the middle is known', async () => {
    const data = driven(400);
    const plain = await measure(data, { source: 's0', target: 's2', delay: 3, estimator: 'gaussian' });
    const given = await measure(data, { source: 's0', target: 's2', delay: 3, conditional: 's1', conditionalDelay: 2, estimator: 'gaussian' });
    expect(Number(values(plain)[0])).toBeGreaterThan(0.2);
    expect(Number(values(given)[0])).toBeLessThan(0.02);
    expect(values(given, 'conditional')).toEqual(['s1']);
  });

  it('has analytic p of the Gaussian and discrete estimators unless permutations are asked for, and none of ksg', async () => {
    const data = driven(100);
    const p = async (params: Record<string, unknown>): Promise<unknown> => values(await measure(data, { source: 's3', target: 's0', ...params }), 'p')[0];
    const [analytic, permuted] = [await p({ estimator: 'gaussian' }), await p({ estimator: 'gaussian', permutations: 400 })];
    expect(Math.abs(Number(analytic) - Number(permuted))).toBeLessThan(0.1);
    expect(Number(permuted) * 400).toBe(Math.round(Number(permuted) * 400));
    expect(await p({ estimator: 'discrete', bins: 3 })).toBeGreaterThan(0);
    expect(await p({ estimator: 'ksg1' })).toBeNull();
  });

  it.for(['random', 'circular', 'block', 'local'] as const)('tests by %s surrogates', async (method) => {
    const data = driven(200);
    const there = await measure(data, { source: 's0', target: 's1', permutations: 40, surrogates: { method }, estimator: 'gaussian' });
    expect(values(there, 'p')).toEqual([1 / 40]);
    const apart = await measure(data, { source: 's3', target: 's1', permutations: 40, surrogates: { method }, estimator: 'gaussian' });
    expect(Number(values(apart, 'p')[0])).toBeGreaterThan(1 / 40);
  });

  it('estimates discrete series in bits, equal to the spelt-out probabilities', async () => {
    const [x, noise] = [symbols(1, 200, 3), symbols(2, 200, 2)];
    const y = x.map((_, t) => (t === 0 ? 0 : ((x[t - 1] ?? 0) + (noise[t] ?? 0)) % 3));
    const result = await measure(columnsOf([x, y]), { source: 's0', target: 's1', estimator: 'discrete', targetHistory: 2 });
    expect(values(result)[0]).toBeCloseTo(discreteInformationOracle([before(x, 1)], [before(y, 0)], [before(y, 1), before(y, 2)]), 12);
    expect([values(result, 'unit'), values(result, 'n')]).toEqual([['bits'], [198]]);
  });

  it('sees only order with the symbolic estimator: any rising function of a series gives the same', async () => {
    const data = driven(300);
    const bent = columnsOf([0, 1, 2, 3].map((s) => data.values.slice(300 * s, 300 * s + 300).map((value) => Math.exp(value) + s)));
    const [plain, same] = await Promise.all([data, bent].map((one) => measure(one, { source: 's0', target: 's1', estimator: 'symbolic' })));
    expect(plain === undefined ? [] : values(plain)).toEqual(same === undefined ? [] : values(same));
    expect(Number(plain === undefined ? Number.NaN : values(plain)[0])).toBeGreaterThan(0.1);
    expect(plain === undefined ? [] : values(plain, 'n')).toEqual([297]);
  });

  it('adds local values with their times, their mean being the value, for any estimator', async () => {
    const data = driven(90);
    for (const estimator of ['ksg1', 'ksg2', 'kernel', 'gaussian', 'symbolic'] as const) {
      const result = await measure(data, { source: 's0', target: 's1', estimator, local: true, targetHistory: 2 });
      const local = result.column('local', 'value').map(Number);
      expect(local.reduce((sum, value) => sum + value, 0) / local.length).toBeCloseTo(Number(values(result)[0]), 11);
      expect(result.column('local', 'time')[0]).toBe(estimator === 'symbolic' ? 4n : 2n);
      expect(result.column('local', 'time').at(-1)).toBe(89n);
    }
  });

  it('measures each process by itself, several named ones together', async () => {
    const data = gaussianColumns(3, 200);
    const each = await measure(data, { measure: 'entropy', estimator: 'gaussian' });
    expect([values(each, 'source'), values(each, 'target')]).toEqual([[null, null, null], ['s0', 's1', 's2']]);
    const both = await measure(data, { measure: 'entropy', estimator: 'gaussian', target: ['s0', 's1'] });
    const shared = await measure(data, { measure: 'mi', estimator: 'gaussian', source: 's0', target: 's1' });
    expect(Number(values(each)[0]) + Number(values(each)[1]) - Number(values(both)[0])).toBeCloseTo(Number(values(shared)[0]), 11);
    expect(values(await measure(data, { measure: 'o-information', estimator: 'gaussian' }), 'target')).toEqual(['s0, s1, s2']);
  });

  it('takes trials as what they are: no realisation reaches from one into the next', async () => {
    const [x, y] = [symbols(3, 60, 2), symbols(4, 60, 2)];
    const result = await measure(columnsOf([x, y]), { source: 's0', target: 's1', estimator: 'discrete' }, { trials: 3 });
    const rows = [0, 1, 2].flatMap((trial) => Array.from({ length: 19 }, (_, i) => 20 * trial + 1 + i));
    const lagged = (series: Float64Array, lag: number): number[] => rows.map((row) => series[row - lag] ?? Number.NaN);
    expect(values(result)[0]).toBeCloseTo(discreteInformationOracle([lagged(x, 1)], [lagged(y, 0)], [lagged(y, 1)]), 12);
    expect(values(result, 'n')).toEqual([57]);
  });

  it('parts ties by noise that leaves other values nearly as they are, the same for the same seed', async () => {
    const data = driven(120);
    const plain = await measure(data, { source: 's0', target: 's1' });
    const noisy = await measure(data, { source: 's0', target: 's1', noise: 1e-8 });
    expect(Math.abs(Number(values(noisy)[0]) - Number(values(plain)[0]))).toBeLessThan(0.01);
    const tied = columnsOf([0, 1].map((s) => data.values.slice(120 * s, 120 * s + 120).map((value) => Math.round(value))));
    const parted = await measure(tied, { source: 's0', target: 's1', noise: 1e-8 });
    expect(values(parted)).not.toEqual(values(await measure(tied, { source: 's0', target: 's1' })));
    expect(values(parted)).toEqual(values(await measure(tied, { source: 's0', target: 's1', noise: 1e-8 })));
  });

  it('marks what is significant at alpha', async () => {
    const result = await measure(driven(200), { target: 's1', estimator: 'gaussian', alpha: 0.001 });
    expect(Object.fromEntries(pairsOf(result).map((pair, i) => [pair, values(result, 'significant')[i]]))).toEqual({ 's0>s1': true, 's2>s1': false, 's3>s1': false });
  });

  it('reports progress from nothing to all of it, never backwards', async () => {
    const { fractions } = await measure(driven(150), { permutations: 30 });
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
  });

  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    await expect(measure(driven(150), { permutations: 20 }, { signal: controller.signal, onStore: () => Promise.resolve(controller.abort()) })).rejects.toMatchObject({ code: 'cancelled' });
  });
});
