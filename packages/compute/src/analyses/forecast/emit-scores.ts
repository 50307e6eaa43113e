/** The tables of metrics, from the scores of all folds. */
import type { ForecastParams } from '@corrente/shared/contract/analyses/forecast';
import { leastResiduals } from '../../forecasting/conformal.ts';
import { addedWindows, type Scores } from '../../forecasting/scores.ts';
import { type Fold, rowsOf } from '../../forecasting/split.ts';
import type { StepContext } from '../analysis.ts';
import { foldColumns, metricColumns, stepColumns } from './tables.ts';

interface Scored {
  readonly params: Pick<ForecastParams, 'model' | 'horizon' | 'coverage'>;
  /** The series that are forecast. */
  readonly names: readonly string[];
  readonly folds: readonly Fold[];
}

/** Emits metrics, by-step and, where there are several folds, folds; says where there are no intervals. */
export function emitScores(context: StepContext, { params, names, folds }: Scored, byFold: readonly Scores[]): void {
  const all = byFold.reduce(addedWindows);
  context.emit('metrics', metricColumns(names, params.horizon, all));
  context.emit('by-step', stepColumns(all));
  if (folds.length > 1) for (const [k, scores] of byFold.entries()) context.emit('folds', foldColumns(k, names, rowsOf(folds[k]?.train ?? { from: 0, to: 0 }), scores));
  if (all.bySeries.some(({ covered }) => covered === null)) {
    context.log('warn', `There are no prediction intervals: a coverage of ${params.coverage} needs at least ${leastResiduals(params.coverage)} validation windows, more than the validation rows hold.`);
  }
}
