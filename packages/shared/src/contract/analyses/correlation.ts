/** Correlation of every pair of series: five coefficients, at lags, in windows, given all others, and freed of noise. */
import { z } from 'zod';
import type { AnalysisContract, InputShape, Tolerance } from '../analysis.ts';
import type { ColumnSchema, TableSchema } from '../result.ts';

export const correlationMethods = ['pearson', 'spearman', 'kendall', 'distance', 'covariance'] as const;
export type CorrelationMethodName = (typeof correlationMethods)[number];

const object = z.strictObject({
  method: z.enum(correlationMethods).default('pearson').meta({ title: 'Method', description: 'Product-moment, rank (Spearman), rank concordance (Kendall tau-b), distance correlation, or covariance.' }),
  missing: z
    .enum(['pairwise', 'listwise'])
    .default('pairwise')
    .meta({ title: 'Missing values', description: 'pairwise: each pair over the rows where both are present. listwise: only rows where every series is.' }),
  ddof: z.int().min(0).max(1).default(1).meta({ title: 'Degrees of freedom lost', description: 'covariance is divided by the number of rows minus this; a shrunk one always by the number of rows.' }),
  maxLag: z.int().min(0).max(1_000_000).default(0).meta({ title: 'Longest lag', description: 'Looks at each pair at lags up to this, either way, and gives the strongest with its lag; positive where a leads b.', unit: 'rows' }),
  window: z.int().min(2).max(1_000_000_000).nullable().default(null).meta({ title: 'Window', description: 'Rolling correlation over so many rows.', unit: 'rows' }),
  halfLife: z.number().positive().max(1e9).nullable().default(null).meta({ title: 'Half-life', description: 'Exponentially weighted correlation: rows after which a weight has halved.', unit: 'rows' }),
  step: z.int().min(1).max(1_000_000_000).default(1).meta({ title: 'Step', description: 'Of rolling and exponentially weighted correlation: rows from one window to the next.', unit: 'rows' }),
  partial: z.boolean().default(false).meta({ title: 'Given all others', description: 'Partial correlation: of each pair, what is left when all other series are accounted for.' }),
  shrinkage: z.enum(['none', 'ledoit-wolf', 'oas']).default('none').meta({ title: 'Shrinkage', description: 'Draws the covariance towards equal variances without covariance, as far as few rows ask for it.' }),
  denoise: z.enum(['none', 'marchenko-pastur']).default('none').meta({ title: 'Denoise', description: 'Replaces the eigenvalues that noise alone explains (Marchenko and Pastur) by their mean.' }),
  detone: z.int().min(0).max(1000).default(0).meta({ title: 'Detone', description: 'Takes so many of the leading eigenvectors out: the first is what all series share (the market).' }),
  order: z.enum(['none', 'hierarchical']).default('none').meta({ title: 'Order', description: 'Adds the table order: series in the order of a tree of similarity (average linkage).' }),
  output: z.enum(['matrix', 'pairs', 'both']).default('matrix').meta({ title: 'Output', description: 'The full matrix, one row per pair, or both. In windows, always one row per pair and window.' }),
  minAbs: z.number().min(0).max(1e300).default(0).meta({ title: 'Smallest |r|', description: 'Pairs below it are left out of the pairs.' }),
  top: z.int().min(1).nullable().default(null).meta({ title: 'Top', description: 'Only this many pairs of largest |r|, in that order; all where null.' }),
  minPeriods: z.int().min(2).default(2).meta({ title: 'Least common rows', description: 'Pairs with fewer rows in common have no value.', unit: 'rows' }),
  fdr: z.boolean().default(false).meta({ title: 'Control false discoveries', description: 'Adds q by Benjamini and Hochberg (1995) over all pairs.' }),
});
export type CorrelationParams = z.output<typeof object>;

/** How the coefficients come about: of each pair by itself; at its best lag; in windows; or of the matrix as a whole. */
export type CorrelationMode = 'pairs' | 'lead-lag' | 'rolling' | 'whole-matrix';

export function correlationMode({ maxLag, window, halfLife, partial, shrinkage, denoise, detone }: CorrelationParams): CorrelationMode {
  if (window !== null || halfLife !== null) return 'rolling';
  if (maxLag > 0) return 'lead-lag';
  return partial || shrinkage !== 'none' || denoise !== 'none' || detone > 0 ? 'whole-matrix' : 'pairs';
}

