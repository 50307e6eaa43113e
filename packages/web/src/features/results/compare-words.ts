/** Sentences that hold the error of a model against that of what needs no model. */
import { formatShare, formatShort } from '../../lib/format.ts';

/** Metrics of which more is better; of all others less is. */
const rising: ReadonlySet<string> = new Set(['r2', 'ic', 'accuracy', 'auc', 'coverage']);

export const metricWords: Readonly<Record<string, string>> = {
  mse: 'mean squared error',
  mae: 'mean absolute error',
  r2: 'share of variance explained (R²)',
  ic: 'correlation of predicted and observed',
  accuracy: 'accuracy',
  log_loss: 'log loss',
  brier: 'Brier score',
  auc: 'area under the ROC curve',
};

export interface Comparison {
  readonly metric: string;
  readonly model: string;
  readonly value: number;
  readonly baseline: number;
  /** What needs no model: "repeating the last value". */
  readonly against: string;
}

/** Whether the value is better than the baseline; null where one is missing or they are equal. */
export function isBetter(metric: string, value: number, baseline: number): boolean | null {
  if (Number.isNaN(value) || Number.isNaN(baseline) || value === baseline) return null;
  return rising.has(metric) === value > baseline;
}

/** "The mean squared error of NLinear is 0.374, against 1.294 of repeating the last value: 71.1 % less." */
export function comparisonSentence({ metric, model, value, baseline, against }: Comparison): string {
  const start = `The ${metricWords[metric] ?? metric} of ${model} is ${formatShort(value)}`;
  if (Number.isNaN(baseline)) return `${start}.`;
  const held = `${start}, against ${formatShort(baseline)} of ${against}`;
  const better = isBetter(metric, value, baseline);
  if (better === null) return `${held}.`;
  // A share of what may be near zero or negative says nothing.
  if (rising.has(metric) || baseline <= 0) return `${held}: ${better ? 'better' : 'no better'}.`;
  return `${held}: ${formatShare(Math.abs(1 - value / baseline))} ${value < baseline ? 'less' : 'more'}.`;
}
