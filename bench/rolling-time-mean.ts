/** The mean of windows in time: ten million rows a minute apart, windows of fifty minutes, against pandas. */
import { cpuEngine } from '../packages/compute/src/engine/cpu.ts';
import type { Reals, RollingKind } from '../packages/compute/src/engine/contract.ts';
import { inTurn, timed, type Benchmark, type Case } from './benchmark.ts';
import { gaussianColumns } from './columns.ts';
import { startPythonPeer } from './peers/python-peer.ts';

const length = 10_000_000;
const minutes = 50;

const script = (method: string): string => `
import numpy, pandas
def versions():
    return {"pandas": pandas.__version__, "numpy": numpy.__version__}
def setup():
    return pandas.Series(numpy.random.default_rng(1).standard_normal(${length}), index=pandas.date_range("1990-01-01", periods=${length}, freq="min"))
def run(x):
    return x.rolling("${minutes}min").${method}()
def check(y):
    return y.iloc[-1]
`;

export const benchmark: Benchmark = {
  summary: `means and spreads of windows of ${minutes} minutes, 10 million rows`,
  target: 'the mean not slower than pandas, which finds the windows as well',
  async run() {
    const engine = cpuEngine();
    const columns = gaussianColumns(1, length, 1);
    const begins = Int32Array.from({ length }, (_, t) => Math.max(0, t - minutes + 1));
    const versions: Record<string, string> = { engine: engine.info().device };
    const compare = async (kind: RollingKind, rounds: number): Promise<Case> => {
      await using peer = await startPythonPeer(script(kind));
      Object.assign(versions, peer.versions);
      const ours = async (): Promise<number> => {
        let blocks: Reals[] = [];
        const spent = await timed(async () => (blocks = await engine.rolling(columns, [{ kind, window: 1, ddof: 1, minPeriods: 1, begins }], { precision: 'f64' })));
        for (const block of blocks) engine.release(block.buffer);
        return spent;
      };
      const times = await inTurn(ours, async () => (await peer.run()).ms, { rounds, warmup: 1 });
      return { case: `${kind}, 10,000,000 rows, ${minutes} rows in a window`, ...times, unit: 'ms', peerName: `pandas rolling("${minutes}min").${kind}()`, figures: { nanosecondsPerRow: (1e6 * times.ours) / length } };
    };
    return { cases: [await compare('mean', 7), await compare('std', 5), await compare('max', 5), await compare('median', 1)], versions };
  },
};