/** Whether pairs have a p; without one there is no q either. */
export function hasP({ method, shrinkage, denoise, detone }: CorrelationParams): boolean {
  return method !== 'distance' && method !== 'covariance' && shrinkage === 'none' && denoise === 'none' && detone === 0;
}

/** Whether some pairs are all that is wanted, and the others need not be kept. */
export function wantsSomePairs({ output, fdr, order, top, minAbs }: CorrelationParams): boolean {
  return output === 'pairs' && !fdr && order === 'none' && (top !== null || minAbs > 0);
}

function checkTogether({ value, issues }: z.core.ParsePayload<CorrelationParams>): void {
  const refuse = (name: keyof CorrelationParams, message: string): void => void issues.push({ code: 'custom', path: [name], message, input: value[name] });
  const { method, maxLag, window, halfLife, step, partial, shrinkage, denoise, detone, order, minAbs, top, fdr, minPeriods } = value;
  const mode = correlationMode(value);
  const whole = ([['partial', partial], ['shrinkage', shrinkage !== 'none'], ['denoise', denoise !== 'none'], ['detone', detone > 0]] as const).flatMap(([name, given]) => (given ? [name] : []));
  if (mode === 'rolling') {
    if (window !== null && halfLife !== null) refuse('halfLife', 'is given with a window; a correlation is either over a window or exponentially weighted');
    if (method !== 'pearson') refuse('method', `is ${method}; rolling and exponentially weighted correlation is pearson`);
    if (maxLag > 0) refuse('maxLag', 'is given with a window; a correlation in windows is at lag 0');
    for (const name of whole) refuse(name, 'is of one matrix over all rows, and a window or a half-life is given');
    if (order !== 'none') refuse('order', 'is of one matrix over all rows, and a window or a half-life is given');
    if (top !== null) refuse('top', 'is of pairs over all rows, and a window or a half-life is given');
    if (minAbs > 0) refuse('minAbs', 'is of pairs over all rows, and a window or a half-life is given');
    if (fdr) refuse('fdr', 'needs p, which correlations in windows do not have');
    if (window !== null && window > 1 && minPeriods > window) refuse('minPeriods', `is ${minPeriods}, more than the ${window} rows of the window`);
    return;
  }
  if (step > 1) refuse('step', `is ${step}, and neither a window nor a half-life is given`);
  if (mode === 'lead-lag') {
    if (method !== 'pearson') refuse('method', `is ${method}; correlation at lags is pearson`);
    for (const name of whole) refuse(name, 'is of the matrix at lag 0, and maxLag is given');
  }
  if (partial && method !== 'pearson' && method !== 'spearman') refuse('partial', `is of pearson or spearman, the method is ${method}`);
  if (shrinkage !== 'none' && method !== 'pearson' && method !== 'covariance') refuse('shrinkage', `is of a covariance (pearson, covariance), the method is ${method}`);
  for (const name of (['denoise', 'detone'] as const).filter((one) => whole.includes(one))) {
    if (method === 'kendall' || method === 'distance') refuse(name, `is of pearson, spearman or covariance, the method is ${method}`);
    if (shrinkage !== 'none') refuse(name, 'is given with a shrinkage; both cure the same noise: choose one');
  }
  if (detone > 0 && partial) refuse('detone', 'leaves a matrix without an inverse, and partial needs one');
  if (fdr && !hasP(value)) refuse('fdr', `needs p, which ${method === 'distance' || method === 'covariance' ? `the method ${method}` : 'a shrunk, denoised or detoned correlation'} does not have`);
  if (method !== 'covariance' && minAbs > 1) refuse('minAbs', `is ${minAbs}; no ${method} correlation is above 1`);
}

export const correlationParams = object.check(checkTogether).meta({ id: 'CorrelationParams' });

const roundingOfSums = 'Engines sum T products in different orders; for standardised series the error of r is near sqrt(T) units in the last place.';

