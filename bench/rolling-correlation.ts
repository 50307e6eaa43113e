/** Rolling and exponentially weighted correlation of every pair against pandas, pair by pair over some of them. */
import { cpuEngine } from '../packages/compute/src/engine/cpu.ts';
import type { RollingCorrelationRequest } from '../packages/compute/src/engine/contract.ts';
import { inTurn, timed, type Benchmark, type Case } from './benchmark.ts';
import { gaussianColumns } from './columns.ts';
import { startPythonPeer } from './peers/python-peer.ts';

const [series, length] = [100, 2500];
const peerPairs = 100;

const script = (windows: string): string => `
import numpy, pandas
def versions():
    return {"pandas": pandas.__version__, "numpy": numpy.__version__}
def setup():
    x = numpy.random.default_rng(1).standard_normal((${series}, ${length}))
    return [pandas.Series(row) for row in x], [(a, b) for a in range(${series}) for b in range(a)][:${peerPairs}]
def run(state):
    series, pairs = state
    return [series[a].${windows}.corr(series[b]) for a, b in pairs]
def check(answers):
    return answers[0].iloc[-1]
`;

async function measure(name: string, request: RollingCorrelationRequest, windows: string, versions: Record<string, string>): Promise<Case> {
  const engine = cpuEngine();
  const columns = gaussianColumns(series, length, 1);
  await using peer = await startPythonPeer(script(windows));
  Object.assign(versions, peer.versions, { engine: engine.info().device });
  const pairs = (series * (series - 1)) / 2;
  const ours = async (): Promise<number> => {
    let memory: ArrayBuffer | null = null;
    const spent = await timed(async () => {
      const session = await engine.openRollingCorrelation(columns, request, { precision: 'f64' });
      memory = (await session.tile(0, series, 0, series, { precision: 'f64' })).buffer;
      session.close();
    });
    if (memory !== null) engine.release(memory);
    return spent;
  };
  const times = await inTurn(ours, async () => (await peer.run()).ms * (pairs / peerPairs), { rounds: 7, warmup: 1 });
  const figures = { millionWindowsPerSecond: (pairs * (length - (request.window ?? request.minPeriods) + 1)) / times.ours / 1000, threads: engine.info().threads ?? 1, peerPairs };
  return { case: `${series} × ${length}, ${name}`, ...times, unit: 'ms', peerName: `pandas ${windows.replace(/\(.*/, '')}().corr() in a loop`, figures };
}

export const benchmark: Benchmark = {
  summary: 'rolling correlation of every pair of 100 series of 2,500 rows, window 60, and with decaying weights, float64',
  target: 'at least 10 times as fast as pandas',
  async run(log) {
    const versions: Record<string, string> = {};
    log('window 60 …');
    const rolling = await measure('window 60', { window: 60, alpha: null, step: 1, minPeriods: 60 }, 'rolling(60)', versions);
    log('alpha 0.03 …');
    return { cases: [rolling, await measure('alpha 0.03', { window: null, alpha: 0.03, step: 1, minPeriods: 2 }, 'ewm(alpha=0.03)', versions)], versions };
  },
};
