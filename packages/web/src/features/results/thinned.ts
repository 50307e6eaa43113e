/** A long line with as many points as a chart can show: of each bucket its first, least, largest and last value (M4). */
import type { Points } from './align-lines.ts';

/** Buckets of an equal number of rows; a line of up to four points for each is handed back as it is. Missing values keep a gap. */
export function thinned({ x, y }: Points, buckets: number): Points {
  if (x.length <= 4 * buckets) return { x, y };
  const kept: number[] = [];
  for (let bucket = 0; bucket < buckets; bucket++) {
    const [from, to] = [Math.floor((bucket * x.length) / buckets), Math.floor(((bucket + 1) * x.length) / buckets)];
    const rows = new Set([from, to - 1]);
    let [least, largest, missing] = [-1, -1, -1];
    for (let row = from; row < to; row++) {
      const value = y[row]!;
      if (Number.isNaN(value)) missing = row;
      else if (least === -1) [least, largest] = [row, row];
      else if (value < y[least]!) least = row;
      else if (value > y[largest]!) largest = row;
    }
    for (const row of [least, largest, missing]) if (row !== -1) rows.add(row);
    kept.push(...[...rows].sort((a, b) => a - b));
  }
  return { x: Float64Array.from(kept, (row) => x[row]!), y: Float64Array.from(kept, (row) => y[row]!) };
}
