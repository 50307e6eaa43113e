/**
 * The neighbours of each point in the fixed spaces, Y and Z, in ascending distance: shared by every X and every
 * surrogate, since neither moves Y or Z.
 */
import { distancesFrom, type Space } from './information-space.ts';

/** Neighbours of one point, complete up to `radius`; those at the same distance by index. */
export interface PointLists {
  readonly radius: number;
  /** By max(distance in Y, distance in Z). */
  readonly yzIndex: Int32Array;
  readonly yzDistance: Float64Array;
  /** By distance in Z, with that in Y beside it; empty where Z has no coordinates, since all points would be on it. */
  readonly zIndex: Int32Array;
  readonly zDistance: Float64Array;
  readonly zToTarget: Float64Array;
}

export class NeighbourLists {
  readonly #target: Space;
  readonly #condition: Space;
  readonly #theiler: number;
  readonly #lists: Array<PointLists | undefined>;
  readonly #keptBytes: number;
  #bytes = 0;
  /** Distances of the point that was measured last: in Y, in Z, and in both; Infinity to those that are no neighbours. */
  readonly #toTarget: Float64Array;
  readonly #toCondition: Float64Array;
  readonly #toBoth: Float64Array;
  #measured = -1;
  readonly #sorter: PairSorter;

  constructor(target: Space, condition: Space, theiler: number, keptBytes: number) {
    const { length } = target;
    this.#target = target;
    this.#condition = condition;
    this.#theiler = theiler;
    this.#keptBytes = keptBytes;
    this.#lists = Array.from({ length }, () => undefined);
    this.#toTarget = new Float64Array(length);
    this.#toCondition = new Float64Array(length);
    this.#toBoth = new Float64Array(length);
    this.#sorter = new PairSorter(length);
  }

  /** The lists of point i, where it has some. */
  of(i: number): PointLists | undefined {
    return this.#lists[i];
  }

  /** The distance in YZ of point i from every point: Infinity to itself and to those in its Theiler window. */
  toBoth(i: number): Float64Array {
    if (this.#measured !== i) this.#measure(i);
    return this.#toBoth;
  }

  /** Makes the lists of point i, complete up to this radius. */
  build(i: number, radius: number): PointLists {
    if (this.#measured !== i) this.#measure(i);
    const sorter = this.#sorter;
    const yzCount = sorter.take(this.#toBoth, radius);
    const yzIndex = sorter.indices.slice(0, yzCount);
    const yzDistance = sorter.keys.slice(0, yzCount);
    const zCount = this.#condition.dimensions === 0 ? 0 : sorter.take(this.#toCondition, radius);
    const zIndex = sorter.indices.slice(0, zCount);
    const zDistance = sorter.keys.slice(0, zCount);
    const zToTarget = new Float64Array(zCount);
    for (let place = 0; place < zCount; place++) zToTarget[place] = this.#toTarget[zIndex[place]!]!;
    const lists = { radius, yzIndex, yzDistance, zIndex, zDistance, zToTarget };
    this.#drop(i);
    this.#lists[i] = lists;
    this.#bytes += bytesOf(lists);
    return lists;
  }

  /** Drops the lists of points [from, to) where there are too many to keep. */
  leave(from: number, to: number): void {
    for (let i = from; i < to && this.#bytes > this.#keptBytes; i++) this.#drop(i);
  }

  #drop(i: number): void {
    const lists = this.#lists[i];
    if (lists === undefined) return;
    this.#bytes -= bytesOf(lists);
    this.#lists[i] = undefined;
  }

  #measure(i: number): void {
    const { length } = this.#target;
    const toTarget = this.#toTarget;
    const toCondition = this.#toCondition;
    const toBoth = this.#toBoth;
    distancesFrom(this.#target, i, toTarget);
    distancesFrom(this.#condition, i, toCondition);
    const from = Math.max(0, i - this.#theiler);
    const to = Math.min(length, i + this.#theiler + 1);
    toTarget.fill(Infinity, from, to);
    toCondition.fill(Infinity, from, to);
    for (let j = 0; j < length; j++) toBoth[j] = toTarget[j]! > toCondition[j]! ? toTarget[j]! : toCondition[j]!;
    this.#measured = i;
  }
}

const bytesOf = ({ yzIndex, zIndex }: PointLists): number => 12 * yzIndex.length + 20 * zIndex.length;

/** Sorts distances with the indices they belong to. */
class PairSorter {
  keys: Float64Array;
  indices: Int32Array;
  #otherKeys: Float64Array;
  #otherIndices: Int32Array;

  constructor(length: number) {
    this.keys = new Float64Array(length);
    this.indices = new Int32Array(length);
    this.#otherKeys = new Float64Array(length);
    this.#otherIndices = new Int32Array(length);
  }

  /** Puts the distances up to `radius` in ascending order, equal ones by index, and returns how many they are. */
  take(distances: Float64Array, radius: number): number {
    let count = 0;
    for (let j = 0; j < distances.length; j++) {
      if (!(distances[j]! <= radius)) continue;
      this.keys[count] = distances[j]!;
      this.indices[count] = j;
      count++;
    }
    this.#sort(count);
    return count;
  }

  /** Merge sort from runs of 8 upwards: stable, so that equal distances stay in the order of their indices. */
  #sort(count: number): void {
    for (let from = 0; from < count; from += 8) insertionSort(this.keys, this.indices, from, Math.min(count, from + 8));
    for (let width = 8; width < count; width *= 2) {
      for (let from = 0; from < count; from += 2 * width) {
        mergeRuns(this.keys, this.indices, this.#otherKeys, this.#otherIndices, from, Math.min(count, from + width), Math.min(count, from + 2 * width));
      }
      [this.keys, this.#otherKeys] = [this.#otherKeys, this.keys];
      [this.indices, this.#otherIndices] = [this.#otherIndices, this.indices];
    }
  }
}

function insertionSort(keys: Float64Array, indices: Int32Array, from: number, to: number): void {
  for (let i = from + 1; i < to; i++) {
    const key = keys[i]!;
    const index = indices[i]!;
    let place = i;
    for (; place > from && keys[place - 1]! > key; place--) {
      keys[place] = keys[place - 1]!;
      indices[place] = indices[place - 1]!;
    }
    keys[place] = key;
    indices[place] = index;
  }
}

/** Merges the runs [from, middle) and [middle, to) into the other pair of arrays. */
function mergeRuns(keys: Float64Array, indices: Int32Array, outKeys: Float64Array, outIndices: Int32Array, from: number, middle: number, to: number): void {
  let left = from;
  let right = middle;
  for (let place = from; place < to; place++) {
    const takesLeft = left < middle && (right >= to || keys[left]! <= keys[right]!);
    const source = takesLeft ? left++ : right++;
    outKeys[place] = keys[source]!;
    outIndices[place] = indices[source]!;
  }
}

/** How many of an ascending list lie below `bound`, or up to it where `inclusive`. */
export function countUpTo(ascending: Float64Array, bound: number, inclusive: boolean): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = ascending[middle]!;
    if (inclusive ? value <= bound : value < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
