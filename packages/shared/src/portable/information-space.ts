/** Points in the maximum norm. */
import type { Block } from './block.ts';

/** Points whose coordinates stand in columns [dimensions][N]; under `single` they and their distances are floats. */
export interface Space {
  readonly columns: readonly Float64Array<ArrayBuffer>[];
  readonly length: number;
  readonly single: boolean;
}

/** A copy of the block's values. */
export function spaceOf({ values, series, length, stride }: Block, single: boolean): Space {
  const columns = Array.from({ length: series }, (_, s) => {
    const column = values.slice(s * stride, s * stride + length);
    return single ? Float64Array.from(column, Math.fround) : column;
  });
  return { columns, length, single };
}

/** The largest difference of a coordinate between points i and j; 0 where there are no coordinates. */
export function distance({ columns, single }: Space, i: number, j: number): number {
  let largest = 0;
  for (const column of columns) {
    const difference = Math.abs(column[i]! - column[j]!);
    if (difference > largest) largest = difference;
  }
  // Rounding to float is monotone: the largest difference rounded is the largest of the rounded ones.
  return single ? Math.fround(largest) : largest;
}

/** The distance of point i from every point. */
export function distancesFrom({ columns, length, single }: Space, i: number, out: Float64Array): void {
  out.fill(0, 0, length);
  for (const column of columns) {
    const centre = column[i]!;
    for (let j = 0; j < length; j++) {
      const difference = Math.abs(centre - column[j]!);
      if (difference > out[j]!) out[j] = difference;
    }
  }
  if (!single) return;
  for (let j = 0; j < length; j++) out[j] = Math.fround(out[j]!);
}
