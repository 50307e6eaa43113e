/** A learnt model as a document, with what is needed to make its features of another frame. */
import { featureParams } from '@corrente/shared/contract/analyses/learn/features';
import { learnModels, learnTasks } from '@corrente/shared/contract/analyses/learn/models';
import { targetKinds } from '@corrente/shared/contract/analyses/learn/target';
import type { JsonValue } from '@corrente/shared/contract/json';
import { decoded, encodedArray, modelDocument, type ModelDocument } from '@corrente/shared/contract/model-file';
import { z } from 'zod';
import type { Calibrator } from './calibration.ts';
import type { LearnedModel, Predictor } from './model.ts';

const floats = decoded('float64');
const integers = decoded('int32');

const predictor = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('linear'), mean: floats, scale: floats, weights: floats, intercepts: floats }),
  z.object({ kind: z.literal('naive-bayes'), of: z.object({ logPrior: floats, mean: floats, variance: floats }) }),
  z.object({
    kind: z.literal('trees'),
    ensemble: z.object({
      outputs: z.int().min(1),
      combine: z.enum(['mean', 'sum']),
      baseline: floats,
      first: integers,
      feature: integers,
      threshold: floats,
      missingLeft: decoded('uint8'),
      left: integers,
      right: integers,
      value: floats,
      gain: floats,
      rows: integers,
    }),
  }),
]);

const calibrator = z.discriminatedUnion('kind', [z.object({ kind: z.literal('platt'), slope: z.number(), intercept: z.number() }), z.object({ kind: z.literal('isotonic'), from: floats, to: floats })]);

/** The document of a job of `learn`. */
export const learnDocument = modelDocument.extend({
  analysis: z.literal('learn'),
  task: z.enum(learnTasks),
  model: z.enum(learnModels),
  target: z.object({ series: z.string().nullable(), kind: z.enum(targetKinds), ahead: z.int().min(1) }),
  /** As the job had them; `others.series` by name. */
  features: featureParams,
  /** Columns of the table of features, in their order. */
  names: z.array(z.string()).min(1),
  /** Values that are the classes; none of a regression. */
  classes: floats,
  /** Time of the last row that was trained on, in microseconds since 1970, or its number. */
  lastTime: z.string().regex(/^-?\d+$/),
  fills: floats.nullable(),
  calibrators: z.array(calibrator).nullable(),
  predictor,
});
export type LearnDocument = z.output<typeof learnDocument>;

/** All of a document but the numbers of the model. */
export type LearnHead = Pick<LearnDocument, 'task' | 'model' | 'target' | 'features' | 'names' | 'classes' | 'lastTime'>;

export function writeLearnDocument({ task, model, target, features, names, classes, lastTime }: LearnHead, learned: LearnedModel): ModelDocument {
  return {
    format: 'corrente-model',
    version: 1,
    analysis: 'learn',
    task,
    model,
    target: { ...target },
    features: { ...features, rolling: { ...features.rolling }, others: { ...features.others } },
    names,
    classes: encodedArray(classes),
    lastTime,
    fills: learned.fills === null ? null : encodedArray(learned.fills),
    calibrators: learned.calibrators === null ? null : learned.calibrators.map(calibratorJson),
    predictor: predictorJson(learned.predictor),
  };
}

function calibratorJson(of: Calibrator): JsonValue {
  return of.kind === 'platt' ? { ...of } : { kind: of.kind, from: encodedArray(of.from), to: encodedArray(of.to) };
}

function predictorJson(of: Predictor): JsonValue {
  if (of.kind === 'linear') return { kind: of.kind, mean: encodedArray(of.mean), scale: encodedArray(of.scale), weights: encodedArray(of.weights), intercepts: encodedArray(of.intercepts) };
  if (of.kind === 'naive-bayes') return { kind: of.kind, of: { logPrior: encodedArray(of.of.logPrior), mean: encodedArray(of.of.mean), variance: encodedArray(of.of.variance) } };
  const { outputs, combine, baseline, first, feature, threshold, missingLeft, left, right, value, gain, rows } = of.ensemble;
  const lists = { baseline, first, feature, threshold, missingLeft, left, right, value, gain, rows };
  return { kind: of.kind, ensemble: { outputs, combine, ...Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, encodedArray(list)])) } };
}

/** The model of a document. */
export function modelOf({ classes, names, predictor: of, fills, calibrators }: LearnDocument): LearnedModel {
  return { classes: classes.length, features: names.length, predictor: of, fills, calibrators };
}
