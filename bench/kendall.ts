/** Kendall's tau of every pair against scipy.stats.kendalltau in a loop over some of them. */
import { pairStatisticBenchmark } from './pair-statistic.ts';

export const benchmark = pairStatisticBenchmark({
  method: 'kendall',
  target: 'at least 20 times as fast as scipy.stats.kendalltau in a loop',
  peerName: 'scipy.stats.kendalltau',
  peer: 'kendalltau(a, b).statistic',
  imports: 'import scipy\nfrom scipy.stats import kendalltau',
  versions: '"scipy": scipy.__version__',
  shapes: [
    { series: 300, length: 2500, peerPairs: 200 },
    { series: 300, length: 2500, peerPairs: 200, ties: true },
    { series: 300, length: 2500, peerPairs: 200, missing: 0.05 },
    { series: 4, length: 200_000, peerPairs: 6 },
  ],
});
