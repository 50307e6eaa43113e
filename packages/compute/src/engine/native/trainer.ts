/** Training sessions of a native engine. */
import type { Precision } from '@corrente/shared/contract/engine';
import type { RandomStream } from '@corrente/shared/portable/random';
import type { Layer } from '@corrente/shared/portable/trainer/layers';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { OpOptions, Reals } from '../contract.ts';
import type { TrainerRequest, TrainerSession, TrainingLoss, TrainingWindows } from '../contract.trainer.ts';
import { checkPrecision, realsOf, toCorrenteError, withControl, type SessionHandle } from './control.ts';

export interface NativeModel {
  readonly steps: number;
  readonly features: number;
  readonly anchored: boolean;
  readonly layers: readonly Layer[];
}

export interface TrainerAddon {
  /** `inputs` is [groups × features], `targets` [groups × targets]. */
  openTrainer(
    control: ArrayBuffer,
    values: Float64Array,
    series: number,
    length: number,
    stride: number,
    precision: Precision,
    windows: { readonly horizon: number; readonly groups: number; readonly inputs: Int32Array; readonly targets: Int32Array },
    model: NativeModel,
    loss: TrainingLoss,
    parameters: Float64Array,
  ): Promise<SessionHandle>;
  /** The addon keeps floats or doubles by the session's precision. */
  trainerState(session: SessionHandle): ArrayBuffer;
  setTrainerState(session: SessionHandle, state: Reals): void;
  trainerEpoch(control: ArrayBuffer, session: SessionHandle, origins: Int32Array, batchSize: number, learningRate: number, clipNorm: number, stream: RandomStream): Promise<number>;
  trainerErrors(control: ArrayBuffer, session: SessionHandle, origins: Int32Array): Promise<{ squared: ArrayBuffer; absolute: ArrayBuffer }>;
  trainerForecast(control: ArrayBuffer, session: SessionHandle, origins: Int32Array): Promise<ArrayBuffer>;
  trainerGradient(control: ArrayBuffer, session: SessionHandle, origins: Int32Array): Promise<{ loss: number; gradient: ArrayBuffer }>;
  closeTrainer(session: SessionHandle): void;
}

export const trainerFunctions = ['openTrainer', 'trainerState', 'setTrainerState', 'trainerEpoch', 'trainerErrors', 'trainerForecast', 'trainerGradient', 'closeTrainer'] as const satisfies ReadonlyArray<keyof TrainerAddon>;

/** A call that does not wait, with its error as one of the table. */
function atOnce<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw toCorrenteError(error);
  }
}

const joined = (lists: readonly Int32Array[]): Int32Array => Int32Array.from(lists.flatMap((list) => [...list]));

/** `Engine.openTrainer` over an addon. */
export async function openTrainer(addon: TrainerAddon, { columns, horizon, groups }: TrainingWindows, { model, loss, parameters }: TrainerRequest, options: OpOptions): Promise<TrainerSession> {
  const { values, series, length, stride } = columns;
  const { precision } = options;
  const windows = { horizon, groups: groups.length, inputs: joined(groups.map(({ inputs }) => inputs)), targets: joined(groups.map(({ targets }) => targets)) };
  const { steps, features, anchored, layers } = model;
  const session = await withControl(options, 'training', (control) => addon.openTrainer(control, values, series, length, stride, precision, windows, { steps, features, anchored, layers }, loss, parameters));
  const count = parameters.length;
  const state = (): Reals => atOnce(() => realsOf(addon.trainerState(session), precision));
  const restore = (given: Reals): void => atOnce(() => addon.setTrainerState(session, given));
  return {
    parameterCount: count,
    parameters: () => state().slice(0, count),
    setParameters(given) {
      if (given.length !== count) throw new CorrenteError('internal', `training: ${given.length} parameters, expected the model's ${count}.`);
      const whole = state();
      whole.set(given);
      restore(whole);
    },
    state,
    restore,
    async epoch({ origins, batchSize, learningRate, clipNorm, stream }, epochOptions) {
      checkPrecision('training', precision, epochOptions.precision);
      return await withControl(epochOptions, 'training', (control) => addon.trainerEpoch(control, session, origins, batchSize, learningRate, clipNorm, stream));
    },
    async errors(origins, errorOptions) {
      checkPrecision('training', precision, errorOptions.precision);
      const { squared, absolute } = await withControl(errorOptions, 'training', (control) => addon.trainerErrors(control, session, origins));
      return { squared: new Float64Array(squared), absolute: new Float64Array(absolute) };
    },
    async forecast(origins, forecastOptions) {
      checkPrecision('training', precision, forecastOptions.precision);
      return realsOf(await withControl(forecastOptions, 'training', (control) => addon.trainerForecast(control, session, origins)), precision);
    },
    async gradient(origins, gradientOptions) {
      checkPrecision('training', precision, gradientOptions.precision);
      const result = await withControl(gradientOptions, 'training', (control) => addon.trainerGradient(control, session, origins));
      return { loss: result.loss, gradient: realsOf(result.gradient, precision) };
    },
    close() {
      atOnce(() => addon.closeTrainer(session));
    },
  };
}
