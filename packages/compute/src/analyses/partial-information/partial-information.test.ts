import { analysisNamed, parseParams } from '@corrente/shared/contract/analyses/index';
import type { PartialInformationParams } from '@corrente/shared/contract/analyses/partial-information';
import { describe, expect, it } from 'vitest';
import { columnsOf, gaussianColumns } from '../../../test/series/columns.ts';
import { uniform } from '../../../test/series/random.ts';
import { collect, type Collected, type CollectOptions } from '../../run/collect.testing.ts';
import { frameOf } from '../../run/frame.testing.ts';

type Params = Partial<PartialInformationParams> | Record<string, unknown>;

const bit = (seed: number, i: number): number => (uniform(seed, i) < 0.5 ? 0 : 1);
const rowsOf = (count: number, row: (i: number) => readonly number[]) => columnsOf(Array.from({ length: row(0).length }, (_, s) => Float64Array.from({ length: count }, (_unused, i) => row(i)[s] ?? 0)));

/** x, y, and t, whose value is that of x XOR y one row before. */
const delayedXor = frameOf(rowsOf(400, (i) => [bit(1, i), bit(2, i), i === 0 ? 0 : bit(1, i - 1) ^ bit(2, i - 1)]), { names: ['x', 'y', 't'] });

const run = (params: Params, frame = delayedXor, options: CollectOptions = {}): Promise<Collected> => collect('partial-information', frame, { ...options, params });
const atomsOf = (found: Collected): Map<unknown, unknown> => new Map(found.column('atoms', 'atom').map((atom, i) => [atom, found.column('atoms', 'bits')[i]]));

