/** What a trainer refuses: shapes that do not fit each other would be read beyond their ends. */
import { CorrenteError } from '../../contract/errors.ts';
import { parameterCount, shapesOf, type Layer, type LayeredModel } from './layers.ts';
import type { TrainingWindows } from './windows.ts';

const refusal = (what: string): CorrenteError => new CorrenteError('internal', `training: ${what}.`);

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 1;

const isRate = (value: number): boolean => value >= 0 && value < 1;

function wrongIn(layer: Layer, at: number): string | null {
  const name = `layer ${at} (${layer.kind})`;
  const count = (what: string, value: number): string | null => (isCount(value) ? null : `${name}: ${what} is ${value}, expected a whole number of at least 1`);
  const rate = (value: number): string | null => (isRate(value) ? null : `${name}: the rate is ${value}, expected at least 0 and less than 1`);
  switch (layer.kind) {
    case 'dense':
    case 'lstm':
    case 'gru':
      return count('units', layer.units);
    case 'tcn':
      return count('filters', layer.filters) ?? count('kernel', layer.kernel) ?? count('dilation', layer.dilation) ?? rate(layer.dropout);
    case 'dropout':
      return rate(layer.rate);
    case 'decompose':
      if (at > 0) return `${name}: decompose is layer ${at}, expected it to be the first only`;
      return isCount(layer.window) && layer.window % 2 === 1 ? null : `${name}: window is ${layer.window}, expected an odd number of at least 1`;
    case 'flatten':
    case 'last':
      return null;
  }
}

/** Throws `internal` unless the model, its parameters and the windows fit each other. */
export function checkTrainer(windows: TrainingWindows, model: LayeredModel, parameters: Float64Array): void {
  const { columns, horizon, groups } = windows;
  if (!isCount(model.steps) || !isCount(model.features)) throw refusal(`the model takes ${model.steps} steps of ${model.features} features, expected at least 1 of each`);
  for (const [at, layer] of model.layers.entries()) {
    const wrong = wrongIn(layer, at);
    if (wrong !== null) throw refusal(wrong);
  }
  if (!isCount(horizon)) throw refusal(`the horizon is ${horizon}, expected a whole number of at least 1`);
  const targets = groups[0]?.targets.length ?? 0;
  if (targets === 0) throw refusal(`there are ${groups.length} groups and ${targets} targets, expected at least 1 of each`);
  if (model.anchored && targets > model.features) throw refusal(`an anchored model has ${targets} targets, expected at most its ${model.features} features`);
  for (const group of groups) {
    if (group.inputs.length !== model.features || group.targets.length !== targets) {
      throw refusal(`a group has ${group.inputs.length} inputs and ${group.targets.length} targets, expected ${model.features} and ${targets}`);
    }
    const stranger = [...group.inputs, ...group.targets].find((series) => series < 0 || series >= columns.series);
    if (stranger !== undefined) throw refusal(`a group names series ${stranger}, expected one of 0 to ${columns.series - 1}`);
  }
  const out = shapesOf(model).at(-1);
  if (out?.steps !== 1 || out.features !== targets * horizon) throw refusal(`the last layer makes ${out?.steps} × ${out?.features} values, expected 1 × ${targets * horizon}`);
  const count = parameterCount(model);
  if (parameters.length !== count) throw refusal(`there are ${parameters.length} parameters, the model has ${count}`);
}

/** Throws `internal` unless each origin has its look-back within the series, and `ahead` rows after it. */
export function checkOrigins(origins: Int32Array, steps: number, ahead: number, length: number): void {
  const at = origins.findIndex((origin) => origin < steps || origin + ahead > length);
  if (at >= 0) throw refusal(`origin ${at} is ${origins[at]}, expected ${steps} to ${length - ahead}`);
}
