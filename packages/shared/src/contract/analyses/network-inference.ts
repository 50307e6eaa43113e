/** Who drives whom: networks of transfer entropy and mutual information, and each process's active information. */
import { z } from 'zod';
import type { AnalysisContract, InputShape } from '../analysis.ts';
import type { ColumnSchema, TableSchema } from '../result.ts';

export const networkMethods = ['multivariate-te', 'bivariate-te', 'multivariate-mi', 'bivariate-mi', 'active-information'] as const;
export type NetworkMethod = (typeof networkMethods)[number];

export const networkEstimators = ['ksg1', 'ksg2', 'gaussian', 'discrete', 'kernel', 'symbolic'] as const;
export type NetworkEstimator = (typeof networkEstimators)[number];

export const surrogateMethods = ['random', 'circular', 'block', 'local'] as const;
export type SurrogateMethod = (typeof surrogateMethods)[number];

/** Stages of a target as the table `tests` names them. */
export const networkStages = ['target-past', 'sources', 'prune', 'omnibus', 'sequential'] as const;
export type NetworkStage = (typeof networkStages)[number];

const longestLag = 10_000;
const lag = z.int().max(longestLag);
const draws = z.int().min(1).max(1_000_000);
const names = z.array(z.string()).min(1);
const embedding = z.enum(['greedy', 'ragwitz', 'max-ais']).default('greedy');

const permutations = z
  .strictObject({
    maxStatistic: draws.default(200).meta({ title: 'Maximum statistic', description: 'Of each candidate in each round of inclusion.' }),
    minStatistic: draws.default(500).meta({ title: 'Minimum statistic', description: 'Of each chosen variable in each round of pruning.' }),
    omnibus: draws.default(500).meta({ title: 'Omnibus test', description: 'Of all chosen source variables together; of the whole past for active information.' }),
    sequential: draws.default(500).meta({ title: 'Sequential maximum statistic', description: 'Of each source variable that remains.' }),
  })
  .meta({ id: 'NetworkPermutations' });

const surrogates = z
  .strictObject({
    method: z.enum(surrogateMethods).default('random').meta({ title: 'Surrogates', description: 'How a variable is permuted in time: at random, shifted round the circle, in blocks, or at random among close neighbours.' }),
    maxShift: z.int().min(1).nullable().default(null).meta({ title: 'Largest shift', description: 'circular: shifts are drawn from 1 up to this; half of the samples where null.', unit: 'samples' }),
    blockSize: z.int().min(1).nullable().default(null).meta({ title: 'Block size', description: 'block: a tenth of the samples where null.', unit: 'samples' }),
    permRange: z.int().min(2).nullable().default(null).meta({ title: 'Range', description: 'block: within how many blocks these are exchanged, all where null. local: within how many samples, a tenth of all where null.' }),
    acrossTrials: z.boolean().default(true).meta({ title: 'Whole trials', description: 'Permutes whole trials where they are many enough (their number factorial above the number of permutations).' }),
  })
  .meta({ id: 'NetworkSurrogates' });

