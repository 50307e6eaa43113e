/** One subject under two conditions: trials or realisations change sides, and the link is estimated anew on both. */
import type { NetworkComparisonParams } from '@corrente/shared/contract/analyses/network-comparison';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Columns, OpOptions, RandomStream } from '../../engine/contract.ts';
import type { ConditionalEstimator } from '../../information/estimator.ts';
import { drawnExchange, everyExchange, type Exchange, possibleExchanges, type Sides } from './exchanges.ts';
import { estimateLink, type LinkColumns, type Subject } from './subject.ts';
import type { UnionLink } from './union-network.ts';
import { checkExchanges } from './validate.ts';

/** Estimates of the first and of the second side, and the differences that exchanges give. */
export interface WithinEstimates {
  readonly first: number;
  readonly second: number;
  readonly exchanged: Float64Array;
}

export class WithinComparison {
  /** What is exchanged, and in how many ways of those that are possible. */
  readonly unit: 'trials' | 'realisations';
  readonly exchanges: number;
  readonly #params: NetworkComparisonParams;
  readonly #subjects: readonly [Subject, Subject];
  readonly #sides: Sides;
  /** Realisations of one member. */
  readonly #size: number;
  readonly #every: boolean;

  /** Throws `unsuitable-result`, `too-few-permutations` where the data cannot be exchanged so. */
  constructor(params: NetworkComparisonParams, subjects: readonly [Subject, Subject]) {
    this.#params = params;
    this.#subjects = subjects;
    this.unit = unitOf(params, subjects);
    this.#size = this.unit === 'trials' ? subjects[0].span.perTrial : 1;
    this.#sides = membersOf(subjects, this.unit);
    const { first, second } = this.#sides;
    if (params.dependence === 'dependent' && first !== second) throw new CorrenteError('unsuitable-result', `Dependent conditions have partners; ${subjects[0].job} has ${first} ${this.unit}, ${subjects[1].job} ${second}.`);
    const possible = possibleExchanges(params.dependence, this.#sides, params.permutations);
    this.#every = possible <= params.permutations;
    this.exchanges = Math.min(possible, params.permutations);
    checkExchanges(params, this.exchanges);
  }

  async estimate(link: UnionLink, estimator: ConditionalEstimator, stream: RandomStream, options: OpOptions): Promise<WithinEstimates> {
    const [first, second] = [this.#subjects[0].columns(link), this.#subjects[1].columns(link)];
    const pool: LinkColumns = { target: pooled(first.target, second.target), source: pooled(first.source, second.source), condition: pooled(first.condition, second.condition) };
    const plain: OpOptions = { precision: options.precision, ...(options.signal === undefined ? {} : { signal: options.signal }) };
    const of = (columns: LinkColumns): Promise<number> => estimateLink(estimator, columns, plain);
    const estimates = { first: await of(first), second: await of(second), exchanged: new Float64Array(this.exchanges) };
    let draw = 0;
    for (const exchange of this.#exchanges(stream)) {
      const sides = [exchange.subarray(0, this.#sides.first), exchange.subarray(this.#sides.first)].map((members) => this.#taken(pool, members));
      const [one, other] = sides;
      if (one !== undefined && other !== undefined) estimates.exchanged[draw] = (await of(one)) - (await of(other));
      draw += 1;
      options.onProgress?.(draw / this.exchanges);
    }
    return estimates;
  }

  *#exchanges(stream: RandomStream): Generator<Exchange> {
    const { dependence, permutations } = this.#params;
    if (this.#every) yield* everyExchange(dependence, this.#sides);
    else for (let draw = 0; draw < permutations; draw += 1) yield drawnExchange(dependence, this.#sides, stream, draw);
  }

  #taken({ target, source, condition }: LinkColumns, members: Exchange): LinkColumns {
    const taken = (columns: Columns): Columns => (columns.series === 0 ? columns : rearranged(columns, members, this.#size));
    return { target: taken(target), source: taken(source), condition: taken(condition) };
  }
}

function membersOf([first, second]: readonly [Subject, Subject], unit: WithinComparison['unit']): Sides {
  return unit === 'trials' ? { first: first.span.trials, second: second.span.trials } : { first: first.span.realisations, second: second.span.realisations };
}

function unitOf({ exchange, dependence, permutations }: NetworkComparisonParams, subjects: readonly [Subject, Subject]): WithinComparison['unit'] {
  const [first, second] = subjects;
  const alike = first.span.perTrial === second.span.perTrial;
  if (exchange === 'trials' && !alike) throw new CorrenteError('unsuitable-result', `Trials of ${first.job} have ${first.span.perTrial} realisations, those of ${second.job} ${second.span.perTrial}; they can be exchanged where these are as many.`);
  if (exchange !== 'auto') return exchange;
  return alike && possibleExchanges(dependence, membersOf(subjects, 'trials'), permutations) > permutations ? 'trials' : 'realisations';
}

/** The realisations of both, one after the other. */
function pooled(first: Columns, second: Columns): Columns {
  const length = first.length + second.length;
  const values = new Float64Array(first.series * length);
  for (let s = 0; s < first.series; s += 1) {
    values.set(first.values.subarray(s * first.stride, s * first.stride + first.length), s * length);
    values.set(second.values.subarray(s * second.stride, s * second.stride + second.length), s * length + first.length);
  }
  return { values, series: first.series, length, stride: length };
}

/** The realisations of these members, of `size` realisations each, in this order. */
function rearranged(columns: Columns, members: Int32Array, size: number): Columns {
  const length = members.length * size;
  const values = new Float64Array(columns.series * length);
  for (let s = 0; s < columns.series; s += 1) {
    for (let m = 0; m < members.length; m += 1) {
      const from = s * columns.stride + (members[m] ?? 0) * size;
      values.set(columns.values.subarray(from, from + size), s * length + m * size);
    }
  }
  return { values, series: columns.series, length, stride: length };
}
