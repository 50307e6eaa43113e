/** The trained model of a forecast as a document of TensorFlow.js. */
import type { ForecastDocument, TrainedDocument } from '@corrente/shared/contract/analyses/forecast';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { JsonValue } from '@corrente/shared/contract/json';
import { tfjsDocument, type TfjsDocument, tfjsModelOf } from '@corrente/shared/tfjs/export-model';
import { checkLayersJson } from '@corrente/shared/tfjs/model-cost';
import { groupShape } from '../open-session.ts';
import { loadTfjs } from './load-tfjs.ts';
import { TfjsModel } from './tfjs-model.ts';

/**
 * The model of a forecast's document in the layers format of TensorFlow.js, with what one must know to use it as
 * `userDefinedMetadata`: the series and what they are standardised by. Throws `unsuitable-result` for a model that is not
 * made of layers.
 */
export async function exportedForecast(document: ForecastDocument): Promise<TfjsDocument> {
  if (document.kind !== 'trained') throw new CorrenteError('unsuitable-result', `The model is ${document.model}, which has no layers; expected linear, nlinear, dlinear, mlp, lstm, gru, tcn or tfjs.`);
  const { mode, series, exogenous, layered, parameters } = document;
  const { features, targets } = groupShape({ mode, targets: series.length, exogenous: exogenous.length });
  if (layered !== null) return tfjsModelOf(layered, parameters, { targets, name: `corrente_${document.model}`, metadata: metadataOf(document) });
  return await exportedLayers(document, features, targets);
}

/** Layers that a person brought: built once more, so that each weight has its name. */
async function exportedLayers(document: TrainedDocument, features: number, targets: number): Promise<TfjsDocument> {
  const { topology, lookback, horizon, loss, parameters } = document;
  const outputs = targets * horizon;
  const checked = checkLayersJson(topology, { steps: lookback, features, outputs, batch: 1, memoryLimit: Infinity });
  const { model } = await TfjsModel.build(await loadTfjs(), checked, { outputs, seed: 0, loss, log: () => {} });
  try {
    if (parameters.length !== model.parameterCount) throw new CorrenteError('unsuitable-result', `The document has ${parameters.length} weights for a model of ${model.parameterCount}.`);
    model.setParameters(Float32Array.from(parameters));
    return tfjsDocument({ ...checked.topology }, model.namedWeights(), metadataOf(document));
  } finally {
    model.dispose();
  }
}

function metadataOf({ model, mode, series, exogenous, lookback, horizon, mean, deviation }: TrainedDocument): JsonValue {
  return { model, mode, series, exogenous, lookback, horizon, mean, deviation };
}
