/** What a model reads of the series at a row: never anything of a later row. */
import { z } from 'zod';
import type { FieldRead } from '../../analysis.ts';
import { type IndicatorChoice, indicatorChoice } from '../../indicators/choice.ts';
import type { JobInput } from '../../job.ts';
import { indicators as indicatorsAnalysis, type IndicatorsParams } from '../indicators.ts';

/** Rolling statistics that need no number but the window. */
export const rollingFeatures = ['mean', 'sum', 'std', 'var', 'min', 'max', 'median', 'rank', 'skew', 'kurtosis', 'zscore', 'wma', 'ema', 'ewm-mean', 'ewm-std'] as const;
export type RollingFeature = (typeof rollingFeatures)[number];

/** Parts of the date and the time of a row (UTC), each with where it begins and how many values it has. */
export const calendarParts = {
  minute: { from: 0, count: 60 },
  hour: { from: 0, count: 24 },
  weekday: { from: 0, count: 7 },
  'day-of-month': { from: 1, count: 31 },
  'day-of-year': { from: 1, count: 366 },
  month: { from: 1, count: 12 },
} as const;
export type CalendarPart = keyof typeof calendarParts;
const calendarNames = ['minute', 'hour', 'weekday', 'day-of-month', 'day-of-year', 'month'] as const satisfies readonly CalendarPart[];

/** Columns of a table of features at most. */
const mostFeatures = 4096;

function distinct<T extends string | number>({ value, issues }: z.core.ParsePayload<T[]>): void {
  for (const [index, one] of value.entries()) if (value.indexOf(one) < index) issues.push({ code: 'custom', path: [index], message: `${one} stands there already`, input: one });
}

function checkIndicators({ value, issues }: z.core.ParsePayload<string[]>): void {
  const taken = new Map<string, string>();
  for (const [index, name] of value.entries()) {
    const choice = indicatorChoice(name);
    const [first = ''] = typeof choice === 'string' ? [] : choice.columns;
    if (typeof choice === 'string') issues.push({ code: 'custom', path: [index], message: choice, input: name });
    else if (taken.has(first)) issues.push({ code: 'custom', path: [index], message: `is the feature ${first}, which ${taken.get(first)} is already`, input: name });
    else taken.set(first, name);
  }
}

const lags = (least: number) => z.array(z.int().min(least).max(100_000)).max(512).check(distinct);
const field = (role: string) => z.string().min(1).default(role);

export const featureParams = z
  .strictObject({
    lags: lags(0).default([0, 1, 2, 5, 10]).meta({ title: 'Lags', description: 'Values so many rows before; 0 is the newest that is known.', unit: 'rows' }),
    differences: lags(1).default([]).meta({ title: 'Differences', description: 'The newest value less that of so many rows before.', unit: 'rows' }),
    returns: lags(1).default([]).meta({ title: 'Returns', description: 'The newest value over that of so many rows before, less 1.', unit: 'rows' }),
    rolling: z
      .strictObject({
        kinds: z.array(z.enum(rollingFeatures)).max(rollingFeatures.length).check(distinct).default(['mean', 'std']).meta({ title: 'Kinds', description: 'Statistics of the window that ends at the row.', uniqueItems: true }),
        windows: z.array(z.int().min(2).max(100_000)).max(64).check(distinct).default([20]).meta({ title: 'Windows', unit: 'rows' }),
      })
      .meta({ id: 'RollingFeatures' })
      .prefault({})
      .meta({ title: 'Rolling statistics' }),
    indicators: z.array(z.string()).max(128).check(checkIndicators).default([]).meta({ title: 'Indicators', description: 'Technical indicators, with numbers of their own where wanted: "rsi", "macd(12,26,9)".' }),
    open: field('open').meta({ title: 'Open', description: 'Indicators: the field that holds the first price of a bar.' }),
    high: field('high').meta({ title: 'High', description: 'Indicators: the field that holds the highest price of a bar.' }),
    low: field('low').meta({ title: 'Low', description: 'Indicators: the field that holds the lowest price of a bar.' }),
    close: z.string().min(1).nullable().default(null).meta({ title: 'Close', description: 'Indicators: the field that holds the last price of a bar; the field of the input where not given.' }),
    volume: field('volume').meta({ title: 'Volume', description: 'Indicators: the field that holds what was traded during a bar.' }),
    calendar: z.array(z.enum(calendarNames)).max(calendarNames.length).check(distinct).default([]).meta({ title: 'Calendar', description: 'Parts of the date and the time of the row, in UTC.', uniqueItems: true }),
    cyclic: z.boolean().default(true).meta({ title: 'Calendar as a circle', description: 'Sine and cosine of each part, so that December lies beside January; otherwise its number.' }),
    others: z
      .strictObject({
        series: z.array(z.string()).max(2048).check(distinct).nullable().default(null).meta({ title: 'Series', description: 'Series whose values every row reads. Where null: all but the target where one series is the target, otherwise none.' }),
        lags: lags(0).default([0, 1]).meta({ title: 'Lags', description: 'Values of theirs so many rows before.', unit: 'rows' }),
      })
      .meta({ id: 'OtherSeriesFeatures' })
      .prefault({})
      .meta({ title: 'Other series' }),
  })
  .meta({ id: 'FeatureParams' });
