/** Silhouettes: P. J. Rousseeuw, "Silhouettes: a graphical aid to the interpretation and validation of cluster analysis" (1987). */
import type { CondensedDistances } from '../../statistics/hierarchy.ts';

/**
 * Of each of n points (b - a) / max(a, b): a its mean distance from the other members of its cluster, b the least mean
 * distance from the members of another one. 0 for a point alone in its cluster; NaN where there is but one cluster.
 * `clusters` names each point's, from 0.
 */
export function silhouettes(distances: CondensedDistances, clusters: Int32Array, count: number): Float64Array<ArrayBuffer> {
  const n = clusters.length;
  const { sums, sizes } = distanceSums(distances, clusters, count);
  return Float64Array.from(clusters, (own, i) => {
    let next = Number.POSITIVE_INFINITY;
    for (let c = 0; c < count; c++) if (c !== own && (sizes[c] ?? 0) > 0) next = Math.min(next, (sums[c * n + i] ?? 0) / (sizes[c] ?? 1));
    if (next === Number.POSITIVE_INFINITY) return Number.NaN;
    const size = sizes[own] ?? 0;
    if (size === 1) return 0;
    const within = (sums[own * n + i] ?? 0) / (size - 1);
    const larger = Math.max(within, next);
    return larger === 0 ? 0 : (next - within) / larger;
  });
}

/** Of each point the mean distance from the other members of its own cluster; 0 for one alone. */
export function meanDistances(distances: CondensedDistances, clusters: Int32Array, count: number): Float64Array<ArrayBuffer> {
  const n = clusters.length;
  const { sums, sizes } = distanceSums(distances, clusters, count);
  return Float64Array.from(clusters, (own, i) => (sums[own * n + i] ?? 0) / Math.max(1, (sizes[own] ?? 0) - 1));
}

/** Sums [clusters × points] of the distances of each point from the members of each cluster. */
function distanceSums(distances: CondensedDistances, clusters: Int32Array, count: number): { sums: Float64Array; sizes: Int32Array } {
  const n = clusters.length;
  const [sums, sizes] = [new Float64Array(count * n), new Int32Array(count)];
  for (let i = 0, at = 0; i < n; i++) {
    const own = clusters[i] ?? 0;
    sizes[own] = (sizes[own] ?? 0) + 1;
    for (let j = i + 1; j < n; j++, at++) {
      const distance = distances[at] ?? Number.NaN;
      const other = clusters[j] ?? 0;
      sums[other * n + i] = (sums[other * n + i] ?? 0) + distance;
      sums[own * n + j] = (sums[own * n + j] ?? 0) + distance;
    }
  }
  return { sums, sizes };
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
