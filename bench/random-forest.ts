/** A random forest of 100 trees against scikit-learn's RandomForestRegressor, both grown until leaves are pure. */
import { cpuEngine } from '../packages/compute/src/engine/cpu.ts';
import { treeBenchmark } from './friedman.ts';

export const benchmark = treeBenchmark({
  summary: 'random forest, 100 trees on 10,000 × 20 (Friedman 1), all features at each split',
  target: 'at least as fast as scikit-learn, R² within 0.01',
  peerName: 'sklearn.ensemble.RandomForestRegressor',
  model: `ensemble.RandomForestRegressor(100, n_jobs=${cpuEngine().info().threads ?? 1}, random_state=1)`,
  rounds: 3,
  async grow(table, target, train) {
    const request = { target, classes: 0, train, bins: 255, maxDepth: 0, minLeaf: 1, stream: [1, 2, 3, 4], trees: 100, featuresPerSplit: table.series, bootstrap: true } as const;
    return await cpuEngine().growForest(table, request, { precision: 'f64' });
  },
});
