/** The portable engine's sessions: open until closed, and of one precision. */
import type { Precision } from '@corrente/shared/contract/engine';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Rectangle } from '@corrente/shared/portable/block';
import { checkRectangle } from '@corrente/shared/portable/check';
import type { PortableTrainer } from '@corrente/shared/portable/trainer/trainer';
import type { OpOptions, Reals } from './contract.ts';
import type { TrainerSession } from './contract.trainer.ts';

export interface PairSession {
  /** The rectangle; throws `internal` where it is none of the matrix, or the session is closed or of the other precision. */
  readonly rectangle: (rowFrom: number, rowTo: number, colFrom: number, colTo: number, options: OpOptions) => Rectangle;
  readonly close: () => void;
}

export function pairSession(operation: string, series: number, precision: Precision): PairSession {
  let open = true;
  return {
    rectangle(rowFrom, rowTo, colFrom, colTo, options) {
      const rectangle = { rowFrom, rowTo, colFrom, colTo };
      checkRectangle(rectangle, series);
      if (!open) throw new CorrenteError('internal', `${operation}: the session is closed.`);
      if (options.precision !== precision) throw new CorrenteError('internal', `${operation}: asked for in ${options.precision}, the session was opened for ${precision}.`);
      return rectangle;
    },
    close() {
      open = false;
    },
  };
}

/** The values in the array type of the precision. */
export const realsOf = (values: Float64Array<ArrayBuffer>, precision: Precision): Reals => (precision === 'f64' ? values : Float32Array.from(values));

/** A trainer as the contract's session. */
export function trainerSession(trainer: PortableTrainer, precision: Precision): TrainerSession {
  let open: PortableTrainer | null = trainer;
  const opened = (asked: Precision = precision): PortableTrainer => {
    if (open === null) throw new CorrenteError('internal', 'training: the session is closed.');
    if (asked !== precision) throw new CorrenteError('internal', `training: asked for in ${asked}, the session was opened for ${precision}.`);
    return open;
  };
  return {
    parameterCount: trainer.parameterCount,
    parameters: () => opened().parameters(),
    setParameters(values) {
      opened().setParameters(values);
    },
    state: () => opened().state(),
    restore(state) {
      opened().restore(state);
    },
    epoch: async (request, options) => opened(options.precision).epoch(request, options),
    errors: async (origins, options) => opened(options.precision).errors(origins, options),
    forecast: async (origins, options) => opened(options.precision).forecast(origins, options),
    gradient: async (origins, options) => opened(options.precision).gradient(origins, options),
    close() {
      open = null;
    },
  };
}
