/** Anomalies: rows that stand apart from the rest of a series, from its season, or from all shapes that it has otherwise. */
import { z } from 'zod';
import type { AnalysisContract, InputShape } from '../analysis.ts';
import { engineNames } from '../engine.ts';
import type { ColumnSchema, TableSchema } from '../result.ts';

export const anomalyMethods = ['robust-zscore', 'seasonal-residual', 'isolation-forest', 'matrix-profile'] as const;
export type AnomalyMethod = (typeof anomalyMethods)[number];

const rows = z.int().min(1).max(1_000_000_000);

const object = z.strictObject({
  method: z.enum(anomalyMethods).default('robust-zscore').meta({
    title: 'Method',
    description: 'robust-zscore: far from the median. seasonal-residual: far from trend and season. isolation-forest: soon alone when rows are split at random. matrix-profile: windows that are like no other.',
  }),
  window: rows.nullable().default(null).meta({ title: 'Window', description: 'robust-zscore, seasonal-residual: median and spread of so many last rows, of the whole series where null. matrix-profile: rows of the shapes that are compared; must be given.', unit: 'rows' }),
  threshold: z.number().positive().max(1e300).nullable().default(null).meta({ title: 'Threshold', description: 'Scores from here on are flagged. Where null: 3.5 for z-scores; isolation-forest: 3.5 robust standard deviations above the median of the scores; matrix-profile: every discord.' }),
  season: z.int().min(2).max(1_000_000_000).nullable().default(null).meta({ title: 'Season', description: 'seasonal-residual: rows of one period; found from the autocorrelation where null.', unit: 'rows' }),
  trend: z.int().min(3).max(1_000_000_000).nullable().default(null).meta({ title: 'Trend', description: 'seasonal-residual: the trend is the median of so many rows about each; seven seasons where null.', unit: 'rows' }),
  lags: z.int().min(0).max(1000).default(0).meta({ title: 'Lags', description: 'isolation-forest: how many earlier values describe a row, beside its own.' }),
  spacing: rows.default(1).meta({ title: 'Spacing', description: 'isolation-forest: rows from one of these values to the next.', unit: 'rows' }),
  together: z.boolean().default(false).meta({ title: 'Together', description: 'isolation-forest: one score for each row, over all series at once.' }),
  trees: z.int().min(1).max(10_000).default(100).meta({ title: 'Trees', description: 'isolation-forest: how many.' }),
  sampleSize: z.int().min(2).max(1_000_000).default(256).meta({ title: 'Sample', description: 'isolation-forest: rows that each tree is grown of.', unit: 'rows' }),
  discords: z.int().min(1).max(100_000).default(3).meta({ title: 'Discords', description: 'matrix-profile: the most windows that are flagged; they do not overlap.' }),
  exclusion: z.int().min(0).max(1_000_000_000).nullable().default(null).meta({ title: 'Exclusion', description: 'matrix-profile: windows that begin up to so many rows apart are not compared; a quarter of the window where null.', unit: 'rows' }),
  gap: z.int().min(0).max(1_000_000_000).default(0).meta({ title: 'Gap', description: 'Flagged rows with up to so many others between them are one event.', unit: 'rows' }),
  output: z.enum(['all', 'flagged']).default('all').meta({ title: 'Output', description: 'Rows of the table anomalies: every one with its score, or the flagged ones only.' }),
});
export type AnomalyParams = z.output<typeof object>;

function checkTogether({ value, issues }: z.core.ParsePayload<AnomalyParams>): void {
  const refuse = (name: keyof AnomalyParams, message: string): void => void issues.push({ code: 'custom', path: [name], message, input: value[name] });
  const { method, window, threshold } = value;
  if (method === 'matrix-profile' && window === null) refuse('window', 'must be given: the rows of the shapes that are compared');
  if (method === 'matrix-profile' && window !== null && window < 4) refuse('window', `is ${window}; shapes need at least 4 rows`);
  if (method === 'isolation-forest' && threshold !== null && threshold > 1) refuse('threshold', `is ${threshold}; scores of an isolation forest are at most 1`);
  if (method === 'isolation-forest' && window !== null) refuse('window', 'is not of an isolation forest; lags and spacing say what describes a row');
  if ((method === 'robust-zscore' || method === 'seasonal-residual') && window !== null && window < 3) refuse('window', `is ${window}; a spread needs at least 3 rows`);
}

export const anomalyParams = object.check(checkTogether).meta({ id: 'AnomalyParams' });

/** The series that scores over all series stand under. */
export const togetherName = 'all';

