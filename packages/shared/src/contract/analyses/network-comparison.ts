/** Which links differ between two networks, or between the networks of two groups. */
import { z } from 'zod';
import type { AnalysisContract } from '../analysis.ts';
import type { ColumnSchema, TableSchema } from '../result.ts';

export const networkComparisonParams = z
  .strictObject({
    kind: z.enum(['within', 'between']).nullable().default(null).meta({ title: 'Kind', description: 'within: one subject under two conditions, one result each. between: two groups of subjects. Where null, within if each side has one result.' }),
    dependence: z.enum(['independent', 'dependent']).default('independent').meta({ title: 'Samples', description: 'independent: any may belong to either side. dependent: the first of A belongs to the first of B, and so on; only partners are exchanged.' }),
    exchange: z.enum(['auto', 'trials', 'realisations']).default('auto').meta({ title: 'What is exchanged', description: 'within: whole trials, or single realisations. auto: trials where these can be exchanged in more ways than permutations are wanted.' }),
    tails: z.enum(['two', 'one']).default('two').meta({ title: 'Tails', description: 'two: A differs from B, each tail at half of alpha. one: A is greater than B.' }),
    permutations: z.int().min(1).max(1_000_000).default(500).meta({ title: 'Permutations', description: 'Exchanges between the sides; all there are where they are fewer (between).' }),
    alpha: z.number().gt(0).lt(1).default(0.05).meta({ title: 'Significance level' }),
    onlySignificant: z.boolean().default(false).meta({ title: 'Only what stands', description: 'Leaves out variables that the control of false discoveries rejected in the result they come from.' }),
  })
  .meta({ id: 'NetworkComparisonParams' });
export type NetworkComparisonParams = z.infer<typeof networkComparisonParams>;

/** What p must be below: half of alpha for two tails. */
export function thresholdOf({ tails, alpha }: Pick<NetworkComparisonParams, 'tails' | 'alpha'>): number {
  return tails === 'two' ? alpha / 2 : alpha;
}

const name = (column: string, description: string): ColumnSchema => ({ name: column, type: 'utf8', description });
const information = (column: string, description: string): ColumnSchema => ({ name: column, type: 'float64', unit: 'nats or bits', description });

const tables: TableSchema[] = [
  {
    name: 'differences',
    title: 'Differences',
    columns: [
      name('source', 'The process that drives.'),
      name('target', 'The process that is driven.'),
      { name: 'lag', type: 'int32', unit: 'samples', description: 'Of those in the union the one whose variable had the largest te in any result.' },
      information('difference', 'te_a less te_b; in the unit of the estimator, nats of ksg1, ksg2 and gaussian, else bits.'),
      { name: 'p', type: 'float64', unit: '1', description: 'The share of exchanges that reach the difference; for two tails the smaller of both.' },
      information('te_a', 'Of all lags jointly, given all else in the union: of the result, or the mean of the group.'),
      information('te_b', 'The same of the other side.'),
      { name: 'significant', type: 'bool', description: 'p below alpha; for two tails below half of it.' },
      name('lags', 'All lags of the source in the union.'),
      { name: 'found_a', type: 'int32', description: 'Results under a that have the link.' },
      { name: 'found_b', type: 'int32', description: 'Results under b that have it.' },
      { name: 'permutations', type: 'int32', description: 'Exchanges that p is a share of.' },
    ],
  },
  {
    name: 'estimates',
    title: 'Estimates',
    columns: [
      name('side', 'a or b.'),
      name('job', 'The result whose data it is of.'),
      name('source', 'The process that drives.'),
      name('target', 'The process that is driven.'),
      information('te', 'Of all lags jointly, given all else in the union.'),
    ],
  },
];

/** Operations of one KSG estimate for each realisation: every one has a session of its own, whose neighbours no other shares. */
const operationsPerPoint = 5_000;

export const networkComparison: AnalysisContract<typeof networkComparisonParams> = {
  name: 'network-comparison',
  title: 'Network comparison',
  summary: 'Which links differ between two results of network inference, or between two groups of them: all links of either are estimated anew on the same variables, and tested by exchanging trials, realisations or subjects.',
  version: 1,
  params: networkComparisonParams,
  engines: ['cuda', 'cpu', 'portable'],
  tolerance: {
    metric: 'largest absolute difference of te',
    f64: 1e-12,
    f32: 0.02,
    reason: 'The estimates are those of network inference.',
  },
  inputResults: ['network-inference'],
  tables: () => tables,
  estimate(params, shape) {
    // The results are not known here: their data are taken to be like the data set of the job, a link for each series.
    const links = shape.series.length;
    const estimates = links * 2 * (1 + (params.kind === 'between' ? 0 : params.permutations));
    return {
      memoryBytes: shape.rows * 8 * (6 * shape.series.length + 40) + Math.min(2 ** 29, shape.rows * 4096) + 16 * params.permutations,
      operations: estimates * shape.rows * operationsPerPoint,
      bytes: shape.rows * 8 * shape.series.length * 2,
    };
  },
};
