/** Grouping by k-means: a step for each number that is tried, each independent, then one that writes the best. */
import { type ClusterParams, triedClusters } from '@corrente/shared/contract/analyses/cluster';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { z } from 'zod';
import type { OpOptions } from '../../engine/contract.ts';
import type { Clusters } from '../../engine/contract.points.ts';
import type { CondensedDistances } from '../../statistics/hierarchy.ts';
import type { JsonValue, Plan, PlanInput, Step, StepContext } from '../analysis.ts';
import { bestTrial, emitChoice, emitGroups, renumbered, type Trial } from './groups.ts';
import { distancesOf, judgedPoints, type Points, pointsOf } from './points.ts';
import { meanOf, silhouettes } from './silhouette.ts';

/** The words that make a stream of random numbers this analysis's own. */
const streamWord = 0x6b6d6e73;

const storedTrial = z.object({ clusters: z.number(), silhouette: z.number().nullable(), inertia: z.number().nullable() });

export class KMeansPlan implements Plan {
  readonly steps: readonly Step[];
  readonly #input: PlanInput<ClusterParams>;
  readonly #points: Points;
  readonly #judged: Int32Array;
  readonly #trials = new Map<number, Trial>();
  #distances: CondensedDistances | null = null;

  constructor(input: PlanInput<ClusterParams>) {
    this.#input = input;
    this.#points = pointsOf(input.frame, input.params);
    const { length } = this.#points.block;
    this.#judged = judgedPoints(length);
    const tried = triedClusters(input.params, length);
    for (const [k, value] of input.stored) if (k < tried.length) this.#trials.set(k, storedTrial.parse(value));
    this.steps = [
      ...tried.map((clusters, k): Step => ({ title: `${clusters} clusters`, work: clusters, independent: true, run: (context) => this.#try(k, clusters, context) })),
      { title: 'groups', work: Math.max(1, ...tried), run: (context) => this.#write(tried, context) },
    ];
  }

  close(): void {
    this.#distances = null;
  }

  async #group(clusters: number, options: OpOptions): Promise<Clusters> {
    const { params: { starts, iterations, tolerance }, engine, seed } = this.#input;
    return engine.kMeans(this.#points.block, { clusters, starts, iterations, tolerance, stream: [seed, streamWord, clusters, 0] }, options);
  }

  /** Silhouettes of the points that have one. */
  async #judge({ assignments }: Clusters, options: OpOptions): Promise<Float64Array<ArrayBuffer>> {
    this.#distances ??= await distancesOf(this.#input.engine, this.#points, this.#judged, options);
    return silhouettes(this.#distances, Int32Array.from(this.#judged, (i) => assignments[i] ?? 0), options);
  }

  async #both(clusters: number, context: StepContext): Promise<{ found: Clusters; judged: Float64Array<ArrayBuffer> }> {
    const options = (from: number, share: number): OpOptions => ({ precision: 'f64', signal: context.signal, onProgress: (fraction) => context.progress(from + share * fraction) });
    const found = await this.#group(clusters, options(0, 0.8));
    return { found, judged: await this.#judge(found, options(0.8, 0.2)) };
  }

  async #try(k: number, clusters: number, context: StepContext): Promise<JsonValue> {
    const { found, judged } = await this.#both(clusters, context);
    const silhouette = meanOf(judged);
    const trial = { clusters, silhouette: Number.isNaN(silhouette) ? null : silhouette, inertia: found.inertia };
    this.#trials.set(k, trial);
    return trial;
  }

  async #write(tried: readonly number[], context: StepContext): Promise<void> {
    const trials = tried.map((clusters, k) => this.#trials.get(k) ?? { clusters, silhouette: null, inertia: null });
    const clusters = this.#input.params.clusters ?? bestTrial(trials)?.clusters;
    if (clusters === undefined) throw new CorrenteError('internal', 'cluster: no number of clusters was tried.');
    const { found, judged } = await this.#both(clusters, context);
    const groups = renumbered({ clusters: found.assignments, count: clusters });
    if (groups.count < clusters) context.log('warn', `${clusters} clusters were asked for, and the points are at ${groups.count} different places only`);
    const silhouette = new Float64Array(found.assignments.length).fill(Number.NaN);
    for (const [at, i] of this.#judged.entries()) silhouette[i] = judged[at] ?? Number.NaN;
    emitGroups(context, this.#points.members, groups, this.#distancesFromCentres(found), silhouette);
    this.#emitCentroids(context, found, groups.order);
    if (tried.length > 0) emitChoice(context, trials, clusters);
  }

  #distancesFromCentres({ centres, assignments }: Clusters): Float64Array<ArrayBuffer> {
    const { values, series, length, stride } = this.#points.block;
    const squares = new Float64Array(length);
    for (let d = 0; d < series; d++) for (let i = 0; i < length; i++) squares[i] = (squares[i] ?? 0) + ((values[d * stride + i] ?? Number.NaN) - (centres[(assignments[i] ?? 0) * series + d] ?? Number.NaN)) ** 2;
    return squares.map(Math.sqrt);
  }

  #emitCentroids(context: StepContext, { centres }: Clusters, order: Int32Array): void {
    const { block: { series }, mean, deviation, dimensions } = this.#points;
    const values = new Float64Array(order.length * series);
    for (const [at, c] of order.entries()) for (let d = 0; d < series; d++) values[at * series + d] = (mean[d] ?? 0) + (deviation[d] ?? 1) * (centres[c * series + d] ?? Number.NaN);
    context.emit('centroids', [Int32Array.from(values, (_, at) => Math.floor(at / series) + 1), dimensions(order.length), values]);
  }
}
