import type { JsonValue } from '@corrente/shared/contract/json';
import { describe, expect, it } from 'vitest';
import { columnsOf, seriesOf } from '../../../test/series/columns.ts';
import { gaussian } from '../../../test/series/random.ts';
import { collect, type Collected } from '../../run/collect.testing.ts';
import { frameOf } from '../../run/frame.testing.ts';
import { chainFrame, independentFrame, linksOf } from './network.testing.ts';

const tables = ['links', 'variables', 'targets', 'tests'];
const rowsOf = (result: Collected): unknown => tables.map((name) => result.table(name).toArray().map((row: { toJSON(): unknown }) => row.toJSON()));
/** The tests of one target. */
const testsOf = (result: Collected, target: string): unknown => result.table('tests').toArray().map((row: { toJSON(): Record<string, unknown> }) => row.toJSON()).filter((row) => row['target'] === target);
const gaussian3 = { estimator: 'gaussian', maxLagSources: 3 };
const few = { permutations: { maxStatistic: 100, minStatistic: 100, omnibus: 200, sequential: 100 } };
/** As few as alpha allows: for neighbour counts by the portable engine. */
const fewest = { permutations: { maxStatistic: 25, minStatistic: 25, omnibus: 25, sequential: 25 } };
const chain = ['s0→s1 (2)', 's1→s2 (1)'];

describe('network-inference finds the links of a chain', () => {
  it('by multivariate transfer entropy, and not the one that goes by the process between', async () => {
    const result = await collect('network-inference', chainFrame(600, 1), { params: gaussian3 });
    expect(linksOf(result, true)).toEqual(chain);
    expect(result.column('variables', 'kind')).toContain('target');
  });

  it('by bivariate transfer entropy, with the indirect one as well', async () => {
    const links = linksOf(await collect('network-inference', chainFrame(600, 1), { params: { ...gaussian3, method: 'bivariate-te' } }), true);
    expect(links).toEqual(['s0→s1 (2)', 's0→s2 (3)', 's1→s2 (1)']);
  });

  it.each(['multivariate-mi', 'bivariate-mi'])('by %s, without the past of the target', async (method) => {
    const result = await collect('network-inference', chainFrame(600, 1), { params: { ...gaussian3, method } });
    expect(linksOf(result, true)).toEqual(expect.arrayContaining(chain));
    expect(result.column('variables', 'kind')).not.toContain('target');
  });

  it.each([
    ['ksg1', 160, {}],
    ['ksg2', 160, {}],
    ['kernel', 160, { kernelWidth: 0.6 }],
    ['discrete', 400, { binning: 'equal-frequency', bins: 3 }],
    ['symbolic', 1500, { patternOrder: 2 }],
  ])('by %s, with %d samples', { timeout: 60_000 }, async (estimator, samples, params) => {
    const result = await collect('network-inference', chainFrame(samples, 2, { coupling: 1 }), { params: { ...fewest, estimator, ...params, maxLagSources: 2, fdr: false, targets: ['s1', 's2'], sources: { s1: ['s0'], s2: ['s1'] } } });
    expect(linksOf(result, true)).toEqual(chain);
    expect(result.tables[0]?.columns.find(({ name }) => name === 'te')?.unit).toBe(estimator.startsWith('ksg') ? 'nats' : 'bits');
  });

  it('in single precision', { timeout: 60_000 }, async () => {
    const params = { ...fewest, maxLagSources: 2, fdr: false, targets: ['s1'], sources: ['s0'] };
    const te = async (precision: 'f32' | 'f64'): Promise<number> => Number((await collect('network-inference', chainFrame(160, 2, { coupling: 1 }), { params, precision })).column('links', 'te')[0]);
    const [single, double] = [await te('f32'), await te('f64')];
    expect(Math.abs(single - double)).toBeLessThan(0.02);
  });

  it.each([
    ['circular', {}],
    ['block', { blockSize: 20 }],
    ['local', { permRange: 100 }],
  ])('with %s surrogates', async (method, sizes) => {
    const params = { ...gaussian3, ...few, nullDistribution: 'permutation', surrogates: { method, ...sizes } };
    expect(linksOf(await collect('network-inference', chainFrame(400, 3), { params }), true)).toEqual(expect.arrayContaining(chain));
  });

  it.each(['ragwitz', 'max-ais'])('with the past of the target embedded by %s, as a whole', async (embedding) => {
    const result = await collect('network-inference', chainFrame(400, 4), { params: { ...gaussian3, targetEmbedding: embedding } });
    expect(linksOf(result, true)).toEqual(expect.arrayContaining(chain));
    const own = result.column('variables', 'kind').map((kind, i) => (kind === 'target' ? result.column('variables', 'p')[i] : undefined)).filter((p) => p !== undefined);
    expect(own.length).toBeGreaterThan(0);
    expect(own.every((p) => p === null)).toBe(true);
  });
});

