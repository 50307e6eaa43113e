/** Uniform embeddings of the processes, each found once, when a target first needs it. */
import { lagsUpTo, largestTargetLag, methodTraits, type NetworkInferenceParams } from '@corrente/shared/contract/analyses/network-inference';
import type { OpOptions } from '../../engine/contract.ts';
import { chooseEmbedding } from '../../information/embedding.ts';
import type { ConditionalEstimator } from '../../information/estimator.ts';
import type { TrialColumns } from '../../information/realisations.ts';
import type { UniformPast } from './candidates.ts';

/** Neighbours by which ragwitz predicts, where the estimator has no number of its own (JIDT's default). */
const predictingNeighbours = 4;

export class UniformEmbeddings {
  readonly #params: NetworkInferenceParams;
  readonly #estimator: ConditionalEstimator;
  readonly #series: TrialColumns;
  readonly #found = new Map<string, readonly number[]>();

  constructor(params: NetworkInferenceParams, estimator: ConditionalEstimator, series: TrialColumns) {
    this.#params = params;
    this.#estimator = estimator;
    this.#series = series;
  }

  /** The embeddings that one target needs; none where lags are chosen greedily. */
  async of(target: number, sources: readonly number[], options: OpOptions): Promise<UniformPast> {
    const { targetEmbedding, sourceEmbedding, method, minLagSources, maxLagSources } = this.#params;
    if (targetEmbedding !== 'greedy' && methodTraits(method).targetPast) await this.#find(target, 'target', targetEmbedding, largestTargetLag(this.#params), options);
    if (sourceEmbedding !== 'greedy') for (const source of sources) await this.#find(source, 'source', sourceEmbedding, maxLagSources - minLagSources + 1, options);
    return (process, use) => this.#found.get(`${use} ${process}`) ?? null;
  }

  async #find(process: number, use: 'target' | 'source', criterion: 'ragwitz' | 'max-ais', longestLag: number, options: OpOptions): Promise<void> {
    const key = `${use} ${process}`;
    if (this.#found.has(key)) return;
    const { neighbours, theiler, estimator } = this.#params;
    const predicting = estimator === 'ksg1' || estimator === 'ksg2' ? neighbours : predictingNeighbours;
    const search = { criterion, maxHistory: longestLag, maxTau: Math.max(1, longestLag - 1), longestLag, normalise: false, neighbours: predicting, theiler, estimator: this.#estimator };
    const { history, tau } = await chooseEmbedding(this.#series, process, search, options);
    this.#found.set(key, lagsUpTo(1, 1 + (history - 1) * tau, tau));
  }
}
