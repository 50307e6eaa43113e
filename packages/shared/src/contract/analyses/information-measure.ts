/** How much series tell of each other, and of themselves: information-theoretic measures, with their significance. */
import { z } from 'zod';
import type { AnalysisContract, InputShape } from '../analysis.ts';
import type { ColumnSchema, TableSchema } from '../result.ts';
import { surrogateMethods } from './network-inference.ts';

/** Of a source and a target; of one process; of several variables together. */
export const relationMeasures = ['te', 'mi', 'cmi'] as const;
export const processMeasures = ['ais', 'entropy', 'block-entropy', 'entropy-rate', 'predictive-information'] as const;
export const groupMeasures = ['multi-information', 'o-information', 's-information'] as const;
export const informationMeasures = [...relationMeasures, ...processMeasures, ...groupMeasures] as const;
export type InformationMeasure = (typeof informationMeasures)[number];

export const informationEstimators = ['ksg1', 'ksg2', 'gaussian', 'discrete', 'kernel', 'symbolic'] as const;
export type InformationEstimator = (typeof informationEstimators)[number];

export const isRelation = (measure: InformationMeasure): boolean => relationMeasures.some((one) => one === measure);
export const isGroup = (measure: InformationMeasure): boolean => groupMeasures.some((one) => one === measure);

const lag = z.int().min(0).max(100_000);
const history = z.int().min(1).max(100);
const spacing = z.int().min(1).max(10_000);
const names = z.union([z.string(), z.array(z.string()).min(1)]).nullable().default(null);
const size = (least: number) => z.int().min(least).nullable().default(null);

const surrogates = z
  .strictObject({
    method: z.enum(surrogateMethods).default('random').meta({ title: 'Surrogates', description: 'How the source is permuted in time: at random, shifted round the circle, in blocks, or at random among close neighbours.' }),
    maxShift: size(1).meta({ title: 'Largest shift', description: 'circular: half of the samples where null.', unit: 'samples' }),
    blockSize: size(1).meta({ title: 'Block size', description: 'block: a tenth of the samples where null.', unit: 'samples' }),
    permRange: size(2).meta({ title: 'Range', description: 'block: within how many blocks these are exchanged, all where null. local: within how many samples, a tenth of all where null.' }),
    acrossTrials: z.boolean().default(true).meta({ title: 'Whole trials', description: 'Permutes whole trials where they are many enough.' }),
  })
  .meta({ id: 'InformationSurrogates' });

