/** k-means: what every engine that computes it must get right. */
import { assertClose, assertSameBits } from '../../test/oracle/compare.ts';
import { kMeansOracle } from '../../test/oracle/k-means.ts';
import { columnsOf, seriesOf } from '../../test/series/columns.ts';
import { gaussian, gaussians, uniform } from '../../test/series/random.ts';
import type { Columns, Engine, OpOptions } from './contract.ts';
import type { Clusters, KMeansRequest } from './contract.points.ts';
import { assertRejects, checkAbortInMidst, checkProgress } from './engine.cases.control.ts';
import type { EngineCase } from './engine.cases.ts';

const options: OpOptions = { precision: 'f64' };
const request = (given: Partial<KMeansRequest>): KMeansRequest => ({ clusters: 3, starts: 1, iterations: 300, tolerance: 0, stream: [7, 1, 2, 3], ...given });

/** Gaussian points about `groups` places. */
function blobs(dimensions: number, points: number, groups: number, { seed = 1, spread = 1, padding = 0 } = {}): Columns {
  return columnsOf(
    Array.from({ length: dimensions }, (_, d) => Float64Array.from({ length: points }, (_unused, i) => 5 * gaussian(seed + 1, d * 1000 + Math.floor(uniform(seed, i) * groups)) + spread * gaussian(seed + 10 + d, i))),
    padding,
  );
}

const pointsOf = (columns: Columns): number[][] => Array.from({ length: columns.length }, (_, i) => Array.from({ length: columns.series }, (_unused, d) => seriesOf(columns, d)[i] ?? Number.NaN));

async function checkAgainstOracle(engine: Engine, columns: Columns, asked: KMeansRequest): Promise<Clusters> {
  const came = await engine.kMeans(columns, asked, options);
  const expected = kMeansOracle(pointsOf(columns), asked);
  assertSameBits(came.assignments, expected.assignments, (i) => `the cluster of point ${i} of ${columns.length}`);
  assertClose(came.centres, expected.centres.flat(), { tolerance: (at) => 1e-11 * Math.max(1, Math.abs(expected.centres.flat()[at] ?? 0)), place: (at) => `centre ${Math.floor(at / columns.series)}, dimension ${at % columns.series}` });
  assertClose([came.inertia, came.iterations], [expected.inertia, expected.iterations], { tolerance: (at) => (at === 0 ? 1e-11 * expected.inertia : 0), place: (at) => (at === 0 ? 'the inertia' : 'the iterations') });
  return came;
}

function assertEqual(what: string, came: number, expected: number): void {
  if (came !== expected) throw new Error(`${what}: got ${came}, expected ${expected}`);
}

const lacks = (engine: Engine): string | null => (engine.name === 'cuda' ? 'the CUDA engine leaves k-means to the CPU engine' : null);

const one = (name: string, run: (engine: Engine) => Promise<unknown>): EngineCase => ({ name: `k-means: ${name}`, skip: lacks, run: async (engine) => void (await run(engine)) });

