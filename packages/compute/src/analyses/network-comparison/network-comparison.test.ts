import type { NetworkComparisonParams } from '@corrente/shared/contract/analyses/network-comparison';
import { jobSpec } from '@corrente/shared/contract/job';
import { describe, expect, it } from 'vitest';
import { columnsOf } from '../../../test/series/columns.ts';
import { gaussian } from '../../../test/series/random.ts';
import type { Frame } from '../../frame/frame.ts';
import { collect, type Collected, type CollectOptions } from '../../run/collect.testing.ts';
import { frameOf } from '../../run/frame.testing.ts';
import type { InputResult, InputResults } from '../analysis.ts';

const names = ['x', 'y', 'z'];

/** x drives y (lag 1) and y drives z (lag 2) as strongly as asked, in trials that know nothing of each other. */
function chain(couplings: readonly [xy: number, yz: number], seed: number, { length = 400, trials = 1, order = names } = {}): Frame {
  const rows = length / trials;
  const [x, y, z] = [new Float64Array(length), new Float64Array(length), new Float64Array(length)];
  const past = (of: Float64Array, t: number, lag: number): number => (t % rows >= lag ? (of[t - lag] ?? 0) : 0);
  for (let t = 0; t < length; t += 1) {
    x[t] = gaussian(seed * 101 + 1, t);
    y[t] = 0.4 * past(y, t, 1) + couplings[0] * past(x, t, 1) + gaussian(seed * 101 + 2, t);
    z[t] = couplings[1] * past(y, t, 2) + gaussian(seed * 101 + 3, t);
  }
  const series = new Map([['x', x], ['y', y], ['z', z]]);
  return frameOf(columnsOf(order.map((name) => series.get(name) ?? x)), { names: order, trials });
}

const inference = { estimator: 'gaussian', maxLagSources: 2, fdr: false };
let jobs = 0;

/** A result of network inference of this frame. */
async function resultOf(frame: Frame, params: Record<string, unknown> = {}): Promise<InputResult & { of: Collected }> {
  const given = { ...inference, ...params };
  const of = await collect('network-inference', frame, { params: given });
  jobs += 1;
  const job = `job_${String(jobs).padStart(26, '0')}`;
  const spec = jobSpec.parse({ analysis: 'network-inference', input: { dataset: `ds_${'0'.repeat(32)}` }, params: given });
  return { job, spec, params: given, table: (name) => Promise.resolve(of.table(name)), frame: () => Promise.resolve(frame), of };
}

const results = (frames: readonly Frame[], params?: Record<string, unknown>): Promise<InputResult[]> => Promise.all(frames.map((frame) => resultOf(frame, params)));
const compare = (inputs: InputResults, params: Partial<NetworkComparisonParams> = {}, options: CollectOptions = {}): Promise<Collected> => collect('network-comparison', chain([0, 0], 1, { length: 20 }), { ...options, inputs, params });
const rowsOf = (of: Collected): Array<Record<string, unknown>> => of.table('differences').toArray().map((row: { toJSON(): Record<string, unknown> }) => row.toJSON());
const linkOf = (of: Collected, source: string, target: string): Record<string, unknown> => rowsOf(of).find((row) => row['source'] === source && row['target'] === target) ?? {};

