/** What stands where a value is missing. */
import type { JobInput } from '@corrente/shared/contract/job';

/**
 * Fills one series in place. forward: the value before; nothing before the first. linear: on the line, in time,
 * between the values before and after; nothing outside of them.
 */
export function fillSeries(values: Float64Array, time: Float64Array, fill: JobInput['fill']): void {
  if (fill === 'forward') fillForward(values);
  else if (fill === 'linear') fillLinear(values, time);
}

function fillForward(values: Float64Array): void {
  let last = Number.NaN;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? Number.NaN;
    if (Number.isNaN(value)) values[row] = last;
    else last = value;
  }
}

function fillLinear(values: Float64Array, time: Float64Array): void {
  let before = -1;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    if (before >= 0 && row - before > 1) {
      const start = values[before] ?? 0;
      const from = time[before] ?? 0;
      const length = (time[row] ?? 0) - from;
      for (let inside = before + 1; inside < row; inside++) {
        const share = ((time[inside] ?? 0) - from) / length;
        // Not start + share * (value - start): that difference may overflow where the result does not.
        values[inside] = (1 - share) * start + share * value;
      }
    }
    before = row;
  }
}
