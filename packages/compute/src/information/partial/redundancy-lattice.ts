/**
 * The lattice of redundancies of n sources (Williams and Beer, arXiv:1004.2515, 2010): its nodes are the antichains of
 * sets of sources, sets none of which contains another; α lies below β where every set of β contains one of α. There
 * are 1, 4, 18 and 166 of them for n = 1 to 4.
 *
 * A set of sources is a number whose bit s stands for source s. An antichain stands for all sets that contain one of
 * its own; α lies below β exactly where those of α are a superset of those of β.
 */

export interface LatticeNode {
  /** The sets of sources, each as its bits; fewest sources first. */
  readonly sets: readonly number[];
  /** All sets of sources that contain one of these, ascending. */
  readonly covered: readonly number[];
}

export interface RedundancyLattice {
  readonly sources: number;
  /** From the bottom {1}{2}… to the top {12…}: each after all nodes that lie below it. */
  readonly nodes: readonly LatticeNode[];
  /** For each node the nodes below it. */
  readonly below: readonly (readonly number[])[];
}

export function redundancyLattice(sources: number): RedundancyLattice {
  const all = Array.from({ length: 2 ** sources - 1 }, (_, i) => i + 1);
  const nodes = antichains(all)
    .map((sets): LatticeNode => ({ sets: sets.toSorted(bySize), covered: all.filter((set) => sets.some((one) => contains(set, one))) }))
    .toSorted((a, b) => b.covered.length - a.covered.length || a.sets.length - b.sets.length || compareSets(a.sets, b.sets));
  const below = nodes.map(({ covered }) => nodes.flatMap((other, i) => (other.covered.length > covered.length && covered.every((set) => other.covered.includes(set)) ? [i] : [])));
  return { sources, nodes, below };
}

/** Each node's own part of a quantity that adds up over the lattice: what it has beyond all nodes below it. */
export function moebiusInversion({ below }: RedundancyLattice, cumulative: ArrayLike<number>): Float64Array<ArrayBuffer> {
  const own = new Float64Array(below.length);
  for (const [i, lower] of below.entries()) own[i] = lower.reduce((rest, j) => rest - (own[j] ?? 0), cumulative[i] ?? Number.NaN);
  return own;
}

/** The members of a set of sources, from 0. */
export function membersOf(set: number): number[] {
  const members: number[] = [];
  for (let s = 0; set >> s > 0; s += 1) if ((set >> s) & 1) members.push(s);
  return members;
}

/** The usual notation, such as {1}{23}: sources are numbered from 1. */
export function notationOf(sets: readonly number[]): string {
  return sets.map((set) => `{${membersOf(set).map((s) => s + 1).join('')}}`).join('');
}

const contains = (set: number, other: number): boolean => (set & other) === other;

const bySize = (a: number, b: number): number => membersOf(a).length - membersOf(b).length || compareSets(membersOf(a), membersOf(b));

/** Lexicographically. */
function compareSets(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? Number.NEGATIVE_INFINITY);
}

/** Every choice of at least one of the sets none of which contains another. */
function antichains(sets: readonly number[]): number[][] {
  const [first, ...others] = sets;
  if (first === undefined) return [];
  const apart = others.filter((other) => !contains(first, other) && !contains(other, first));
  return [[first], ...antichains(apart).map((rest) => [first, ...rest]), ...antichains(others)];
}
