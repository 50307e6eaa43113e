import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { assertClose } from '../../../test/oracle/compare.ts';
import { columnsOf, seriesOf } from '../../../test/series/columns.ts';
import { gaussian, gaussians } from '../../../test/series/random.ts';
import { collect, type Collected } from '../../run/collect.testing.ts';
import { frameOf } from '../../run/frame.testing.ts';
import { condensedIndex } from '../../statistics/hierarchy.ts';
import { cluster } from './cluster.ts';
import { silhouettes } from './silhouette.ts';

const has = (module: string): boolean => spawnSync('/usr/bin/python3', ['-c', `import ${module}`]).status === 0;
const numbers = (result: Collected, table: string, column: string): Float64Array => Float64Array.from(result.column(table, column), (value) => (typeof value === 'number' ? value : Number.NaN));

/** What a script prints of `given`. */
function python(script: string, input: unknown): string {
  const { stdout, stderr } = spawnSync('/usr/bin/python3', ['-c', `import json, sys, numpy\ngiven = json.load(sys.stdin)\n${script}`], { input: JSON.stringify(input), encoding: 'utf8', maxBuffer: 2 ** 26 });
  expect(stderr).toBe('');
  return stdout;
}

/** 12 series: 6 follow one factor, 4 another, 2 a third. */
const factors = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2];
const families = frameOf(columnsOf(factors.map((factor, s) => Float64Array.from({ length: 150 }, (_, t) => (s + 1) * (3 * gaussian(100 + factor, t) + gaussian(200 + s, t)) + 50 * s))));
const expectedFamilies = factors.map((factor) => factor + 1);

/** 90 rows about three places in the plane, the units of the two series far apart. */
const places = [[0, 0], [10, 0], [5, 8000]] as const;
const clouds = frameOf(columnsOf([0, 1].map((d) => Float64Array.from({ length: 90 }, (_, t) => (places[t < 40 ? 0 : t < 70 ? 1 : 2]?.[d] ?? 0) + (d === 0 ? 1 : 1000) * 0.5 * gaussian(300 + d, t)))));
const expectedClouds = Array.from({ length: 90 }, (_, t) => (t < 40 ? 1 : t < 70 ? 2 : 3));