export const networkInferenceParams = z
  .strictObject({
    method: z.enum(networkMethods).default('multivariate-te').meta({ title: 'Method', description: 'Transfer entropy (given the past of the target) or mutual information; sources given each other or one by one; or the active information storage of each process.' }),
    estimator: z.enum(networkEstimators).default('ksg1').meta({ title: 'Estimator', description: 'Kraskov, Stögbauer and Grassberger (algorithm 1 or 2), Gaussian (linear), discrete, kernel, or symbolic (discrete over ordinal patterns).' }),
    neighbours: z.int().min(1).max(1000).default(4).meta({ title: 'Neighbours', description: 'k of ksg1 and ksg2.' }),
    theiler: z.int().min(0).max(1_000_000).default(0).meta({ title: 'Theiler window', description: 'Samples up to this far apart are no neighbours.', unit: 'samples' }),
    kernelWidth: z.number().positive().max(1e6).default(0.25).meta({ title: 'Kernel width', description: 'kernel: half the side of the box, in standard deviations where series are normalised.' }),
    bins: z.int().min(2).max(100_000).nullable().default(null).meta({ title: 'Bins', description: 'discrete: how many; null expects whole numbers.' }),
    binning: z.enum(['none', 'equal-width', 'equal-frequency']).default('equal-width').meta({ title: 'Binning', description: 'discrete, where bins are given.' }),
    patternOrder: z.int().min(2).max(8).default(3).meta({ title: 'Pattern order', description: 'symbolic: how many values make an ordinal pattern.', unit: 'samples' }),
    maxLagSources: lag.min(0).default(5).meta({ title: 'Largest lag of sources', unit: 'samples' }),
    minLagSources: lag.min(0).default(1).meta({ title: 'Smallest lag of sources', description: '0 is possible for mutual information only.', unit: 'samples' }),
    maxLagTarget: lag.min(1).nullable().default(null).meta({ title: 'Largest lag of the target', description: 'That of the sources where null.', unit: 'samples' }),
    tauSources: lag.min(1).default(1).meta({ title: 'Spacing of source lags', unit: 'samples' }),
    tauTarget: lag.min(1).default(1).meta({ title: 'Spacing of target lags', unit: 'samples' }),
    targetEmbedding: embedding.meta({ title: 'Past of the target', description: 'greedy: lag by lag, as far as each tells something new. ragwitz, max-ais: one uniform embedding, by the smallest prediction error or the largest bias-corrected active information.' }),
    sourceEmbedding: embedding.meta({ title: 'Past of the sources', description: 'greedy: every lag is a candidate. ragwitz, max-ais: only the lags of the uniform embedding of that source are.' }),
    targets: names.nullable().default(null).meta({ title: 'Targets', description: 'All series where null.' }),
    sources: z
      .union([names, z.record(z.string(), names)])
      .nullable()
      .default(null)
      .meta({ title: 'Sources', description: 'A list for every target, or an object with a list for each target; all other series where null or not named.' }),
    conditionals: z
      .union([z.array(z.strictObject({ process: z.string(), lag: lag.min(0) })).min(1), z.literal('faes')])
      .nullable()
      .default(null)
      .meta({ title: 'Forced conditions', description: 'Variables that every test is conditioned on, such as [{"process": "SPY", "lag": 0}]; faes: the present of every source.' }),
    permutations: permutations.prefault({}).meta({ title: 'Permutations' }),
    surrogates: surrogates.prefault({}).meta({ title: 'Surrogates' }),
    nullDistribution: z.enum(['auto', 'permutation', 'analytic']).default('auto').meta({ title: 'Null distribution', description: 'auto: analytic for gaussian, permutation for the others. analytic: gaussian, discrete and symbolic only.' }),
    alpha: z.number().gt(0).lt(1).default(0.05).meta({ title: 'Significance level' }),
    fdr: z.boolean().default(true).meta({ title: 'Control false discoveries', description: 'Over all targets, or all links.' }),
    fdrMethod: z.enum(['benjamini-yekutieli', 'benjamini-hochberg']).default('benjamini-yekutieli').meta({ title: 'Control by' }),
    fdrBy: z.enum(['target', 'link']).default('target').meta({ title: 'Tests controlled', description: "target: the omnibus test of each. link: each source variable's own." }),
    normalise: z.boolean().default(true).meta({ title: 'Normalise', description: 'Each series to mean 0 and standard deviation 1 first. Not for discrete and symbolic, which take values as they are.' }),
    noise: z.number().min(0).max(1).default(0).meta({ title: 'Noise', description: 'Standard deviation of Gaussian noise that is added after normalising, to separate equal values; 1e-8 is usual.' }),
  })
  .meta({ id: 'NetworkInferenceParams' });
export type NetworkInferenceParams = z.infer<typeof networkInferenceParams>;

/** Largest lag that a target's past reaches back. */
export function largestTargetLag({ maxLagTarget, maxLagSources }: NetworkInferenceParams): number {
  return maxLagTarget ?? Math.max(1, maxLagSources);
}

/** What a method looks for: whether the target's past and sources take part, and whether sources are given each other. */
export function methodTraits(method: NetworkMethod): { readonly targetPast: boolean; readonly sources: boolean; readonly multivariate: boolean } {
  return { targetPast: !method.endsWith('-mi'), sources: method !== 'active-information', multivariate: method.startsWith('multivariate') };
}

/** lags first, first + step, … up to the last. */
export function lagsUpTo(first: number, last: number, step: number): number[] {
  return Array.from({ length: Math.max(0, Math.floor((last - first) / step) + 1) }, (_, i) => first + i * step);
}

const series = (name: string, description: string): ColumnSchema => ({ name, type: 'utf8', description });
const lagColumn = (description: string, name = 'lag'): ColumnSchema => ({ name, type: 'int32', unit: 'samples', description });
const p = (name: string, description: string): ColumnSchema => ({ name, type: 'float64', unit: '1', description });
const count = (name: string, description: string): ColumnSchema => ({ name, type: 'int32', description });
const verdict: ColumnSchema = { name: 'significant', type: 'bool', description: 'After the control of false discoveries; null until every target is done.' };

