/**
 * The plug-in estimator of I(X; Y | Z) over discrete states, in bits: ⟨log₂(n_xyz n_z / (n_xz n_yz))⟩.
 *
 * Where X and Y are independent given Z, 2 N ln 2 · I tends to a chi-square distribution with (|X| − 1)(|Y| − 1)|Z|
 * degrees of freedom, |·| being the number of possible joint states. (JIDT 1.6.1 leaves the ln 2 out, and so calls
 * too much significant.)
 */
import { CorrenteError } from '@corrente/shared/contract/errors';
import { Pace } from '@corrente/shared/portable/pace';
import type { Columns, OpOptions } from '../engine/contract.ts';
import { chiSquareQuantile, chiSquareTail } from '../statistics/chi-square.ts';
import { orderingOf, uniformDraw } from './draws.ts';
import type { ConditionalEstimator, ConditionalSession, EstimateRequest } from './estimator.ts';
import { countsOf, sumOfWeights, weightTable } from './plug-in.ts';
import { join, oneState, type States, statesOf } from './states.ts';

/** `alphabet`: how many values each variable can take; null counts those that occur. */
export function discreteEstimator({ alphabet }: { readonly alphabet: number | null }): ConditionalEstimator {
  return {
    unit: 'bits',
    analytic: true,
    open: (target, condition) => new Promise((resolve) => resolve(new DiscreteSession(target, condition, alphabet))),
  };
}

class DiscreteSession implements ConditionalSession {
  readonly #alphabet: number | null;
  readonly #length: number;
  readonly #condition: States;
  readonly #targetSize: number;
  /** Y and Z together. */
  readonly #both: States;
  readonly #weights: Float64Array;
  /** Σ n log₂ n over the states of Z, less that over those of Y and Z. */
  readonly #fixed: number;

  constructor(target: Columns, condition: Columns, alphabet: number | null) {
    if (condition.series > 0 && condition.length !== target.length) throw new CorrenteError('internal', `The target has ${target.length} realisations, the condition ${condition.length}.`);
    this.#alphabet = alphabet;
    this.#length = target.length;
    this.#condition = condition.series > 0 ? statesOf(condition, alphabet) : oneState(target.length);
    const states = statesOf(target, alphabet);
    this.#targetSize = states.possible;
    this.#both = join(states, this.#condition);
    this.#weights = weightTable(target.length);
    this.#fixed = sumOfWeights(countsOf(this.#condition), this.#weights) - sumOfWeights(countsOf(this.#both), this.#weights);
  }

  async estimate(requests: readonly EstimateRequest[], options: OpOptions): Promise<Array<Float64Array<ArrayBuffer>>> {
    const pace = new Pace('discrete', requests.reduce((sum, { surrogates }) => sum + surrogates + 1, 0), options);
    const answers: Array<Float64Array<ArrayBuffer>> = [];
    for (const request of requests) {
      if (pace.due) await pace.turn();
      const source = statesOf(request.source, this.#alphabet);
      const values = new Float64Array(1 + request.surrogates);
      values[0] = this.#information(source);
      for (let draw = 0; draw < request.surrogates; draw += 1) {
        if (pace.due) await pace.turn();
        values[draw + 1] = this.#surrogate(request, draw, source);
        pace.count(1);
      }
      pace.count(1);
      answers.push(values);
    }
    return answers;
  }

  #surrogate(request: EstimateRequest, draw: number, source: States): number {
    if (request.null.kind === 'analytic') return chiSquareQuantile(uniformDraw(request.null.stream, draw), this.#degrees(source)) / (2 * this.#length * Math.LN2);
    const ordering = orderingOf(request, draw);
    const of = new Int32Array(ordering.length);
    for (let i = 0; i < of.length; i += 1) of[i] = source.of[ordering[i] ?? 0] ?? 0;
    return this.#information({ ...source, of });
  }

  #information(source: States): number {
    const sum = (states: States): number => sumOfWeights(countsOf(states), this.#weights);
    return (sum(join(source, this.#both)) - sum(join(source, this.#condition)) + this.#fixed) / this.#length;
  }

  #degrees(source: States): number {
    return (source.possible - 1) * (this.#targetSize - 1) * this.#condition.possible;
  }

  locals(columns: Columns): Promise<Float64Array<ArrayBuffer>> {
    const source = statesOf(columns, this.#alphabet);
    const parts = [join(source, this.#both), this.#condition, join(source, this.#condition), this.#both].map((states) => ({ of: states.of, counts: countsOf(states) }));
    const count = (part: number, i: number): number => parts[part]?.counts[parts[part].of[i] ?? 0] ?? Number.NaN;
    return Promise.resolve(Float64Array.from({ length: this.#length }, (_, i) => Math.log2((count(0, i) * count(1, i)) / (count(2, i) * count(3, i)))));
  }

  analyticP(source: Columns, value: number): number {
    return chiSquareTail(2 * this.#length * Math.LN2 * value, this.#degrees(statesOf(source, this.#alphabet)));
  }

  bias(source: Columns): number {
    return this.#degrees(statesOf(source, this.#alphabet)) / (2 * this.#length * Math.LN2);
  }

  close(): void {}
}
