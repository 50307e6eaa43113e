/** The first regression problem of Friedman (1991), for trees and their peers, who read the same bytes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Columns } from '../packages/compute/src/engine/contract.ts';
import type { TreeEnsemble } from '../packages/compute/src/engine/contract.trees.ts';
import { cpuEngine } from '../packages/compute/src/engine/cpu.ts';
import { inTurn, timed, type Benchmark, type Case } from './benchmark.ts';
import { uniform } from './columns.ts';
import { sameThreads } from './correlation.ts';
import { startPythonPeer } from './peers/python-peer.ts';

const [train, held, features] = [10_000, 10_000, 20];

export interface TreeBenchmark {
  readonly summary: string;
  readonly target: string;
  readonly peerName: string;
  /** The model in Python, with sklearn.ensemble as `ensemble`. */
  readonly model: string;
  readonly rounds: number;
  readonly grow: (table: Columns, target: Float64Array, train: Int32Array) => Promise<TreeEnsemble>;
}

/** y = 10 sin(π x₀ x₁) + 20 (x₂ - ½)² + 10 x₃ + 5 x₄ + noise of variance 1, features uniform in [0, 1). */
function friedman(rows: number, seed: number): { table: Columns; target: Float64Array } {
  const next = uniform(seed);
  const values = Float64Array.from({ length: features * rows }, next);
  const at = (feature: number, row: number): number => values[feature * rows + row]!;
  const noise = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const target = Float64Array.from({ length: rows }, (_, i) => 10 * Math.sin(Math.PI * at(0, i) * at(1, i)) + 20 * (at(2, i) - 0.5) ** 2 + 10 * at(3, i) + 5 * at(4, i) + noise());
  return { table: { values, series: features, length: rows, stride: rows }, target };
}

/** The share of the variance of the held-out rows that predictions explain. */
function explained(predicted: Float64Array, target: Float64Array): number {
  const rows = target.subarray(train);
  const mean = rows.reduce((sum, value) => sum + value, 0) / rows.length;
  let [residual, total] = [0, 0];
  for (const [i, value] of rows.entries()) {
    residual += (value - predicted[train + i]!) ** 2;
    total += (value - mean) ** 2;
  }
  return 1 - residual / total;
}

const script = (file: string, model: string): string => `
import numpy, sklearn
from sklearn import ensemble
def versions():
    return {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__, "python": __import__("platform").python_version()}
def setup():
    rows = numpy.fromfile(${JSON.stringify(file)}).reshape(${features + 1}, ${train + held})
    return numpy.ascontiguousarray(rows[:-1].T), rows[-1].copy()
def run(state):
    x, y = state
    return ${model}.fit(x[:${train}], y[:${train}]), x, y
def check(fitted):
    model, x, y = fitted
    return model.score(x[${train}:], y[${train}:])
`;

/** Times the fit of ours and of the peer on 10,000 rows, and compares R² on 10,000 others. */
export function treeBenchmark({ summary, target: wanted, peerName, model, rounds, grow }: TreeBenchmark): Benchmark {
  return {
    summary,
    target: wanted,
    async run(log) {
      const engine = cpuEngine();
      const { table, target } = friedman(train + held, 1);
      const folder = mkdtempSync(join(tmpdir(), 'corrente-bench-'));
      try {
        const file = join(folder, 'friedman.f64');
        writeFileSync(file, table.values);
        writeFileSync(file, target, { flag: 'a' });
        await using peer = await startPythonPeer(script(file, model), sameThreads(engine));
        const rows = Int32Array.from({ length: train }, (_, i) => i);
        let ensemble: TreeEnsemble | null = null;
        let peerR2 = Number.NaN;
        log('fitting …');
        const times = await inTurn(
          () =>
            timed(async () => {
              ensemble = await grow(table, target, rows);
            }),
          async () => {
            const { ms, check } = await peer.run();
            peerR2 = check;
            return ms;
          },
          { rounds, warmup: 1 },
        );
        if (ensemble === null) throw new Error('No trees were grown.');
        let predicted = new Float64Array(0);
        const grown: TreeEnsemble = ensemble;
        const predictMs = await timed(async () => {
          predicted = await engine.predictTrees(table, grown, { precision: 'f64' });
        });
        const figures = { r2: explained(predicted, target), peerR2, threads: engine.info().threads ?? 1, 'prediction of 20,000 rows, ms': predictMs };
        const one: Case = { case: `Friedman 1, ${train} × ${features}`, ...times, unit: 'ms', peerName, figures };
        return { cases: [one], versions: { ...peer.versions, engine: engine.info().device } };
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  };
}