it('with the sources embedded only the lags of their embeddings are candidates', async () => {
  // s0 is autoregressive of order 1: its lag 1 is in every embedding; lag 2, by which it drives, is not in that found.
  const params = { ...gaussian3, method: 'bivariate-te', targets: ['s1'], sources: ['s0'] };
  const lags = async (sourceEmbedding: string): Promise<unknown[]> => {
    const result = await collect('network-inference', chainFrame(1000, 4), { params: { ...params, sourceEmbedding } });
    return result.column('tests', 'lag').filter((_, i) => result.column('tests', 'stage')[i] === 'sources');
  };
  expect((await lags('greedy'))[0]).toBe(2);
  const embedded = await lags('max-ais');
  expect(embedded).toContain(1);
  expect(embedded).not.toContain(2);
});

describe('active information storage', () => {
  it('is that of an autoregressive process, by its past and nothing else', async () => {
    const values = new Float64Array(2000);
    for (let t = 1; t < values.length; t += 1) values[t] = 0.6 * (values[t - 1] ?? 0) + gaussian(5, t);
    const frame = frameOf(columnsOf([values, Float64Array.from({ length: 2000 }, (_, t) => gaussian(6, t))]));
    const result = await collect('network-inference', frame, { params: { ...gaussian3, method: 'active-information' } });
    expect(result.tables.map(({ name }) => name)).toEqual(['variables', 'targets', 'tests']);
    // −½ ln(1 − 0.6²) for the whole past.
    expect(Math.abs(Number(result.column('targets', 'omnibus_te')[0]) + 0.5 * Math.log(1 - 0.36))).toBeLessThan(0.03);
    expect(result.column('targets', 'significant')).toEqual([true, false]);
    expect(result.column('targets', 'omnibus_te')[1]).toBe(null);
  });

  it.each([
    ['prunes also a lag that was chosen alone, as IDTxl does', { maxLagTarget: 1 }, ['target-past', 'prune', 'omnibus']],
    ['leaves a uniform embedding whole', { maxLagTarget: 3, targetEmbedding: 'max-ais' }, ['omnibus']],
  ])('%s', async (_, past, stages) => {
    const result = await collect('network-inference', chainFrame(400, 4), { params: { ...gaussian3, ...past, method: 'active-information', targets: ['s0'] } });
    expect(result.column('tests', 'stage')).toEqual(stages);
  });
});

describe('what may be chosen', () => {
  it('is restricted to the named targets and sources', async () => {
    const result = await collect('network-inference', chainFrame(300, 1), { params: { ...gaussian3, targets: ['s2', 's1'], sources: { s2: ['s0'] } } });
    expect(result.column('targets', 'target')).toEqual(['s2', 's1']);
    expect(linksOf(result)).toEqual(expect.arrayContaining(['s0→s2 (3)', 's0→s1 (2)']));
    expect(linksOf(result)).not.toContain('s1→s2 (1)');
  });

  it('leaves out forced conditions, which stand in every test', async () => {
    const params = { ...gaussian3, method: 'bivariate-te', targets: ['s2'], sources: ['s0', 's1'], conditionals: [{ process: 's1', lag: 1 }] };
    const result = await collect('network-inference', chainFrame(600, 1), { params });
    expect(linksOf(result, true)).toEqual([]);
    expect(result.column('variables', 'kind')[0]).toBe('conditional');
    expect(result.column('tests', 'candidate').map((name, i) => `${String(name)} ${String(result.column('tests', 'lag')[i])}`)).not.toContain('s1 1');
  });

  it('with faes, the present of every source is a condition', async () => {
    const result = await collect('network-inference', chainFrame(300, 1), { params: { ...gaussian3, targets: ['s1'], conditionals: 'faes' } });
    const forced = result.column('variables', 'kind').map((kind, i) => (kind === 'conditional' ? `${String(result.column('variables', 'process')[i])} ${String(result.column('variables', 'lag')[i])}` : '')).filter((name) => name !== '');
    expect(forced).toEqual(['s0 0', 's2 0']);
  });
});

