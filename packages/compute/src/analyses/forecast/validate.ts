/** What a forecast refuses before anything is computed. */
import { type ForecastParams, isClassical, trainingSettings } from '@corrente/shared/contract/analyses/forecast';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { checkLayersJson } from '@corrente/shared/tfjs/model-cost';
import { groupShape } from '../../forecasting/open-session.ts';
import { tfjsMemory } from '../../forecasting/training.ts';
import { fitScaler } from '../../forecasting/scaler.ts';
import { type Fold, foldsOf, rowsOf } from '../../forecasting/split.ts';
import type { Frame } from '../../frame/frame.ts';
import { refuseTrials } from '../series-group.ts';

/** Which series of the frame are forecast, and which are inputs only. */
export interface Subject {
  readonly targets: readonly number[];
  readonly exogenous: readonly number[];
}

/** Throws `unknown-series` for an exogenous series that the frame lacks, `too-few-series` where none is left to forecast. */
export function subjectOf({ exogenous }: ForecastParams, { names }: Pick<Frame, 'names'>): Subject {
  const wanted = exogenous ?? [];
  const unknown = wanted.flatMap((name, i) => (names.includes(name) ? [] : [{ pointer: `/params/exogenous/${i}`, detail: `is ${name}` }]));
  if (unknown.length > 0) throw new CorrenteError('unknown-series', `exogenous names ${unknown.map(({ detail }) => detail.slice(3)).join(', ')}; the input has ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}.`, { places: unknown });
  const targets = [...names.keys()].filter((series) => !wanted.includes(names[series] ?? ''));
  if (targets.length === 0) throw new CorrenteError('too-few-series', `All ${names.length} series are exogenous; none is left to forecast.`);
  return { targets, exogenous: wanted.map((name) => names.indexOf(name)) };
}

export function validateForecast(params: ForecastParams, frame: Frame): void {
  refuseTrials(frame);
  const subject = subjectOf(params, frame);
  refuseMissing(frame, [...subject.targets, ...subject.exogenous]);
  const folds = foldsOf(params, frame);
  for (const fold of folds) checkLengths(params, fold, frame.length);
  if (params.model === 'tfjs') for (const fold of folds) checkLayers(params, subject, fold);
  for (const fold of folds) fitScaler(frame, frame.names, [...subject.targets, ...subject.exogenous], fold.train);
}

/** Throws `model-invalid` or `model-too-large` for layers JSON that cannot be trained. */
function checkLayers(params: ForecastParams, { targets, exogenous }: Subject, { train }: Fold): void {
  const { lookback, batchSize } = trainingSettings(params, rowsOf(train));
  const channels = { mode: params.mode, targets: targets.length, exogenous: exogenous.length };
  const shape = groupShape(channels);
  const groups = params.mode === 'joint' ? 1 : targets.length;
  checkLayersJson(params.topology, { steps: lookback, features: shape.features, outputs: shape.targets * params.horizon, batch: batchSize * groups, memoryLimit: tfjsMemory });
}

function refuseMissing(frame: Frame, which: readonly number[]): void {
  const missing = which.flatMap((series) => {
    const count = frame.length - (frame.present[series] ?? 0);
    return count > 0 ? [`${frame.names[series]} (${count})`] : [];
  });
  if (missing.length === 0) return;
  throw new CorrenteError('missing-values', `Values are missing in ${missing.slice(0, 10).join(', ')}${missing.length > 10 ? ` and ${missing.length - 10} more series` : ''} of ${frame.length} rows. A forecast needs every row: choose the fill forward or linear.`, { places: [{ pointer: '/input/fill', detail: 'forward or linear would fill them' }] });
}

function checkLengths(params: ForecastParams, { train, validation, test }: Fold, length: number): void {
  const { horizon, folds } = params;
  const parts = [['train', train], ['validation', validation], ['test', test]] as const;
  const each = folds === 1 ? '' : ` (of one of ${folds} folds)`;
  for (const [name, range] of parts) {
    if (rowsOf(range) >= horizon + Number(name === 'train')) continue;
    const detail = `The horizon is ${horizon} rows; the ${name} part has ${Math.max(0, rowsOf(range))}${each} of the ${length} there are, and needs at least ${horizon + Number(name === 'train')}.`;
    throw new CorrenteError('horizon-too-long', detail, { places: [{ pointer: '/params/horizon', detail: `is ${horizon}` }] });
  }
  const { model, season } = params;
  if (model === 'seasonal-naive' && season !== null && season > rowsOf(train)) throw new CorrenteError('too-few-samples', `The season is ${season} rows; training has ${rowsOf(train)}${each}.`, { places: [{ pointer: '/params/season', detail: `is ${season}` }] });
  const seasonRows = 2 * (season ?? 0) + Number(model === 'ets');
  if ((model === 'ets' || model === 'theta') && season !== null && season > 1 && seasonRows > rowsOf(train)) throw new CorrenteError('too-few-samples', `The season is ${season} rows, for which ${model} needs ${seasonRows} rows of training; there are ${rowsOf(train)}${each}.`, { places: [{ pointer: '/params/season', detail: `is ${season}` }] });
  if (isClassical(model)) return;
  const { lookback } = trainingSettings(params, rowsOf(train));
  if (lookback >= rowsOf(train)) throw new CorrenteError('lookback-too-long', `The look-back is ${lookback} rows; training has ${rowsOf(train)}${each}.`, { places: [{ pointer: '/params/lookback', detail: `is ${lookback}` }] });
  const windows = rowsOf(train) - lookback - horizon + 1;
  if (windows < 2) throw new CorrenteError('too-few-samples', `A look-back of ${lookback} and a horizon of ${horizon} rows leave ${Math.max(0, windows)} windows in the ${rowsOf(train)} train rows${each}; at least 2 are needed.`, { places: [{ pointer: '/params/lookback', detail: `is ${lookback}` }] });
}
