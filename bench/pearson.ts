/** The correlation matrix against numpy.corrcoef on OpenBLAS, with the same number of threads. */
import type { Precision } from '@corrente/shared/contract/engine';
import { cpuEngine } from '../packages/compute/src/engine/cpu.ts';
import { inTurn, type Benchmark, type Case } from './benchmark.ts';
import { gaussianColumns } from './columns.ts';
import { sameThreads, timedMatrix } from './correlation.ts';
import { startPythonPeer } from './peers/python-peer.ts';

/** numpy gets series of the same shape, standard normal, in its natural layout. */
const script = (series: number, length: number): string => `
import numpy
def versions():
    return {"numpy": numpy.__version__, "python": __import__("platform").python_version()}
def setup():
    return numpy.random.default_rng(1).standard_normal((${series}, ${length}))
def run(x):
    return numpy.corrcoef(x)
def check(r):
    return r.trace()
`;

async function measure(series: number, length: number, precision: Precision, rounds: number, versions: Record<string, string>): Promise<Case> {
  const engine = cpuEngine();
  const columns = gaussianColumns(series, length, 1);
  await using peer = await startPythonPeer(script(series, length), sameThreads(engine));
  Object.assign(versions, peer.versions, { engine: engine.info().device });
  const times = await inTurn(() => timedMatrix(engine, columns, 'pearson', precision), async () => (await peer.run()).ms, { rounds, warmup: 2 });
  const operations = series * (series + 1) * length;
  return {
    case: `${series.toLocaleString('en')} × ${length.toLocaleString('en')} ${precision}`,
    ...times,
    unit: 'ms',
    peerName: 'numpy.corrcoef in float64',
    figures: { gigaflops: operations / times.ours / 1e6, threads: engine.info().threads ?? 1 },
  };
}

const cases: ReadonlyArray<readonly [series: number, length: number, precision: Precision, rounds: number]> = [
  [4000, 2500, 'f64', 9],
  [4000, 2500, 'f32', 9],
  [2000, 2500, 'f64', 15],
  [470, 1258, 'f64', 40],
];

export const benchmark: Benchmark = {
  summary: 'correlation matrices of 4,000 × 2,500 in both precisions, 2,000 × 2,500 and 470 × 1,258',
  target: '1.2 times as fast as numpy.corrcoef on OpenBLAS with the same threads; under precision f32, 2.5 times as fast as numpy in float64',
  async run(log) {
    const versions: Record<string, string> = {};
    const measured: Case[] = [];
    for (const [series, length, precision, rounds] of cases) {
      log(`${series} × ${length} ${precision} …`);
      measured.push(await measure(series, length, precision, rounds, versions));
    }
    const [first, ...others] = measured;
    if (first === undefined) throw new Error('There is no case to measure.');
    return { cases: [first, ...others], versions };
  },
};
