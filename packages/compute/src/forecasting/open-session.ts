/** Windows of standardised series, and a session that trains or forecasts on them. */
import type { Columns, Engine, OpOptions } from '../engine/contract.ts';
import type { TrainerSession, TrainingLoss, TrainingWindows } from '../engine/contract.trainer.ts';
import type { LayeredModel } from '@corrente/shared/portable/trainer/layers';
import { openTfjsTrainer } from './tfjs/open.ts';
import type { TfjsTrainerRequest } from './training.ts';

export interface Channels {
  readonly mode: 'channel-independent' | 'joint';
  readonly targets: number;
  readonly exogenous: number;
}

/** Features and targets of one group. */
export function groupShape({ mode, targets, exogenous }: Channels): { readonly features: number; readonly targets: number } {
  return mode === 'joint' ? { features: targets + exogenous, targets } : { features: 1 + exogenous, targets: 1 };
}

const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, k) => from + k);

/** The windows of columns that hold the targets, then the exogenous series. */
export function windowsOf(columns: Columns, { mode, targets, exogenous }: Channels, horizon: number): TrainingWindows {
  const inputsOnly = range(targets, exogenous);
  const group = (own: readonly number[]): TrainingWindows['groups'][number] => ({ inputs: Int32Array.from([...own, ...inputsOnly]), targets: Int32Array.from(own) });
  return { columns, horizon, groups: mode === 'joint' ? [group(range(0, targets))] : range(0, targets).map((target) => group([target])) };
}

/** A chain of layers with its first parameters, for an engine; or layers JSON, for TensorFlow.js. */
export type TrainedForm =
  | { readonly kind: 'layered'; readonly model: LayeredModel; readonly parameters: Float64Array }
  | { readonly kind: 'tfjs'; readonly topology: unknown; readonly request: TfjsTrainerRequest };

export async function openSession(engine: Engine, windows: TrainingWindows, form: TrainedForm, loss: TrainingLoss, options: OpOptions): Promise<TrainerSession> {
  if (form.kind === 'tfjs') return openTfjsTrainer(windows, form.topology, form.request, options);
  return engine.openTrainer(windows, { model: form.model, loss, parameters: form.parameters }, options);
}
