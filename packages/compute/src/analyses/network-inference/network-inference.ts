/** Who drives whom: one step for each target, then the verdict over all of them. */
import { networkInference as contract, type NetworkInferenceParams, type networkInferenceParams } from '@corrente/shared/contract/analyses/network-inference';
import type { ConditionalEstimator } from '../../information/estimator.ts';
import { openEstimator } from '../../information/estimators.ts';
import { type Span, spanOf, type TrialColumns } from '../../information/realisations.ts';
import type { Analysis, JsonValue, Plan, PlanInput, Step, StepContext } from '../analysis.ts';
import { greedy, longestLagOf, type TargetSetup, targetSetup, targetsOf } from './candidates.ts';
import { Estimation } from './estimation.ts';
import { UniformEmbeddings } from './uniform-embeddings.ts';
import { verdictOf } from './fdr.ts';
import { firstState, inferTarget } from './infer-target.ts';
import { prepareSeries } from './prepare.ts';
import { expectedEstimates, TargetProgress } from './progress.ts';
import { targetTables, verdictAt } from './tables.ts';
import { stateFromJson, stateToJson, type TargetState } from './target-state.ts';
import { tiedSeries, validateNetworkInference } from './validate.ts';

export const networkInference: Analysis<typeof networkInferenceParams> = {
  contract,
  validate: (params, frame) => validateNetworkInference(params, frame),
  plan: (input) => Promise.resolve(new NetworkPlan(input)),
};

class NetworkPlan implements Plan {
  readonly steps: readonly Step[];
  readonly #input: PlanInput<NetworkInferenceParams>;
  readonly #setups: readonly TargetSetup[];
  /** What the targets' steps of this attempt found, and those of earlier ones returned. */
  readonly #results = new Map<number, TargetState>();
  readonly #series: TrialColumns;
  readonly #span: Span;
  readonly #estimator: ConditionalEstimator;
  readonly #embeddings: UniformEmbeddings;

  constructor(input: PlanInput<NetworkInferenceParams>) {
    this.#input = input;
    const { params, frame, seed, engine } = input;
    this.#series = prepareSeries(params, frame, seed);
    this.#span = spanOf(this.#series, longestLagOf(params));
    this.#estimator = openEstimator(params.estimator, { neighbours: params.neighbours, theiler: params.theiler, width: params.kernelWidth }, engine);
    this.#embeddings = new UniformEmbeddings(params, this.#estimator, this.#series);
    this.#setups = targetsOf(params, frame.names).map((target) => targetSetup(params, frame.names, target, greedy));
    const work = this.#setups.map((setup) => expectedEstimates({ params, setup }));
    this.steps = [
      ...this.#setups.map((setup, k): Step => ({
        title: this.#name(setup.target),
        work: work[k] ?? 1,
        independent: true,
        run: (context) => this.#target(setup, k, context),
      })),
      { title: 'network', work: 1, run: (context) => this.#network(context) },
    ];
  }

  close(): void {}

  #name(process: number): string {
    return this.#input.frame.names[process] ?? '';
  }

  async #target({ target, sources }: TargetSetup, k: number, context: StepContext): Promise<JsonValue> {
    const { params, precision, seed, frame } = this.#input;
    if (k === 0) this.#warnOfTies(context);
    const options = { precision, signal: context.signal };
    const setup = targetSetup(params, frame.names, target, await this.#embeddings.of(target, sources, options));
    const progress: { of: TargetProgress | null } = { of: null };
    const estimation = new Estimation({ params, estimator: this.#estimator, series: this.#series, span: this.#span, seed }, target, options, (more) => progress.of?.estimated(more));
    const inference = { params, setup, estimation };
    const from = context.lastCheckpoint === null ? firstState(inference, this.#span.realisations) : stateFromJson(context.lastCheckpoint);
    progress.of = new TargetProgress(this.#name(target), inference, from, (fraction, message) => context.progress(fraction, message));
    progress.of.entered(from.stage);
    const state = await inferTarget(inference, from, (reached) => {
      progress.of?.entered(reached.stage);
      context.checkpoint(stateToJson(reached));
    });
    this.#results.set(k, state);
    for (const [table, columns] of targetTables({ params, names: frame.names, setup, state, verdict: null })) context.emitProvisional(table, columns);
    return stateToJson(state);
  }

  #warnOfTies(context: StepContext): void {
    const tied = tiedSeries(this.#input.params, this.#input.frame);
    if (tied.length === 0) return;
    const shown = tied.slice(0, 5).map(({ name, ties }) => `${name} ${ties.toLocaleString('en')}`);
    context.log('warn', `Values recur in ${tied.length} series (${shown.join(', ')}${tied.length > 5 ? ', …' : ''} of ${this.#input.frame.length.toLocaleString('en')}): distances tie, which biases neighbour counts. The parameter noise (1e-8, say) separates them.`);
  }

  #network(context: StepContext): Promise<void> {
    const { params, frame, stored } = this.#input;
    const states = this.#setups.map((_, k) => this.#results.get(k) ?? stateFromJson(stored.get(k) ?? null));
    const verdict = verdictOf(params, states);
    if (verdict.warning !== null) context.log('warn', verdict.warning);
    for (const [k, setup] of this.#setups.entries()) {
      const state = states[k];
      if (state === undefined) continue;
      for (const [table, columns] of targetTables({ params, names: frame.names, setup, state, verdict: verdictAt(verdict, k) })) context.emit(table, columns);
    }
    if (states.every(({ sources }) => sources.length === 0) && params.method !== 'active-information') context.log('info', `No link was found among ${frame.names.length} series.`);
    return Promise.resolve();
  }
}
