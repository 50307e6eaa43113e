/** Grouping by a tree of correlation distances: one step. */
import { type ClusterParams, triedClusters } from '@corrente/shared/contract/analyses/cluster';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Columns, Engine, OpOptions } from '../../engine/contract.ts';
import { averageLinkage, type CondensedDistances, type Merge } from '../../statistics/hierarchy.ts';
import type { PartColumn, Plan, PlanInput, Step, StepContext } from '../analysis.ts';
import { transposed } from '../pca/decompose.ts';
import { rowsOf } from '../pca/rows.ts';
import { bestTrial, emitChoice, emitGroups, type Groups, renumbered, type Trial } from './groups.ts';
import { standardised, takenRows } from './points.ts';
import { meanDistances, meanOf, silhouettes } from './silhouette.ts';

/** Rows of the matrix that are computed at once. */
const bandRows = 512;

export function hierarchicalPlan(input: PlanInput<ClusterParams>): Plan {
  const step: Step = { title: 'tree', work: 1, run: (context) => groupByTree(input, context) };
  return { steps: [step], close() {} };
}

interface Things {
  /** [things × values], correlated with one another. */
  readonly block: Columns;
  /** Things of these numbers as a column. */
  readonly column: (which: Int32Array) => PartColumn;
}

function thingsOf({ frame, params }: PlanInput<ClusterParams>): Things {
  if (params.of === 'series') return { block: frame, column: (which) => ({ names: frame.names, indices: which }) };
  const rows = takenRows(frame, params);
  const taken = rows.length === frame.length ? frame : rowsOf(frame, rows);
  return { block: transposed(params.standardise ? standardised(taken).block : taken), column: (which) => BigInt64Array.from(which, (i) => frame.time[rows[i] ?? 0] ?? 0n) };
}

async function groupByTree(input: PlanInput<ClusterParams>, context: StepContext): Promise<void> {
  const { params, engine } = input;
  const within = (from: number, share: number): OpOptions => ({ precision: 'f64', signal: context.signal, onProgress: (fraction) => context.progress(from + share * fraction) });
  const { block, column } = thingsOf(input);
  const n = block.series;
  const { distances, lacking } = await correlationDistances(engine, block, within(0, 0.5));
  if (lacking > 0) context.log('warn', `${lacking} pairs have no correlation (too few rows in common, or no variation in them) and count as uncorrelated to the last: distance 1`);
  const merges = await averageLinkage(distances.slice(), n, within(0.5, 0.3));
  const tried = triedClusters(params, n);
  const trials: Trial[] = [];
  for (const [k, clusters] of tried.entries()) {
    const groups = cut(merges, n, ({ merged }) => merged < n - clusters);
    const silhouette = meanOf(await silhouettes(distances, groups.clusters, context));
    trials.push({ clusters, silhouette: Number.isNaN(silhouette) ? null : silhouette, inertia: null });
    context.progress(0.8 + (0.2 * (k + 1)) / (tried.length + 2));
  }
  const chosen = params.clusters ?? bestTrial(trials)?.clusters ?? null;
  const { height } = params;
  const groups = renumbered(cut(merges, n, (at) => (height === null ? at.merged < n - (chosen ?? 1) : at.merge.height <= height)));
  emitGroups(context, column(Int32Array.from({ length: n }, (_, i) => i)), groups, await meanDistances(distances, groups.clusters, context), await silhouettes(distances, groups.clusters, context));
  if (tried.length > 0) emitChoice(context, trials, chosen ?? 1);
  const names = (which: 'a' | 'b'): PartColumn => column(Int32Array.from(merges, (merge) => merge[which]));
  context.emit('tree', [Int32Array.from(merges, (_, at) => at + 1), names('a'), names('b'), Float64Array.from(merges, (merge) => merge.height), Int32Array.from(merges, ({ size }) => size)]);
}

/** √((1 - r) / 2) of every pair, from 0 (the same) to 1 (opposite); 1 for the `lacking` pairs that have no r. */
async function correlationDistances(engine: Engine, block: Columns, options: OpOptions): Promise<{ distances: CondensedDistances; lacking: number }> {
  const n = block.series;
  const distances = new Float64Array((n * (n - 1)) / 2);
  let [at, lacking] = [0, 0];
  const session = await engine.openCorrelation(block, { method: 'pearson', ddof: 0 }, options);
  try {
    for (let from = 0; from < n; from += bandRows) {
      const to = Math.min(from + bandRows, n);
      const { r } = await session.tile(from, to, from, n, { ...options, onProgress: (fraction) => options.onProgress?.((from + fraction * (to - from)) / n) });
      for (let i = from; i < to; i++) {
        for (let j = i + 1; j < n; j++) {
          const value = r[(i - from) * (n - from) + j - from] ?? Number.NaN;
          if (Number.isNaN(value)) lacking++;
          distances[at++] = Number.isNaN(value) ? 1 : Math.sqrt((1 - value) / 2);
        }
      }
    }
  } finally {
    session.close();
  }
  return { distances, lacking };
}

/** The groups that the first merges make, for as long as `goesOn` holds. */
function cut(merges: readonly Merge[], n: number, goesOn: (at: { merge: Merge; merged: number }) => boolean): Groups {
  // The cluster of each thing by its smallest one: a merge names clusters so.
  const into = Int32Array.from({ length: n }, (_, i) => i);
  const stop = merges.findIndex((merge, merged) => !goesOn({ merge, merged }));
  for (const { a, b } of stop < 0 ? merges : merges.slice(0, stop)) into[b] = a;
  const clusters = new Int32Array(n);
  const number = new Map<number, number>();
  for (let i = 0; i < n; i++) {
    let root = i;
    while (into[root] !== root) root = into[root] ?? root;
    const known = number.get(root) ?? number.size;
    number.set(root, known);
    clusters[i] = known;
  }
  if (number.size === 0) throw new CorrenteError('internal', 'cluster: there is nothing to group.');
  return { clusters, count: number.size };
}