export const informationMeasureParams = z
  .strictObject({
    measure: z.enum(informationMeasures).default('te').meta({ title: 'Measure', description: 'Transfer entropy, mutual information, conditional mutual information; active information storage, entropy and its like of one process; what several variables share.' }),
    estimator: z.enum(informationEstimators).default('ksg1').meta({ title: 'Estimator', description: 'Kraskov, Stögbauer and Grassberger (algorithm 1 or 2), Gaussian (linear), discrete, kernel, or symbolic (ordinal patterns).' }),
    source: names.meta({ title: 'Source', description: 'A series, or several taken together. Where null, each series by itself.' }),
    target: names.meta({ title: 'Target', description: 'A series, or several taken together. Where null, each series by itself; of measures of several variables, all series together.' }),
    conditional: names.meta({ title: 'Conditional', description: 'cmi, and te: what is known besides.' }),
    pairs: z
      .union([z.literal('all'), z.array(z.tuple([z.string(), z.string()])).min(1)])
      .nullable()
      .default(null)
      .meta({ title: 'Pairs', description: 'all: every ordered pair of one of the sources and one of the targets, unordered for mi; or a list of [source, target]. All pairs where neither this nor source and target is given.' }),
    targetHistory: history.default(1).meta({ title: 'Past of the target', description: 'Values of its past (te, ais); of the block (block-entropy, entropy-rate, predictive-information).', unit: 'values' }),
    targetTau: spacing.default(1).meta({ title: 'Spacing of the past of the target', unit: 'samples' }),
    sourceHistory: history.default(1).meta({ title: 'Past of the source', description: 'te.', unit: 'values' }),
    sourceTau: spacing.default(1).meta({ title: 'Spacing of the past of the source', unit: 'samples' }),
    delay: lag.nullable().default(null).meta({ title: 'Delay', description: 'From the source to the target: 1 for te, 0 for mi and cmi where null.', unit: 'samples' }),
    conditionalHistory: history.default(1).meta({ title: 'Past of the conditional', description: 'te.', unit: 'values' }),
    conditionalTau: spacing.default(1).meta({ title: 'Spacing of the past of the conditional', unit: 'samples' }),
    conditionalDelay: lag.nullable().default(null).meta({ title: 'Delay of the conditional', description: '1 for te, 0 for cmi where null.', unit: 'samples' }),
    embedding: z.enum(['given', 'ragwitz', 'max-ais']).default('given').meta({ title: 'Embedding', description: 'te and ais: histories and taus as given; or chosen for each series by the smallest prediction error, or the largest bias-corrected active information.' }),
    maxHistory: history.default(5).meta({ title: 'Longest past to try', description: 'ragwitz, max-ais.', unit: 'values' }),
    maxTau: spacing.default(5).meta({ title: 'Largest spacing to try', description: 'ragwitz, max-ais.', unit: 'samples' }),
    neighbours: z.int().min(1).max(1000).default(4).meta({ title: 'Neighbours', description: 'k of ksg1, ksg2, and of the prediction of ragwitz.' }),
    theiler: z.int().min(0).max(1_000_000).default(0).meta({ title: 'Theiler window', description: 'Samples up to this far apart are no neighbours.', unit: 'samples' }),
    kernelWidth: z.number().positive().max(1e12).default(0.25).meta({ title: 'Kernel width', description: 'kernel: half the side of the box, in standard deviations where normalised.' }),
    normalise: z.boolean().default(true).meta({ title: 'Normalise', description: 'ksg1, ksg2, kernel: each embedded column to mean 0 and standard deviation 1. Entropies are of the values as they are.' }),
    noise: z.number().min(0).max(1).default(0).meta({ title: 'Noise', description: 'Standard deviation of Gaussian noise that separates equal values, in standard deviations of each series; 1e-8 is usual.' }),
    biasCorrection: z.boolean().default(false).meta({ title: 'Correct the bias', description: 'gaussian: subtracts the mean of the value under the null hypothesis.' }),
    bins: z.int().min(2).max(100_000).nullable().default(null).meta({ title: 'Bins', description: 'discrete: how many; null expects whole numbers.' }),
    binning: z.enum(['none', 'equal-width', 'equal-frequency']).default('equal-width').meta({ title: 'Binning', description: 'discrete, where bins are given.' }),
    base: z.int().min(2).max(1_000_000).nullable().default(null).meta({ title: 'Alphabet', description: 'discrete: how many values each variable can take, for the degrees of freedom of p; the number of bins, or of values that occur, where null.' }),
    patternOrder: z.int().min(2).max(8).default(3).meta({ title: 'Pattern order', description: 'symbolic: how many values make an ordinal pattern.' }),
    patternTau: spacing.default(1).meta({ title: 'Pattern spacing', description: 'symbolic.', unit: 'samples' }),
    permutations: z.int().min(0).max(1_000_000).default(0).meta({ title: 'Permutations', description: 'Surrogates of the source for p.' }),
    surrogates: surrogates.prefault({}).meta({ title: 'Surrogates' }),
    nullDistribution: z.enum(['auto', 'permutation', 'analytic']).default('auto').meta({ title: 'Null distribution', description: 'auto: by permutation where permutations are asked for; otherwise analytic for gaussian, discrete and symbolic, and no p for the others.' }),
    alpha: z.number().gt(0).lt(1).nullable().default(null).meta({ title: 'Significance level', description: 'Where given, the column significant is added: p below it.' }),
    local: z.boolean().default(false).meta({ title: 'Local values', description: 'te, mi, cmi, ais and predictive-information of one pair or process: the contribution of each time.' }),
    output: z.enum(['pairs', 'matrix', 'both']).default('pairs').meta({ title: 'Output', description: 'te, mi, cmi of all pairs: one row for each, a matrix with a row for each target, or both.' }),
  })
  .meta({ id: 'InformationMeasureParams' });
export type InformationMeasureParams = z.infer<typeof informationMeasureParams>;

/** The names under a parameter, or null. */
export const listOf = (value: string | readonly string[] | null): readonly string[] | null => (typeof value === 'string' ? [value] : value);

/** How p comes about; null where there is none. */
export function nullKind({ nullDistribution, permutations, estimator, measure }: InformationMeasureParams): 'permutation' | 'analytic' | null {
  if (!isRelation(measure) && measure !== 'ais' && measure !== 'predictive-information') return null;
  if (nullDistribution !== 'auto') return nullDistribution;
  if (permutations > 0) return 'permutation';
  return estimator === 'gaussian' || estimator === 'discrete' || estimator === 'symbolic' ? 'analytic' : null;
}

/** Whether many pairs are asked for, of which each series is one side by itself. */
export function everyPair({ measure, pairs, source, target }: InformationMeasureParams): boolean {
  return isRelation(measure) && (pairs === 'all' || (pairs === null && source === null && target === null));
}

/** Whether (a, b) is as good as (b, a): then each pair is computed once, unless a matrix is wanted. */
export function isUnordered({ measure, delay, output, source, target }: InformationMeasureParams): boolean {
  return measure !== 'te' && (delay ?? 0) === 0 && output === 'pairs' && source === null && target === null;
}

/** Names of the matrix's value columns: those of the sources, but for one called as the column of names is. */
function valueColumns(sources: readonly string[]): string[] {
  let other = 'target_';
  while (sources.includes(other)) other += '_';
  return sources.map((name) => (name === 'target' ? other : name));
}

const real = (name: string, unit: string, description: string): ColumnSchema => ({ name, type: 'float64', unit, description });
const whole = (name: string, unit: string, description: string): ColumnSchema => ({ name, type: 'int32', unit, description });