/** z-scores from here on are flagged: B. Iglewicz and D. Hoaglin, "How to detect and handle outliers" (1993). */
export const defaultThreshold = 3.5;

/** Windows that begin up to so many rows apart are not compared. */
export const exclusionOf = ({ exclusion, window }: AnomalyParams): number => exclusion ?? Math.ceil((window ?? 0) / 4);

/** Whether a method tells what it expected of each row. */
export const hasExpected = ({ method }: Pick<AnomalyParams, 'method'>): boolean => method === 'robust-zscore' || method === 'seasonal-residual';

const scores: Readonly<Record<AnomalyMethod, { readonly unit: string; readonly description: string }>> = {
  'robust-zscore': { unit: 'robust standard deviations', description: 'Distance from the median.' },
  'seasonal-residual': { unit: 'robust standard deviations', description: 'Distance of what trend and season leave from its median.' },
  'isolation-forest': { unit: '1', description: 'From 0 to 1; about 0.5 for an ordinary row.' },
  'matrix-profile': { unit: '1', description: 'z-normalised distance of the window that begins at the row from the nearest other one.' },
};

function resultTables(params: AnomalyParams, { time }: InputShape): TableSchema[] {
  const { method } = params;
  const score: ColumnSchema = { name: 'score', type: 'float64', ...scores[method] };
  return [
    {
      name: 'anomalies',
      title: 'Anomalies',
      columns: [
        { name: 'time', type: time },
        { name: 'series', type: 'utf8', ...(method === 'isolation-forest' ? { description: `${togetherName}: over all of them.` } : {}) },
        score,
        { name: 'flagged', type: 'bool', description: method === 'matrix-profile' ? 'The row lies in a discord.' : 'The score reaches the threshold.' },
        ...(hasExpected(params) ? [{ name: 'expected', type: 'float64' as const, unit: 'as the input', description: 'The median, or trend and season.' }] : []),
      ],
    },
    {
      name: 'events',
      title: 'Events',
      columns: [
        { name: 'series', type: 'utf8' },
        { name: 'start', type: time, description: 'The first flagged row.' },
        { name: 'end', type: time, description: 'The last.' },
        { name: 'peak', type: time, description: 'The row of the largest score.' },
        { ...score, description: 'The largest.' },
        { name: 'rows', type: 'int32', unit: 'rows', description: 'From start to end.' },
        ...(method === 'matrix-profile' ? [{ name: 'neighbour', type: time, description: 'Where the window that is most like it begins.' } as const] : []),
      ],
    },
  ];
}

/** Values of one group of series, over all of them; a longer series is a group by itself. */
export const anomalyGroup = 250_000;

function operationsPerCell({ method, window, lags, trees, trend }: AnomalyParams, length: number): number {
  switch (method) {
    case 'robust-zscore':
      return 20 * Math.log2(2 + (window ?? length)) + 40;
    case 'seasonal-residual':
      return 60 * Math.log2(2 + (trend ?? length)) + 100;
    case 'isolation-forest':
      return 10 * trees * Math.log2(256) + 4 * lags;
    case 'matrix-profile':
      return 4 * length + 8 * (window ?? 0);
  }
}

export const anomaly: AnalysisContract<typeof anomalyParams> = {
  name: 'anomaly',
  title: 'Anomalies',
  summary: 'Rows that stand apart: far from the median, from trend and season, soon alone among random splits, or in a window that is like no other.',
  version: 1,
  params: anomalyParams,
  engines: ['cuda', 'cpu', 'portable'],
  enginesFor: ({ method }) => engineNames.filter((name) => hasExpected({ method }) || name === 'cpu' || (name === 'portable' && method === 'matrix-profile')),
  tolerance: { metric: 'largest difference of a score, relative to the larger of it and 1', f64: 1e-9, f32: 1e-9, reason: 'Always in float64. Medians are exact; the distance of a window from its neighbour is computed from the two windows.' },
  tables: resultTables,
  estimate(params, { series, rows: length }) {
    const together = params.method === 'isolation-forest' && params.together;
    const cells = series.length * length;
    const group = together ? cells : Math.max(length, Math.min(cells, anomalyGroup));
    const features = params.method === 'isolation-forest' ? 2 * (params.lags + 1) : 0;
    return {
      // The values; of a group what scores are made of, its rows as text and numbers; best neighbours for each thread.
      memoryBytes: 8 * (cells + group * (16 + features)) + (params.method === 'matrix-profile' ? 64 * 32 * length : 0),
      operations: cells * operationsPerCell(params, length),
      bytes: 16 * cells,
    };
  },
};
