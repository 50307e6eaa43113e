/** Moving averages and rolling statistics of each series. */
import { z } from 'zod';
import type { AnalysisContract } from '../analysis.ts';

/** Averages weigh the window (sma, ema, wma); statistics describe it (mean, std, min, max). */
export const movingAverageKinds = ['sma', 'ema', 'wma', 'mean', 'std', 'min', 'max'] as const;
export type MovingAverageKind = (typeof movingAverageKinds)[number];

/** Values of one group of series, over all of them; a longer series is a group by itself. */
export const movingAverageGroup = 250_000;

/** Each makes one column: a repetition would make two of one name. */
function distinct<T extends string | number>({ value, issues }: z.core.ParsePayload<T[]>): void {
  for (const [index, one] of value.entries()) if (value.indexOf(one) < index) issues.push({ code: 'custom', path: [index], message: `${one} stands there already`, input: one });
}

export const movingAverageParams = z
  .strictObject({
    kinds: z.array(z.enum(movingAverageKinds)).min(1).max(movingAverageKinds.length).check(distinct).default(['sma']).meta({ title: 'Kinds', uniqueItems: true }),
    windows: z.array(z.int().min(1).max(1_000_000_000)).min(1).max(64).check(distinct).default([20, 50]).meta({ title: 'Windows', description: 'Lengths of the window.', unit: 'rows' }),
    ddof: z.int().min(0).max(1).default(1).meta({ title: 'Degrees of freedom lost', description: 'std divides by window minus this.' }),
  })
  .meta({ id: 'MovingAverageParams' });
export type MovingAverageParams = z.infer<typeof movingAverageParams>;

export const movingAverage: AnalysisContract<typeof movingAverageParams> = {
  name: 'moving-average',
  title: 'Moving averages',
  summary: 'Simple, exponential and weighted moving averages, and the rolling mean, standard deviation, minimum and maximum of each series.',
  version: 1,
  params: movingAverageParams,
  engines: ['cuda', 'cpu', 'portable'],
  tolerance: {
    metric: 'largest difference relative to the largest absolute value in the window',
    f64: 1e-12,
    f32: 1e-5,
    reason: 'A window of w values is summed in different orders; nothing outside the window takes part.',
  },
  tables(params, { time }) {
    return [
      {
        name: 'values',
        title: 'Values',
        columns: [
          { name: 'time', type: time },
          { name: 'series', type: 'utf8' },
          ...params.kinds.flatMap((kind) => params.windows.map((window) => ({ name: `${kind}_${window}`, type: 'real' as const, unit: 'as the input' }))),
        ],
      },
    ];
  },
  estimate(params, { series, rows }, precision) {
    const cells = series.length * rows;
    const outputs = params.kinds.length * params.windows.length;
    const word = precision === 'f32' ? 4 : 8;
    // Series are computed in groups of this many values, or one at a time; two groups live at once, each with its
    // input, its outputs, and their encoded copy beside the time and the name of each row.
    const group = rows * Math.min(series.length, Math.max(1, Math.floor(movingAverageGroup / rows)));
    return { memoryBytes: cells * 8 + 2 * group * (8 + 2 * outputs * word + 24), operations: cells * outputs * 8, bytes: cells * (8 + outputs * word) };
  },
};
