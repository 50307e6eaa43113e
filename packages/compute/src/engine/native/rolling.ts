/** Rolling statistics as an addon takes them (native/binding/rolling.cpp). */
import type { RollingKind, RollingRequest } from '../contract.ts';

/** A request with every field said: what the contract leaves out is null. */
export interface NativeRollingRequest {
  readonly kind: RollingKind;
  readonly window: number;
  readonly ddof: number;
  readonly parameter: number;
  readonly weights: Float64Array | null;
  readonly minPeriods: number | null;
  readonly begins: Int32Array | null;
}

export function nativeRollingRequest({ kind, window, ddof, parameter = 0, weights, minPeriods, begins }: RollingRequest): NativeRollingRequest {
  return { kind, window, ddof, parameter, weights: kind === 'weighted' ? (weights ?? null) : null, minPeriods: minPeriods ?? null, begins: begins ?? null };
}
