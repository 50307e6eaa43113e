/** Silhouettes: P. J. Rousseeuw, "Silhouettes: a graphical aid to the interpretation and validation of cluster analysis" (1987). */
import { Pace, type PaceOptions } from '@corrente/shared/portable/pace';
import type { CondensedDistances } from '../../statistics/hierarchy.ts';

/**
 * Of each of n points (b - a) / max(a, b): a its mean distance from the other members of its cluster, b the least mean
 * distance from the members of another one. 0 for a point alone in its cluster; NaN where there is but one cluster.
 * `clusters` names each point's by a number. Gives way to the event loop; throws `cancelled`.
 */
export async function silhouettes(distances: CondensedDistances, clusters: Int32Array, options: PaceOptions): Promise<Float64Array<ArrayBuffer>> {
  const n = clusters.length;
  const { own: places, sums, sizes } = await distanceSums(distances, clusters, options);
  return Float64Array.from(places, (own, i) => {
    let next = Number.POSITIVE_INFINITY;
    for (const [c, size] of sizes.entries()) if (c !== own) next = Math.min(next, (sums[c * n + i] ?? 0) / size);
    if (next === Number.POSITIVE_INFINITY) return Number.NaN;
    const size = sizes[own] ?? 0;
    if (size === 1) return 0;
    const within = (sums[own * n + i] ?? 0) / (size - 1);
    const larger = Math.max(within, next);
    return larger === 0 ? 0 : (next - within) / larger;
  });
}

/** Of each point the mean distance from the other members of its own cluster; 0 for one alone. */
export async function meanDistances(distances: CondensedDistances, clusters: Int32Array, options: PaceOptions): Promise<Float64Array<ArrayBuffer>> {
  const n = clusters.length;
  const { own: places, sums, sizes } = await distanceSums(distances, clusters, options);
  return Float64Array.from(places, (own, i) => (sums[own * n + i] ?? 0) / Math.max(1, (sizes[own] ?? 0) - 1));
}

interface DistanceSums {
  /** Of each point the place of its cluster among those that have a member. */
  readonly own: Int32Array;
  /** Of the distances of each point from the members of each such cluster, [clusters × points]. */
  readonly sums: Float64Array;
  readonly sizes: Int32Array;
}

async function distanceSums(distances: CondensedDistances, clusters: Int32Array, { signal }: PaceOptions): Promise<DistanceSums> {
  const n = clusters.length;
  const places = new Map([...new Set(clusters)].map((cluster, place) => [cluster, place]));
  const own = clusters.map((cluster) => places.get(cluster) ?? 0);
  const [sums, sizes] = [new Float64Array(places.size * n), new Int32Array(places.size)];
  const pace = new Pace('silhouettes', n, { signal });
  await pace.start();
  for (let i = 0, at = 0; i < n; i++) {
    const here = own[i] ?? 0;
    sizes[here] = (sizes[here] ?? 0) + 1;
    for (let j = i + 1; j < n; j++, at++) {
      const distance = distances[at] ?? Number.NaN;
      const other = own[j] ?? 0;
      sums[other * n + i] = (sums[other * n + i] ?? 0) + distance;
      sums[here * n + j] = (sums[here * n + j] ?? 0) + distance;
    }
    pace.count(1);
    if (pace.due) await pace.turn();
  }
  return { own, sums, sizes };
}

/** The mean of the values that are numbers; NaN where there is none. */
export function meanOf(values: ArrayLike<number>): number {
  let [sum, count] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    sum += value;
    count += 1;
  }
  return sum / count;
}