function resultTables(params: InformationMeasureParams, shape: InputShape): TableSchema[] {
  const unit = params.estimator === 'discrete' || params.estimator === 'symbolic' || params.estimator === 'kernel' ? 'bits' : 'nats';
  const embedded = params.embedding === 'given' ? [] : ['target_history', 'target_tau', 'source_history', 'source_tau'].map((name) => whole(name, name.endsWith('tau') ? 'samples' : 'values', 'As it was chosen; null where the measure has none.'));
  const values: TableSchema = {
    name: 'values',
    title: 'Values',
    columns: [
      { name: 'source', type: 'utf8', description: 'Null where the measure has none.' },
      { name: 'target', type: 'utf8', description: 'The target, the process, or the variables.' },
      real('value', unit, 'The estimate.'),
      { name: 'unit', type: 'utf8', description: 'nats or bits.' },
      whole('n', 'samples', 'Realisations that took part.'),
      real('p', '1', 'The probability of such a value where the source tells nothing; null where it was not asked for.'),
      ...(params.conditional === null ? [] : [{ name: 'conditional', type: 'utf8' as const, description: 'What is known besides.' }]),
      ...(params.alpha === null ? [] : [{ name: 'significant', type: 'bool' as const, description: 'p below alpha.' }]),
      ...embedded,
    ],
  };
  const local: TableSchema = { name: 'local', title: 'Local values', columns: [{ name: 'time', type: shape.time }, real('value', unit, 'The contribution of this time; their mean is the value.')] };
  const matrix: TableSchema = {
    name: 'matrix',
    title: 'Matrix',
    columns: [{ name: 'target', type: 'utf8' }, ...valueColumns(listOf(params.source) ?? shape.series).map((name) => real(name, unit, 'From this source to the target of the row.'))],
  };
  const pairs = params.output === 'matrix' ? [] : [values];
  return [...pairs, ...(params.output === 'pairs' ? [] : [matrix]), ...(params.local ? [local] : [])];
}

/** Points that one estimate looks at, for each realisation: measured on series of some thousand values. */
const operationsPerPoint = { ksg1: 120, ksg2: 160, kernel: 400, gaussian: 12, discrete: 20, symbolic: 20 } as const;

/** Bytes of sources that wait for one call of the engine, at most. */
export const sourceBatchBytes = 2 ** 26;

/** How many values are estimated, surrogates left out. */
function questionCount(params: InformationMeasureParams, shape: InputShape): number {
  const series = shape.series.length;
  if (isGroup(params.measure)) return 1;
  const [sources, targets] = [listOf(params.source), listOf(params.target)];
  if (!isRelation(params.measure)) return (targets ?? sources) === null ? series : 1;
  if (Array.isArray(params.pairs)) return params.pairs.length;
  if (!everyPair(params)) return sources !== null && targets !== null ? 1 : Math.max(1, series - 1);
  const among = new Set(targets ?? shape.series);
  const same = (sources ?? shape.series).filter((name) => among.has(name)).length;
  const ordered = (sources?.length ?? series) * (targets?.length ?? series) - same;
  return isUnordered(params) ? ordered / 2 : ordered;
}

export const informationMeasure: AnalysisContract<typeof informationMeasureParams> = {
  name: 'information-measure',
  title: 'Information measures',
  summary: 'Transfer entropy, mutual information, active information storage, entropies and their like: of a pair, a list, or all pairs of series, by six estimators, with p-values and local values.',
  version: 1,
  params: informationMeasureParams,
  engines: ['cuda', 'cpu', 'portable'],
  tolerance: {
    metric: 'largest absolute difference of the value',
    f64: 1e-12,
    f32: 0.02,
    reason: 'Neighbours are counted and sums are of integers, so that engines agree bit for bit under f64; rounded to f32, values that nearly tie change places, and with them counts. The other estimators compute in float64 in either case.',
  },
  tables: resultTables,
  estimate(params, shape) {
    const questions = questionCount(params, shape);
    const estimates = questions * (1 + (nullKind(params) === 'permutation' ? params.permutations : 0));
    const searches = params.embedding === 'given' ? 0 : shape.series.length * params.maxHistory * params.maxTau;
    const variables = 2 + (isRelation(params.measure) ? params.sourceHistory : 0) + params.targetHistory;
    const orderings = params.surrogates.method === 'random' ? 0 : 4 * params.permutations * shape.rows;
    // The series and their prepared copy; the realisations of a target and of a batch of sources with their orderings;
    // the neighbour lists of one target.
    const lists = params.estimator.startsWith('ksg') || params.estimator === 'kernel' ? Math.min(2 ** 29, shape.rows * 4096) : 64 * shape.rows;
    const batch = Math.min(sourceBatchBytes, questions * 8 * shape.rows * params.sourceHistory) + orderings;
    return {
      memoryBytes: 16 * shape.rows * shape.series.length + 8 * shape.rows * variables + batch + lists + 200 * Math.min(questions, shape.series.length) + (params.output === 'pairs' ? 0 : 16 * shape.series.length),
      operations: (estimates + searches) * shape.rows * operationsPerPoint[params.estimator] * Math.max(1, variables / 4),
      bytes: 8 * shape.rows * (shape.series.length + questions * params.sourceHistory),
    };
  },
};
