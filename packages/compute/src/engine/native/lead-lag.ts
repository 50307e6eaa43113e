/** Lead-lag sessions of a native engine. */
import type { Precision } from '@corrente/shared/contract/engine';
import type { Columns, LeadLagRequest, LeadLagSession, OpOptions } from '../contract.ts';
import { checkPrecision, realsOf, withControl, type SessionHandle } from './control.ts';

export interface LeadLagAddon {
  openLeadLag(control: ArrayBuffer, values: Float64Array, series: number, length: number, stride: number, precision: Precision, maxLag: number, minPeriods: number): Promise<SessionHandle>;
  leadLagTile(control: ArrayBuffer, session: SessionHandle, rowFrom: number, rowTo: number, colFrom: number, colTo: number): Promise<{ r: ArrayBuffer; lag: ArrayBuffer; n: ArrayBuffer }>;
  /** `maxLag` is the session's. */
  leadLagProfile(control: ArrayBuffer, session: SessionHandle, a: number, b: number, maxLag: number): Promise<{ r: ArrayBuffer; n: ArrayBuffer }>;
  closeLeadLag(session: SessionHandle): void;
}

export const leadLagFunctions = ['openLeadLag', 'leadLagTile', 'leadLagProfile', 'closeLeadLag'] as const satisfies ReadonlyArray<keyof LeadLagAddon>;

/** `Engine.openLeadLag` over an addon. */
export async function openLeadLag(addon: LeadLagAddon, columns: Columns, { maxLag, minPeriods }: LeadLagRequest, options: OpOptions): Promise<LeadLagSession> {
  const { values, series, length, stride } = columns;
  const { precision } = options;
  const session = await withControl(options, 'lead-lag', (control) => addon.openLeadLag(control, values, series, length, stride, precision, maxLag, minPeriods));
  return {
    async tile(rowFrom, rowTo, colFrom, colTo, tileOptions) {
      checkPrecision('lead-lag tile', precision, tileOptions.precision);
      const { r, lag, n } = await withControl(tileOptions, 'lead-lag tile', (control) => addon.leadLagTile(control, session, rowFrom, rowTo, colFrom, colTo));
      return { r: realsOf(r, precision), lag: new Int32Array(lag), n: new Int32Array(n) };
    },
    async profile(a, b, profileOptions) {
      checkPrecision('lead-lag profile', precision, profileOptions.precision);
      const { r, n } = await withControl(profileOptions, 'lead-lag profile', (control) => addon.leadLagProfile(control, session, a, b, maxLag));
      return { r: realsOf(r, precision), n: new Int32Array(n) };
    },
    close() {
      addon.closeLeadLag(session);
    },
  };
}
