/**
 * The estimates of one target: values of I(X; Y | Z) and of surrogates of X, for the target's present Y. Each value
 * depends on the seed, the target, the stage, the round and the variable only, never on what was estimated before.
 */
import { type NetworkInferenceParams, networkStages, type NetworkStage } from '@corrente/shared/contract/analyses/network-inference';
import type { Columns, OpOptions } from '../../engine/contract.ts';
import type { ConditionalEstimator, EstimateRequest, NullDistribution } from '../../information/estimator.ts';
import { nothing } from '../../information/neighbours.ts';
import { embed, type Span } from '../../information/realisations.ts';
import { permutesTrials, surrogateDistribution } from '../../information/surrogates.ts';
import { type NetworkVariable, realised, variableWord } from './variable.ts';

/** What every estimate of the analysis shares. */
export interface EstimationInput {
  readonly params: NetworkInferenceParams;
  readonly estimator: ConditionalEstimator;
  /** The prepared series, and where their realisations lie. */
  readonly series: Columns;
  readonly span: Span;
  readonly seed: number;
}

/** One X, and how many surrogates of it are wanted. */
export interface Wanted {
  readonly source: readonly NetworkVariable[];
  readonly surrogates: number;
  /** What X is named in the surrogates' random numbers; the first variable's own word where not given. */
  readonly word?: number;
}

/** The value of X, and those of its surrogates. */
export interface Estimated {
  readonly value: number;
  readonly surrogates: Float64Array;
}

/** Where a random number is used: stage and round. */
export interface Place {
  readonly stage: NetworkStage;
  readonly round: number;
}

/** Bytes of realisations and orderings that may wait for one call: made in some tenths of a second. */
const batchBytes = 2 ** 26;

export class Estimation {
  readonly #input: EstimationInput;
  readonly #target: number;
  readonly #options: OpOptions;
  readonly #onEstimates: (more: number) => void;
  readonly #present: Columns;
  #estimates = 0;

  /** @param onEstimates is told of every so many values that are done. */
  constructor(input: EstimationInput, target: number, options: OpOptions, onEstimates: (more: number) => void) {
    this.#input = input;
    this.#target = target;
    this.#options = options;
    this.#onEstimates = onEstimates;
    this.#present = this.#columns([{ process: target, lag: 0 }]);
  }


  /** Values that were estimated so far, surrogates among them. */
  get estimates(): number {
    return this.#estimates;
  }

  /** I(X; Y | condition) for each X that is wanted, in their order. One session, and one call as far as memory goes. */
  async given(condition: readonly NetworkVariable[], wanted: readonly Wanted[], place: Place): Promise<Estimated[]> {
    return this.#estimate(this.#present, condition.length === 0 ? nothing : this.#columns(condition), wanted, place, ({ source }) => this.#columns(source));
  }

  /** I(past; Y), with surrogates of Y: one dimension to permute, however many the past has. */
  async ofPast(past: readonly NetworkVariable[], surrogates: number, place: Place): Promise<Estimated> {
    const present = { process: this.#target, lag: 0 };
    const [estimated] = await this.#estimate(this.#columns(past), nothing, [{ source: [present], surrogates }], place, () => this.#present);
    return estimated ?? { value: Number.NaN, surrogates: new Float64Array(0) };
  }

  async #estimate(target: Columns, condition: Columns, wanted: readonly Wanted[], place: Place, columnsOf: (one: Wanted) => Columns): Promise<Estimated[]> {
    const session = await this.#input.estimator.open(target, condition, this.#options);
    const answers: Estimated[] = [];
    try {
      for (const batch of this.#batches(wanted)) {
        const requests = batch.map((one): EstimateRequest => ({ source: columnsOf(one), surrogates: one.surrogates, null: this.#null(one, place) }));
        const progress = this.#progress(batch);
        const values = await session.estimate(requests, { ...this.#options, onProgress: progress });
        progress(1);
        answers.push(...values.map((of) => ({ value: of[0] ?? Number.NaN, surrogates: of.subarray(1) })));
      }
    } finally {
      session.close();
    }
    return answers;
  }

  /** Tells of estimates as the engine's fraction grows, and of all of them in the end. */
  #progress(batch: readonly Wanted[]): (fraction: number) => void {
    const total = batch.reduce((sum, { surrogates }) => sum + 1 + surrogates, 0);
    let told = 0;
    const tell = (done: number): void => {
      if (done <= told) return;
      this.#estimates += done - told;
      this.#onEstimates(done - told);
      told = done;
    };
    return (fraction) => tell(Math.floor(fraction * total));
  }

  *#batches(wanted: readonly Wanted[]): Generator<readonly Wanted[]> {
    const { realisations } = this.#input.span;
    let batch: Wanted[] = [];
    let bytes = 0;
    for (const one of wanted) {
      const more = realisations * (8 * one.source.length + (this.#streams(one.surrogates) ? 0 : 4 * one.surrogates));
      if (batch.length > 0 && bytes + more > batchBytes) {
        yield batch;
        batch = [];
        bytes = 0;
      }
      batch.push(one);
      bytes += more;
    }
    if (batch.length > 0) yield batch;
  }

  /** Whether the null distribution needs no orderings. */
  #streams(surrogates: number): boolean {
    const { params, span } = this.#input;
    return surrogates === 0 || this.#analytic(surrogates) || (params.surrogates.method === 'random' && span.trials === 1);
  }

  /** Analytic where it was asked for; of itself for the Gaussian estimator, unless whole trials can be permuted. */
  #analytic(surrogates: number): boolean {
    const { params, span } = this.#input;
    if (params.nullDistribution !== 'auto') return params.nullDistribution === 'analytic';
    return params.estimator === 'gaussian' && !permutesTrials(params.surrogates, span, surrogates);
  }

  #null({ source, surrogates, word }: Wanted, { stage, round }: Place): NullDistribution {
    const { params, seed, span } = this.#input;
    const [first = { process: 0, lag: 0 }] = source;
    const stream = [seed, this.#target, (networkStages.indexOf(stage) + 1) * 2 ** 24 + round, word ?? variableWord(first)] as const;
    if (surrogates === 0) return { kind: 'permuted', stream };
    return this.#analytic(surrogates) ? { kind: 'analytic', stream } : surrogateDistribution(params.surrogates, span, surrogates, stream);
  }

  #columns(variables: readonly NetworkVariable[]): Columns {
    return embed(this.#input.series, variables.map(realised), this.#input.span);
  }
}
