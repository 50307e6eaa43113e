/** A trained session judged: intervals from validation windows, errors from test windows. */
import { residualBytes } from '@corrente/shared/contract/analyses/forecast';
import type { Columns, OpOptions } from '../engine/contract.ts';
import type { TrainerSession, TrainingLoss } from '../engine/contract.trainer.ts';
import { conformalWidths, thinned } from './conformal.ts';
import { Scorer, type Scores } from './scores.ts';

export interface Evaluation {
  /** Standardised; their first `series` series are forecast. */
  readonly columns: Columns;
  readonly series: number;
  readonly horizon: number;
}

/** Forecasts that are held at a time. */
const heldValues = 2_000_000;

/** Calls `take` with the forecasts of some origins after the other, [origins × series × horizon]. */
async function inChunks(session: TrainerSession, origins: Int32Array<ArrayBuffer>, { series, horizon }: Evaluation, options: OpOptions, take: (origins: Int32Array, forecasts: ArrayLike<number>, first: number) => void): Promise<void> {
  const chunk = Math.max(1, Math.floor(heldValues / (series * horizon)));
  for (let from = 0; from < origins.length; from += chunk) {
    const some = origins.slice(from, from + chunk);
    const forecasts = await session.forecast(some, {
      ...options,
      onProgress: (fraction) => options.onProgress?.((from + fraction * some.length) / origins.length),
    });
    take(some, forecasts, from);
  }
}

/** The mean loss over all windows of these origins, in standardised values. */
export async function lossOver(session: TrainerSession, origins: Int32Array<ArrayBuffer>, loss: TrainingLoss, evaluation: Evaluation, options: OpOptions): Promise<number> {
  const values = origins.length * evaluation.series * evaluation.horizon;
  if (loss !== 'huber') {
    const { squared, absolute } = await session.errors(origins, options);
    return (loss === 'mse' ? squared : absolute).reduce((sum, value) => sum + value, 0) / values;
  }
  const { columns, series, horizon } = evaluation;
  let sum = 0;
  await inChunks(session, origins, evaluation, options, (some, forecasts) => {
    for (const [k, origin] of some.entries()) {
      for (let s = 0; s < series; s++) {
        for (let h = 0; h < horizon; h++) {
          const error = Math.abs(columns.values[s * columns.stride + origin + h]! - forecasts[(k * series + s) * horizon + h]!);
          sum += error <= 1 ? 0.5 * error * error : error - 0.5;
        }
      }
    }
  });
  return sum / values;
}

/** Half the widths of prediction intervals, [series × horizon], in standardised values. */
export async function widthsOver(session: TrainerSession, validation: Int32Array<ArrayBuffer>, coverage: number, evaluation: Evaluation, options: OpOptions): Promise<Float64Array<ArrayBuffer>> {
  const { columns, series, horizon } = evaluation;
  const cells = series * horizon;
  const origins = thinned(validation, residualBytes / (8 * cells));
  const residuals = new Float64Array(cells * origins.length);
  await inChunks(session, origins, evaluation, options, (some, forecasts, first) => {
    for (const [k, origin] of some.entries()) {
      for (let s = 0; s < series; s++) {
        for (let h = 0; h < horizon; h++) {
          const cell = s * horizon + h;
          residuals[cell * origins.length + first + k] = Math.abs(columns.values[s * columns.stride + origin + h]! - forecasts[k * cells + cell]!);
        }
      }
    }
  });
  return conformalWidths(residuals, cells, coverage, { signal: options.signal });
}

/** Errors over every test window, in standardised values. */
export async function scoresOver(session: TrainerSession, test: Int32Array<ArrayBuffer>, widths: Float64Array, evaluation: Evaluation, options: OpOptions): Promise<Scores> {
  const { columns, series, horizon } = evaluation;
  const scorer = new Scorer(columns, series, horizon, new Float64Array(series).fill(1), widths);
  await inChunks(session, test, evaluation, options, (origins, forecasts) => scorer.add(origins, forecasts));
  return scorer.scores();
}
