/** How fast estimates of information are: one of them, amortised over its surrogates, and a whole network. */
import type { Precision } from '@corrente/shared/contract/engine';
import type { Columns, NeighbourRule } from '../../packages/compute/src/engine/contract.ts';
import type { Benchmark } from './benchmarks.ts';
import { gaussian } from '../../packages/compute/test/series/random.ts';
import { inferNetwork, muteColumns } from './network.ts';

const neighbours = 4;
const rule: NeighbourRule = { estimator: 'ksg1', neighbours, theiler: 0 };
const surrogates = 200;

/** X, Y and three dimensions of Z that both lean on. */
function dependent(points: number): Columns {
  const values = Float64Array.from({ length: 5 * points }, (_, at) => gaussian(1 + Math.floor(at / points), at % points));
  for (let i = 0; i < points; i++) {
    const z = values[2 * points + i] ?? 0;
    values[i] = (values[i] ?? 0) + 0.6 * z;
    values[points + i] = 0.7 * (values[points + i] ?? 0) + 0.5 * (values[i] ?? 0) - 0.3 * z;
  }
  return { values, series: 5, length: points, stride: points };
}

/** Series [from, to) of the columns. */
const part = ({ values, stride, length }: Columns, from: number, to: number): Columns => ({ values: values.subarray(from * stride, to * stride), series: to - from, length, stride });

/**
 * What a lane must look at: about k (N / k)^(1/5) neighbours in YZ and k (N / k)^(2/5) in Z, at 3 operations and, of the
 * permuted X, 8 bytes each; distances in Y and Z of every pair, once.
 */
function scanned(points: number): { readonly operations: number; readonly entries: number } {
  const share = points / neighbours;
  const entries = points * (1 + surrogates) * neighbours * (share ** (1 / 5) + share ** (2 / 5));
  return { operations: 3 * entries + points * points * 4 * 3, entries };
}

function ksg(points: number, precision: Precision, runs: number): Benchmark {
  const { operations, entries } = scanned(points);
  return {
    name: `ksg1, dimensions 1, 1 | 3, N = ${points}, one session with ${surrogates} surrogates`,
    precision,
    runs,
    columns: () => dependent(points),
    run: async (engine, columns) => {
      const session = await engine.openInformation(part(columns, 1, 2), part(columns, 2, 5), rule, { precision });
      try {
        await session.estimate([{ source: part(columns, 0, 1), surrogates, permute: { stream: [1, 2, 3, 4] } }], { precision });
      } finally {
        session.close();
      }
      return 1 + surrogates;
    },
    operations,
    busBytes: 5 * 8 * points,
    memoryBytes: entries * (precision === 'f64' ? 8 : 4),
  };
}

/** `folder` holds the series of the MuTE processes. */
export const informationBenchmarks = (folder: string): readonly Benchmark[] => [
  ksg(1000, 'f64', 15),
  ksg(1000, 'f32', 15),
  ksg(10_000, 'f64', 9),
  ksg(10_000, 'f32', 9),
  ksg(100_000, 'f64', 5),
  ksg(100_000, 'f32', 5),
  {
    name: 'network of the MuTE processes, 5 × 1000, multivariate transfer entropy, ksg1',
    precision: 'f64',
    runs: 5,
    columns: () => muteColumns(folder),
    run: async (engine, columns) => (await inferNetwork(engine, columns)).estimates,
    // Of 70,000 estimates, each of which scans as above.
    operations: (70_000 / (1 + surrogates)) * 3 * scanned(995).entries,
    busBytes: 70_000 * 8,
    memoryBytes: (70_000 / (1 + surrogates)) * 8 * scanned(995).entries,
  },
];
