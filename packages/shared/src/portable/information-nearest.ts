/** The k nearest of the points that are offered. */
export class Nearest {
  /** Ascending; Infinity where fewer than k were offered. */
  readonly distances: Float64Array;
  readonly indices: Int32Array;
  readonly #last: number;
  readonly #byIndex: boolean;

  /** `byIndex`: of points at the same distance the one of lowest index is nearer; otherwise either may be kept. */
  constructor(neighbours: number, byIndex: boolean) {
    this.distances = new Float64Array(neighbours);
    this.indices = new Int32Array(neighbours);
    this.#last = neighbours - 1;
    this.#byIndex = byIndex;
  }

  get farthest(): number {
    return this.distances[this.#last]!;
  }

  reset(): void {
    this.distances.fill(Infinity);
    this.indices.fill(-1);
  }

  /** Whether no point at this distance or beyond can be among the nearest any more. */
  closedBy(distance: number): boolean {
    return this.#byIndex ? distance > this.farthest : distance >= this.farthest;
  }

  offer(distance: number, index: number): void {
    const { distances, indices } = this;
    let place = this.#last;
    if (!this.#precedes(distance, index, place)) return;
    for (; place > 0 && this.#precedes(distance, index, place - 1); place--) {
      distances[place] = distances[place - 1]!;
      indices[place] = indices[place - 1]!;
    }
    distances[place] = distance;
    indices[place] = index;
  }

  #precedes(distance: number, index: number, place: number): boolean {
    const other = this.distances[place]!;
    return distance < other || (this.#byIndex && distance === other && index < this.indices[place]!);
  }
}
