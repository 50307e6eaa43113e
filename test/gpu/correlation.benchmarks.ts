/** How fast correlation is: a matrix, the strongest pairs of many series, and the methods that walk each pair. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Precision } from '@corrente/shared/contract/engine';
import type { CorrelationMethod } from '../../packages/compute/src/engine/contract.ts';
import { type Benchmark, noise, wordBytes } from './benchmarks.ts';

/** Operations for each pair of so many rows, as the kernels count them. */
const perPair: Readonly<Record<CorrelationMethod, (rows: number) => number>> = {
  pearson: (rows) => 2 * rows,
  covariance: (rows) => 2 * rows,
  spearman: (rows) => 2 * rows,
  kendall: (rows) => (rows * Math.log2(rows) ** 2) / 2,
  distance: (rows) => 24 * rows * rows,
};

function matrix(method: CorrelationMethod, series: number, length: number, precision: Precision, runs: number): Benchmark {
  const word = wordBytes(precision);
  return {
    name: `${method} ${series} × ${length}, the whole matrix`,
    precision,
    runs,
    columns: () => noise(series, length),
    run: async (engine, columns) => {
      const session = await engine.openCorrelation(columns, { method, ddof: 1 }, { precision });
      try {
        const { r } = await session.tile(0, series, 0, series, { precision });
        engine.release(r.buffer);
      } finally {
        session.close();
      }
    },
    operations: ((series * (series + 1)) / 2) * perPair[method](length),
    busBytes: series * length * 8 + series * series * word,
    memoryBytes: series * length * (8 + 2 * word) + series * series * word,
  };
}

/** From host memory; its kernels alone are what it takes with the series on the device. */
function strongest(series: number, length: number, top: number, precision: Precision, runs: number): Benchmark {
  const word = wordBytes(precision);
  return {
    name: `pearson, the ${top} strongest pairs of ${series} × ${length}`,
    precision,
    runs,
    columns: () => noise(series, length),
    run: async (engine, columns) => {
      const session = await engine.openCorrelation(columns, { method: 'pearson', ddof: 0 }, { precision });
      try {
        await session.strongest(0, series, 0, series, { minAbs: 0, minPeriods: 2, top }, { precision });
      } finally {
        session.close();
      }
    },
    operations: ((series * (series - 1)) / 2) * perPair.pearson(length),
    busBytes: series * length * 8,
    memoryBytes: series * length * (8 + 2 * word) + series * series * word,
  };
}

function leadLag(series: number, length: number, maxLag: number, precision: Precision, runs: number): Benchmark {
  return {
    name: `lead and lag of ${series} × ${length}, lags to ${maxLag}`,
    precision,
    runs,
    columns: () => noise(series, length),
    run: async (engine, columns) => {
      const session = await engine.openLeadLag(columns, { maxLag, minPeriods: 2 }, { precision });
      try {
        await session.tile(0, series, 0, series, { precision });
      } finally {
        session.close();
      }
    },
    operations: series * series * length * (2 * maxLag + 1) * 14,
    busBytes: series * length * 8 + series * series * (wordBytes(precision) + 8),
    memoryBytes: series * length * 8 + series * series * (wordBytes(precision) + 8),
  };
}

export const correlationBenchmarks: readonly Benchmark[] = [
  ...(['f64', 'f32'] as const).flatMap((precision) => [matrix('pearson', 4000, 2500, precision, 5), strongest(20_000, 2520, 1000, precision, 3)]),
  matrix('spearman', 4000, 2500, 'f64', 5),
  matrix('kendall', 500, 2500, 'f64', 3),
  matrix('distance', 60, 2500, 'f64', 3),
  leadLag(500, 2500, 20, 'f64', 3),
];

/** What CuPy takes for the same matrices, as its script beside this file says it; or why there is nothing to say. */
export function cupyPeer(folder: string): string {
  try {
    return execFileSync('python3', [join(folder, 'correlation.cupy.py')], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  } catch (error) {
    return `CuPy does not answer: ${(error instanceof Error ? error.message : String(error)).split('\n').at(-2) ?? 'no reason given'}`;
  }
}
