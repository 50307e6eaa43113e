/** k-means of 100,000 points of 20 dimensions in 10 clusters, against scikit-learn on the same points. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Columns } from '../packages/compute/src/engine/contract.ts';
import { cpuEngine } from '../packages/compute/src/engine/cpu.ts';
import type { NativeEngine } from '../packages/compute/src/engine/native.ts';
import { inTurn, timed, type Benchmark, type Case } from './benchmark.ts';
import { gaussianColumns, uniform } from './columns.ts';
import { sameThreads } from './correlation.ts';
import { startPythonPeer } from './peers/python-peer.ts';

const [points, dimensions, clusters] = [100_000, 20, 10];
const [iterations, tolerance] = [300, 1e-4];

const script = (file: string, starts: number): string => `
import numpy, sklearn
from sklearn.cluster import KMeans
def versions():
    return {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__, "python": __import__("platform").python_version()}
def setup():
    return numpy.ascontiguousarray(numpy.fromfile(${JSON.stringify(file)}).reshape(${dimensions}, ${points}).T)
def run(x):
    return KMeans(n_clusters=${clusters}, init="k-means++", n_init=${starts}, max_iter=${iterations}, tol=${tolerance}, random_state=1).fit(x)
def check(found):
    return found.inertia_
`;

/** Ten groups whose spread is about the distance of their centres. */
function groups(seed: number): Columns {
  const next = uniform(seed);
  const centres = Float64Array.from({ length: clusters * dimensions }, () => 3 * (next() - 0.5));
  const group = Int32Array.from({ length: points }, () => Math.floor(clusters * next()));
  const noise = gaussianColumns(dimensions, points, seed + 1);
  for (let d = 0; d < dimensions; d += 1) for (let i = 0; i < points; i += 1) noise.values[d * noise.stride + i]! += centres[group[i]! * dimensions + d]!;
  return noise;
}

async function measured(engine: NativeEngine, name: string, columns: Columns, starts: number, rounds: number): Promise<{ case: Case; versions: Readonly<Record<string, string>> }> {
  const folder = mkdtempSync(join(tmpdir(), 'corrente-bench-'));
  try {
    const file = join(folder, 'points.f64');
    writeFileSync(file, columns.values.subarray(0, dimensions * points));
    await using peer = await startPythonPeer(script(file, starts), sameThreads(engine));
    let [inertia, peerInertia] = [Number.NaN, Number.NaN];
    const ours = async (): Promise<number> =>
      timed(async () => {
        inertia = (await engine.kMeans(columns, { clusters, starts, iterations, tolerance, stream: [1, 2, 3, 4] }, { precision: 'f64' })).inertia;
      });
    const theirs = async (): Promise<number> => {
      const { ms, check } = await peer.run();
      peerInertia = check;
      return ms;
    };
    const times = await inTurn(ours, theirs, { rounds, warmup: 1 });
    const figures = { starts, threads: engine.info().threads ?? 1, inertia, 'inertia over peer': inertia / peerInertia };
    return { case: { case: name, ...times, unit: 'ms', peerName: 'sklearn.cluster.KMeans', figures }, versions: peer.versions };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const benchmark: Benchmark = {
  summary: 'k-means of 100,000 × 20 in 10 clusters',
  target: 'at least as fast as scikit-learn, inertia within 1 %',
  async run(log) {
    const engine = cpuEngine();
    log('ten groups that overlap …');
    const first = await measured(engine, 'ten groups that overlap, 4 starts', groups(3), 4, 5);
    log('no groups …');
    const second = await measured(engine, 'no groups, 1 start', gaussianColumns(dimensions, points, 5), 1, 3);
    return { cases: [first.case, second.case], versions: { ...first.versions, engine: engine.info().device } };
  },
};
