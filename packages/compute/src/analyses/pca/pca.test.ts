import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { assertClose } from '../../../test/oracle/compare.ts';
import { columnsOf, gaussianColumns, seriesOf } from '../../../test/series/columns.ts';
import { gaussians } from '../../../test/series/random.ts';
import type { Columns } from '../../engine/contract.ts';
import { collect, type Collected } from '../../run/collect.testing.ts';
import { frameOf } from '../../run/frame.testing.ts';
import { pca } from './pca.ts';

const sklearn = spawnSync('/usr/bin/python3', ['-c', 'import sklearn']).status === 0;
const numbers = (result: Collected, table: string, column: string): Float64Array => Float64Array.from(result.column(table, column), (value) => (typeof value === 'number' ? value : Number.NaN));

interface Peer {
  readonly values: number[];
  readonly ratios: number[];
  readonly components: number[][];
  readonly scores: number[][];
}

function sklearnPca(columns: Columns, standardised: boolean, components: number): Peer {
  const script = `
import json, sys, numpy
from sklearn.decomposition import PCA
x = numpy.array(json.load(sys.stdin)).T
if ${standardised ? 'True' : 'False'}: x = (x - x.mean(axis=0)) / x.std(axis=0, ddof=1)
found = PCA(n_components=${components}, svd_solver="full").fit(x)
print(json.dumps({"values": found.explained_variance_.tolist(), "ratios": found.explained_variance_ratio_.tolist(), "components": found.components_.tolist(), "scores": found.transform(x).T.tolist()}))
`;
  const { stdout, stderr } = spawnSync('/usr/bin/python3', ['-c', script], { input: JSON.stringify(Array.from({ length: columns.series }, (_, s) => [...seriesOf(columns, s)])), encoding: 'utf8', maxBuffer: 2 ** 26 });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

describe('pca', () => {
  it.skipIf(!sklearn).each([
    ['correlations of 6 series over 200 rows', gaussianColumns(6, 200, { seed: 4, padding: 3 }), true],
    ['covariances of 6 series over 200 rows', columnsOf([1, 2, 3, 4, 5, 6].map((seed) => gaussians(seed, 200).map((value) => 1e6 + seed * value))), false],
    ['correlations of 40 series over 25 rows, by the matrix of rows', gaussianColumns(40, 25, { seed: 5 }), true],
    ['covariances of 40 series over 25 rows, by the matrix of rows', gaussianColumns(40, 25, { seed: 6 }), false],
  ] as const)('has the components, variances and scores of scikit-learn: %s', async (_, columns, standardised) => {
    const [count, { series, length }] = [4, columns];
    const result = await collect(pca, frameOf(columns), { params: { matrix: standardised ? 'correlation' : 'covariance', components: count, scores: true } });
    const peer = sklearnPca(columns, standardised, count);
    assertClose(numbers(result, 'variance', 'value'), peer.values, { tolerance: (k) => 1e-9 * (peer.values[k] ?? 0), place: (k) => `the variance of component ${k + 1}` });
    assertClose(numbers(result, 'variance', 'ratio'), peer.ratios, { tolerance: () => 1e-9, place: (k) => `the ratio of component ${k + 1}` });
    for (let k = 0; k < count; k++) {
      const direction = peer.components[k] ?? [];
      const largest = direction.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
      const sign = Math.sign(largest);
      assertClose(numbers(result, 'components', 'loading').subarray(k * series, (k + 1) * series), direction.map((value) => sign * value), { tolerance: () => 1e-6, place: (s) => `the loading of s${s} in component ${k + 1}` });
      const scores = peer.scores[k] ?? [];
      assertClose(numbers(result, 'scores', `component_${k + 1}`), scores.map((value) => sign * value), { tolerance: () => 1e-6 * Math.sqrt(peer.values[0] ?? 1), place: (t) => `score ${k + 1} of row ${t} of ${length}` });
    }
  });

  it('two series that rise together have one component of equal weights, which holds all', async () => {
    const result = await collect(pca, frameOf(columnsOf([Float64Array.of(1, 2, 3, 5), Float64Array.of(10, 20, 30, 50)])), { params: { share: 1 } });
    expect(result.column('variance', 'component')).toEqual([1]);
    expect(numbers(result, 'variance', 'value')[0]).toBeCloseTo(2, 12);
    expect(result.column('variance', 'cumulative')).toEqual([1]);
    expect(result.column('components', 'series')).toEqual(['s0', 's1']);
    for (const loading of numbers(result, 'components', 'loading')) expect(loading).toBeCloseTo(Math.SQRT1_2, 12);
  });

  it('takes as many components as hold the share together', async () => {
    const frame = frameOf(columnsOf([gaussians(1, 300).map((v) => 3 * v), gaussians(2, 300).map((v) => 2 * v), gaussians(3, 300)]));
    const of = async (share: number): Promise<number> => (await collect(pca, frame, { params: { matrix: 'covariance', share } })).table('variance').numRows;
    expect([await of(0.5), await of(0.9), await of(0.99), await of(1)]).toEqual([1, 2, 3, 3]);
  });

  it('leaves rows with a missing value out where it is told to, and refuses them otherwise', async () => {
    const columns = gaussianColumns(3, 60, { seed: 7, missing: 0.1 });
    const complete = Array.from({ length: 60 }, (_, t) => t).filter((t) => [0, 1, 2].every((s) => !Number.isNaN(seriesOf(columns, s)[t])));
    const left = frameOf(columnsOf([0, 1, 2].map((s) => Float64Array.from(complete, (t) => seriesOf(columns, s)[t] ?? Number.NaN))));
    const result = await collect(pca, frameOf(columns, { timeKind: 'index' }), { params: { missing: 'listwise', components: 2, scores: true } });
    expect(numbers(result, 'components', 'loading')).toEqual(numbers(await collect(pca, left, { params: { components: 2 } }), 'components', 'loading'));
    expect(result.column('scores', 'time')).toEqual(complete.map(BigInt));
    await expect(collect(pca, frameOf(columns))).rejects.toMatchObject({ code: 'missing-values', places: [{ pointer: '/params/missing' }] });
  });

  it('leaves series with a missing value out where it is told to', async () => {
    const columns = gaussianColumns(4, 60, { seed: 8 });
    const gappy = { ...columns, values: columns.values.with(columns.stride + 7, Number.NaN) };
    const result = await collect(pca, frameOf(gappy), { params: { missing: 'drop-series', components: 2 } });
    expect(result.column('components', 'series')).toEqual(['s0', 's2', 's3', 's0', 's2', 's3']);
    const rest = await collect(pca, frameOf(columnsOf([0, 2, 3].map((s) => seriesOf(columns, s)))), { params: { components: 2 } });
    expect(numbers(result, 'components', 'loading')).toEqual(numbers(rest, 'components', 'loading'));
    await expect(collect(pca, frameOf(columnsOf([0, 1].map((s) => seriesOf(gappy, s)))), { params: { missing: 'drop-series' } })).rejects.toMatchObject({ code: 'too-few-series', message: expect.stringContaining('2 series, 1 of them complete') });
  });

  it('refuses what has no components before it begins', async () => {
    const frame = frameOf(columnsOf([Float64Array.of(1, 2, 4), Float64Array.of(3, 3, 3)]));
    await expect(collect(pca, frame)).rejects.toMatchObject({ code: 'constant-series', message: expect.stringContaining('s1 is 3') });
    expect((await collect(pca, frame, { params: { matrix: 'covariance' } })).column('variance', 'ratio')).toEqual([1]);
    await expect(collect(pca, frame, { params: { components: 3 } })).rejects.toMatchObject({ code: 'invalid-params', places: [{ pointer: '/params/components', detail: 'is 3; expected at most 2' }] });
    await expect(collect(pca, frame, { params: { scores: true } })).rejects.toMatchObject({ code: 'invalid-params', places: [{ pointer: '/params/scores' }] });
    await expect(collect(pca, frameOf(columnsOf([Float64Array.of(1, 2)])))).rejects.toMatchObject({ code: 'too-few-series' });
    await expect(collect(pca, frameOf(columnsOf([Float64Array.of(1), Float64Array.of(1)])))).rejects.toMatchObject({ code: 'too-few-samples' });
    await expect(collect(pca, frameOf(columnsOf([Float64Array.of(1, 1), Float64Array.of(2, 2)])), { params: { matrix: 'covariance' } })).rejects.toMatchObject({ code: 'constant-series' });
  });

  it('ends where the signal aborts', async () => {
    await expect(collect(pca, frameOf(gaussianColumns(5, 50)), { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
  });
});
