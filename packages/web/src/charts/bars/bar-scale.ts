/** The scale of horizontal bars from a common zero, which lies inside where values have both signs. */
export interface BarScale {
  /** Ends of the axis, zero among them or between them; not both zero. */
  readonly from: number;
  readonly to: number;
}

export function barScale(values: Iterable<number>): BarScale {
  let [from, to] = [0, 0];
  for (const value of values) if (Number.isFinite(value)) [from, to] = [Math.min(from, value), Math.max(to, value)];
  return from === to ? { from: 0, to: 1 } : { from, to };
}

/** Where zero lies on the axis, 0 to 1. */
export function zeroOf({ from, to }: BarScale): number {
  return -from / (to - from);
}

/** Left end and width of a bar, as shares of the axis; null where there is no finite value. */
export function barOf(scale: BarScale, value: number): { readonly left: number; readonly width: number } | null {
  if (!Number.isFinite(value)) return null;
  const width = Math.abs(value) / (scale.to - scale.from);
  return { left: value < 0 ? zeroOf(scale) - width : zeroOf(scale), width };
}

/** Where a value lies on the axis, 0 to 1; null where it is not finite. */
export function placeOf(scale: BarScale, value: number): number | null {
  return Number.isFinite(value) ? (value - scale.from) / (scale.to - scale.from) : null;
}
