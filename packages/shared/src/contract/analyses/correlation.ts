/** Pearson correlation of every pair of series. */
import { z } from 'zod';
import type { AnalysisContract } from '../analysis.ts';

export const correlationParams = z
  .strictObject({
    method: z.enum(['pearson']).default('pearson').meta({ title: 'Method' }),
    missing: z
      .enum(['pairwise', 'listwise'])
      .default('pairwise')
      .meta({ title: 'Missing values', description: 'pairwise: each pair over the rows where both are present. listwise: only rows where every series is.' }),
    output: z.enum(['matrix', 'pairs', 'both']).default('matrix').meta({ title: 'Output', description: 'The full matrix, one row per pair, or both.' }),
    minAbs: z.number().min(0).max(1).default(0).meta({ title: 'Smallest |r|', description: 'Pairs below it are left out of the pairs.' }),
    top: z.int().min(1).nullable().default(null).meta({ title: 'Top', description: 'Only this many pairs of largest |r|, in that order; all where null.' }),
    minPeriods: z.int().min(2).default(2).meta({ title: 'Least common rows', description: 'Pairs with fewer rows in common have no value.', unit: 'rows' }),
    fdr: z.boolean().default(false).meta({ title: 'Control false discoveries', description: 'Adds q by Benjamini and Hochberg (1995) over all pairs.' }),
  })
  .meta({ id: 'CorrelationParams' });
export type CorrelationParams = z.infer<typeof correlationParams>;

/** Names of the matrix's value columns: those of the series, but for one called as the column of names is. */
function valueColumns(series: readonly string[]): string[] {
  let other = 'series_';
  while (series.includes(other)) other += '_';
  return series.map((name) => (name === 'series' ? other : name));
}

export const correlation: AnalysisContract<typeof correlationParams> = {
  name: 'correlation',
  title: 'Correlation',
  summary: 'How closely every pair of series moves together: the Pearson coefficient as a matrix, or as pairs with their p-values.',
  version: 1,
  params: correlationParams,
  engines: ['cuda', 'cpu', 'portable'],
  tolerance: {
    metric: 'largest absolute difference of r',
    f64: 1e-12,
    f32: 2e-5,
    reason: 'Engines sum T products in different orders; for standardised series the error of r is near sqrt(T) units in the last place.',
  },
  tables(params, { series }) {
    const matrix = {
      name: 'matrix',
      title: 'Correlation matrix',
      columns: [{ name: 'series', type: 'utf8' as const }, ...valueColumns(series).map((name) => ({ name, type: 'real' as const, unit: '1' }))],
    };
    const pairs = {
      name: 'pairs',
      title: 'Pairs',
      columns: [
        { name: 'a', type: 'utf8' as const },
        { name: 'b', type: 'utf8' as const },
        { name: 'lag', type: 'int32' as const, unit: 'rows' },
        { name: 'r', type: 'real' as const, unit: '1' },
        { name: 'n', type: 'int32' as const, unit: 'rows' },
        { name: 'p', type: 'float64' as const, unit: '1' },
        ...(params.fdr ? [{ name: 'q', type: 'float64' as const, unit: '1' }] : []),
      ],
    };
    return { matrix: [matrix], pairs: [pairs], both: [matrix, pairs] }[params.output];
  },
  estimate(params, { series, rows }, precision) {
    const [s, t, word] = [series.length, rows, precision === 'f32' ? 4 : 8];
    const pairs = (s * (s - 1)) / 2;
    const pairRow = params.output === 'matrix' ? 0 : 48;
    return {
      // Values, their standardised copy with its mask, the matrix (kept for its mirrored half), the pairs.
      memoryBytes: s * t * 8 + 3 * s * t * word + s * s * word * 2 + pairs * pairRow,
      operations: s * (s + 1) * t,
      bytes: s * t * 8 + s * s * word,
    };
  },
};
