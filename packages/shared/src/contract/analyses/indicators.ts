/** Technical indicators of each series, over the fields of a bar. */
import { z } from 'zod';
import type { AnalysisContract, FieldRead, InputShape } from '../analysis.ts';
import { CorrenteError } from '../errors.ts';
import { indicatorChoice, type IndicatorChoice } from '../indicators/choice.ts';
import type { IndicatorInput } from '../indicators/indicator.ts';
import type { JobInput } from '../job.ts';
import type { ColumnSchema } from '../result.ts';

/** A field of a bar, how it joins where bars become longer ones, and what it is called by default. */
const roles = [
  { role: 'open', aggregate: 'first' },
  { role: 'high', aggregate: 'max' },
  { role: 'low', aggregate: 'min' },
  { role: 'close', aggregate: 'last' },
  { role: 'volume', aggregate: 'sum' },
] as const;
const prices: ReadonlySet<IndicatorInput> = new Set<IndicatorInput>(['open', 'high', 'low', 'close']);

/** Columns of one job at most: each is as long as the input. */
const mostColumns = 256;

/** Values of one group of series, over all of them and one column; a longer series is a group by itself. */
const groupValues = 250_000;
/** Values of one group over all its columns: some megabytes, so that parts arrive early and memory stays small. */
const groupOutputs = 1_000_000;

function checkNames({ value, issues }: z.core.ParsePayload<string[]>): void {
  const taken = new Map<string, string>();
  let columns = 0;
  for (const [index, name] of value.entries()) {
    const refuse = (message: string): void => void issues.push({ code: 'custom', path: [index], message, input: name });
    const choice = indicatorChoice(name);
    if (typeof choice === 'string') {
      refuse(choice);
      continue;
    }
    const [first = ''] = choice.columns;
    const before = taken.get(first);
    if (before !== undefined) refuse(`makes the column ${first}, which ${before} makes already`);
    taken.set(first, name);
    columns += choice.columns.length;
  }
  if (columns > mostColumns) issues.push({ code: 'custom', path: [], message: `make ${columns} columns; at most ${mostColumns} can be made`, input: value });
}

const field = (role: string) => z.string().min(1).default(role);

export const indicatorsParams = z
  .strictObject({
    names: z
      .array(z.string())
      .min(1)
      .max(128)
      .check(checkNames)
      .default(['rsi', 'macd', 'bollinger'])
      .meta({ title: 'Indicators', description: 'Names of the catalogue, with numbers of their own where wanted: "rsi", "rsi(7)", "macd(12,26,9)".' }),
    open: field('open').meta({ title: 'Open', description: 'The field that holds the first price of a bar.' }),
    high: field('high').meta({ title: 'High', description: 'The field that holds the highest price of a bar.' }),
    low: field('low').meta({ title: 'Low', description: 'The field that holds the lowest price of a bar.' }),
    close: z.string().min(1).nullable().default(null).meta({ title: 'Close', description: 'The field that holds the last price of a bar; the field of the input where not given.' }),
    volume: field('volume').meta({ title: 'Volume', description: 'The field that holds what was traded during a bar.' }),
  })
  .meta({ id: 'IndicatorsParams' });
export type IndicatorsParams = z.output<typeof indicatorsParams>;

/** The indicators that are named, in their order. */
export function choicesOf({ names }: IndicatorsParams): IndicatorChoice[] {
  return names.map((name) => {
    const choice = indicatorChoice(name);
    if (typeof choice === 'string') throw new CorrenteError('invalid-params', `indicators: ${name}: ${choice}.`);
    return choice;
  });
}

/** The indicators that read an input, in words with their verb: "obv and mfi read". */
function readersOf(params: IndicatorsParams, input: IndicatorInput): string | null {
  const names = [...new Set(choicesOf(params).flatMap(({ indicator }) => (indicator.inputs.includes(input) ? [indicator.name] : [])))];
  if (names.length === 0) return null;
  return names.length === 1 ? `${names[0]} reads` : `${names.slice(0, -1).join(', ')} and ${names.at(-1)} read`;
}

