/** A forecast's model as the document in its table `model`: what `predict` and exports read. */
import { z } from 'zod';
import type { Layer } from '../../../portable/trainer/layers.ts';
import { decoded, modelDocument } from '../../model-file.ts';
import { classicalModels, etsForms, trainedModels } from './params.ts';

const size = z.int().min(1);
const layer: z.ZodType<Layer> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('dense'), units: size, activation: z.enum(['linear', 'relu', 'tanh', 'sigmoid']), fanIn: size.exactOptional() }),
  z.object({ kind: z.literal('flatten') }),
  z.object({ kind: z.literal('last') }),
  z.object({ kind: z.literal('decompose'), window: size }),
  z.object({ kind: z.enum(['lstm', 'gru']), units: size, sequences: z.boolean() }),
  z.object({ kind: z.literal('tcn'), filters: size, kernel: size, dilation: size, dropout: z.number() }),
  z.object({ kind: z.literal('dropout'), rate: z.number() }),
]);
const layered = z.object({ steps: size, features: size, anchored: z.boolean(), layers: z.array(layer) });

const reals = z.array(z.number()).transform((values) => Float64Array.from(values));
const etsParameters = z.object({ alpha: z.number(), beta: z.number(), gamma: z.number(), phi: z.number(), level: z.number(), slope: z.number(), season: reals });
const etsFit = z.object({ form: z.enum(etsForms), period: size, parameters: etsParameters, logLikelihood: z.number(), aicc: z.number(), sse: z.number() });
const thetaFit = z.object({ period: size, season: z.enum(['none', 'additive', 'multiplicative']), indices: reals, alpha: z.number(), level: z.number(), drift: z.number(), sse: z.number() });

/** One series' model, fitted. */
export const classicalFit = z.discriminatedUnion('model', [
  z.object({ model: z.literal('naive') }),
  z.object({ model: z.literal('seasonal-naive'), period: size }),
  z.object({ model: z.literal('drift'), drift: z.number() }),
  z.object({ model: z.literal('ets'), fit: etsFit }),
  z.object({ model: z.literal('theta'), fit: thetaFit }),
]);

const head = modelDocument.extend({
  analysis: z.literal('forecast'),
  horizon: size,
  /** The series that are forecast. */
  series: z.array(z.string()).min(1),
  coverage: z.number(),
  /** Half the width of the prediction intervals, [series × horizon], in the series' own units; NaN where there is none. */
  widths: decoded('float64'),
});

const trained = head.extend({
  kind: z.literal('trained'),
  model: z.enum(trainedModels),
  mode: z.enum(['channel-independent', 'joint']),
  lookback: size,
  /** Series that are inputs only. */
  exogenous: z.array(z.string()),
  /** What series, then exogenous ones, are standardised by. */
  mean: z.array(z.number()),
  deviation: z.array(z.number().positive()),
  /** The layers; null for tfjs, which has its layers JSON in `topology`. */
  layered: layered.nullable(),
  topology: z.unknown(),
  loss: z.enum(['mse', 'mae', 'huber']),
  /** As `parameterBlocks` lists them; for tfjs the trainable weights in the model's order. */
  parameters: z.union([decoded('float64'), decoded('float32')]),
  epoch: z.int(),
  validationLoss: z.number(),
});

const classical = head.extend({
  kind: z.literal('classical'),
  model: z.enum(classicalModels),
  /** Of each series. */
  fits: z.array(classicalFit),
  /** Time of the first row that they were fitted to, from which they run: microseconds, or a row number. */
  first: z.string().regex(/^-?\d+$/),
});

export const forecastDocument = z.discriminatedUnion('kind', [trained, classical]);
export type ForecastDocument = z.output<typeof forecastDocument>;
export type TrainedDocument = z.output<typeof trained>;
export type ClassicalDocument = z.output<typeof classical>;