describe('a network inference that takes up after a lost worker', () => {
  const params = { ...fewest, estimator: 'ksg1', maxLagSources: 2 };
  const frame = chainFrame(80, 7, { coupling: 1.2 });

  it('gives the same tables wherever it was stopped: after any step, and after any checkpoint', { timeout: 120_000 }, async () => {
    const whole = await collect('network-inference', frame, { params });
    expect(linksOf(whole).length).toBeGreaterThan(0);
    for (let done = 1; done <= 3; done += 1) {
      const stored = new Map([...whole.returned].filter(([step]) => step < done));
      expect(rowsOf(await collect('network-inference', frame, { params, stored }))).toEqual(rowsOf(whole));
    }
    const notes = whole.checkpoints.filter(({ step }) => step === 1);
    expect(notes.length).toBeGreaterThan(4);
    const stored = new Map([[0, whole.returned.get(0) ?? null]]);
    for (const { note } of notes) {
      const rest = await collect('network-inference', frame, { params, stored, checkpoint: note });
      expect(rowsOf(rest)).toEqual(rowsOf(whole));
      expect(rest.checkpoints.filter(({ step }) => step === 1).length).toBeLessThan(notes.length);
    }
  });

  it('does not depend on the order of the targets, nor on which of them are computed together', { timeout: 60_000 }, async () => {
    const whole = await collect('network-inference', frame, { params });
    const turned = await collect('network-inference', frame, { params: { ...params, targets: ['s2', 's0', 's1'] } });
    const alone = await collect('network-inference', frame, { params: { ...params, targets: ['s1'] } });
    for (const target of ['s0', 's1', 's2']) expect(testsOf(turned, target)).toEqual(testsOf(whole, target));
    expect(testsOf(alone, 's1')).toEqual(testsOf(whole, 's1'));
    expect(testsOf(await collect('network-inference', frame, { params, seed: 2 }), 's1')).not.toEqual(testsOf(whole, 's1'));
  });

  it('shows the rows of a target when it is done, with no verdict yet', async () => {
    const result = await collect('network-inference', frame, { params: gaussian3 });
    const provisional = result.provisional('links').toArray().map((row: { toJSON(): Record<string, unknown> }) => row.toJSON());
    const final = result.table('links').toArray().map((row: { toJSON(): Record<string, unknown> }) => row.toJSON());
    expect(provisional).toEqual(final.map((row) => ({ ...row, significant: null })));
    expect(final.length).toBeGreaterThan(0);
  });

  it('tells of progress that never falls and ends at 1', async () => {
    const { fractions } = await collect('network-inference', frame, { params });
    expect(fractions.length).toBeGreaterThan(5);
    expect(fractions.every((fraction, i) => i === 0 || fraction >= (fractions[i - 1] ?? 0))).toBe(true);
    expect(fractions.at(-1)).toBe(1);
  });
});

/** Eight trials that repeat one of 60 rows, but for a little noise. */
const repeat = (values: Float64Array): Float64Array => Float64Array.from({ length: 60 * 8 }, (_, i) => (values[i % 60] ?? 0) + 0.01 * gaussian(99, i));

it('a network inference that is cancelled ends at once, with no step stored after that', async () => {
  const controller = new AbortController();
  let stored = 0;
  const running = collect('network-inference', chainFrame(300, 1), {
    params: { maxLagSources: 5 },
    signal: controller.signal,
    onCheckpoint: () => controller.abort(),
    onStore: () => {
      stored += 1;
      return Promise.resolve();
    },
  });
  await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  expect(stored).toBe(0);
});