function fields(params: IndicatorsParams): FieldRead[] {
  return roles.flatMap(({ role, aggregate }): FieldRead[] => {
    const usedBy = readersOf(params, role);
    const name = params[role];
    return usedBy === null || name === null ? [] : [{ role, field: name, aggregate, usedBy }];
  });
}

/** The prices of a bar are compared with each other, so the job may not change one of them alone. */
function checkInput(params: IndicatorsParams, { transform, resample }: JobInput): void {
  const bars = [...new Set(choicesOf(params).flatMap(({ indicator }) => (indicator.inputs.some((input) => prices.has(input)) ? [indicator.name] : [])))];
  if (transform !== 'none' && bars.length > 0) {
    throw new CorrenteError('invalid-job', `The transform ${transform} changes one field, and ${bars.join(', ')} put${bars.length === 1 ? 's' : ''} several prices of a bar together, which must be as they were traded; leave the transform out, or the indicators of bars.`, {
      places: [{ pointer: '/input/transform', detail: `must be none for ${bars.join(', ')}` }],
    });
  }
  const closing = params.close === null ? readersOf(params, 'close') : null;
  if (resample && resample.aggregate !== 'last' && closing !== null) {
    throw new CorrenteError('invalid-job', `The close of a longer bar is its last value, and the aggregate was ${resample.aggregate}; ${closing} the close. Resample by last, or name the field of the close.`, {
      places: [{ pointer: '/input/resample/aggregate', detail: 'must be last' }],
    });
  }
}

/** How many series are computed together. */
export function seriesPerGroup(params: IndicatorsParams, rows: number): number {
  const columns = choicesOf(params).reduce((count, choice) => count + choice.columns.length, 0);
  return Math.max(1, Math.floor(Math.min(groupValues, groupOutputs / columns) / Math.max(1, rows)));
}

/** Operations of one indicator for each row; where every row sums its whole window anew, they grow with it. */
function operationsPerRow({ indicator: { name, outputs }, parameters: [period = 1] }: IndicatorChoice): number {
  return 20 * outputs.length + (name === 'cci' || name === 'alma' ? 3 * period : 0);
}

export const indicators: AnalysisContract<typeof indicatorsParams> = {
  name: 'indicators',
  title: 'Technical indicators',
  summary: 'The indicators that traders use: averages, bands, trend, momentum, volatility, volume and regression, of every series at once, by TA-Lib’s definitions where it has them.',
  version: 1,
  params: indicatorsParams,
  engines: ['cuda', 'cpu'],
  fields,
  checkInput,
  tolerance: {
    metric: 'largest difference relative to the value, or to 1 where that is more',
    f64: 1e-9,
    f32: 1e-6,
    reason: 'Sums run on from row to row in different orders, and what is left of a difference of two large sums, as in a variance, has the digits that they do not share. Under f32 the engines compute in float64 and round at the end.',
  },
  tables(params, { time }: InputShape) {
    const columns = choicesOf(params).flatMap(({ indicator, columns: names }) =>
      names.map((name, i): ColumnSchema => ({ name, type: 'real', description: `${indicator.title}${indicator.outputs.length > 1 ? `: ${indicator.outputs[i]?.title ?? ''}` : ''}` })),
    );
    return [{ name: 'values', title: 'Values', columns: [{ name: 'time', type: time }, { name: 'series', type: 'utf8' }, ...columns] }];
  },
  estimate(params, { series, rows }, precision) {
    const cells = series.length * rows;
    const choices = choicesOf(params);
    const inputs = 1 + fields(params).length;
    const columns = choices.reduce((count, choice) => count + choice.columns.length, 0);
    const word = precision === 'f32' ? 4 : 8;
    // Two groups live at once, each with its outputs, and their encoded copy beside the time and the name of each row.
    const group = rows * Math.min(series.length, seriesPerGroup(params, rows));
    return {
      memoryBytes: 8 * cells * inputs + 2 * group * (2 * columns * word + 24),
      operations: cells * choices.reduce((sum, choice) => sum + operationsPerRow(choice), 0),
      bytes: cells * (8 * inputs + columns * word),
    };
  },
};
