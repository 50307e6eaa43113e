/** k-means and the matrix profile on the CPU engine: what the table of cases cannot ask. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { assertClose, assertSameBits } from '../../test/oracle/compare.ts';
import { plainSeeds } from '../../test/oracle/k-means.ts';
import { columnsOf } from '../../test/series/columns.ts';
import { gaussian, gaussians, uniform, withMissing } from '../../test/series/random.ts';
import type { Clusters, KMeansRequest, MatrixProfile } from './contract.points.ts';
import { cpuEngine } from './cpu.ts';
import { freshCpuEngine } from './cpu.testing.ts';

const available = cpuEngine().info().available;
const sklearn = spawnSync('/usr/bin/python3', ['-c', 'import sklearn']).status === 0;
const request: KMeansRequest = { clusters: 12, starts: 2, iterations: 300, tolerance: 1e-5, stream: [3, 1, 4, 1] };

describe.skipIf(!available)('points on the CPU engine', () => {
  it('k-means gives the same bits on 1, 2 and 3 threads', async () => {
    const columns = columnsOf([1, 2, 3, 4, 5, 6].map((seed) => gaussians(seed, 7000)), 3);
    let first: Clusters | null = null;
    for (const threads of [1, 2, 3]) {
      const came = await freshCpuEngine({ threads }).kMeans(columns, request, { precision: 'f64' });
      first ??= came;
      assertSameBits(came.centres, first.centres, (at) => `value ${at} of the centres on ${threads} threads`);
      assertSameBits(came.assignments, first.assignments, (i) => `point ${i} on ${threads} threads`);
      expect([came.inertia, came.iterations]).toEqual([first.inertia, first.iterations]);
    }
  });

  it('the matrix profile gives the same bits on 1, 2 and 3 threads', async () => {
    // Repeats of a shape: many windows are equally near.
    const series = Float64Array.from({ length: 4000 }, (_, t) => Math.sin(((t % 100) * 2 * Math.PI) / 25) + (t > 2000 ? gaussian(5, t) : 0));
    let first: MatrixProfile | null = null;
    for (const threads of [1, 2, 3]) {
      const came = await freshCpuEngine({ threads }).matrixProfile(columnsOf([series, withMissing(gaussians(6, 4000), 0.001, 7)]), { window: 50, exclusion: 12 }, { precision: 'f64' });
      first ??= came;
      assertSameBits(came.distance, first.distance, (at) => `distance ${at} on ${threads} threads`);
      assertSameBits(came.neighbour, first.neighbour, (at) => `neighbour ${at} on ${threads} threads`);
    }
  });

  it.skipIf(!sklearn)('k-means from the same seeds is what scikit-learn finds', async () => {
    const [dimensions, count, clusters] = [5, 1500, 8];
    const columns = columnsOf(Array.from({ length: dimensions }, (_, d) => Float64Array.from({ length: count }, (_unused, i) => 3 * gaussian(20 + d, Math.floor(8 * uniform(19, i))) + 2 * gaussian(40 + d, i))));
    const points = Array.from({ length: count }, (_, i) => Array.from({ length: dimensions }, (_unused, d) => columns.values[d * columns.stride + i] ?? Number.NaN));
    const asked = { ...request, clusters, starts: 1, tolerance: 0 };
    const came = await cpuEngine().kMeans(columns, asked, { precision: 'f64' });
    const script = `
import json, sys, numpy
from sklearn.cluster import KMeans
given = json.load(sys.stdin)
found = KMeans(n_clusters=${clusters}, init=numpy.array(given["seeds"]), n_init=1, max_iter=300, tol=0, algorithm="lloyd").fit(numpy.array(given["points"]))
print(json.dumps({"labels": found.labels_.tolist(), "centres": found.cluster_centers_.ravel().tolist(), "inertia": found.inertia_, "iterations": found.n_iter_}))
`;
    const { stdout, stderr } = spawnSync('/usr/bin/python3', ['-c', script], { input: JSON.stringify({ seeds: plainSeeds(points, asked, 0), points }), encoding: 'utf8', maxBuffer: 2 ** 26 });
    expect(stderr).toBe('');
    const found: { labels: number[]; centres: number[]; inertia: number; iterations: number } = JSON.parse(stdout);
    assertSameBits(came.assignments, found.labels, (i) => `the cluster of point ${i}`);
    assertClose(came.centres, found.centres, { tolerance: () => 1e-10, place: (at) => `value ${at} of the centres` });
    expect(came.inertia).toBeCloseTo(found.inertia, 6);
    expect(came.iterations).toBe(found.iterations);
  });
});