export const kMeansCases: EngineCase[] = [
  ...([[1, 40, 2], [2, 63, 3], [3, 64, 4], [5, 65, 5], [20, 300, 7], [3, 700, 10]] as const).map(([dimensions, points, clusters]) =>
    one(`${points} points of ${dimensions} dimensions in ${clusters} clusters are grouped as Lloyd's plain algorithm groups them`, (engine) =>
      checkAgainstOracle(engine, blobs(dimensions, points, clusters, { seed: points, spread: 3, padding: 3 }), request({ clusters })),
    ),
  ),
  one('points without any structure are too, where bounds hold few of them', (engine) => checkAgainstOracle(engine, columnsOf([1, 2, 3, 4].map((seed) => gaussians(seed, 600))), request({ clusters: 9 }))),
  one('of several starts the grouping of least inertia stays', async (engine) => {
    const columns = blobs(2, 120, 8, { seed: 5 });
    const all = await checkAgainstOracle(engine, columns, request({ clusters: 8, starts: 6 }));
    const first = await checkAgainstOracle(engine, columns, request({ clusters: 8, starts: 1 }));
    if (!(all.inertia <= first.inertia)) throw new Error(`the best of six starts has an inertia of ${all.inertia}, the first alone ${first.inertia}`);
  }),
  one('another seed begins at other points', async (engine) => {
    const columns = columnsOf([gaussians(1, 500), gaussians(2, 500)]);
    const inertias = await Promise.all([1, 2, 3, 4].map(async (seed) => (await checkAgainstOracle(engine, columns, request({ clusters: 12, stream: [seed, 1, 2, 3] }))).inertia));
    if (new Set(inertias).size < 2) throw new Error(`four seeds gave the inertia ${inertias[0]} alike`);
  }),
  one('ends after so many iterations, or where centres move by no more than the tolerance', async (engine) => {
    const columns = columnsOf([gaussians(3, 400), gaussians(4, 400)]);
    assertEqual('the iterations of a limit of 2', (await checkAgainstOracle(engine, columns, request({ clusters: 6, iterations: 2 }))).iterations, 2);
    const exact = await checkAgainstOracle(engine, columns, request({ clusters: 6 }));
    const loose = await checkAgainstOracle(engine, columns, request({ clusters: 6, tolerance: 0.01 }));
    if (!(loose.iterations < exact.iterations)) throw new Error(`a tolerance of 0.01 took ${loose.iterations} iterations, one of 0 took ${exact.iterations}`);
  }),
  one('one cluster has its centre at the mean, and as many clusters as points have no inertia', async (engine) => {
    const columns = columnsOf([Float64Array.of(1, 2, 6), Float64Array.of(0, 0, 3)]);
    const single = await engine.kMeans(columns, request({ clusters: 1 }), options);
    assertClose(single.centres, [3, 1], { tolerance: () => 1e-15, place: (d) => `dimension ${d} of the mean` });
    const each = await engine.kMeans(columns, request({ clusters: 3 }), options);
    assertEqual('the inertia of three points in three clusters', each.inertia, 0);
    assertEqual('their clusters', new Set(each.assignments).size, 3);
  }),
  one('a point between two centres goes to the first', async (engine) => {
    const columns = columnsOf([Float64Array.of(0, 2, 0, 2, 1)]);
    for (let seed = 0; seed < 8; seed++) await checkAgainstOracle(engine, columns, request({ clusters: 2, iterations: 1, stream: [seed, 0, 0, 0] }));
  }),
  one('fewer different points than clusters leave clusters empty, and no inertia', async (engine) => {
    const columns = columnsOf([Float64Array.of(1, 5, 1, 5, 1, 5, 1, 5, 1)]);
    const came = await engine.kMeans(columns, request({ clusters: 4 }), options);
    assertEqual('the inertia', came.inertia, 0);
    assertEqual('the clusters that have points', new Set(came.assignments).size, 2);
  }),
  one('a cluster that loses its points takes the one that is farthest from its centre', async (engine) => {
    // Many equal points, and few far ones: seeds fall together often.
    const columns = columnsOf([Float64Array.from({ length: 60 }, (_, i) => (i < 50 ? 0 : i)), Float64Array.from({ length: 60 }, (_, i) => (i < 50 ? 0 : 3 * (i % 4)))]);
    for (let seed = 0; seed < 20; seed++) await checkAgainstOracle(engine, columns, request({ clusters: 9, stream: [seed, 9, 9, 9] }));
  }),
  one('a level far from zero, and a tiny scale, change no cluster', async (engine) => {
    const near = columnsOf([1, 2, 3].map((seed) => gaussians(seed, 200).map((value, i) => Math.round(1e3 * (value + 4 * (i % 3))) / 1024)));
    const plain = await checkAgainstOracle(engine, near, request({}));
    const far = await engine.kMeans({ ...near, values: near.values.map((value) => value + 2 ** 30) }, request({}), options);
    assertSameBits(far.assignments, plain.assignments, (i) => `the cluster of point ${i} at a level of 2³⁰`);
    const tiny = await engine.kMeans({ ...near, values: near.values.map((value) => value * 2 ** -300) }, request({}), options);
    assertSameBits(tiny.assignments, plain.assignments, (i) => `the cluster of point ${i} at a scale of 2⁻³⁰⁰`);
  }),
  one('the same seed gives the same bits', async (engine) => {
    const columns = blobs(4, 3000, 6, { seed: 3, spread: 4 });
    const [a, b] = [await engine.kMeans(columns, request({ clusters: 6, starts: 2 }), options), await engine.kMeans(columns, request({ clusters: 6, starts: 2 }), options)];
    assertSameBits(a.centres, b.centres, (at) => `value ${at} of the centres`);
    assertSameBits([a.inertia, a.iterations], [b.inertia, b.iterations], (at) => `figure ${at}`);
  }),
  one('what does not fit, or is missing, is an error', async (engine) => {
    const columns = columnsOf([Float64Array.of(1, 2, Number.NaN)]);
    await assertRejects(() => engine.kMeans(columns, request({ clusters: 2 }), options), 'internal');
    const three = columnsOf([Float64Array.of(1, 2, 3)]);
    for (const wrong of [{ clusters: 4 }, { clusters: 0 }, { starts: 0 }, { iterations: 0 }, { tolerance: -1 }]) await assertRejects(() => engine.kMeans(three, request(wrong), options), 'internal');
    await assertRejects(() => engine.kMeans(three, request({}), { ...options, signal: AbortSignal.abort() }), 'cancelled');
  }),
  one('progress climbs within [0, 1], and work that is aborted in its midst rejects within a second', async (engine) => {
    const columns = columnsOf([1, 2, 3, 4, 5].map((seed) => gaussians(seed, 20_000)));
    await checkProgress((given) => engine.kMeans(columns, request({ clusters: 8, iterations: 5 }), given), 'f64');
    await checkAbortInMidst((given) => engine.kMeans(columns, request({ clusters: 20, starts: 50 }), given), 'f64');
  }),
];
