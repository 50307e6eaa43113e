/** What the portable engine's sessions of pairs have in common. */
import type { Precision } from '@corrente/shared/contract/engine';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Rectangle } from '@corrente/shared/portable/block';
import { checkRectangle } from '@corrente/shared/portable/check';
import type { OpOptions, Reals } from './contract.ts';

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