/** How far two engines may differ in the coefficient of each method, in absolute terms unless the metric says otherwise. */
export const correlationTolerances: Readonly<Record<CorrelationMethodName | 'lead-lag' | 'rolling', Tolerance>> = {
  pearson: { metric: 'largest absolute difference of r', f64: 1e-12, f32: 2e-5, reason: roundingOfSums },
  spearman: { metric: 'largest absolute difference of r', f64: 1e-12, f32: 2e-5, reason: roundingOfSums },
  kendall: { metric: 'largest absolute difference of tau', f64: 1e-14, f32: 1e-7, reason: 'Pairs of rows are counted in whole numbers; only the last quotient is rounded.' },
  distance: { metric: 'largest absolute difference of the distance correlation', f64: 1e-7, f32: 2e-3, reason: 'It is a square root: where series are close to independent, a rounding of 1e-14 in its square is 1e-7 in itself.' },
  covariance: { metric: 'largest difference relative to the product of the standard deviations', f64: 1e-12, f32: 2e-5, reason: roundingOfSums },
  'lead-lag': { metric: 'largest absolute difference of r at equal lags', f64: 1e-12, f32: 2e-5, reason: roundingOfSums },
  rolling: { metric: 'largest absolute difference of r', f64: 1e-11, f32: 2e-5, reason: 'Sums of windows that overlap are put together from shared parts, in an order of the engine’s own.' },
};

/** Names of the matrix's value columns: those of the series, but for one called as the column of names is. */
function valueColumns(series: readonly string[]): string[] {
  let other = 'series_';
  while (series.includes(other)) other += '_';
  return series.map((name) => (name === 'series' ? other : name));
}

const rowCount = (name: string, description: string): ColumnSchema => ({ name, type: 'int32', unit: 'rows', description });

function resultTables(params: CorrelationParams, { series, time }: InputShape): TableSchema[] {
  const coefficient = (name: string): ColumnSchema => ({ name, type: 'real', ...(params.method === 'covariance' ? { description: 'Covariance, in the product of the two series’ units.' } : { unit: '1' }) });
  const pair: ColumnSchema[] = [{ name: 'a', type: 'utf8' }, { name: 'b', type: 'utf8' }];
  if (correlationMode(params) === 'rolling') {
    return [{ name: 'rolling', title: 'Correlation over time', columns: [{ name: 'time', type: time, description: 'The last row of the window.' }, ...pair, coefficient('r')] }];
  }
  const matrix: TableSchema = { name: 'matrix', title: params.method === 'covariance' ? 'Covariance matrix' : 'Correlation matrix', columns: [{ name: 'series', type: 'utf8' }, ...valueColumns(series).map(coefficient)] };
  const pairs: TableSchema = {
    name: 'pairs',
    title: 'Pairs',
    columns: [
      ...pair,
      rowCount('lag', 'Positive where a leads b.'),
      coefficient('r'),
      rowCount('n', 'Rows that took part.'),
      { name: 'p', type: 'float64', unit: '1', description: 'The probability of such a coefficient where nothing is correlated; null where the method has none.' },
      ...(params.fdr ? [{ name: 'q', type: 'float64' as const, unit: '1' }] : []),
    ],
  };
  const order: TableSchema = {
    name: 'order',
    title: 'Order of similarity',
    columns: [
      { name: 'place', type: 'int32', description: 'From 1.' },
      { name: 'series', type: 'utf8' },
      { name: 'height', type: 'float64', unit: '1', description: 'The distance at which the tree joins this series with the one before it; null for the first.' },
    ],
  };
  return [...{ matrix: [matrix], pairs: [pairs], both: [matrix, pairs] }[params.output], ...(params.order === 'none' ? [] : [order])];
}

/** Rows of the matrix that one step picks pairs from: about 50 GFLOP, and a quarter of all at most, by the shape alone. */
export function rowsPerBand(series: number, rows: number): number {
  const byWork = 5e10 / (2 * Math.max(1, series) * Math.max(1, rows));
  return Math.max(128, Math.floor(Math.min(byWork, series / 4) / 128) * 128);
}

/** Windows of a rolling correlation: how many, and the row that the first of them ends at. */
export function rollingWindows({ window, minPeriods, step }: CorrelationParams, rows: number): { readonly count: number; readonly first: number } {
  const first = (window ?? minPeriods) - 1;
  return { count: rows > first ? Math.floor((rows - 1 - first) / step) + 1 : 0, first };
}

/** Values of rolling correlation that one step computes, at most, unless one series with all others has more. */
export const rollingStepValues = 2 ** 21;

