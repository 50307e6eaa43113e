/** Rolling correlation sessions of a native engine. */
import type { Precision } from '@corrente/shared/contract/engine';
import type { Columns, OpOptions, RollingCorrelationRequest, RollingCorrelationSession } from '../contract.ts';
import { checkPrecision, realsOf, withControl, type SessionHandle } from './control.ts';

export interface RollingCorrelationAddon {
  /** `window` is 0 under `alpha`, and `alpha` 0 under a window. */
  openRollingCorrelation(
    control: ArrayBuffer,
    values: Float64Array,
    series: number,
    length: number,
    stride: number,
    precision: Precision,
    window: number,
    alpha: number,
    step: number,
    minPeriods: number,
  ): Promise<SessionHandle>;
  rollingCorrelationTile(control: ArrayBuffer, session: SessionHandle, rowFrom: number, rowTo: number, colFrom: number, colTo: number): Promise<ArrayBuffer>;
  rollingCorrelationWindows(session: SessionHandle): number;
  closeRollingCorrelation(session: SessionHandle): void;
}

export const rollingCorrelationFunctions = ['openRollingCorrelation', 'rollingCorrelationTile', 'rollingCorrelationWindows', 'closeRollingCorrelation'] as const satisfies ReadonlyArray<
  keyof RollingCorrelationAddon
>;

/** `Engine.openRollingCorrelation` over an addon. */
export async function openRollingCorrelation(
  addon: RollingCorrelationAddon,
  columns: Columns,
  { window, alpha, step, minPeriods }: RollingCorrelationRequest,
  options: OpOptions,
): Promise<RollingCorrelationSession> {
  const { values, series, length, stride } = columns;
  const { precision } = options;
  const session = await withControl(options, 'rolling correlation', (control) =>
    addon.openRollingCorrelation(control, values, series, length, stride, precision, window ?? 0, alpha ?? 0, step, minPeriods),
  );
  return {
    windows: addon.rollingCorrelationWindows(session),
    async tile(rowFrom, rowTo, colFrom, colTo, tileOptions) {
      checkPrecision('rolling correlation tile', precision, tileOptions.precision);
      return realsOf(await withControl(tileOptions, 'rolling correlation tile', (control) => addon.rollingCorrelationTile(control, session, rowFrom, rowTo, colFrom, colTo)), precision);
    },
    close() {
      addon.closeRollingCorrelation(session);
    },
  };
}
