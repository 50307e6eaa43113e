/**
 * One estimate of I(X; Y | Z) by Kraskov, Stögbauer and Grassberger (algorithm 1, k = 4), one dimension of X and of Y
 * given three of Z, on one thread: X and 200 surrogates of it in one session, everything from opening it to the values,
 * divided by 201. The peer does what a Python user would: k-d trees of SciPy, those of YZ and Z kept for all surrogates.
 */
import type { Columns, NeighbourRule } from '../packages/compute/src/engine/contract.ts';
import { freshCpuEngine } from '../packages/compute/src/engine/cpu.testing.ts';
import type { NativeEngine } from '../packages/compute/src/engine/native.ts';
import { inTurn, median, timed, type Benchmark, type Case } from './benchmark.ts';
import { uniform } from './columns.ts';
import { startPythonPeer } from './peers/python-peer.ts';

const rule: NeighbourRule = { estimator: 'ksg1', neighbours: 4, theiler: 0 };
const surrogates = 200;

/**
 * Milliseconds per estimate of JIDT (the one in IDTxl 1.6, on Java 17) for the same dimensions: the project's record of
 * a machine with two Intel Xeon cores, where IDTxl took 1,185.8 s for 70,732 estimates. JIDT is not run here.
 */
const recordOfJidt: Readonly<Record<number, number>> = { 1000: 18, 10_000: 366 };

const peerScript = (length: number): string => `
import numpy, scipy
from scipy.spatial import cKDTree
from scipy.special import digamma
def versions():
    return {"numpy": numpy.__version__, "scipy": scipy.__version__}
def setup():
    random = numpy.random.default_rng(1)
    x, y, z = (random.standard_normal((${length}, d)) for d in (1, 1, 3))
    return random, x, numpy.hstack((y, z)), z, cKDTree(numpy.hstack((y, z))), cKDTree(z)
def run(state):
    random, x, yz, z, yz_tree, z_tree = state
    x = random.permutation(x)
    xyz, xz = numpy.hstack((x, yz)), numpy.hstack((x, z))
    radius = numpy.nextafter(cKDTree(xyz).query(xyz, 5, p=numpy.inf)[0][:, 4], 0)
    within = lambda tree, points: tree.query_ball_point(points, radius, p=numpy.inf, return_length=True)
    return digamma(4) + numpy.mean(digamma(within(z_tree, z)) - digamma(within(cKDTree(xz), xz)) - digamma(within(yz_tree, yz)))
def check(value):
    return value
`;

/** Normally distributed (Box and Muller 1958), [dimensions × N]. */
function normalColumns(series: number, length: number, seed: number): Columns {
  const next = uniform(seed);
  const values = Float64Array.from({ length: series * length }, () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()));
  return { values, series, length, stride: length };
}

type Shape = readonly [x: number, y: number, z: number];

/** Opens, estimates, closes; milliseconds per estimate. */
async function perEstimate(engine: NativeEngine, length: number, [x, y, z]: Shape): Promise<number> {
  const [source, target, condition] = [normalColumns(x, length, 1), normalColumns(y, length, 2), normalColumns(z, length, 3)];
  const spent = await timed(async () => {
    const session = await engine.openInformation(target, condition, rule, { precision: 'f64' });
    await session.estimate([{ source, surrogates, permute: { stream: [1, 2, 3, 4] } }], { precision: 'f64' });
    session.close();
  });
  return spent / (1 + surrogates);
}

async function measure(engine: NativeEngine, length: number, rounds: number, versions: Record<string, string>): Promise<Case> {
  await using peer = await startPythonPeer(peerScript(length), { OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1' });
  Object.assign(versions, peer.versions, { engine: engine.info().device });
  const times = await inTurn(() => perEstimate(engine, length, [1, 1, 3]), async () => (await peer.run()).ms, { rounds, warmup: 1 });
  const jidt = recordOfJidt[length] ?? Number.NaN;
  return {
    case: `N = ${length.toLocaleString('en')}, dimensions 1, 1 | 3`,
    ...times,
    unit: 'ms per estimate',
    peerName: 'SciPy cKDTree, one thread',
    figures: { jidtRecordMs: jidt, jidtRecordOverOurs: jidt / times.ours, threads: 1 },
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The exponent b of t = a N^b, by least squares of the logarithms. */
function exponentOf(points: ReadonlyArray<readonly [length: number, ms: number]>): number {
  const logs = points.map(([length, ms]) => [Math.log(length), Math.log(ms)] as const);
  const [x, y] = [mean(logs.map(([a]) => a)), mean(logs.map(([, b]) => b))];
  return logs.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0) / logs.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}

async function growth(engine: NativeEngine, log: (text: string) => void): Promise<Record<string, number>> {
  const points: Array<readonly [number, number]> = [];
  for (const length of [1000, 3000, 10_000, 30_000, 100_000]) {
    log(`N = ${length.toLocaleString('en')} …`);
    const times: number[] = [];
    for (let round = 0; round < (length > 10_000 ? 1 : 3); round += 1) times.push(await perEstimate(engine, length, [1, 1, 3]));
    points.push([length, median(times)]);
  }
  return { ...Object.fromEntries(points.map(([length, ms]) => [`msAt${length}`, ms])), exponentOfN: exponentOf(points) };
}

async function byDimensions(engine: NativeEngine): Promise<Record<string, number>> {
  const figures: Record<string, number> = {};
  const shapes: readonly Shape[] = [[1, 1, 0], [1, 1, 1], [1, 1, 8], [3, 1, 3]];
  for (const shape of shapes) {
    const times: number[] = [];
    for (let round = 0; round < 5; round += 1) times.push(await perEstimate(engine, 1000, shape));
    figures[`msOf${shape[0]},${shape[1]}|${shape[2]}`] = median(times);
  }
  return figures;
}

export const benchmark: Benchmark = {
  summary: 'conditional mutual information by nearest neighbours, per estimate over 200 surrogates, one thread',
  target: 'under 0.15 ms at N = 1,000 and under 8 ms at N = 10,000',
  async run(log) {
    const engine = freshCpuEngine({ threads: 1 });
    const versions: Record<string, string> = {};
    log('N = 1,000 against SciPy …');
    const small = await measure(engine, 1000, 15, versions);
    log('N = 10,000 against SciPy …');
    const large = await measure(engine, 10_000, 5, versions);
    const figures = { ...small.figures, ...(await byDimensions(engine)), ...(await growth(engine, log)) };
    return { cases: [{ ...small, figures }, large], versions };
  },
};
