/** The nearest neighbours of every point. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import { Pace } from '@corrente/shared/portable/pace';
import type { Columns, OpOptions } from '../engine/contract.ts';

export interface NearestOptions {
  readonly neighbours: number;
  /** Points up to this many places away, and the point itself, are no neighbours. */
  readonly theiler: number;
  readonly metric: 'maximum' | 'euclidean';
}

/** Neighbour j of point i at i · neighbours + j, nearest first; at equal distances the lower index first. */
export interface Nearest {
  readonly indices: Int32Array<ArrayBuffer>;
  readonly distances: Float64Array<ArrayBuffer>;
}

/**
 * Points are taken along their first coordinate, outwards from each until that coordinate alone is farther away than
 * the neighbours that were found. Throws `too-few-samples` where a point has fewer neighbours than are asked for.
 */
export async function nearestNeighbours(points: Columns, { neighbours, theiler, metric }: NearestOptions, options: Pick<OpOptions, 'signal' | 'onProgress'>): Promise<Nearest> {
  const n = points.length;
  if (neighbours > n - 1 - 2 * theiler) throw new CorrenteError('too-few-samples', `There are ${n} points; ${neighbours} neighbours${theiler > 0 ? ` and a Theiler window of ${theiler}` : ''} need at least ${neighbours + 1 + 2 * theiler}.`);
  const pace = new Pace('nearest neighbours', n, options);
  const search = new Search(points, metric === 'euclidean', neighbours, theiler);
  const indices = new Int32Array(n * neighbours);
  const distances = new Float64Array(n * neighbours);
  for (let i = 0; i < n; i += 1) {
    if (i % 64 === 0 && pace.due) await pace.turn();
    search.around(i);
    indices.set(search.indices, i * neighbours);
    distances.set(search.distances, i * neighbours);
    pace.count(1);
  }
  return { indices, distances: metric === 'euclidean' ? distances.map(Math.sqrt) : distances };
}

class Search {
  /** Of the point that was searched around last, ascending; squares where distances are Euclidean. */
  readonly indices: Int32Array;
  readonly distances: Float64Array;
  readonly #points: Columns;
  readonly #euclidean: boolean;
  readonly #theiler: number;
  /** Points in the order of their first coordinate, and the place of each in it. */
  readonly #order: Int32Array;
  readonly #places: Int32Array;

  constructor(points: Columns, euclidean: boolean, neighbours: number, theiler: number) {
    this.#points = points;
    this.#euclidean = euclidean;
    this.#theiler = theiler;
    this.indices = new Int32Array(neighbours);
    this.distances = new Float64Array(neighbours);
    this.#order = Int32Array.from({ length: points.length }, (_, i) => i).sort((a, b) => (points.values[a] ?? 0) - (points.values[b] ?? 0));
    this.#places = new Int32Array(points.length);
    for (let place = 0; place < points.length; place += 1) this.#places[this.#order[place] ?? 0] = place;
  }

  around(point: number): void {
    this.indices.fill(-1);
    this.distances.fill(Number.POSITIVE_INFINITY);
    const last = this.distances.length - 1;
    const first = this.#points.values[point] ?? 0;
    let below = (this.#places[point] ?? 0) - 1;
    let above = below + 2;
    for (;;) {
      const lower = below >= 0 ? first - (this.#points.values[this.#order[below] ?? 0] ?? 0) : Number.POSITIVE_INFINITY;
      const upper = above < this.#points.length ? (this.#points.values[this.#order[above] ?? 0] ?? 0) - first : Number.POSITIVE_INFINITY;
      const along = Math.min(lower, upper);
      if (along === Number.POSITIVE_INFINITY || (this.#euclidean ? along * along : along) > (this.distances[last] ?? 0)) return;
      this.#consider(point, this.#order[lower <= upper ? below : above] ?? 0);
      if (lower <= upper) below -= 1;
      else above += 1;
    }
  }

  #consider(point: number, other: number): void {
    if (Math.abs(point - other) <= this.#theiler) return;
    const distance = this.#distance(point, other);
    const before = (i: number): boolean => distance < (this.distances[i] ?? 0) || (distance === this.distances[i] && other < (this.indices[i] ?? 0));
    let place = this.distances.length - 1;
    if (!before(place)) return;
    for (; place > 0 && before(place - 1); place -= 1) {
      this.distances[place] = this.distances[place - 1] ?? 0;
      this.indices[place] = this.indices[place - 1] ?? 0;
    }
    this.distances[place] = distance;
    this.indices[place] = other;
  }

  #distance(point: number, other: number): number {
    const { values, series, stride } = this.#points;
    let distance = 0;
    for (let s = 0; s < series; s += 1) {
      const along = Math.abs((values[s * stride + point] ?? 0) - (values[s * stride + other] ?? 0));
      distance = this.#euclidean ? distance + along * along : Math.max(distance, along);
    }
    return distance;
  }
}
