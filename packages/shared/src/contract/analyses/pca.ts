/** Principal components: the directions in which the series vary together, and how much of the variance each holds. */
import { z } from 'zod';
import type { AnalysisContract, InputShape } from '../analysis.ts';
import type { TableSchema } from '../result.ts';

const object = z.strictObject({
  matrix: z.enum(['correlation', 'covariance']).default('correlation').meta({ title: 'Matrix', description: 'correlation: every series counts alike. covariance: by its variance.' }),
  components: z.int().min(1).max(100_000).nullable().default(null).meta({ title: 'Components', description: 'How many; as many as hold the share of variance where null.' }),
  share: z.number().gt(0).max(1).default(0.95).meta({ title: 'Share of variance', description: 'The components, largest first, that hold at least this share together; where their number is not given.' }),
  ddof: z.int().min(0).max(1).default(1).meta({ title: 'Degrees of freedom lost', description: 'Variances are divided by the number of rows minus this.' }),
  scores: z.boolean().default(false).meta({ title: 'Scores', description: 'Adds the table scores: every row in the coordinates of the components, whose number must then be given.' }),
  missing: z.enum(['error', 'listwise', 'drop-series']).default('error').meta({ title: 'Missing values', description: 'error: none may be missing. listwise: rows where a series is missing are left out. drop-series: series with a missing value are left out.' }),
});
export type PcaParams = z.output<typeof object>;

function checkTogether({ value, issues }: z.core.ParsePayload<PcaParams>): void {
  if (value.scores && value.components === null) issues.push({ code: 'custom', path: ['scores'], message: 'has a column for each component, and needs their number: give components', input: value.scores });
}

export const pcaParams = object.check(checkTogether).meta({ id: 'PcaParams' });

/** Names of the columns of scores. */
export const scoreColumns = (components: number): string[] => Array.from({ length: components }, (_, k) => `component_${k + 1}`);

const component = { name: 'component', type: 'int32', description: 'From 1, the largest.' } as const;

function resultTables({ matrix, components, scores }: PcaParams, { series, time }: InputShape): TableSchema[] {
  const unit = matrix === 'correlation' ? '1' : 'the square of the input’s';
  return [
    {
      name: 'variance',
      title: 'Explained variance',
      columns: [
        component,
        { name: 'value', type: 'float64', unit, description: 'The variance of the scores: an eigenvalue of the matrix.' },
        { name: 'ratio', type: 'float64', unit: '1', description: 'Its share of the variance of all series.' },
        { name: 'cumulative', type: 'float64', unit: '1', description: 'That of it and those before it.' },
      ],
    },
    {
      name: 'components',
      title: 'Components',
      columns: [component, { name: 'series', type: 'utf8' }, { name: 'loading', type: 'float64', unit: '1', description: 'The weight of the series: the component has length 1, and its largest weight is positive.' }],
    },
    ...(scores
      ? [{ name: 'scores', title: 'Scores', columns: [{ name: 'time', type: time }, ...scoreColumns(Math.min(components ?? 1, series.length)).map((name) => ({ name, type: 'float64' as const, unit: matrix === 'correlation' ? 'standard deviations' : 'as the input' }))] }]
      : []),
  ];
}

export const pca: AnalysisContract<typeof pcaParams> = {
  name: 'pca',
  title: 'Principal components',
  summary: 'The directions in which the series vary together, largest first: how much of the variance each holds, which series make it up, and every row in their coordinates.',
  version: 1,
  params: pcaParams,
  engines: ['cuda', 'cpu', 'portable'],
  tolerance: { metric: 'largest absolute difference of a ratio, and of a loading whose eigenvalue stands apart', f64: 1e-9, f32: 1e-9, reason: 'Always in float64. A direction is known to the rounding of the matrix over the gap between its eigenvalue and the next.' },
  tables: resultTables,
  estimate({ scores, components }, { series, rows }) {
    const [s, t] = [series.length, rows];
    const side = Math.min(s, t);
    const kept = Math.min(side, components ?? side);
    return {
      // The values and a copy, brought together again for the smaller side; its matrix, vectors and what they are made of.
      memoryBytes: 8 * (s * t * (s > t ? 5 : 3) + 5 * side ** 2 + kept * s * 3 + (scores ? 2 * kept * t : 0)),
      operations: 2 * side ** 2 * Math.max(s, t) + 9 * side ** 3 + (scores || s > t ? 2 * kept * s * t : 0),
      bytes: 8 * (s * t + side ** 2 + kept * s + (scores ? kept * t : 0)),
    };
  },
};
