/** A training as the document of its model. */
import type { ForecastParams } from '@corrente/shared/contract/analyses/forecast';
import { encodedArray, type ModelDocument } from '@corrente/shared/contract/model-file';
import { jsonOf } from '../../forecasting/json-of.ts';
import type { FoldTraining } from '../../forecasting/fold-training.ts';
import type { PlanInput } from '../analysis.ts';
import type { Subject } from './validate.ts';

interface Trained {
  readonly epoch: number;
  readonly validationLoss: number;
  /** In the series' own units; null before they are known. */
  readonly widths: Float64Array | null;
}

/** With the session's parameters as they are now. */
export function trainedDocument({ params, frame }: Pick<PlanInput<ForecastParams>, 'params' | 'frame'>, { targets, exogenous }: Subject, training: FoldTraining, { epoch, validationLoss, widths }: Trained): ModelDocument {
  const { model, horizon, coverage, mode, loss, topology } = params;
  const names = (places: readonly number[]): string[] => places.map((place) => frame.names[place] ?? '');
  return {
    format: 'corrente-model',
    version: 1,
    analysis: 'forecast',
    kind: 'trained',
    model,
    horizon,
    series: names(targets),
    coverage,
    widths: encodedArray(widths ?? new Float64Array(targets.length * horizon).fill(Number.NaN)),
    mode,
    lookback: training.settings.lookback,
    exogenous: names(exogenous),
    mean: [...training.scaler.mean],
    deviation: [...training.scaler.deviation],
    layered: training.model === null ? null : jsonOf(training.model),
    topology: topology === undefined ? null : jsonOf(topology),
    loss,
    parameters: encodedArray(training.session.parameters()),
    epoch,
    validationLoss,
  };
}
