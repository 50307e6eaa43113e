/** The correlation matrix against numpy.corrcoef on OpenBLAS, with the same number of threads. */
import { cpuEngine } from '../packages/compute/src/engine/cpu.ts';
import { inTurn, timed, type Benchmark, type Case } from './benchmark.ts';
import { gaussianColumns } from './columns.ts';
import { startPythonPeer } from './peers/python-peer.ts';

/** numpy gets the same numbers in its natural layout, made by the same recurrence. */
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

async function measure(series: number, length: number, rounds: number, versions: Record<string, string>): Promise<Case> {
  const engine = cpuEngine();
  const threads = engine.info().threads ?? 1;
  const columns = gaussianColumns(series, length, 1);
  await using peer = await startPythonPeer(script(series, length), { OPENBLAS_NUM_THREADS: String(threads), OMP_NUM_THREADS: String(threads) });
  Object.assign(versions, peer.versions, { engine: engine.info().device });
  const ours = async (): Promise<number> => {
    let memory: ArrayBuffer | null = null;
    const spent = await timed(async () => {
      const session = await engine.openCorrelation(columns, { method: 'pearson', ddof: 0 }, { precision: 'f64' });
      memory = (await session.tile(0, series, 0, series, { precision: 'f64' })).r.buffer;
      session.close();
    });
    if (memory !== null) engine.release(memory);
    return spent;
  };
  const times = await inTurn(ours, async () => (await peer.run()).ms, { rounds, warmup: 3 });
  const operations = series * (series + 1) * length;
  return { case: `${series} × ${length}`, ...times, unit: 'ms', peerName: 'numpy.corrcoef', figures: { gigaflops: operations / times.ours / 1e6, threads } };
}

export const benchmark: Benchmark = {
  summary: 'correlation matrices of 2,000 × 2,500 and 470 × 1,258, float64',
  target: 'at least as fast as numpy.corrcoef on OpenBLAS with the same threads',
  async run(log) {
    const versions: Record<string, string> = {};
    log('2,000 × 2,500 …');
    const large = await measure(2000, 2500, 15, versions);
    log('470 × 1,258 …');
    return { cases: [large, await measure(470, 1258, 40, versions)], versions };
  },
};
