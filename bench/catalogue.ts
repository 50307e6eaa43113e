/** The benchmarks by name, each read only when it is run. */
import { thisMachine, type Benchmark, type BenchResult } from './benchmark.ts';

const benchmarks: Readonly<Record<string, () => Promise<{ benchmark: Benchmark }>>> = {
  import: () => import('./import.ts'),
  pearson: () => import('./pearson.ts'),
  spearman: () => import('./spearman.ts'),
  'strongest-pairs': () => import('./strongest-pairs.ts'),
  kendall: () => import('./kendall.ts'),
  distance: () => import('./distance.ts'),
  'lead-lag': () => import('./lead-lag.ts'),
  'rolling-correlation': () => import('./rolling-correlation.ts'),
  'rolling-mean': () => import('./rolling-mean.ts'),
  'rolling-std': () => import('./rolling-std.ts'),
  'rolling-std-long': () => import('./rolling-std-long.ts'),
  'rolling-max': () => import('./rolling-max.ts'),
  'rolling-median': () => import('./rolling-median.ts'),
  'rolling-rank': () => import('./rolling-rank.ts'),
  'rolling-time-mean': () => import('./rolling-time-mean.ts'),
  indicators: () => import('./indicators.ts'),
  ksg: () => import('./ksg.ts'),
  lstm: () => import('./lstm.ts'),
  'k-means': () => import('./k-means.ts'),
  'matrix-profile': () => import('./matrix-profile.ts'),
  'gradient-boosting': () => import('./gradient-boosting.ts'),
  'random-forest': () => import('./random-forest.ts'),
  'job-roundtrip': () => import('./job-roundtrip.ts'),
  'api-read': () => import('./api-read.ts'),
  network: () => import('./network.ts'),
  memory: () => import('./memory.ts'),
};

export const benchmarkNames = Object.keys(benchmarks);

export async function loadBenchmark(name: string): Promise<Benchmark | null> {
  const load = benchmarks[name];
  return load === undefined ? null : (await load()).benchmark;
}

export async function runBenchmark(name: string, benchmark: Benchmark, log: (text: string) => void): Promise<BenchResult> {
  const { cases, versions } = await benchmark.run(log);
  const { ratio, ours, peer, unit, peerName } = cases[0];
  return {
    name,
    ratio,
    ours,
    peer,
    unit,
    peerName,
    target: benchmark.target,
    machine: thisMachine(),
    date: new Date().toISOString(),
    command: `corrente bench ${name} --json`,
    versions: { node: process.version, ...versions },
    cases,
  };
}
