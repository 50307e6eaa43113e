/** The matrix profile: what every engine that computes it must get right. */
import { windowDistances } from '../../test/oracle/matrix-profile.ts';
import { columnsOf, seriesOf } from '../../test/series/columns.ts';
import { edgeSeriesOfLength } from '../../test/series/edge.ts';
import { gaussian, gaussians, withMissing } from '../../test/series/random.ts';
import type { Columns, Engine, OpOptions } from './contract.ts';
import type { MatrixProfile } from './contract.points.ts';
import { assertRejects, checkAbortInMidst, checkProgress } from './engine.cases.control.ts';
import type { EngineCase } from './engine.cases.ts';

const options: OpOptions = { precision: 'f64' };

/**
 * Each window has a distance within the tolerance of the least, and a neighbour that is that far away. The neighbour is
 * found by a recurrence, so among windows that are equally near but for its rounding it may be any; what it may be off
 * by in the correlation, 1e-10, is 2 · window · 1e-10 in the squared distance.
 */
async function checkAgainstOracle(engine: Engine, columns: Columns, window: number, exclusion: number): Promise<MatrixProfile> {
  const came = await engine.matrixProfile(columns, { window, exclusion }, options);
  const count = columns.length - window + 1;
  if (came.distance.length !== columns.series * count || came.neighbour.length !== columns.series * count) throw new Error(`got ${came.distance.length} distances and ${came.neighbour.length} neighbours, expected ${columns.series * count} each`);
  for (let s = 0; s < columns.series; s++) {
    const all = windowDistances(seriesOf(columns, s), window, exclusion);
    for (const [i, distances] of all.entries()) checkWindow(`series ${s}, window ${i} of ${count}`, distances, came.distance[s * count + i] ?? Number.NaN, came.neighbour[s * count + i] ?? Number.NaN, window);
  }
  return came;
}

function checkWindow(place: string, distances: readonly number[], distance: number, neighbour: number, window: number): void {
  const least = distances.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  if (least === Number.POSITIVE_INFINITY || Number.isNaN(distance) || neighbour < 0) {
    if (least === Number.POSITIVE_INFINITY && Number.isNaN(distance) && neighbour === -1) return;
    throw new Error(`${place}: got distance ${distance} and neighbour ${neighbour}, the least distance is ${least}`);
  }
  const there = distances[neighbour] ?? Number.NaN;
  if (!(Math.abs(there - distance) <= 1e-9 * Math.sqrt(window))) throw new Error(`${place}: got distance ${distance} of window ${neighbour}, which is ${there} away`);
  if (!(distance ** 2 - least ** 2 <= 2e-10 * window)) throw new Error(`${place}: got distance ${distance} of window ${neighbour}, window ${distances.indexOf(least)} is ${least} away`);
}

/** A random walk with the same shape at two places. */
function walkWithMotif(length: number, seed: number): Float64Array<ArrayBuffer> {
  const walk = new Float64Array(length);
  for (let t = 1; t < length; t++) walk[t] = (walk[t - 1] ?? 0) + gaussian(seed, t);
  for (let k = 0; k < 20; k++) walk[200 + k] = 3 * (walk[50 + k] ?? 0) - 7;
  return walk;
}

// Beside a spike of 1e16 the recurrence, whose sums hold it for some rows, has no digits left.
const shapes = edgeSeriesOfLength(90).filter(({ name }) => !name.includes('spike'));

const lacks = (engine: Engine): string | null => (engine.name === 'cuda' ? 'the CUDA engine leaves the matrix profile to the CPU engine' : null);

const one = (name: string, run: (engine: Engine) => Promise<unknown>): EngineCase => ({ name: `matrix profile: ${name}`, skip: lacks, run: async (engine) => void (await run(engine)) });