describe('network-comparison within one subject', () => {
  it('finds the link whose coupling changed, and not the one that stayed', async () => {
    const [a, b] = await results([chain([0.6, 0.8], 1), chain([0.6, 0.3], 2)]);
    const found = await compare({ a: [a!], b: [b!] });
    expect(linkOf(found, 'y', 'z')).toMatchObject({ lag: 2, p: 1 / 500, significant: true, permutations: 500, found_a: 1, found_b: 1 });
    expect(Number(linkOf(found, 'y', 'z')['difference'])).toBeGreaterThan(0.1);
    expect(linkOf(found, 'x', 'y')).toMatchObject({ lag: 1, lags: '1', significant: false });
  });

  it('estimates a link that only one result has in both', async () => {
    const [a, b] = await results([chain([0.8, 0], 3), chain([0, 0.8], 4)]);
    const found = await compare({ a: [a!], b: [b!] });
    expect(linkOf(found, 'x', 'y')).toMatchObject({ significant: true, te_a: expect.any(Number), te_b: expect.any(Number), found_a: 1, found_b: 0 });
    expect(linkOf(found, 'y', 'z')).toMatchObject({ significant: true, found_a: 0, found_b: 1 });
    expect(Number(linkOf(found, 'y', 'z')['difference'])).toBeLessThan(-0.1);
    expect(found.column('estimates', 'side')).toEqual(rowsOf(found).flatMap(() => ['a', 'b']));
  });

  it('calls links that two halves of one process both have different no more often than alpha', { timeout: 60_000 }, async () => {
    let [tests, different] = [0, 0];
    for (let seed = 1; seed <= 30; seed += 1) {
      const [a, b] = await results([chain([0.5, 0.5], 100 + seed, { length: 200 }), chain([0.5, 0.5], 200 + seed, { length: 200 })]);
      const both = rowsOf(await compare({ a: [a!], b: [b!] }, { permutations: 100 })).filter((row) => row['found_a'] === 1 && row['found_b'] === 1);
      tests += both.length;
      different += both.filter((row) => row['significant'] === true).length;
    }
    expect(tests).toBeGreaterThanOrEqual(55);
    // The mean of a binomial with alpha 0.05, and three standard deviations.
    expect(different).toBeLessThanOrEqual(tests * 0.05 + 3 * Math.sqrt(tests * 0.05 * 0.95));
  });

  it('gives the other sign and the same p where a and b are exchanged, whatever the order of their series', async () => {
    const [a, b] = await results([chain([0.7, 0.5], 5), chain([0.5, 0.5], 6, { order: ['z', 'x', 'y'] })]);
    const [one, other] = [await compare({ a: [a!], b: [b!] }), await compare({ a: [b!], b: [a!] })];
    expect(rowsOf(other).length).toBeGreaterThan(1);
    for (const row of rowsOf(other)) {
      const same = linkOf(one, String(row['source']), String(row['target']));
      expect(row).toMatchObject({ difference: -Number(same['difference']), p: same['p'], te_a: same['te_b'], te_b: same['te_a'], lag: same['lag'] });
    }
  });

  it('is the same again, another for another seed, and leaves out what was stored', async () => {
    const [a, b] = await results([chain([0.5, 0.5], 7), chain([0.5, 0.5], 8)]);
    const inputs = { a: [a!], b: [b!] };
    const first = await compare(inputs);
    expect(rowsOf(await compare(inputs))).toEqual(rowsOf(first));
    expect((await compare(inputs, {}, { seed: 2 })).column('differences', 'p')).not.toEqual(first.column('differences', 'p'));
    expect(rowsOf(await compare(inputs, {}, { stored: 1 }))).toEqual(rowsOf(first).slice(1));
  });

  it('estimates as the inference did: a result compared with itself has the te of its links and no difference', async () => {
    const a = await resultOf(chain([0.8, 0.7], 9, { length: 150 }), { estimator: 'ksg1', permutations: { maxStatistic: 25, minStatistic: 25, omnibus: 25, sequential: 25 } });
    const found = await compare({ a: [a], b: [a] }, { permutations: 41 });
    const links = a.of.table('links').toArray().map((row: { toJSON(): Record<string, unknown> }) => row.toJSON());
    expect(links.length).toBeGreaterThan(1);
    expect(rowsOf(found)).toEqual(links.map(({ source, target, lag, te }) => expect.objectContaining({ source, target, lag, te_a: te, te_b: te, difference: 0, significant: false })));
  });

  it.for(['independent', 'dependent'] as const)('exchanges whole trials where there are enough, %s', async (dependence) => {
    const trials = { length: 800, trials: 20 };
    const [a, b] = await results([chain([0.5, 0.8], 10, trials), chain([0.5, 0.2], 11, trials)]);
    const found = await compare({ a: [a!], b: [b!] }, { dependence });
    expect(linkOf(found, 'y', 'z')).toMatchObject({ significant: true, permutations: 500 });
    expect(linkOf(found, 'x', 'y')).toMatchObject({ significant: false });
  });

  it('exchanges few trials in every way there is, where trials are asked for', async () => {
    const trials = { length: 480, trials: 6 };
    const [a, b] = await results([chain([0.8, 0.5], 12, trials), chain([0.2, 0.5], 13, trials)]);
    const found = await compare({ a: [a!], b: [b!] }, { dependence: 'dependent', exchange: 'trials', permutations: 1000 });
    expect(linkOf(found, 'x', 'y')).toMatchObject({ p: 1 / 64, permutations: 64, significant: true });
  });

  it('looks at one end only where one tail is asked for', async () => {
    const [a, b] = await results([chain([0.3, 0.6], 14), chain([0.8, 0.6], 15)]);
    expect(linkOf(await compare({ a: [a!], b: [b!] }, { tails: 'one' }), 'x', 'y')).toMatchObject({ significant: false });
    expect(linkOf(await compare({ a: [b!], b: [a!] }, { tails: 'one' }), 'x', 'y')).toMatchObject({ significant: true });
  });
});

