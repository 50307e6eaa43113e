/** The k nearest points in the joint space of X and the fixed spaces. */
import type { PointLists } from './information-lists.ts';
import { distance, type Space } from './information-space.ts';

export class Nearest {
  /** Ascending; Infinity where fewer than k points were met. */
  readonly distances: Float64Array;
  readonly indices: Int32Array;
  readonly #byIndex: boolean;

  /** `byIndex`: of points at the same distance the one of lowest index is nearer; otherwise either may be kept. */
  constructor(neighbours: number, byIndex: boolean) {
    this.distances = new Float64Array(neighbours);
    this.indices = new Int32Array(neighbours);
    this.#byIndex = byIndex;
  }

  /** The distance of the k-th. */
  get farthest(): number {
    return this.distances[this.distances.length - 1]!;
  }

  /**
   * Walks the list of neighbours in YZ in ascending distance, until the k-th joint distance is no greater than the
   * next one of the list: no point after it can be nearer in the joint space. What comes out is right where
   * `farthest` lies within the radius of the list.
   */
  walk({ yzDistance, yzIndex }: PointLists, { coordinates, dimensions, single }: Space, i: number): void {
    this.distances.fill(Infinity);
    let farthest = Infinity;
    for (let place = 0; place < yzDistance.length; place++) {
      const inFixed = yzDistance[place]!;
      if (inFixed >= farthest && (inFixed > farthest || !this.#byIndex)) return;
      const j = yzIndex[place]!;
      const inSource = distance(coordinates, dimensions, single, i, j);
      const joint = inSource > inFixed ? inSource : inFixed;
      if (joint > farthest || (joint === farthest && !this.#byIndex)) continue;
      farthest = this.#insert(joint, j);
    }
  }

  /** As `walk`, with every point, in the order of their indices; Infinity is the distance of one that is no neighbour. */
  search(toFixed: Float64Array, { coordinates, dimensions, single }: Space, i: number): void {
    this.distances.fill(Infinity);
    let farthest = Infinity;
    for (let j = 0; j < toFixed.length; j++) {
      const inFixed = toFixed[j]!;
      if (inFixed >= farthest) continue;
      const inSource = distance(coordinates, dimensions, single, i, j);
      const joint = inSource > inFixed ? inSource : inFixed;
      if (joint < farthest) farthest = this.#insert(joint, j);
    }
  }

  /** Puts a point in its place, if it is nearer than the last; returns the distance of the k-th. */
  #insert(joint: number, index: number): number {
    const { distances, indices } = this;
    let place = distances.length - 1;
    if (joint === distances[place]! && index > indices[place]!) return joint;
    while (place > 0 && (joint < distances[place - 1]! || (joint === distances[place - 1]! && index < indices[place - 1]!))) {
      distances[place] = distances[place - 1]!;
      indices[place] = indices[place - 1]!;
      place--;
    }
    distances[place] = joint;
    indices[place] = index;
    return distances[distances.length - 1]!;
  }
}
