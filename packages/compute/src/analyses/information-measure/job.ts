/** What the steps of one plan share: prepared series, the estimator, and embeddings once they are chosen. */
import { type InformationMeasureParams, informationMeasures } from '@corrente/shared/contract/analyses/information-measure';
import type { OpOptions, RandomStream } from '../../engine/contract.ts';
import type { ConditionalEstimator } from '../../information/estimator.ts';
import { type Embedding, chooseEmbedding } from '../../information/embedding.ts';
import { type EstimatorSettings, openEstimator } from '../../information/estimators.ts';
import type { PlanInput, StepContext } from '../analysis.ts';
import { type Prepared, prepare } from './prepare.ts';
import type { Question } from './questions.ts';
import { tieWarning } from './ties.ts';

export class MeasureJob {
  readonly input: PlanInput<InformationMeasureParams>;
  readonly prepared: Prepared;
  readonly settings: EstimatorSettings;
  readonly estimator: ConditionalEstimator;
  readonly #chosen = new Map<number, Promise<Embedding>>();

  constructor(input: PlanInput<InformationMeasureParams>) {
    const { params } = input;
    this.input = input;
    this.prepared = prepare(input.frame, params, input.seed);
    this.settings = { neighbours: params.neighbours, theiler: params.theiler, width: params.kernelWidth, alphabet: this.prepared.alphabet, biasCorrection: params.biasCorrection };
    this.estimator = openEstimator(params.estimator, this.settings, input.engine);
  }

  /** Whether distances are measured, so that scales and ties matter. */
  get measuresDistances(): boolean {
    const { estimator } = this.input.params;
    return estimator.startsWith('ksg') || estimator === 'kernel';
  }

  get names(): readonly string[] {
    return this.input.frame.names;
  }

  options(context: StepContext, onProgress: (fraction: number) => void): OpOptions {
    return { precision: this.input.precision, signal: context.signal, onProgress };
  }

  /** No other surrogates of the seed have this stream; the order of work plays no part. */
  stream({ source, target }: Question): RandomStream {
    return [this.input.seed, target[0] ?? 0, source[0] ?? 0, 1 + informationMeasures.indexOf(this.input.params.measure)];
  }

  /** The embedding of each of these series as a source or as a target: as given, or as chosen, once for each series. */
  async embeddings(series: readonly number[], options: OpOptions): Promise<Map<number, Embedding>> {
    const chosen = new Map<number, Embedding>();
    for (const one of series) chosen.set(one, await this.#embedding(one, options));
    return chosen;
  }

  #embedding(series: number, options: OpOptions): Promise<Embedding> {
    const { params } = this.input;
    if (params.embedding === 'given') return Promise.resolve({ history: params.targetHistory, tau: params.targetTau });
    const known = this.#chosen.get(series);
    if (known !== undefined) return known;
    const { embedding: criterion, maxHistory, maxTau, neighbours, theiler } = params;
    const search = { criterion, maxHistory, maxTau, neighbours, theiler, normalise: params.normalise && this.measuresDistances, estimator: this.estimator };
    const found = chooseEmbedding(this.prepared.columns, series, search, options);
    this.#chosen.set(series, found);
    return found;
  }

  /** Tells of ties among these series, where they matter. */
  warnOfTies(context: StepContext, used: Iterable<number>): void {
    const warning = this.measuresDistances ? tieWarning(this.prepared.columns, used, this.names) : null;
    if (warning !== null) context.log('warn', warning);
  }
}
