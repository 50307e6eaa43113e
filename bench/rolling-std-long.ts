/** A window so long that no cache holds it: ten million values, window 400,000, against pandas. */
import { cpuEngine } from '../packages/compute/src/engine/cpu.ts';
import { inTurn, timed, type Benchmark } from './benchmark.ts';
import { gaussianColumns } from './columns.ts';
import { startPythonPeer } from './peers/python-peer.ts';

const length = 10_000_000;
const window = 400_000;

const script = `
import numpy, pandas
def versions():
    return {"pandas": pandas.__version__, "numpy": numpy.__version__}
def setup():
    return pandas.Series(numpy.random.default_rng(1).standard_normal(${length}))
def run(s):
    return s.rolling(${window}).std()
def check(y):
    return y.iloc[-1]
`;

export const benchmark: Benchmark = {
  summary: 'rolling std of 10 million values, window 400,000',
  target: 'at least twice as fast as pandas',
  async run() {
    const engine = cpuEngine();
    const columns = gaussianColumns(1, length, 1);
    await using peer = await startPythonPeer(script);
    const ours = async (): Promise<number> => {
      let blocks: Awaited<ReturnType<typeof engine.rolling>> = [];
      const spent = await timed(async () => (blocks = await engine.rolling(columns, [{ kind: 'std', window, ddof: 1 }], { precision: 'f64' })));
      for (const block of blocks) engine.release(block.buffer);
      return spent;
    };
    const times = await inTurn(ours, async () => (await peer.run()).ms, { rounds: 9 });
    // The series is read three times, and the result written once.
    const figures = { gigabytesPerSecond: (4 * 8 * length) / times.ours / 1e6, threads: engine.info().threads ?? 1 };
    return {
      cases: [{ case: '10,000,000 values, window 400,000', ...times, unit: 'ms', peerName: 'pandas rolling(400000).std()', figures }],
      versions: { ...peer.versions, engine: engine.info().device },
    };
  },
};