/** The most bytes that the pairs of one step take. */
const pairBytes = 48;

function operationsOf(params: CorrelationParams, s: number, t: number): number {
  const pairs = s * (s + 1);
  const mode = correlationMode(params);
  if (mode === 'rolling') return pairs * t * 8;
  if (mode === 'lead-lag') return pairs * Math.min(t * (2 * params.maxLag + 1), 30 * t * Math.log2(2 + 2 * t));
  const perPair = { pearson: t, spearman: t, covariance: t, kendall: 10 * t * Math.log2(2 + t), distance: 40 * t * Math.log2(2 + t) }[params.method];
  // Eigenvectors take about 9 S³, an inverse S³.
  const whole = mode === 'whole-matrix' ? (params.denoise !== 'none' || params.detone > 0 ? 9 : 0) * s ** 3 + (params.partial ? s ** 3 : 0) : 0;
  return pairs * perPair + whole;
}

/**
 * Bytes that a session keeps of each value, at most: what is made ready for products, and what is float64, or a whole
 * number, under either precision.
 */
function preparedBytes(params: CorrelationParams, t: number, word: number): number {
  const ownBytes = (): number => {
    switch (correlationMode(params)) {
      case 'lead-lag':
        // Transforms of values, pattern and squares, of both sides, each up to twice as long; and per lag four sums.
        return 3 * 2 * 2 * 8 + (4 * 8 * (Math.min(params.maxLag, t) + 1)) / Math.max(1, t);
      case 'rolling':
        // The values, and of each window or row a mean and a spread.
        return 3 * 8;
      default:
        // Ranks or places by value, with a panel, a count of ties, or the sums of distances.
        return { pearson: word, covariance: word, spearman: 8 + 5 + word, kendall: 17, distance: 25 }[params.method];
    }
  };
  return Math.max(3 * word, ownBytes());
}

function memoryOf(params: CorrelationParams, s: number, t: number, word: number): number {
  const mode = correlationMode(params);
  const pairs = (s * (s - 1)) / 2;
  // Values, a copy without the rows that are left out, and what is prepared of them.
  const copy = params.missing === 'listwise' || mode === 'whole-matrix' ? 8 : 0;
  const input = s * t * (8 + copy + preparedBytes(params, t, mode === 'whole-matrix' ? 8 : word));
  if (mode === 'rolling') return input + Math.max(rollingStepValues, s * rollingWindows(params, t).count) * (3 * word + 2 * 16);
  if (mode === 'pairs' && wantsSomePairs(params)) {
    const band = rowsPerBand(s, t) * s * pairBytes;
    return input + (params.top === null ? 2 * band : Math.min(pairs, params.top) * 2 * pairBytes + 2 ** 26);
  }
  // A tile and what is being stored of it; half of the matrix is kept where the other half is to be mirrored.
  const tiles = 3 * Math.max(2 ** 21, 128 * s) * (word + (mode === 'lead-lag' ? 8 : 4));
  const matrix = mode === 'whole-matrix' ? s * s * 8 * 5 : params.output === 'pairs' ? 0 : s * s * word;
  const ranked = params.output === 'matrix' ? 0 : params.fdr ? pairs * (pairBytes + 8) : params.top === null ? 128 * s * pairBytes : Math.min(pairs, params.top) * 2 * pairBytes;
  return input + tiles + matrix + ranked + (params.order === 'none' ? 0 : pairs * 8);
}

export const correlation: AnalysisContract<typeof correlationParams> = {
  name: 'correlation',
  title: 'Correlation',
  summary: 'How closely every pair of series moves together: Pearson, Spearman, Kendall or distance correlation and covariance; at lags, in windows, given all others, shrunk or denoised; as a matrix or as pairs with p and q.',
  version: 2,
  params: correlationParams,
  engines: ['cuda', 'cpu', 'portable'],
  tolerance: correlationTolerances.pearson,
  tables: resultTables,
  estimate(params, { series, rows }, precision) {
    const [s, t, word] = [series.length, rows, precision === 'f32' ? 4 : 8];
    const out = correlationMode(params) === 'rolling' ? ((s * (s - 1)) / 2) * rollingWindows(params, t).count : s * s;
    return { memoryBytes: memoryOf(params, s, t, word), operations: operationsOf(params, s, t), bytes: s * t * 8 + out * word };
  },
};
