/** Correlation sessions of a native engine. */
import type { Precision } from '@corrente/shared/contract/engine';
import type { Columns, CorrelationMethod, CorrelationRequest, CorrelationSession, OpOptions } from '../contract.ts';
import { checkPrecision, realsOf, withControl, type SessionHandle } from './control.ts';

export interface CorrelationAddon {
  openCorrelation(control: ArrayBuffer, values: Float64Array, series: number, length: number, stride: number, precision: Precision, method: CorrelationMethod, ddof: number): Promise<SessionHandle>;
  correlationTile(control: ArrayBuffer, session: SessionHandle, rowFrom: number, rowTo: number, colFrom: number, colTo: number): Promise<{ r: ArrayBuffer; n: ArrayBuffer | null }>;
  /** `top` is null for all pairs; buffers are of as many pairs as were found. */
  correlationStrongest(
    control: ArrayBuffer,
    session: SessionHandle,
    rowFrom: number,
    rowTo: number,
    colFrom: number,
    colTo: number,
    minAbs: number,
    minPeriods: number,
    top: number | null,
  ): Promise<{ a: ArrayBuffer; b: ArrayBuffer; r: ArrayBuffer; n: ArrayBuffer | null }>;
  closeCorrelation(session: SessionHandle): void;
}

export const correlationFunctions = ['openCorrelation', 'correlationTile', 'correlationStrongest', 'closeCorrelation'] as const satisfies ReadonlyArray<keyof CorrelationAddon>;

/** `Engine.openCorrelation` over an addon. */
export async function openCorrelation(addon: CorrelationAddon, columns: Columns, { method, ddof }: CorrelationRequest, options: OpOptions): Promise<CorrelationSession> {
  const { values, series, length, stride } = columns;
  const { precision } = options;
  const session = await withControl(options, 'correlation', (control) => addon.openCorrelation(control, values, series, length, stride, precision, method, ddof));
  return {
    async tile(rowFrom, rowTo, colFrom, colTo, tileOptions) {
      checkPrecision('correlation tile', precision, tileOptions.precision);
      const { r, n } = await withControl(tileOptions, 'correlation tile', (control) => addon.correlationTile(control, session, rowFrom, rowTo, colFrom, colTo));
      return { r: realsOf(r, precision), n: n === null ? length : new Int32Array(n) };
    },
    async strongest(rowFrom, rowTo, colFrom, colTo, { minAbs, minPeriods, top }, selectOptions) {
      checkPrecision('strongest pairs', precision, selectOptions.precision);
      const { a, b, r, n } = await withControl(selectOptions, 'strongest pairs', (control) => addon.correlationStrongest(control, session, rowFrom, rowTo, colFrom, colTo, minAbs, minPeriods, top));
      return { a: new Int32Array(a), b: new Int32Array(b), r: realsOf(r, precision), n: n === null ? length : new Int32Array(n) };
    },
    close() {
      addon.closeCorrelation(session);
    },
  };
}