describe('partial-information', () => {
  it('finds the synergy of an XOR at its lag, and nothing at another', async () => {
    const found = await run({ delay: 1 });
    expect(found.column('atoms', 'atom')).toEqual(['{1}{2}', '{1}', '{2}', '{12}']);
    expect(found.column('atoms', 'kind')).toEqual(['shared', 'unique', 'unique', 'synergy']);
    expect(found.column('atoms', 'sources')).toEqual(['{x[t-1]}{y[t-1]}', '{x[t-1]}', '{y[t-1]}', '{x[t-1], y[t-1]}']);
    expect(Number(atomsOf(found).get('{12}'))).toBeGreaterThan(0.97);
    expect(found.column('information', 'n')).toEqual([399, 399, 399]);
    expect(Number(atomsOf(await run({})).get('{12}'))).toBeLessThan(0.03);
  });

  it('has atoms that sum to the information of the table beside them, whatever the method', async () => {
    for (const method of ['broja', 'sxpid']) {
      const found = await run({ method, delay: 1 });
      const [joint] = found.column('information', 'bits').slice(-1);
      expect(found.column('information', 'set')).toEqual(['{1}', '{2}', '{12}']);
      expect([...atomsOf(found).values()].reduce<number>((sum, value) => sum + Number(value), 0)).toBeCloseTo(Number(joint), 10);
    }
  });

  it('takes the past of the target for a source, and each source at a lag of its own', async () => {
    const found = await run({ method: 'sxpid', target: 't', sources: [{ series: 't', lag: 2 }, { series: 'x', lag: 1 }, 'y'], delay: 1 });
    expect(found.column('information', 'sources').slice(0, 3)).toEqual(['{t[t-2]}', '{x[t-1]}', '{y[t-1]}']);
    expect(found.table('atoms').numRows).toBe(18);
    const informative = found.column('atoms', 'informative').map(Number);
    const misinformative = found.column('atoms', 'misinformative').map(Number);
    expect(found.column('atoms', 'bits').map(Number)).toEqual(informative.map((value, i) => expect.closeTo(value - (misinformative[i] ?? 0), 12)));
  });

  it('puts values into bins that part them as the whole numbers they lie about do', async () => {
    const whole = (i: number): number[] => [0, 1].map((s) => Math.floor(3 * uniform(s, i)));
    const row = (i: number): number[] => [...whole(i), Math.max(...whole(i))];
    const about = rowsOf(500, (i) => row(i).map((value, s) => value + 0.1 * (uniform(s + 9, i) - 0.5)));
    const [plain, binned] = [await run({}, frameOf(rowsOf(500, row))), await run({ bins: 3 }, frameOf(about))];
    expect(binned.column('atoms', 'bits')).toEqual(plain.column('atoms', 'bits'));
    expect(Number(plain.column('information', 'bits').at(-1))).toBeGreaterThan(1);
    expect(binned.column('information', 'target')).toEqual(['s2', 's2', 's2']);
  });

  it('never lets a realisation reach across the border of two trials', async () => {
    // Within each trial of four rows t is x XOR y one row before; at a trial's first row it is not.
    const rows = rowsOf(400, (i) => [bit(1, i), bit(2, i), i % 4 === 0 ? bit(3, i) : bit(1, i - 1) ^ bit(2, i - 1)]);
    const one = await run({ delay: 1 }, frameOf(rows, { trials: 100 }));
    expect(one.column('information', 'n')).toEqual([300, 300, 300]);
    expect(Number(atomsOf(one).get('{12}'))).toBeGreaterThan(0.95);
    expect(Number(atomsOf(await run({ delay: 1 }, frameOf(rows))).get('{12}'))).toBeLessThan(0.8);
  });

  it('calls the synergy of an XOR significant, and no unique information', async () => {
    const found = await run({ delay: 1, permutations: 99, alpha: 0.05 });
    expect(found.column('atoms', 'significant')).toEqual([expect.any(Boolean), false, false, true]);
    expect(found.column('atoms', 'p').at(-1)).toBe(1 / 99);
    expect(found.column('information', 'p').at(-1)).toBe(1 / 99);
  });

  it('gives the same p again, another for another seed, and the same where steps were stored before', async () => {
    const params = { delay: 0, method: 'sxpid', permutations: 150 };
    const first = await run(params);
    expect(first.returned.size).toBe(4);
    expect((await run(params)).column('atoms', 'p')).toEqual(first.column('atoms', 'p'));
    expect((await run(params, delayedXor, { seed: 2 })).column('atoms', 'p')).not.toEqual(first.column('atoms', 'p'));
    const again = await run(params, delayedXor, { stored: new Map([...first.returned].filter(([step]) => step !== 1 && step !== 3)) });
    expect(again.column('atoms', 'p')).toEqual(first.column('atoms', 'p'));
  });

  it.for(['circular', 'block', 'local'])('permutes the sources by %s surrogates', async (method) => {
    const found = await run({ delay: 1, permutations: 40, alpha: 0.05, surrogates: { method } });
    expect(found.column('atoms', 'significant').at(-1)).toBe(true);
  });

  it('ends soon after it is cancelled', async () => {
    const signal = AbortSignal.timeout(50);
    await expect(run({ permutations: 1_000_000 }, delayedXor, { signal })).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('estimates work that grows with permutations, and memory of at least the series and their states', () => {
    const contract = analysisNamed('partial-information');
    const shape = { series: ['a', 'b', 'c'], rows: 5000, time: 'index' as const };
    const estimate = (params: Params) => contract.estimate(parseParams(contract, params), shape, 'f64');
    expect(estimate({ permutations: 9 }).operations).toBe(10 * estimate({}).operations);
    expect(estimate({ method: 'sxpid' }).memoryBytes).toBeGreaterThan(8 * 5000 * (3 + 4));
  });
});

describe('partial-information refuses', () => {
  const many = frameOf(rowsOf(100, (i) => [0, 1, 2, 3, 4, 5].map((s) => bit(s, i))));
  const wide = frameOf(rowsOf(4000, (i) => [0, 1, 2].map((s) => Math.floor(uniform(s, i) * 50))));
  it.for([
    ['three sources for broja', { target: 't', sources: ['x', 'y', { series: 'x', lag: 2 }] }, delayedXor, 'invalid-params', /two sources; there are 3/, '/params/sources'],
    ['five sources for sxpid', { method: 'sxpid' }, many, 'invalid-params', /up to 4 sources; there are 5/, '/params/sources'],
    ['a series that is not there', { target: 'z' }, delayedXor, 'unknown-series', /"z".*x, y, t/, '/params/target'],
    ['the target among its sources', { target: 't', sources: ['x', 't'] }, delayedXor, 'invalid-params', /present of the target "t"/, '/params/sources/1'],
    ['a source that is named twice', { target: 't', sources: ['x', { series: 'x', lag: 0 }] }, delayedXor, 'invalid-params', /x stands twice/, '/params/sources/1'],
    ['values that are not whole', {}, frameOf(gaussianColumns(3, 50)), 'not-discrete', /s2 is -?\d+\.\d+ in row 0/, '/params/bins'],
    ['alphabets that make too large a programme', {}, wide, 'invalid-params', /50 values of the target.*conditions; at most/, '/params/bins'],
    ['alpha that no p can be below', { permutations: 20, alpha: 0.05 }, delayedXor, 'too-few-permutations', /at least 21/, '/params/permutations'],
    ['a significance level without permutations', { alpha: 0.05 }, delayedXor, 'invalid-params', /no p is computed/, '/params/alpha'],
  ] as const)('%s', async ([, params, frame, code, message, pointer]) => {
    await expect(run(params, frame)).rejects.toMatchObject({ code, message: expect.stringMatching(message), places: [expect.objectContaining({ pointer })] });
  });

  it.for([
    ['missing values', {}, frameOf(columnsOf([Float64Array.of(1, 2, 3), Float64Array.of(1, Number.NaN, 3), Float64Array.of(0, 1, 0)])), 'missing-values', /s1 has 1 missing of 3 values, the first in row 1/],
    ['one series', {}, frameOf(columnsOf([Float64Array.of(1, 2, 3)])), 'too-few-series', /There is 1 series/],
    ['lags beyond the rows', { delay: 400 }, delayedXor, 'too-few-samples', /400 rows.*at least 401/],
  ] as const)('%s', async ([, params, frame, code, message]) => {
    await expect(run(params, frame)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});
