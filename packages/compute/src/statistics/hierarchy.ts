/** Agglomerative hierarchical clustering by average linkage (UPGMA). */
import { Pace, type PaceOptions } from '@corrente/shared/portable/pace';

/**
 * Distances of every pair of n things, without the diagonal and without repetition: (0, 1), (0, 2), …, (1, 2), …; each
 * at least 0.
 */
export type CondensedDistances = Float64Array;

/** The place of a pair in condensed distances; i and j differ. */
export function condensedIndex(i: number, j: number, n: number): number {
  const [low, high] = i < j ? [i, j] : [j, i];
  return (low * (2 * n - low - 1)) / 2 + high - low - 1;
}

/** One merge of two clusters, named by the smallest thing in each. */
export interface Merge {
  readonly a: number;
  /** Greater than a; after the merge the cluster is named a. */
  readonly b: number;
  /** The mean distance of the things of the one to those of the other. */
  readonly height: number;
  /** Things in the new cluster. */
  readonly size: number;
}

/**
 * The n - 1 merges that average linkage makes of n things, lowest first; of equal heights in the order in which they
 * were found, which depends on the distances alone. `distances` is used up.
 *
 * By chains of nearest neighbours (F. Murtagh, "A survey of recent advances in hierarchical clustering algorithms",
 * Computer Journal 26, 1983), in n² time: from any cluster go to its nearest one until two are each other's nearest,
 * and merge these; average linkage is reducible, so the tree is that of always merging the closest two. Of equally near
 * ones the one before in the chain is taken, then the one with the smallest thing. Distances after a merge are those of
 * G. N. Lance and W. T. Williams (Computer Journal 9, 1967). Some thousand things are its range: the distances of
 * 10,000 take 400 MB. Gives way to the event loop; throws `cancelled` where the signal aborts.
 */
export async function averageLinkage(distances: CondensedDistances, n: number, options: PaceOptions): Promise<Merge[]> {
  const pace = new Pace('hierarchical clustering', n * n, options);
  await pace.start();
  const clusters = new Clusters(distances, n);
  const merges: Merge[] = [];
  const chain: number[] = [];
  while (merges.length < n - 1) {
    if (chain.length === 0) chain.push(clusters.first());
    const [tip = 0, before = -1] = [chain.at(-1), chain.at(-2)];
    const next = clusters.nearest(tip, before);
    if (next === before) {
      chain.length -= 2;
      merges.push(clusters.merge(tip, before));
      pace.count(n);
    } else {
      chain.push(next);
    }
    if (pace.due) await pace.turn();
  }
  return merges.map((merge, found) => ({ merge, found })).sort((x, y) => x.merge.height - y.merge.height || x.found - y.found).map(({ merge }) => merge);
}

/** The clusters there are, each in the place of its smallest thing. */
class Clusters {
  readonly #distances: CondensedDistances;
  readonly #n: number;
  readonly #sizes: Int32Array;

  constructor(distances: CondensedDistances, n: number) {
    this.#distances = distances;
    this.#n = n;
    this.#sizes = new Int32Array(n).fill(1);
  }

  first(): number {
    return this.#sizes.findIndex((size) => size > 0);
  }

  /** The cluster closest to one; `preferred` where none is closer, otherwise the first of the closest. */
  nearest(of: number, preferred: number): number {
    let nearest = preferred;
    let least = preferred < 0 ? Number.POSITIVE_INFINITY : this.#distance(of, preferred);
    for (let other = 0; other < this.#n; other++) {
      if (other === of || this.#sizes[other] === 0) continue;
      const distance = this.#distance(of, other);
      if (distance < least || nearest < 0) {
        least = distance;
        nearest = other;
      }
    }
    return nearest;
  }

  merge(x: number, y: number): Merge {
    const [a, b] = x < y ? [x, y] : [y, x];
    const height = this.#distance(a, b);
    const [sizeA, sizeB] = [this.#sizes[a] ?? 0, this.#sizes[b] ?? 0];
    const size = sizeA + sizeB;
    this.#sizes[a] = size;
    this.#sizes[b] = 0;
    for (let other = 0; other < this.#n; other++) {
      if (other === a || this.#sizes[other] === 0) continue;
      this.#distances[condensedIndex(a, other, this.#n)] = (sizeA * this.#distance(a, other) + sizeB * this.#distance(b, other)) / size;
    }
    return { a, b, height, size };
  }

  #distance(i: number, j: number): number {
    return this.#distances[condensedIndex(i, j, this.#n)] ?? Number.NaN;
  }
}

export interface LeafOrder {
  /** The things in the order in which a drawing of the tree shows them. */
  readonly leaves: Int32Array<ArrayBuffer>;
  /** The height at which the leaf of each place is joined with the one before it; NaN for the first. */
  readonly heights: Float64Array<ArrayBuffer>;
}

/** The leaves of a tree of merges, lowest first: in each merge the part with the smallest thing stands first. */
export function leafOrder(merges: readonly Merge[], n: number): LeafOrder {
  // Each cluster is a list of leaves: where it ends, and what follows each leaf.
  const last = Int32Array.from({ length: n }, (_, i) => i);
  const next = new Int32Array(n).fill(-1);
  const joined = new Float64Array(n).fill(Number.NaN);
  for (const { a, b, height } of merges) {
    next[last[a] ?? 0] = b;
    joined[b] = height;
    last[a] = last[b] ?? 0;
  }
  const leaves = new Int32Array(n);
  for (let place = 0, leaf = 0; place < n; place++) {
    leaves[place] = leaf;
    leaf = next[leaf] ?? -1;
  }
  return { leaves, heights: Float64Array.from(leaves, (leaf) => joined[leaf] ?? Number.NaN) };
}
