/** The data of one result: the realisations of variables, and estimates of them. */
import type { NetworkInferenceParams } from '@corrente/shared/contract/analyses/network-inference';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Columns, Engine, OpOptions } from '../../engine/contract.ts';
import type { ConditionalEstimator } from '../../information/estimator.ts';
import { openEstimator } from '../../information/estimators.ts';
import { nothing } from '../../information/neighbours.ts';
import { embed, type Span, spanOf, type TrialColumns } from '../../information/realisations.ts';
import type { InputResult } from '../analysis.ts';
import { longestLagOf } from '../network-inference/candidates.ts';
import { prepareSeries } from '../network-inference/prepare.ts';
import type { NamedVariable, UnionLink } from './union-network.ts';

/** Realisations of the target's present, of x and of z, in the same order. */
export interface LinkColumns {
  readonly target: Columns;
  readonly source: Columns;
  readonly condition: Columns;
}

export class Subject {
  readonly job: string;
  readonly span: Span;
  readonly #names: readonly string[];
  readonly #series: TrialColumns;

  private constructor(job: string, names: readonly string[], series: TrialColumns, span: Span) {
    this.job = job;
    this.#names = names;
    this.#series = series;
    this.span = span;
  }

  /** The data as the inference took them: normalised, in bins, as patterns. Throws `dataset-not-found`. */
  static async load(result: InputResult, params: NetworkInferenceParams): Promise<Subject> {
    const frame = await result.frame();
    const series = prepareSeries(params, frame, result.spec.seed);
    return new Subject(result.job, frame.names, series, spanOf(series, longestLagOf(params)));
  }

  /** Throws `unsuitable-result` where the result has no such process. */
  columns({ target, x, z }: UnionLink): LinkColumns {
    return { target: this.#of([{ process: target, lag: 0 }]), source: this.#of(x), condition: z.length === 0 ? nothing : this.#of(z) };
  }

  #of(variables: readonly NamedVariable[]): Columns {
    return embed(this.#series, variables.map(({ process, lag }) => ({ series: this.#place(process), lag })), this.span);
  }

  #place(process: string): number {
    const place = this.#names.indexOf(process);
    if (place >= 0) return place;
    throw new CorrenteError('unsuitable-result', `${this.job} has no series "${process}", which another result has in its network; it has ${this.#names.join(', ')}.`);
  }
}

/** The estimator that all results were computed by. */
export function estimatorOf(params: NetworkInferenceParams, engine: Engine): ConditionalEstimator {
  return openEstimator(params.estimator, { neighbours: params.neighbours, theiler: params.theiler, width: params.kernelWidth }, engine);
}

export async function estimateLink(estimator: ConditionalEstimator, { target, source, condition }: LinkColumns, options: OpOptions): Promise<number> {
  const session = await estimator.open(target, condition, options);
  try {
    const [values] = await session.estimate([{ source, surrogates: 0, null: { kind: 'permuted', stream: [0, 0, 0, 0] } }], options);
    return values?.[0] ?? Number.NaN;
  } finally {
    session.close();
  }
}
