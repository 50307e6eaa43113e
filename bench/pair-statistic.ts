/** Statistics of pairs whose peer takes them one at a time: its loop is run over some pairs and extrapolated to all. */
import { cpuEngine } from '../packages/compute/src/engine/cpu.ts';
import type { Columns, CorrelationMethod } from '../packages/compute/src/engine/contract.ts';
import { inTurn, timed, type Benchmark, type Case } from './benchmark.ts';
import { gaussianColumns, uniform } from './columns.ts';
import { startPythonPeer } from './peers/python-peer.ts';

interface Shape {
  readonly series: number;
  readonly length: number;
  /** Pairs that the peer really computes. */
  readonly peerPairs: number;
  /** Values rounded to quarters. */
  readonly ties?: boolean;
  /** Share of values that are missing. */
  readonly missing?: number;
}

interface Peer {
  readonly method: CorrelationMethod;
  readonly target: string;
  readonly peerName: string;
  /** Of arrays a and b, an expression. */
  readonly peer: string;
  readonly imports: string;
  /** Further entries of a Python dictionary. */
  readonly versions: string;
  readonly shapes: readonly [Shape, ...Shape[]];
}

const script = ({ peer, imports, versions }: Peer, { length, peerPairs, ties = false, missing = 0 }: Shape): string => `
import numpy
${imports}
def versions():
    return {"numpy": numpy.__version__, "python": __import__("platform").python_version(), ${versions}}
def setup():
    random = numpy.random.default_rng(1)
    x = random.standard_normal((${peerPairs + 1}, ${length}))
    if ${ties ? 'True' : 'False'}: x = numpy.round(4 * x) / 4
    x[random.random(x.shape) < ${missing}] = numpy.nan
    return x
def pair(a, b):
    common = ~(numpy.isnan(a) | numpy.isnan(b))
    if not common.all(): a, b = a[common], b[common]
    return ${peer}
def run(x):
    return sum(pair(x[k], x[k + 1]) for k in range(${peerPairs}))
def check(r):
    return r
`;

function columnsOf({ series, length, ties = false, missing = 0 }: Shape): Columns {
  const columns = gaussianColumns(series, length, 1);
  const next = uniform(2);
  const values = columns.values.map((value) => (next() < missing ? Number.NaN : ties ? Math.round(4 * value) / 4 : value));
  return { ...columns, values };
}

async function measure(peer: Peer, shape: Shape, versions: Record<string, string>): Promise<Case> {
  const engine = cpuEngine();
  const threads = engine.info().threads ?? 1;
  const { series, length, peerPairs, ties = false, missing = 0 } = shape;
  const columns = columnsOf(shape);
  const pairs = (series * (series - 1)) / 2;
  await using python = await startPythonPeer(script(peer, shape), { OPENBLAS_NUM_THREADS: String(threads), OMP_NUM_THREADS: String(threads) });
  Object.assign(versions, python.versions, { engine: engine.info().device });
  const ours = (): Promise<number> =>
    timed(async () => {
      const session = await engine.openCorrelation(columns, { method: peer.method, ddof: 0 }, { precision: 'f64' });
      const { r } = await session.tile(0, series, 0, series, { precision: 'f64' });
      session.close();
      engine.release(r.buffer);
    });
  const times = await inTurn(ours, async () => ((await python.run()).ms * pairs) / peerPairs, { rounds: 5, warmup: 1 });
  const made = [ties ? 'with ties' : null, missing > 0 ? `${100 * missing} % missing` : null].filter((word) => word !== null).join(', ');
  const extrapolated = peerPairs < pairs ? `; the peer's ${peerPairs} pairs extrapolated to ${pairs}` : '';
  return { case: `${series} × ${length}${made === '' ? '' : `, ${made}`}${extrapolated}`, ...times, unit: 'ms', peerName: peer.peerName, figures: { microsecondsPerPair: (1000 * times.ours) / pairs, threads } };
}

/** A benchmark of a method over several shapes, the first the main one. */
export function pairStatisticBenchmark(peer: Peer): Benchmark {
  return {
    summary: `${peer.method} correlation of every pair, float64`,
    target: peer.target,
    async run(log) {
      const versions: Record<string, string> = {};
      const [main, ...others] = peer.shapes;
      log(`${main.series} × ${main.length} …`);
      const cases: [Case, ...Case[]] = [await measure(peer, main, versions)];
      for (const shape of others) {
        log(`${shape.series} × ${shape.length} …`);
        cases.push(await measure(peer, shape, versions));
      }
      return { cases, versions };
    },
  };
}