export const matrixProfileCases: EngineCase[] = [
  ...([[2, 0], [3, 1], [7, 2], [16, 16], [50, 12]] as const).map(([window, exclusion]) =>
    one(`windows of ${window} rows have the neighbours of the plain distances, ${exclusion} rows excluded`, (engine) => checkAgainstOracle(engine, columnsOf([gaussians(1, 333), walkWithMotif(333, 2)], 5), window, exclusion)),
  ),
  one('the edge series have the neighbours of the plain distances', (engine) => checkAgainstOracle(engine, columnsOf(shapes.map(({ values }) => values), 3), 8, 2)),
  one('a window with a missing value has no neighbour and is none', (engine) => checkAgainstOracle(engine, columnsOf([withMissing(gaussians(3, 400), 0.02, 4), withMissing(walkWithMotif(400, 5), 0.1, 6)]), 12, 3)),
  one('constant windows are 0 apart, and √window from others', async (engine) => {
    const steps = Float64Array.from({ length: 60 }, (_, t) => (t < 15 ? 3 : t < 30 ? 3 + gaussian(7, t) : t < 45 ? -2 : t % 2));
    const { distance, neighbour } = await checkAgainstOracle(engine, columnsOf([steps]), 5, 1);
    if (distance[0] !== 0 || neighbour[0] !== 2) throw new Error(`window 0: got distance ${distance[0]} and neighbour ${neighbour[0]}, expected 0 and the first constant one that is not near, 2`);
    const lone = await checkAgainstOracle(engine, columnsOf([Float64Array.from({ length: 40 }, (_, t) => (t < 6 ? 1 : gaussian(8, t)))]), 6, 2);
    if (lone.distance[0] !== Math.sqrt(6) || lone.neighbour[0] !== 3) throw new Error(`a constant window alone: got distance ${lone.distance[0]} and neighbour ${lone.neighbour[0]}, expected √6 and 3`);
  }),
  one('a shape that occurs twice is found, whatever its scale and level', async (engine) => {
    const { distance, neighbour } = await checkAgainstOracle(engine, columnsOf([walkWithMotif(300, 9)]), 20, 5);
    if (neighbour[50] !== 200 || neighbour[200] !== 50 || !((distance[50] ?? 1) < 1e-6)) throw new Error(`got neighbours ${neighbour[50]} and ${neighbour[200]} at distance ${distance[50]}, expected 200 and 50 at 0`);
  }),
  one('a repeated shape is at a distance of nearly 0, not of the root of the rounding', async (engine) => {
    const wave = Float64Array.from({ length: 400 }, (_, t) => Math.sin((t % 25) * 1.3) + 100);
    const { distance } = await engine.matrixProfile(columnsOf([wave]), { window: 50, exclusion: 12 }, options);
    const most = Math.max(...distance);
    if (!(most < 1e-10)) throw new Error(`the largest distance is ${most}, expected less than 1e-10`);
  }),
  one('the level and the scale of a series change nothing', async (engine) => {
    const near = gaussians(10, 300).map((value) => Math.round(value * 1024) / 1024);
    const plain = await checkAgainstOracle(engine, columnsOf([near]), 16, 4);
    for (const changed of [near.map((value) => value + 2 ** 30), near.map((value) => value * 2 ** 600), near.map((value) => value * 2 ** -600)]) {
      const { distance } = await engine.matrixProfile(columnsOf([changed]), { window: 16, exclusion: 4 }, options);
      for (const [i, value] of distance.entries()) if (!(Math.abs(value - (plain.distance[i] ?? 0)) < 1e-9)) throw new Error(`window ${i}: got ${value}, expected ${plain.distance[i]}`);
    }
  }),
  one('rounding does not grow along a long series', async (engine) => {
    // A level that wanders far, so that sums that are only ever added to would lose the digits of the noise.
    const length = 1600;
    const series = Float64Array.from({ length }, (_, t) => 1e4 * Math.sin(t / 250) + gaussian(11, t));
    const { distance, neighbour } = await engine.matrixProfile(columnsOf([series]), { window: 10, exclusion: 5 }, options);
    const all = windowDistances(series, 10, 5);
    for (let i = 0; i < all.length; i += 17) checkWindow(`window ${i}`, all[i] ?? [], distance[i] ?? Number.NaN, neighbour[i] ?? Number.NaN, 10);
  }),
  one('a series that is as long as the window, or has no window apart, has no neighbours', async (engine) => {
    await checkAgainstOracle(engine, columnsOf([gaussians(12, 20)]), 20, 0);
    await checkAgainstOracle(engine, columnsOf([gaussians(13, 30)]), 20, 10);
    await checkAgainstOracle(engine, columnsOf([gaussians(13, 30)]), 20, 9);
    await checkAgainstOracle(engine, columnsOf([new Float64Array(30).fill(Number.NaN), new Float64Array(30).fill(4)]), 5, 1);
  }),
  one('what does not fit is an error', async (engine) => {
    const columns = columnsOf([gaussians(14, 20)]);
    for (const wrong of [{ window: 21, exclusion: 0 }, { window: 1, exclusion: 0 }, { window: 5, exclusion: -1 }]) await assertRejects(() => engine.matrixProfile(columns, wrong, options), 'internal');
    await assertRejects(() => engine.matrixProfile(columns, { window: 5, exclusion: 1 }, { ...options, signal: AbortSignal.abort() }), 'cancelled');
  }),
  one('progress climbs within [0, 1], and work that is aborted in its midst rejects within a second', async (engine) => {
    const columns = columnsOf([gaussians(15, 3000)]);
    await checkProgress((given) => engine.matrixProfile(columns, { window: 50, exclusion: 12 }, given), 'f64');
    const long = columnsOf([gaussians(16, 60_000)]);
    await checkAbortInMidst((given) => engine.matrixProfile(long, { window: 100, exclusion: 25 }, given), 'f64');
  }),
];