describe('cluster', () => {
  it.each([{ method: 'k-means' }, { method: 'hierarchical' }])('finds the families of series, and how many there are ($method)', async (params) => {
    const result = await collect(cluster, families, { params });
    expect(result.column('assignments', 'series')).toEqual(families.names);
    expect(result.column('assignments', 'cluster')).toEqual(expectedFamilies);
    expect(result.column('clusters', 'size')).toEqual([6, 4, 2]);
    expect(result.column('choice', 'clusters')).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(result.column('choice', 'chosen')).toEqual([false, true, false, false, false, false, false, false, false]);
  });

  it('finds the groups of rows, and gives their centres in the units of the series', async () => {
    const result = await collect(cluster, clouds, { params: { of: 'rows' } });
    expect(result.column('assignments', 'cluster')).toEqual(expectedClouds);
    expect(result.column('centroids', 'cluster')).toEqual([1, 1, 2, 2, 3, 3]);
    expect(result.column('centroids', 'series')).toEqual(['s0', 's1', 's0', 's1', 's0', 's1']);
    const means = expectedClouds.reduce<number[]>((sums, c, t) => {
      for (const d of [0, 1]) sums[2 * (c - 1) + d] = (sums[2 * (c - 1) + d] ?? 0) + (seriesOf(clouds, d)[t] ?? 0) / expectedClouds.filter((one) => one === c).length;
      return sums;
    }, []);
    assertClose(numbers(result, 'centroids', 'value'), means, { tolerance: () => 1e-9, place: (at) => `centroid ${at}` });
  });

  it('without standardising, the series of the largest unit decides', async () => {
    const result = await collect(cluster, clouds, { params: { of: 'rows', standardise: false, clusters: 2 } });
    expect(result.column('clusters', 'size')).toEqual([70, 20]);
  });

  it('series are grouped by statistics that tell them apart', async () => {
    const frame = frameOf(columnsOf(Array.from({ length: 9 }, (_, s) => {
      const noise = gaussians(400 + s, 300);
      if (s < 4) return noise;
      // Random walks.
      let level = 0;
      return noise.map((value) => (level += value));
    })));
    const result = await collect(cluster, frame, { params: { features: 'statistics', clusters: 2 } });
    expect(result.column('assignments', 'cluster')).toEqual([2, 2, 2, 2, 1, 1, 1, 1, 1]);
    expect(result.column('centroids', 'feature').slice(0, 3)).toEqual(['mean', 'std', 'skew']);
    const noise = numbers(result, 'centroids', 'value').subarray(9);
    expect(noise[1]).toBeCloseTo(1, 0);
    expect(Math.abs(noise[5] ?? 1)).toBeLessThan(0.15);
  });

  it('the same seed gives the same groups, whichever steps were stored before', async () => {
    const params = { most: 5 };
    const whole = await collect(cluster, families, { params, seed: 3 });
    const rest = await collect(cluster, families, { params, seed: 3, stored: new Map([...whole.returned].slice(0, 2)) });
    for (const column of ['cluster', 'distance', 'silhouette']) expect(rest.column('assignments', column)).toEqual(whole.column('assignments', column));
    expect(rest.column('choice', 'silhouette')).toEqual(whole.column('choice', 'silhouette'));
    expect(rest.steps.length).toBe(whole.steps.length - 2);
  });

  it('a tree is cut at a height, and its merges are named by their first members', async () => {
    const result = await collect(cluster, families, { params: { method: 'hierarchical', height: 0.5 } });
    const heights = numbers(result, 'tree', 'height');
    expect(result.table('tree').numRows).toBe(11);
    expect(result.table('clusters').numRows).toBe(12 - heights.filter((height) => height <= 0.5).length);
    expect(result.column('tree', 'a').at(-1)).toBe('s0');
    expect(result.column('tree', 'size').at(-1)).toBe(12);
    expect((await collect(cluster, families, { params: { method: 'hierarchical', clusters: 12 } })).column('clusters', 'size')).toEqual(Array.from({ length: 12 }, () => 1));
  });

  it('rows are grouped by a tree too', async () => {
    const frame = frameOf(columnsOf([0, 1, 2, 3, 4].map((s) => Float64Array.from({ length: 40 }, (_, t) => gaussian(500 + (t % 2), s) + 0.1 * gaussian(600 + s, t)))));
    const result = await collect(cluster, frame, { params: { method: 'hierarchical', of: 'rows', clusters: 2, standardise: false } });
    expect(result.column('assignments', 'cluster')).toEqual(Array.from({ length: 40 }, (_, t) => 1 + (t % 2)));
  });

  it.skipIf(!has('scipy'))("the tree and its cut are SciPy's average linkage", async () => {
    const frame = frameOf(columnsOf(Array.from({ length: 25 }, (_, s) => gaussians(700 + s, 40).map((value, t) => value + gaussian(800 + (s % 4), t)))));
    const result = await collect(cluster, frame, { params: { method: 'hierarchical', clusters: 6 } });
    const found: { heights: number[]; labels: number[] } = JSON.parse(python(`
from scipy.cluster.hierarchy import linkage, fcluster
r = numpy.corrcoef(numpy.array(given))
d = numpy.sqrt((1 - r) / 2)[numpy.triu_indices(len(given), 1)]
tree = linkage(d, "average")
print(json.dumps({"heights": tree[:, 2].tolist(), "labels": fcluster(tree, 6, "maxclust").tolist()}))`, Array.from({ length: 25 }, (_, s) => [...seriesOf(frame, s)])));
    assertClose(numbers(result, 'tree', 'height'), found.heights, { tolerance: () => 1e-10, place: (at) => `merge ${at + 1}` });
    const ours = numbers(result, 'assignments', 'cluster');
    for (let i = 0; i < 25; i++) for (let j = 0; j < i; j++) expect(ours[i] === ours[j], `whether s${i} and s${j} are together`).toBe(found.labels[i] === found.labels[j]);
  });

  it.skipIf(!has('sklearn'))("silhouettes are scikit-learn's", async () => {
    const n = 60;
    const points = Array.from({ length: n }, (_, i) => [gaussian(901, i) + (i % 3), gaussian(902, i), gaussian(903, i)]);
    const clusters = Int32Array.from({ length: n }, (_, i) => (i === 7 ? 3 : i % 3));
    const distances = new Float64Array((n * (n - 1)) / 2);
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) distances[condensedIndex(i, j, n)] = Math.hypot(...(points[i] ?? []).map((value, d) => value - (points[j]?.[d] ?? 0)));
    const found: number[] = JSON.parse(python(`
from sklearn.metrics import silhouette_samples
print(json.dumps(silhouette_samples(numpy.array(given["points"]), numpy.array(given["labels"])).tolist()))`, { points, labels: [...clusters] }));
    assertClose(await silhouettes(distances, clusters, {}), found, { tolerance: () => 1e-12, place: (i) => `the silhouette of point ${i}` });
  });

  it('silhouettes give way to other work, end when they are cancelled, and take no room for clusters without a member', async () => {
    const n = 300;
    const distances = new Float64Array((n * (n - 1)) / 2).fill(1);
    const far = Int32Array.from({ length: n }, (_, i) => (i % 2) * 1_000_000);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 0);
    await expect(silhouettes(distances, far, { signal: stop.signal })).rejects.toMatchObject({ code: 'cancelled' });
    expect(await silhouettes(Float64Array.of(1, 4, 4), Int32Array.of(7, 7, 1_000_000), {})).toEqual(Float64Array.of(0.75, 0.75, 0));
  });

  it('missing values are refused, or their rows left out', async () => {
    const gappy = frameOf(columnsOf([0, 1].map((d) => seriesOf(clouds, d).map((value, t) => (d === 1 && t % 10 === 3 ? Number.NaN : value)))), { timeKind: 'index' });
    await expect(collect(cluster, gappy, { params: { of: 'rows', clusters: 3 } })).rejects.toMatchObject({ code: 'missing-values', message: expect.stringContaining('s1 with most: 9 of its 90 rows') });
    const result = await collect(cluster, gappy, { params: { of: 'rows', clusters: 3, missing: 'skip' } });
    const kept = Array.from({ length: 90 }, (_, t) => t).filter((t) => t % 10 !== 3);
    expect(result.column('assignments', 'time')).toEqual(kept.map(BigInt));
    expect(result.column('assignments', 'cluster')).toEqual(kept.map((t) => expectedClouds[t]));
    const three = frameOf(columnsOf([seriesOf(gappy, 0), seriesOf(gappy, 1), gaussians(1, 90)]));
    expect((await collect(cluster, three, { params: { clusters: 1, missing: 'drop-series' } })).column('assignments', 'series')).toEqual(['s0', 's2']);
    const pairs = frameOf(columnsOf(Array.from({ length: 12 }, (_, s) => seriesOf(families, s).map((value, t) => ((s * 31 + t) % 40 === 0 ? Number.NaN : value)))));
    expect((await collect(cluster, pairs, { params: { method: 'hierarchical', missing: 'skip' } })).column('assignments', 'cluster')).toEqual(expectedFamilies);
  });

  it('what cannot be grouped is refused before work begins', async () => {
    const refuse = (frame: typeof clouds, params: object): Promise<unknown> => collect(cluster, frame, { params });
    await expect(refuse(clouds, { clusters: 3 })).rejects.toMatchObject({ code: 'invalid-params', places: [{ pointer: '/params/clusters', detail: 'is 3; expected at most 2' }] });
    await expect(refuse(clouds, {})).rejects.toMatchObject({ code: 'too-few-series' });
    await expect(refuse(frameOf(columnsOf([Float64Array.of(1, 2)])), { of: 'rows' })).rejects.toMatchObject({ code: 'too-few-samples' });
    await expect(refuse(clouds, { of: 'rows', method: 'hierarchical' })).rejects.toMatchObject({ code: 'too-few-series' });
    await expect(refuse(frameOf(columnsOf([gaussians(1, 20), new Float64Array(20).fill(4), gaussians(2, 20)])), {})).rejects.toMatchObject({ code: 'constant-series', message: expect.stringContaining('s1 is 4 in all of the 20 rows') });
    await expect(refuse(families, { height: 0.5 })).rejects.toMatchObject({ code: 'invalid-params', places: [{ pointer: '/params/height' }] });
    await expect(refuse(families, { features: 'statistics', of: 'rows' })).rejects.toMatchObject({ code: 'invalid-params', places: [{ pointer: '/params/features' }] });
    await expect(refuse(families, { fewest: 5, most: 4 })).rejects.toMatchObject({ code: 'invalid-params', places: [{ pointer: '/params/most' }] });
  });

  it('ends where the signal aborts', async () => {
    for (const method of ['k-means', 'hierarchical']) await expect(collect(cluster, families, { params: { method }, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
  });
});