describe('network-comparison between groups', () => {
  const group = (couplings: readonly [number, number], seed: number, size: number): Promise<InputResult[]> => results(Array.from({ length: size }, (_, i) => chain(couplings, seed + i, { length: 300 })));

  it.for([
    ['independent', 5, 252],
    ['dependent', 7, 128],
    ['independent', 6, 500],
  ] as const)('of %s subjects finds the coupling that differs by exchanging %i of each', async ([dependence, size, permutations]) => {
    const inputs = { a: await group([0.6, 0.8], 20, size), b: await group([0.6, 0.4], 40, size) };
    const found = await compare(inputs, { dependence });
    expect(linkOf(found, 'y', 'z')).toMatchObject({ significant: true, permutations });
    expect(linkOf(found, 'x', 'y')).toMatchObject({ significant: false, permutations });
    expect(found.column('estimates', 'job').slice(0, 2 * size)).toEqual([...inputs.a, ...inputs.b].map(({ job }) => job));
    const te = found.column('estimates', 'te').slice(0, size).map(Number);
    const [first] = rowsOf(found);
    expect(first?.['te_a']).toBeCloseTo(te.reduce((sum, value) => sum + value, 0) / size, 12);
  });

  it('gives the other sign and the same p where the groups are exchanged, and takes up from subjects that were stored', async () => {
    const [a, b] = [await group([0.6, 0.6], 60, 4), await group([0.5, 0.6], 80, 5)];
    const [one, other] = [await compare({ a, b }), await compare({ a: b, b: a })];
    expect(other.column('differences', 'p')).toEqual(one.column('differences', 'p'));
    expect(other.column('differences', 'difference').map(Number)).toEqual(one.column('differences', 'difference').map((value) => -Number(value)));
    const again = await compare({ a, b }, {}, { stored: new Map([...one.returned].filter(([step]) => step < 6)) });
    expect(rowsOf(again)).toEqual(rowsOf(one));
  });
});

describe('network-comparison refuses', () => {
  it('no results, telling how they are named', async () => {
    await expect(collect('network-comparison', chain([0, 0], 1))).rejects.toMatchObject({ code: 'unsuitable-result', message: expect.stringMatching(/network-inference.*submit/) });
  });

  it('results that cannot be compared, with what came and what was expected', async () => {
    const [a, b] = await results([chain([0.5, 0.5], 1), chain([0.5, 0.5], 2)]);
    const other = await resultOf(chain([0.5, 0.5], 3), { maxLagSources: 3 });
    const ais = await resultOf(chain([0.5, 0.5], 4), { method: 'active-information' });
    const longer = await resultOf(chain([0.5, 0.5], 5, { length: 300 }));
    const strange = await resultOf(frameOf(chain([0.5, 0.5], 6), { names: ['x', 'y', 'w'] }));
    const cases: ReadonlyArray<readonly [InputResults, Partial<NetworkComparisonParams>, string, RegExp]> = [
      [{ a: [a!], b: [] }, {}, 'unsuitable-result', /none under b/],
      [{ a: [a!], b: [other] }, {}, 'unsuitable-result', /maxLagSources is 3 in job_\w+ and 2 in job_/],
      [{ a: [ais], b: [ais] }, {}, 'unsuitable-result', /active-information, which has no links/],
      [{ a: [a!, b!], b: [b!] }, { kind: 'within' }, 'unsuitable-result', /one result on each side; there are 2 and 1/],
      [{ a: [a!, b!], b: [b!] }, { dependence: 'dependent' }, 'unsuitable-result', /2 results under a and 1 under b/],
      [{ a: [a!], b: [longer] }, { dependence: 'dependent' }, 'unsuitable-result', /398 realisations, .* 298/],
      [{ a: [a!], b: [strange] }, {}, 'unsuitable-result', /no series "z".*x, y, w/],
      [{ a: [a!], b: [b!] }, { permutations: 40 }, 'too-few-permutations', /at least 0\.025; alpha is 0\.05, half of it at each tail, and needs at least 41/],
      [{ a: [a!, b!], b: [b!, a!] }, {}, 'too-few-permutations', /exchanged in 6 ways only/],
      [{ a: [a!, b!], b: [b!, a!] }, { exchange: 'trials' }, 'invalid-params', /subjects are exchanged/],
    ];
    for (const [inputs, params, code, message] of cases) await expect(compare(inputs, params)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});
