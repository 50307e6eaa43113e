/** Cross-correlation of every pair over lags against scipy.signal.correlate, as statsmodels' ccf calls it, in a loop over some of them. */
import { cpuEngine } from '../packages/compute/src/engine/cpu.ts';
import { inTurn, timed, type Benchmark, type Case } from './benchmark.ts';
import { gaussianColumns } from './columns.ts';
import { startPythonPeer } from './peers/python-peer.ts';

const peerPairs = 200;

/** Of each pair, the coefficients at all lags of one transform, and the lag of the largest: what a loop over pairs does. */
const script = (series: number, length: number, maxLag: number): string => `
import numpy, scipy
from scipy.signal import correlate
def versions():
    return {"scipy": scipy.__version__, "numpy": numpy.__version__}
def setup():
    x = numpy.random.default_rng(1).standard_normal((${series}, ${length}))
    pairs = [(a, b) for a in range(${series}) for b in range(a)][:${peerPairs}]
    return x, pairs
def run(state):
    x, pairs = state
    best = []
    for a, b in pairs:
        u, v = x[a] - x[a].mean(), x[b] - x[b].mean()
        r = correlate(v, u, method="fft") / (len(u) * u.std() * v.std())
        middle = len(u) - 1
        near = numpy.abs(r[max(0, middle - ${maxLag}):middle + ${maxLag} + 1])
        best.append(near.argmax())
    return best
def check(best):
    return len(best)
`;

async function measure(series: number, length: number, maxLag: number, rounds: number, versions: Record<string, string>): Promise<Case> {
  const engine = cpuEngine();
  const columns = gaussianColumns(series, length, 1);
  await using peer = await startPythonPeer(script(series, length, maxLag));
  Object.assign(versions, peer.versions, { engine: engine.info().device });
  const pairs = (series * (series - 1)) / 2;
  const ours = async (): Promise<number> =>
    await timed(async () => {
      const session = await engine.openLeadLag(columns, { maxLag, minPeriods: 2 }, { precision: 'f64' });
      const { r, lag, n } = await session.tile(0, series, 0, series, { precision: 'f64' });
      session.close();
      for (const { buffer } of [r, lag, n]) engine.release(buffer);
    });
  const times = await inTurn(ours, async () => (await peer.run()).ms * (pairs / peerPairs), { rounds, warmup: 1 });
  const figures = { microsecondsPerPair: (times.ours * 1000) / pairs, threads: engine.info().threads ?? 1, peerPairs };
  return { case: `${series} × ${length}, lags to ${maxLag}`, ...times, unit: 'ms', peerName: 'scipy.signal.correlate by FFT in a loop', figures };
}

export const benchmark: Benchmark = {
  summary: 'cross-correlation of every pair of 200 series of 2,500 rows, over lags to 20 and to 1,000, float64',
  target: 'at least 10 times as fast as a loop over pairs, by FFT, of statsmodels or scipy',
  async run(log) {
    const versions: Record<string, string> = {};
    log('200 × 2,500, lags to 20 …');
    const short = await measure(200, 2500, 20, 7, versions);
    log('200 × 2,500, lags to 1,000 …');
    return { cases: [short, await measure(200, 2500, 1000, 5, versions)], versions };
  },
};
