/** Points in the maximum norm. */
import type { Block } from './block.ts';

/** N points of some dimensions; under `single` they and their distances are floats. */
export interface Space {
  /** [N × dimensions]: those of a point lie side by side. */
  readonly coordinates: Float64Array<ArrayBuffer>;
  readonly dimensions: number;
  readonly length: number;
  readonly single: boolean;
}

/** The points of a block of columns [dimensions × N]. */
export function spaceOf({ values, series, stride }: Block, length: number, single: boolean): Space {
  const coordinates = new Float64Array(length * series);
  for (let d = 0; d < series; d++) {
    for (let i = 0; i < length; i++) {
      const value = values[d * stride + i]!;
      coordinates[i * series + d] = single ? Math.fround(value) : value;
    }
  }
  return { coordinates, dimensions: series, length, single };
}

/** Point i of the result is point order[i] of the space. */
export function permutedSpace(space: Space, order: Int32Array): Space {
  const { dimensions } = space;
  const coordinates = new Float64Array(space.coordinates.length);
  for (let i = 0; i < order.length; i++) {
    const from = order[i]! * dimensions;
    for (let d = 0; d < dimensions; d++) coordinates[i * dimensions + d] = space.coordinates[from + d]!;
  }
  return { ...space, coordinates };
}

/** The largest difference of a coordinate between points i and j of a space of at least one dimension. */
export function distance(coordinates: Float64Array, dimensions: number, single: boolean, i: number, j: number): number {
  const a = i * dimensions;
  const b = j * dimensions;
  let largest = Math.abs(coordinates[a]! - coordinates[b]!);
  for (let d = 1; d < dimensions; d++) {
    const difference = Math.abs(coordinates[a + d]! - coordinates[b + d]!);
    if (difference > largest) largest = difference;
  }
  // Rounding to float is monotone: the largest difference rounded is the largest of the rounded ones.
  return single ? Math.fround(largest) : largest;
}

/** The distance of point i from every point; 0 where there are no dimensions. */
export function distancesFrom({ coordinates, dimensions, length, single }: Space, i: number, out: Float64Array): void {
  if (dimensions === 0) out.fill(0, 0, length);
  else for (let j = 0; j < length; j++) out[j] = distance(coordinates, dimensions, single, i, j);
}
