/**
 * The 1,000 strongest of all pairs of 20,000 series, against numpy: x @ x.T in blocks of rows, of each block the
 * strongest by argpartition. numpy takes some blocks of the 20,000 series, and its time is scaled by the pairs left.
 */
import { readFile } from 'node:fs/promises';
import { cpuEngine } from '../packages/compute/src/engine/cpu.ts';
import type { Columns } from '../packages/compute/src/engine/contract.ts';
import type { NativeEngine } from '../packages/compute/src/engine/native.ts';
import { inTurn, timed, type Benchmark } from './benchmark.ts';
import { gaussianColumns } from './columns.ts';
import { sameThreads } from './correlation.ts';
import { startPythonPeer } from './peers/python-peer.ts';

const [series, length, top] = [20_000, 2520, 1000];
const blockRows = 500;
const peerBlocks = 4;

/** Blocks of rows spread over the matrix, each with the columns from its first row on; `share` of all pairs. */
const firstRows = Array.from({ length: peerBlocks }, (_, i) => Math.floor(((i + 0.5) * series) / peerBlocks / blockRows) * blockRows);
const share = firstRows.reduce((pairs, from) => pairs + blockRows * (series - from), 0) / ((series * (series + blockRows)) / 2);

const script = `
import numpy
def versions():
    return {"numpy": numpy.__version__, "python": __import__("platform").python_version()}
def setup():
    x = numpy.random.default_rng(1).standard_normal((${series}, ${length}))
    x -= x.mean(axis=1, keepdims=True)
    x /= numpy.sqrt((x * x).sum(axis=1, keepdims=True))
    return x
def run(x):
    found = []
    for first in ${JSON.stringify(firstRows)}:
        r = numpy.abs(x[first:first + ${blockRows}] @ x[first:].T)
        r[numpy.tril_indices(${blockRows})] = 0
        flat = r.ravel()
        found.append(flat[numpy.argpartition(flat, -${top})[-${top}:]])
    return numpy.sort(numpy.concatenate(found))[-${top}:]
def check(r):
    return r.sum()
`;

async function strongest(engine: NativeEngine, columns: Columns): Promise<number> {
  return timed(async () => {
    const session = await engine.openCorrelation(columns, { method: 'pearson', ddof: 1 }, { precision: 'f64' });
    const { r } = await session.strongest(0, series, 0, series, { minAbs: 0, minPeriods: 2, top }, { precision: 'f64' });
    session.close();
    if (r.length !== top) throw new Error(`${r.length} pairs came, expected ${top}.`);
  });
}

/** The most memory that this process has had in use, in bytes; null where the system does not tell. */
async function peakMemory(): Promise<number | null> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) * 1024;
}

export const benchmark: Benchmark = {
  summary: 'the 1,000 strongest pairs of 20,000 × 2,520, float64, without the matrix',
  target: '12 s on two cores that multiply at 150 GFLOP/s, with less than 4 GiB in all',
  async run(log) {
    const engine = cpuEngine();
    const columns = gaussianColumns(series, length, 3);
    await using peer = await startPythonPeer(script, sameThreads(engine));
    log(`20,000 × 2,520; numpy does ${(100 * share).toFixed(1)} % of the pairs …`);
    const times = await inTurn(() => strongest(engine, columns), async () => (await peer.run()).ms / share, { rounds: 2, warmup: 0 });
    const memory = await peakMemory();
    const figures = {
      gigaflops: (series * (series + 1) * length) / times.ours / 1e6,
      threads: engine.info().threads ?? 1,
      peerShareOfPairs: share,
      ...(memory === null ? {} : { peakMemoryBytes: memory }),
    };
    const name = `top 1,000 of 20,000 × 2,520; numpy extrapolated from ${(100 * share).toFixed(1)} % of the pairs`;
    return { cases: [{ case: name, ...times, unit: 'ms', peerName: 'numpy x @ x.T in blocks, argpartition', figures }], versions: { ...peer.versions, engine: engine.info().device } };
  },
};
