/** Columns as correlation wants them: scaled and masked, and where complete centred to unit length. */
import type { Block } from './block.ts';
import type { Pace } from './pace.ts';
import type { MaskedColumns } from './pair.ts';
import { powerOfTwoOver } from './power-of-two.ts';

export interface StandardColumns {
  readonly series: number;
  readonly length: number;
  /** Each complete series less its mean, divided by its length as a vector. Stride `length`. */
  readonly unit: Float64Array<ArrayBuffer>;
  /** 1 where a series has no missing value. */
  readonly complete: Uint8Array<ArrayBuffer>;
  /** 1 where the present values of a series are all the same, or there are none. */
  readonly constant: Uint8Array<ArrayBuffer>;
  /** Each series times a power of two that brings its largest value near 1; null where no value is missing. */
  readonly masked: MaskedColumns | null;
}

/** Each series scaled as in `StandardColumns`, whether or not a value is missing, and what it was multiplied by. */
export async function maskColumns({ series, length, values, stride }: Block, pace: Pace): Promise<{ readonly masked: MaskedColumns; readonly scales: readonly (readonly [number, number])[] }> {
  const masked = { length, filled: new Float64Array(series * length), present: new Float64Array(series * length) };
  const scales: (readonly [number, number])[] = [];
  for (let s = 0; s < series; s++) {
    const filled = masked.filled.subarray(s * length, (s + 1) * length);
    scales.push(scaleInto(values.subarray(s * stride, s * stride + length), filled).scale);
    for (let t = 0; t < length; t++) {
      const value = filled[t]!;
      const isPresent = value === value;
      masked.present[s * length + t] = isPresent ? 1 : 0;
      if (!isPresent) filled[t] = 0;
    }
    pace.count(length);
    if (pace.due) await pace.turn();
  }
  return { masked, scales };
}

/** Throws `cancelled` as the pace does. */
export async function standardise(block: Block, pace: Pace): Promise<StandardColumns> {
  const { series, length, values, stride } = block;
  const seriesAt = (s: number): Float64Array => values.subarray(s * stride, s * stride + length);
  const complete = new Uint8Array(series);
  for (let s = 0; s < series; s++) complete[s] = seriesAt(s).some(Number.isNaN) ? 0 : 1;
  const size = series * length;
  const masked = complete.every((one) => one === 1) ? null : { length, filled: new Float64Array(size), present: new Float64Array(size) };
  const unit = new Float64Array(size);
  const constant = new Uint8Array(series);
  const scaled = new Float64Array(length);
  for (let s = 0; s < series; s++) {
    constant[s] = scaleInto(seriesAt(s), scaled).varies ? 0 : 1;
    if (masked !== null) {
      for (let t = 0; t < length; t++) {
        const value = scaled[t]!;
        const isPresent = value === value;
        masked.filled[s * length + t] = isPresent ? value : 0;
        masked.present[s * length + t] = isPresent ? 1 : 0;
      }
    }
    if (complete[s] === 1 && constant[s] === 0) centreInto(scaled, unit.subarray(s * length, (s + 1) * length));
    pace.count(length);
    if (pace.due) await pace.turn();
  }
  return { series, length, unit, complete, constant, masked };
}

/**
 * Writes the values times a power of two that brings the largest near 1: no digit is lost, and no square overflows or
 * vanishes. Tells that power, in two factors, and whether there are two different values.
 */
function scaleInto(values: Float64Array, scaled: Float64Array): { varies: boolean; scale: readonly [number, number] } {
  let largest = 0;
  let first = Number.NaN;
  let varies = false;
  for (const value of values) {
    if (value !== value) continue;
    if (first !== first) first = value;
    varies ||= value !== first;
    if (Math.abs(value) > largest) largest = Math.abs(value);
  }
  const scale = powerOfTwoOver(largest);
  const [one, other] = scale;
  for (let t = 0; t < values.length; t++) scaled[t] = values[t]! * one * other;
  return { varies, scale };
}

/** Writes the deviations of `values` from their mean, divided by the root of the sum of their squares. */
function centreInto(values: Float64Array, unit: Float64Array): void {
  const length = values.length;
  const origin = values[0]!;
  let sum = 0;
  for (let t = 0; t < length; t++) sum += unit[t] = values[t]! - origin;
  const mean = sum / length;
  let rest = 0;
  for (let t = 0; t < length; t++) rest += unit[t]! -= mean;
  const correction = rest / length;
  let squares = 0;
  for (let t = 0; t < length; t++) {
    const d = (unit[t]! -= correction);
    squares += d * d;
  }
  const scale = 1 / Math.sqrt(squares);
  for (let t = 0; t < length; t++) unit[t]! *= scale;
}
