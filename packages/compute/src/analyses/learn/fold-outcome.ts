/** What one fold found, as its step returns it: JSON, in which a figure that is missing is null. */
import { z } from 'zod';
import type { JsonValue } from '../analysis.ts';
import type { Metric, Reliability } from './evaluate.ts';

const figure = z.number().nullable().transform((value) => value ?? Number.NaN);

const foldOutcome = z.object({
  metrics: z.array(z.object({ metric: z.string(), value: figure, baseline: figure, baselineName: z.string(), rows: z.int() })),
  /** Share of each feature, null for models without trees. */
  gain: z.array(z.number()).nullable(),
  /** Rise of the loss, [features × repeats]. */
  permutation: z.array(z.array(figure)),
  reliability: z.array(z.object({ place: z.int(), bins: z.array(z.object({ rows: z.int(), predicted: z.number(), observed: z.number() })) })),
});

/** As the schema has it; nothing of it is changed. */
export interface FoldOutcome {
  readonly metrics: readonly Metric[];
  readonly gain: readonly number[] | null;
  readonly permutation: ReadonlyArray<readonly number[]>;
  readonly reliability: readonly Reliability[];
}

export function readFoldOutcome(returned: JsonValue): FoldOutcome {
  return foldOutcome.parse(returned);
}

export function writeFoldOutcome({ metrics, gain, permutation, reliability }: FoldOutcome): JsonValue {
  return {
    metrics: metrics.map((metric) => ({ ...metric, value: plain(metric.value), baseline: plain(metric.baseline) })),
    gain,
    permutation: permutation.map((rises) => rises.map(plain)),
    reliability: reliability.map(({ place, bins }) => ({ place, bins: bins.map((bin) => ({ ...bin })) })),
  };
}

function plain(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Of each metric the mean over folds, weighted by their rows; folds where it is missing are left out. */
export function meanMetrics(folds: readonly FoldOutcome[]): Metric[] {
  const names = folds[0]?.metrics.map(({ metric }) => metric) ?? [];
  return names.map((metric) => {
    const of = folds.flatMap(({ metrics }) => metrics.filter((one) => one.metric === metric));
    const baselines = [...new Set(of.map(({ baselineName }) => baselineName))];
    return {
      metric,
      value: weighted(of.map(({ value, rows }) => [value, rows])),
      baseline: weighted(of.map(({ baseline, rows }) => [baseline, rows])),
      baselineName: baselines.join(', '),
      rows: of.reduce((sum, { rows }) => sum + rows, 0),
    };
  });
}

function weighted(values: ReadonlyArray<readonly [value: number, rows: number]>): number {
  let [sum, rows] = [0, 0];
  for (const [value, weight] of values) {
    if (!Number.isFinite(value)) continue;
    sum += value * weight;
    rows += weight;
  }
  return rows > 0 ? sum / rows : Number.NaN;
}

export interface Importances {
  readonly gain: Float64Array<ArrayBuffer>;
  readonly permutation: Float64Array<ArrayBuffer>;
  readonly spread: Float64Array<ArrayBuffer>;
}

/** Of each feature means over folds, and over folds and repeats with their standard deviation. */
export function meanImportances(folds: readonly FoldOutcome[], features: number): Importances {
  const rises = Array.from({ length: features }, (_, f) => folds.flatMap(({ permutation }) => permutation[f] ?? []).filter((rise) => Number.isFinite(rise)));
  const permutation = Float64Array.from(rises, meanOf);
  return {
    gain: Float64Array.from({ length: features }, (_, f) => meanOf(folds.flatMap(({ gain }) => (gain === null ? [] : (gain[f] ?? []))))),
    permutation,
    spread: Float64Array.from(rises, (of, f) => (of.length > 1 ? Math.sqrt(of.reduce((sum, rise) => sum + (rise - permutation[f]!) ** 2, 0) / (of.length - 1)) : Number.NaN)),
  };
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The bins of all folds together. */
export function joinReliability(folds: readonly FoldOutcome[]): Reliability[] {
  return (folds[0]?.reliability ?? []).map(({ place, bins }, k) => ({
    place,
    bins: bins.map((_, bin) => {
      const of = folds.flatMap(({ reliability }) => reliability[k]?.bins[bin] ?? []);
      return { rows: of.reduce((sum, one) => sum + one.rows, 0), predicted: of.reduce((sum, one) => sum + one.predicted, 0), observed: of.reduce((sum, one) => sum + one.observed, 0) };
    }),
  }));
}
