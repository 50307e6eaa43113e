/** The neighbours of a point in the joint space of X, Y and Z and in its subspaces. */
import { CorrenteError } from '../contract/errors.ts';
import type { Lane } from './information-lane.ts';
import { countUpTo, NeighbourLists, type PointLists } from './information-lists.ts';
import { Nearest } from './information-nearest.ts';
import type { NeighbourRule } from './information-rule.ts';
import { distance, type Space } from './information-space.ts';

/** How much further than the distances that were tried a list reaches, lest the next lane needs it longer. */
const reach = 1.2;

/** Of how many lanes one is tried before the lists of a point are made. */
const lanesPerTrial = 64;

export class NeighbourCounter {
  /** Neighbours of the point that was counted last; for the kernel estimator the point itself is one of them. */
  joint = 0;
  xz = 0;
  yz = 0;
  z = 0;
  readonly #rule: NeighbourRule;
  readonly #width: number;
  readonly #target: Space;
  readonly #condition: Space;
  readonly #lists: NeighbourLists;
  readonly #nearest: Nearest;
  readonly #length: number;
  readonly #hasCondition: boolean;

  /** `listBytes`: of lists that are kept for points to which the work will come back. */
  constructor(target: Space, condition: Space, rule: NeighbourRule, listBytes: number) {
    this.#rule = rule;
    this.#target = target;
    this.#condition = condition;
    this.#lists = new NeighbourLists(target, condition, rule.theiler, listBytes);
    this.#nearest = new Nearest(rule.estimator === 'kernel' ? 1 : rule.neighbours, rule.estimator === 'ksg2');
    this.#width = rule.estimator !== 'kernel' ? 0 : target.single ? Math.fround(rule.width) : rule.width;
    this.#length = target.length;
    this.#hasCondition = condition.dimensions > 0;
  }

  /** Makes the lists of point i, as long as some of the lanes need them; `count` makes them longer where another does. */
  prepare(i: number, lanes: readonly Lane[]): void {
    if (this.#lists.of(i) !== undefined) return;
    let farthest = this.#width;
    if (this.#rule.estimator !== 'kernel') {
      for (let tried = 0; tried < lanes.length; tried += lanesPerTrial) farthest = Math.max(farthest, reach * this.#searched(i, lanes[tried]!.source));
    }
    this.#lists.build(i, farthest);
  }

  /** Nothing more will be counted for points [from, to) for a while. */
  leave(from: number, to: number): void {
    this.#lists.leave(from, to);
  }

  /** Counts the neighbours of point i where X is that of the lane. */
  count(i: number, lane: Lane): void {
    switch (this.#rule.estimator) {
      case 'ksg1':
        this.#countNearer(i, lane, this.#nearestOf(i, lane.source));
        return;
      case 'ksg2':
        this.#countUpToEach(i, lane, this.#nearestOf(i, lane.source));
        return;
      case 'kernel':
        this.#countInBox(i, lane);
    }
  }

  /** Finds the nearest k in the joint space; returns the lists of the point, which reach at least as far. */
  #nearestOf(i: number, source: Space): PointLists {
    const lists = this.#lists.of(i);
    if (lists !== undefined) {
      this.#nearest.walk(lists, source, i);
      if (this.#nearest.farthest <= lists.radius) return lists;
    }
    const longer = this.#lists.build(i, reach * this.#searched(i, source));
    this.#nearest.walk(longer, source, i);
    return longer;
  }

  /** The distance of the k-th neighbour in the joint space, with no list. */
  #searched(i: number, source: Space): number {
    this.#nearest.search(this.#lists.toBoth(i), source, i);
    return this.#nearest.farthest;
  }

  /** KSG 1: neighbours nearer than the k-th in the joint space. */
  #countNearer(i: number, lane: Lane, lists: PointLists): void {
    const { farthest } = this.#nearest;
    this.joint = this.#nearest.distances.length;
    this.yz = countUpTo(lists.yzDistance, farthest, false);
    if (this.#hasCondition) {
      const { coordinates, dimensions, single } = lane.source;
      const { zIndex, zDistance } = lists;
      let place = 0;
      let xz = 0;
      for (; place < zIndex.length && zDistance[place]! < farthest; place++) {
        if (distance(coordinates, dimensions, single, i, zIndex[place]!) < farthest) xz++;
      }
      this.z = place;
      this.xz = xz;
    } else {
      this.z = this.#length - 1;
      this.xz = this.#countInSource(i, lane, farthest, false);
    }
  }

  /** KSG 2: neighbours up to the largest distance in each of X, Y and Z among the nearest k. */
  #countUpToEach(i: number, lane: Lane, lists: PointLists): void {
    const { indices } = this.#nearest;
    const inSource = farthestOf(lane.source, i, indices);
    const inTarget = farthestOf(this.#target, i, indices);
    this.joint = indices.length;
    if (this.#hasCondition) {
      const inCondition = farthestOf(this.#condition, i, indices);
      const { coordinates, dimensions, single } = lane.source;
      const { zIndex, zDistance, zToTarget } = lists;
      let place = 0;
      let xz = 0;
      let yz = 0;
      for (; place < zIndex.length && zDistance[place]! <= inCondition; place++) {
        if (distance(coordinates, dimensions, single, i, zIndex[place]!) <= inSource) xz++;
        if (zToTarget[place]! <= inTarget) yz++;
      }
      this.z = place;
      this.xz = xz;
      this.yz = yz;
    } else {
      this.z = this.#length - 1;
      this.xz = this.#countInSource(i, lane, inSource, true);
      this.yz = countUpTo(lists.yzDistance, inTarget, true);
    }
  }

  /** Kernel: what lies in the box of the given width, the point itself too. */
  #countInBox(i: number, lane: Lane): void {
    const lists = this.#lists.of(i) ?? this.#lists.build(i, this.#width);
    this.joint = 1 + this.#countNear(lists.yzIndex, i, lane.source);
    this.yz = 1 + lists.yzIndex.length;
    this.xz = 1 + (this.#hasCondition ? this.#countNear(lists.zIndex, i, lane.source) : this.#countInSource(i, lane, this.#width, true));
    this.z = this.#hasCondition ? 1 + lists.zIndex.length : this.#length;
  }

  #countNear(indices: Int32Array, i: number, { coordinates, dimensions, single }: Space): number {
    let count = 0;
    for (const j of indices) {
      if (distance(coordinates, dimensions, single, i, j) <= this.#width) count++;
    }
    return count;
  }

  /** Neighbours in X alone: those of the sorted points, but for the point itself and its Theiler window. */
  #countInSource(i: number, { source, sorted }: Lane, bound: number, inclusive: boolean): number {
    if (sorted === null) throw new CorrenteError('internal', 'information: X was not sorted, though Z is empty.');
    let count = sorted.countWithin(source, i, bound, inclusive);
    const { theiler } = this.#rule;
    const to = Math.min(this.#length - 1, i + theiler);
    for (let j = Math.max(0, i - theiler); j <= to; j++) {
      const inSource = distance(source.coordinates, source.dimensions, source.single, i, j);
      if (inclusive ? inSource <= bound : inSource < bound) count--;
    }
    return count;
  }
}

/** The largest distance of point i from any of the others. */
function farthestOf({ coordinates, dimensions, single }: Space, i: number, others: Int32Array): number {
  let farthest = 0;
  for (const j of others) {
    const away = distance(coordinates, dimensions, single, i, j);
    if (away > farthest) farthest = away;
  }
  return farthest;
}