function resultTables(params: NetworkInferenceParams): TableSchema[] {
  const unit = ['discrete', 'kernel', 'symbolic'].includes(params.estimator) ? 'bits' : 'nats';
  const information = { 'multivariate-te': 'transfer entropy', 'bivariate-te': 'transfer entropy', 'multivariate-mi': 'mutual information', 'bivariate-mi': 'mutual information', 'active-information': 'active information storage' }[params.method];
  const value = (name: string, description: string): ColumnSchema => ({ name, type: 'float64', unit, description });
  const links: TableSchema = {
    name: 'links',
    title: 'Links',
    columns: [
      series('source', 'The process that drives.'),
      series('target', 'The process that is driven.'),
      lagColumn('Lag of its variable with the largest te.'),
      value('te', `The ${information} of all its lags jointly.`),
      p('p', 'The smallest of its variables.'),
      verdict,
      lagColumn('Lag of its variable with the smallest p.', 'p_lag'),
      count('variables', 'How many of its lags were chosen.'),
    ],
  };
  return [
    ...(params.method === 'active-information' ? [] : [links]),
    {
      name: 'variables',
      title: 'Chosen variables',
      columns: [
        series('target', 'The process that is driven.'),
        series('process', 'Whose past it is.'),
        lagColumn('How far back.'),
        { name: 'kind', type: 'utf8', description: 'source, target (its own past) or conditional (forced).' },
        value('te', 'source: given all other chosen variables. target: given those chosen before it.'),
        p('p', 'Of the test that kept it; null where it was forced.'),
        verdict,
      ],
    },
    {
      name: 'targets',
      title: 'Targets',
      columns: [
        series('target', 'The process.'),
        value('omnibus_te', params.method === 'active-information' ? 'The active information storage of the chosen past.' : `The ${information} of all chosen source variables jointly.`),
        p('omnibus_p', '1 where nothing was chosen.'),
        verdict,
        count('source_variables', 'Chosen.'),
        count('target_variables', 'Chosen.'),
        count('samples', 'Realisations that took part.'),
        count('estimates', 'Values that were estimated, surrogates among them.'),
      ],
    },
    {
      name: 'tests',
      title: 'Tests',
      columns: [
        series('target', 'The process that is driven.'),
        { name: 'stage', type: 'utf8', description: `${networkStages.join(', ')}.` },
        series('candidate', 'The process whose variable is tested; null for all together.'),
        lagColumn('Of that variable; null for all together.'),
        value('statistic', 'The estimate.'),
        p('p', 'The share of surrogates that reach it, at least one of them.'),
        count('permutations', 'Surrogates that p is a share of.'),
        { name: 'significant', type: 'bool', description: 'p below alpha.' },
      ],
    },
  ];
}

/** Neighbours that one point looks at, on the whole: what one KSG estimate costs per point, in operations. */
const operationsPerPoint = { ksg1: 120, ksg2: 160, kernel: 400, gaussian: 12, discrete: 60, symbolic: 60 } as const;

/** Rounds of inclusion that a target takes, as the MuTE example does on average. */
const expectedRounds = 3;

function processes(wanted: readonly string[] | null, shape: InputShape): number {
  return wanted?.length ?? shape.series.length;
}

export const networkInference: AnalysisContract<typeof networkInferenceParams> = {
  name: 'network-inference',
  title: 'Network inference',
  summary: 'Which series drive which, at what lags: multivariate or bivariate transfer entropy and mutual information by greedy choice with tests at every stage, and the active information storage of each.',
  version: 1,
  params: networkInferenceParams,
  engines: ['cuda', 'cpu', 'portable'],
  tolerance: {
    metric: 'largest absolute difference of te',
    f64: 1e-12,
    f32: 0.02,
    reason: 'Neighbours are counted and sums are of integers, so that engines agree bit for bit under f64; rounded to f32, values that nearly tie change places, and with them counts.',
  },
  tables: (params) => resultTables(params),
  estimate(params, shape) {
    const { targetPast, sources } = methodTraits(params.method);
    const targetLags = targetPast ? lagsUpTo(1, largestTargetLag(params), params.tauTarget).length : 0;
    const sourceLags = sources ? lagsUpTo(params.minLagSources, params.maxLagSources, params.tauSources).length : 0;
    const sourceCount = Array.isArray(params.sources) ? params.sources.length : Math.max(0, shape.series.length - 1);
    const candidates = targetLags + sourceCount * sourceLags;
    const analytic = params.nullDistribution === 'analytic' || (params.nullDistribution === 'auto' && params.estimator === 'gaussian');
    const perCandidate = 1 + (analytic ? 0 : params.permutations.maxStatistic);
    const estimates = processes(params.targets, shape) * (candidates * expectedRounds * perCandidate + 4 * (analytic ? 1 : params.permutations.omnibus));
    // The series and their normalised copy, the candidates of a round, and the neighbour lists of one conditioning set.
    const lists = Math.min(2 ** 29, shape.rows * 4096);
    return {
      memoryBytes: shape.rows * 8 * (2 * shape.series.length + 2 * candidates) + candidates * perCandidate * 16 + lists,
      operations: estimates * shape.rows * operationsPerPoint[params.estimator],
      bytes: shape.rows * 8 * shape.series.length + processes(params.targets, shape) * candidates * shape.rows * 8,
    };
  },
};
