/** Spearman's correlation matrix against scipy.stats.spearmanr in its matrix form. */
import { cpuEngine } from '../packages/compute/src/engine/cpu.ts';
import { inTurn, type Benchmark } from './benchmark.ts';
import { gaussianColumns } from './columns.ts';
import { sameThreads, timedMatrix } from './correlation.ts';
import { startPythonPeer } from './peers/python-peer.ts';

const [series, length] = [1000, 2500];

const script = `
import numpy, scipy, scipy.stats
def versions():
    return {"scipy": scipy.__version__, "numpy": numpy.__version__, "python": __import__("platform").python_version()}
def setup():
    return numpy.random.default_rng(1).standard_normal((${series}, ${length}))
def run(x):
    return scipy.stats.spearmanr(x, axis=1).statistic
def check(r):
    return r.trace()
`;

export const benchmark: Benchmark = {
  summary: `Spearman's correlation matrix of 1,000 × 2,500, float64`,
  target: 'at least 5 times as fast as scipy.stats.spearmanr',
  async run(log) {
    const engine = cpuEngine();
    const columns = gaussianColumns(series, length, 2);
    await using peer = await startPythonPeer(script, sameThreads(engine));
    log('1,000 × 2,500 …');
    const times = await inTurn(() => timedMatrix(engine, columns, 'spearman', 'f64'), async () => (await peer.run()).ms, { rounds: 9 });
    const figures = { threads: engine.info().threads ?? 1 };
    return { cases: [{ case: '1,000 × 2,500', ...times, unit: 'ms', peerName: 'scipy.stats.spearmanr', figures }], versions: { ...peer.versions, engine: engine.info().device } };
  },
};
