/** Groups as the tables show them. */
import type { PartColumn, StepContext } from '../analysis.ts';

export interface Groups {
  /** Of each point, from 0. */
  readonly clusters: Int32Array;
  readonly count: number;
}

/** Clusters without members left out, the largest first; of equal ones the one with the first member. `order` names each by its old number. */
export function renumbered({ clusters, count }: Groups): Groups & { readonly order: Int32Array } {
  const sizes = new Int32Array(count);
  const first = new Int32Array(count).fill(clusters.length);
  for (const [i, c] of clusters.entries()) {
    sizes[c] = (sizes[c] ?? 0) + 1;
    first[c] = Math.min(first[c] ?? i, i);
  }
  const order = Int32Array.from(sizes.keys())
    .filter((c) => (sizes[c] ?? 0) > 0)
    .sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0) || (first[a] ?? 0) - (first[b] ?? 0));
  const place = new Int32Array(count);
  for (const [at, c] of order.entries()) place[c] = at;
  return { clusters: Int32Array.from(clusters, (c) => place[c] ?? 0), count: order.length, order };
}

const numberOf = (cluster: number): number => cluster + 1;

/** Writes `assignments` and `clusters`; values of points by number, NaN where there is none. */
export function emitGroups(context: StepContext, members: PartColumn, { clusters, count }: Groups, distance: Float64Array<ArrayBuffer>, silhouette: Float64Array<ArrayBuffer>): void {
  context.emit('assignments', [members, Int32Array.from(clusters, numberOf), distance, silhouette]);
  const sizes = new Int32Array(count);
  for (const c of clusters) sizes[c] = (sizes[c] ?? 0) + 1;
  context.emit('clusters', [Int32Array.from(sizes.keys(), numberOf), sizes, meansOf(distance, clusters, count), meansOf(silhouette, clusters, count)]);
}

/** The mean of each cluster over the points that have a value; NaN where none has. */
function meansOf(values: Float64Array, clusters: Int32Array, count: number): Float64Array<ArrayBuffer> {
  const [sums, present] = [new Float64Array(count), new Int32Array(count)];
  for (const [i, c] of clusters.entries()) {
    const value = values[i] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    sums[c] = (sums[c] ?? 0) + value;
    present[c] = (present[c] ?? 0) + 1;
  }
  return sums.map((sum, c) => sum / (present[c] ?? 0));
}

export interface Trial {
  readonly clusters: number;
  /** Null where no point has one. */
  readonly silhouette: number | null;
  /** Null where the method has none. */
  readonly inertia: number | null;
}

/** The trial of largest mean silhouette; of equal ones that of fewest clusters. */
export function bestTrial(trials: readonly Trial[]): Trial | null {
  return trials.reduce<Trial | null>((best, one) => (best === null || (one.silhouette ?? -2) > (best.silhouette ?? -2) ? one : best), null);
}

export function emitChoice(context: StepContext, trials: readonly Trial[], chosen: number): void {
  context.emit('choice', [Int32Array.from(trials, ({ clusters }) => clusters), Float64Array.from(trials, ({ silhouette }) => silhouette ?? Number.NaN), Float64Array.from(trials, ({ inertia }) => inertia ?? Number.NaN), trials.map(({ clusters }) => clusters === chosen)]);
}
