/** Gradient boosting of 100 rounds against scikit-learn's HistGradientBoostingRegressor, both as it comes. */
import { cpuEngine } from '../packages/compute/src/engine/cpu.ts';
import { treeBenchmark } from './friedman.ts';

export const benchmark = treeBenchmark({
  summary: 'histogram gradient boosting, 100 rounds on 10,000 × 20 (Friedman 1)',
  target: 'at least as fast as scikit-learn, R² within 0.005',
  peerName: 'sklearn.ensemble.HistGradientBoostingRegressor',
  model: 'ensemble.HistGradientBoostingRegressor(max_iter=100, early_stopping=False)',
  rounds: 7,
  async grow(table, target, train) {
    const validation = new Int32Array(0);
    const request = { target, classes: 0, train, validation, bins: 255, maxDepth: 0, minLeaf: 20, stream: [1, 2, 3, 4], rounds: 100, learningRate: 0.1, maxLeaves: 31, l2: 0, featureShare: 1, patience: 0 } as const;
    return (await cpuEngine().growBoosted(table, request, { precision: 'f64' })).ensemble;
  },
});