describe('trials', () => {
  it('no realisation reaches across the border of two', async () => {
    const result = await collect('network-inference', chainFrame(300, 1, { trials: 3 }), { params: gaussian3 });
    expect(new Set(result.column('targets', 'samples'))).toEqual(new Set([3 * (100 - 3)]));
  });

  it.each([
    ['time within them', 4],
    ['whole trials', 30],
  ])('are permuted (%s), and the links found', async (_, trials) => {
    const params = { ...gaussian3, nullDistribution: 'permutation' };
    expect(linksOf(await collect('network-inference', chainFrame(900, 2, { trials }), { params }), true)).toEqual(expect.arrayContaining(chain));
  });

  it('permuted whole hold no link between series that are the same in every trial', async () => {
    // Every trial repeats the same two coupled stretches: time tells of the coupling, the trials tell nothing.
    const one = chainFrame(60, 3);
    const frame = frameOf(columnsOf([0, 1].map((s) => repeat(seriesOf(one, s)))), { trials: 8 });
    const params = { ...gaussian3, nullDistribution: 'permutation' };
    expect(linksOf(await collect('network-inference', frame, { params }), true)).toEqual([]);
    expect(linksOf(await collect('network-inference', frame, { params: { ...params, surrogates: { acrossTrials: false } } }), true)).not.toEqual([]);
  });
});

describe('noise', () => {
  it('separates tied values, by the seed, and changes estimates by little', async () => {
    const frame = chainFrame(100, 5);
    const tied = frameOf(columnsOf([0, 1, 2].map((s) => seriesOf(frame, s).map((value) => Math.round(value * 4) / 4))));
    const params = { ...fewest, maxLagSources: 2, targets: ['s1'], sources: ['s0'] };
    const te = async (noise: number, seed = 1): Promise<number> => Number((await collect('network-inference', tied, { params: { ...params, noise }, seed })).column('targets', 'omnibus_te')[0]);
    const [without, a, again, other] = [await te(0), await te(1e-8), await te(1e-8), await te(1e-8, 2)];
    expect(a).toBe(again);
    expect(a).not.toBe(without);
    expect(a).not.toBe(other);
    expect(Math.abs(a - other)).toBeLessThan(0.15);
  });
});

describe('independent series', () => {
  it.each(['random', 'circular', 'block', 'local'])('have no more false targets than alpha allows, with %s surrogates', { timeout: 120_000 }, async (method) => {
    // 30 targets at alpha 0.05: more than 5 false ones have a probability below 0.004.
    let wrong = 0;
    for (let seed = 0; seed < 10; seed += 1) {
      const params = { estimator: 'gaussian', nullDistribution: 'permutation', maxLagSources: 2, fdr: false, surrogates: { method }, permutations: { maxStatistic: 100, minStatistic: 100, omnibus: 100, sequential: 100 } };
      const result = await collect('network-inference', independentFrame(3, 100, seed), { params, seed });
      wrong += result.column('targets', 'significant').filter((significant) => significant === true).length;
    }
    expect(wrong).toBeLessThanOrEqual(5);
  });
});

it('infinite information survives a checkpoint: a series that repeats another after a step', async () => {
  const source = Float64Array.from({ length: 200 }, (_, t) => gaussian(3, t));
  const frame = frameOf(columnsOf([source, Float64Array.from(source, (_, t) => source[t - 1] ?? 0.5)]));
  const whole = await collect('network-inference', frame, { params: gaussian3 });
  expect(whole.column('links', 'te')[0]).toBe(Number.POSITIVE_INFINITY);
  const stored: ReadonlyMap<number, JsonValue> = new Map([...whole.returned].filter(([step]) => step < 2).map(([step, value]) => [step, JSON.parse(JSON.stringify(value))]));
  expect(rowsOf(await collect('network-inference', frame, { params: gaussian3, stored }))).toEqual(rowsOf(whole));
});