export type FeatureParams = z.output<typeof featureParams>;

/** One column of the table of features. `warmUp` is the rows of a series, from its first value on, that have none. */
export type Feature = { readonly name: string; readonly warmUp: number } & (
  | { readonly kind: 'lag' | 'difference' | 'return'; readonly lag: number }
  | { readonly kind: 'rolling'; readonly statistic: RollingFeature; readonly window: number }
  | { readonly kind: 'indicator'; readonly choice: IndicatorChoice; readonly output: number }
  | { readonly kind: 'calendar'; readonly part: CalendarPart; readonly as: 'number' | 'sine' | 'cosine' }
  | { readonly kind: 'other'; readonly series: string; readonly lag: number }
);

/** The other series that are read. */
export function otherSeries({ others }: FeatureParams, target: string | null, series: readonly string[]): readonly string[] {
  if (others.series !== null) return others.series;
  return target === null ? [] : series.filter((name) => name !== target);
}

function shifted(kind: 'lag' | 'difference' | 'return', of: readonly number[]): Feature[] {
  return of.map((lag) => ({ name: `${kind}_${lag}`, warmUp: lag, kind, lag }));
}

/** The features in the order of their columns. */
export function featuresOf(params: FeatureParams, target: string | null, series: readonly string[]): Feature[] {
  return [
    ...shifted('lag', params.lags),
    ...shifted('difference', params.differences),
    ...shifted('return', params.returns),
    ...params.rolling.kinds.flatMap((statistic) => params.rolling.windows.map((window): Feature => ({ name: `${statistic}_${window}`, warmUp: window - 1, kind: 'rolling', statistic, window }))),
    ...indicatorChoices(params).flatMap((choice) =>
      choice.columns.map((name, output): Feature => ({ name, warmUp: (choice.indicator.outputs[output]?.warmUp ?? choice.indicator.warmUp)(choice.parameters), kind: 'indicator', choice, output })),
    ),
    ...params.calendar.flatMap((part): Feature[] =>
      params.cyclic
        ? [{ name: `${part}_sine`, warmUp: 0, kind: 'calendar', part, as: 'sine' }, { name: `${part}_cosine`, warmUp: 0, kind: 'calendar', part, as: 'cosine' }]
        : [{ name: part, warmUp: 0, kind: 'calendar', part, as: 'number' }],
    ),
    ...otherSeries(params, target, series).flatMap((other) => params.others.lags.map((lag): Feature => ({ name: `${other}:lag_${lag}`, warmUp: lag, kind: 'other', series: other, lag }))),
  ];
}

export function indicatorChoices({ indicators }: Pick<FeatureParams, 'indicators'>): IndicatorChoice[] {
  return indicators.map(indicatorChoice).filter((choice) => typeof choice !== 'string');
}

/** The indicators as a job of theirs would name them; null where there are none. */
export function indicatorJob({ indicators, open, high, low, close, volume }: FeatureParams): IndicatorsParams | null {
  return indicators.length === 0 ? null : { names: indicators, open, high, low, close, volume };
}

/** The further fields that the indicators read. */
export function featureFields(params: FeatureParams): readonly FieldRead[] {
  const job = indicatorJob(params);
  return job === null ? [] : (indicatorsAnalysis.fields?.(job) ?? []);
}

/** Throws `invalid-job` where the input does not suit the indicators. */
export function checkFeatureInput(params: FeatureParams, input: JobInput): void {
  const job = indicatorJob(params);
  if (job !== null) indicatorsAnalysis.checkInput?.(job, input);
}

/** What is wrong with the features of so many series taken together; null where nothing is. */
export function wrongFeatures(params: FeatureParams, target: string | null): string | null {
  const own = featuresOf(params, target, []).length;
  const mayRead = target !== null || (params.others.series?.length ?? 0) > 0;
  if (own === 0 && (!mayRead || params.others.lags.length === 0)) return 'are none; expected a lag, a difference, a return, a rolling statistic, an indicator, a part of the calendar or another series';
  return own > mostFeatures ? `are ${own}; at most ${mostFeatures} can be taken` : null;
}
