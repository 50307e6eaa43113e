/**
 * The neighbours of a point in the joint space of X, Y and Z and in its subspaces. The list of its neighbours in YZ is
 * walked in ascending distance until the k-th joint distance is no greater than the next one of the list: no entry
 * after it can be nearer in the joint space. What is counted in XZ lies on the list of neighbours in Z.
 */
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

  constructor(target: Space, condition: Space, rule: NeighbourRule) {
    this.#rule = rule;
    this.#target = target;
    this.#condition = condition;
    this.#lists = new NeighbourLists(target, condition, rule.theiler);
    this.#nearest = new Nearest(rule.estimator === 'kernel' ? 1 : rule.neighbours, rule.estimator === 'ksg2');
    this.#width = rule.estimator !== 'kernel' ? 0 : target.single ? Math.fround(rule.width) : rule.width;
    this.#length = target.length;
    this.#hasCondition = condition.columns.length > 0;
  }

  /** Makes the lists of point i, as long as some of the lanes need them; `count` makes them longer where another does. */
  prepare(i: number, lanes: readonly Lane[]): void {
    if (this.#lists.of(i) !== undefined) return;
    let farthest = this.#width;
    if (this.#rule.estimator !== 'kernel') {
      for (let tried = 0; tried < lanes.length; tried += lanesPerTrial) farthest = Math.max(farthest, reach * this.#farthestNeighbour(i, lanes[tried]!.source));
    }
    this.#lists.build(i, farthest);
  }

  /** Counts the neighbours of point i where X is that of the lane. */
  count(i: number, lane: Lane): void {
    switch (this.#rule.estimator) {
      case 'ksg1':
        this.#countWithinOne(i, lane, this.#nearestOf(i, lane.source));
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
      this.#walk(lists, i, source);
      if (this.#nearest.farthest <= lists.radius) return lists;
    }
    const longer = this.#lists.build(i, reach * this.#farthestNeighbour(i, source));
    this.#walk(longer, i, source);
    return longer;
  }

  #walk({ yzDistance, yzIndex }: PointLists, i: number, source: Space): void {
    const nearest = this.#nearest;
    nearest.reset();
    for (let place = 0; place < yzDistance.length; place++) {
      const inFixed = yzDistance[place]!;
      if (nearest.closedBy(inFixed)) return;
      const j = yzIndex[place]!;
      const inSource = distance(source, i, j);
      nearest.offer(inSource > inFixed ? inSource : inFixed, j);
    }
  }

  /** The distance of the k-th neighbour in the joint space, with no list. */
  #farthestNeighbour(i: number, source: Space): number {
    const nearest = this.#nearest;
    const toBoth = this.#lists.toBoth(i);
    nearest.reset();
    for (let j = 0; j < toBoth.length; j++) {
      const inFixed = toBoth[j]!;
      if (!nearest.closedBy(inFixed)) nearest.offer(Math.max(inFixed, distance(source, i, j)), j);
    }
    return nearest.farthest;
  }

  /** KSG 1: neighbours nearer than the k-th in the joint space. */
  #countWithinOne(i: number, lane: Lane, lists: PointLists): void {
    const { farthest } = this.#nearest;
    this.joint = this.#nearest.distances.length;
    this.yz = countUpTo(lists.yzDistance, farthest, false);
    if (!this.#hasCondition) {
      this.xz = this.#countInSource(i, lane, farthest, false);
      this.z = this.#length - 1;
      return;
    }
    this.z = countUpTo(lists.zDistance, farthest, false);
    let xz = 0;
    for (let place = 0; place < this.z; place++) {
      if (distance(lane.source, i, lists.zIndex[place]!) < farthest) xz++;
    }
    this.xz = xz;
  }

  /** KSG 2: neighbours up to the largest distance in each of X, Y and Z among the nearest k. */
  #countUpToEach(i: number, lane: Lane, lists: PointLists): void {
    const { indices } = this.#nearest;
    let inSource = 0;
    let inTarget = 0;
    let inCondition = 0;
    for (const j of indices) {
      inSource = Math.max(inSource, distance(lane.source, i, j));
      inTarget = Math.max(inTarget, distance(this.#target, i, j));
      inCondition = Math.max(inCondition, distance(this.#condition, i, j));
    }
    this.joint = indices.length;
    if (!this.#hasCondition) {
      this.xz = this.#countInSource(i, lane, inSource, true);
      this.yz = countUpTo(lists.yzDistance, inTarget, true);
      this.z = this.#length - 1;
      return;
    }
    this.z = countUpTo(lists.zDistance, inCondition, true);
    let xz = 0;
    let yz = 0;
    for (let place = 0; place < this.z; place++) {
      if (distance(lane.source, i, lists.zIndex[place]!) <= inSource) xz++;
      if (lists.zToTarget[place]! <= inTarget) yz++;
    }
    this.xz = xz;
    this.yz = yz;
  }

  /** Kernel: what lies in the box of the given width, the point itself too. */
  #countInBox(i: number, lane: Lane): void {
    const lists = this.#lists.of(i) ?? this.#lists.build(i, this.#width);
    this.joint = 1 + this.#countNear(lists.yzIndex, i, lane.source);
    this.yz = 1 + lists.yzIndex.length;
    this.xz = 1 + (this.#hasCondition ? this.#countNear(lists.zIndex, i, lane.source) : this.#countInSource(i, lane, this.#width, true));
    this.z = this.#hasCondition ? 1 + lists.zIndex.length : this.#length;
  }

  #countNear(indices: Int32Array, i: number, source: Space): number {
    let count = 0;
    for (const j of indices) {
      if (distance(source, i, j) <= this.#width) count++;
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
      const inSource = distance(source, i, j);
      if (inclusive ? inSource <= bound : inSource < bound) count--;
    }
    return count;
  }
}
