/** What the rolling benchmarks share: ten million values, window 50, against Bottleneck and a copy of the memory. */
import { cpuEngine } from '../packages/compute/src/engine/cpu.ts';
import type { RollingKind } from '../packages/compute/src/engine/contract.ts';
import { inTurn, timed, type Benchmark } from './benchmark.ts';
import { gaussianColumns } from './columns.ts';
import { startPythonPeer } from './peers/python-peer.ts';

const length = 10_000_000;
const window = 50;

const script = (call: string): string => `
import numpy, bottleneck
def versions():
    return {"bottleneck": bottleneck.__version__, "numpy": numpy.__version__}
def setup():
    return numpy.random.default_rng(1).standard_normal(${length})
def run(x):
    return ${call}
def check(y):
    return y[-1]
`;

/** A warm copy of the same memory by one thread: 80 MB read, 80 MB written to pages that were touched before. */
function warmCopy(values: Float64Array): () => Promise<number> {
  const copy = new Float64Array(values.length);
  copy.set(values);
  return async () => await timed(() => copy.set(values));
}

export function rollingBenchmark(kind: RollingKind, call: string, target: string): Benchmark {
  return {
    summary: `rolling ${kind} of 10 million values, window 50`,
    target,
    async run() {
      const engine = cpuEngine();
      const columns = gaussianColumns(1, length, 1);
      await using peer = await startPythonPeer(script(call));
      // The result's memory goes back to the engine's pool after each run, outside the timing, as a run's reader is done
      // with it by then; the peer's is freed by Python in the same way.
      const ours = async (): Promise<number> => {
        let blocks: Awaited<ReturnType<typeof engine.rolling>> = [];
        const spent = await timed(async () => (blocks = await engine.rolling(columns, [{ kind, window, ddof: 1 }], { precision: 'f64' })));
        for (const block of blocks) engine.release(block.buffer);
        return spent;
      };
      const peerName = `bottleneck ${call.replace('bottleneck.', '')}`;
      const times = await inTurn(ours, async () => (await peer.run()).ms, { rounds: 15 });
      const copy = await inTurn(ours, warmCopy(columns.values), { rounds: 15 });
      const figures = { gigabytesPerSecond: (16 * length) / times.ours / 1e6, overWarmCopy: 1 / copy.ratio, threads: engine.info().threads ?? 1 };
      return {
        cases: [
          { case: '10,000,000 values, window 50', ...times, unit: 'ms', peerName, figures },
          { case: 'the same against a warm copy', ...copy, unit: 'ms', peerName: 'a warm copy of the same memory, one thread' },
        ],
        versions: { ...peer.versions, engine: engine.info().device },
      };
    },
  };
}
