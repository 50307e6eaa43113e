/**
 * Comparison of networks. Within one subject a step for each link; between groups a step for each subject, then the
 * differences. Random exchanges depend on the seed and the draw only: all links see the same, whichever side is a.
 */
import { networkComparison as contract, type NetworkComparisonParams, type networkComparisonParams, thresholdOf } from '@corrente/shared/contract/analyses/network-comparison';
import type { NetworkInferenceParams } from '@corrente/shared/contract/analyses/network-inference';
import { z } from 'zod';
import type { ConditionalEstimator } from '../../information/estimator.ts';
import type { Analysis, InputResult, JsonValue, PartColumn, Plan, PlanInput, Step, StepContext } from '../analysis.ts';
import { exchangedDifferences, mean } from './between.ts';
import { exchangeP } from './exchanges.ts';
import { estimateLink, estimatorOf, Subject } from './subject.ts';
import { type UnionLink, unionLinks } from './union-network.ts';
import { kindOf, settingsOf, validateComparison } from './validate.ts';
import { WithinComparison } from './within.ts';

export const networkComparison: Analysis<typeof networkComparisonParams> = {
  contract,
  validate: (params, _frame, inputs) => validateComparison(params, inputs),
  plan: (input) => ComparisonPlan.open(input),
};

/** A value of te, which may be infinite: Gaussian information between variables that determine each other. */
const estimates = z.array(z.union([z.number(), z.enum(['Infinity', '-Infinity', 'NaN']).transform(Number)]));
const figure = (value: number): number | string => (Number.isFinite(value) ? value : String(value));

interface Outcome {
  readonly a: number;
  readonly b: number;
  /** a − b under each exchange. */
  readonly exchanged: Float64Array;
}

class ComparisonPlan implements Plan {
  readonly steps: readonly Step[];
  readonly #input: PlanInput<NetworkComparisonParams>;
  readonly #settings: NetworkInferenceParams;
  readonly #estimator: ConditionalEstimator;
  readonly #links: readonly UnionLink[];
  /** Between groups: what the subjects' steps of this attempt found, and those of earlier ones returned. */
  readonly #found = new Map<number, number[]>();

  /** Reads the variables of all results; within one subject, its data. */
  static async open(input: PlanInput<NetworkComparisonParams>): Promise<ComparisonPlan> {
    const { params, inputs } = input;
    const settings = settingsOf(inputs);
    const tables = await Promise.all(inOrder(input).map((result) => result.table('variables')));
    const links = unionLinks(tables, settings, params.onlySignificant);
    if (kindOf(params, inputs) === 'between') return new ComparisonPlan(input, settings, links, null);
    const [first, second] = await Promise.all(inOrder(input).map((result) => Subject.load(result, settings)));
    return new ComparisonPlan(input, settings, links, first === undefined || second === undefined ? null : new WithinComparison(params, [first, second]));
  }

  private constructor(input: PlanInput<NetworkComparisonParams>, settings: NetworkInferenceParams, links: readonly UnionLink[], within: WithinComparison | null) {
    this.#input = input;
    this.#settings = settings;
    this.#links = links;
    this.#estimator = estimatorOf(settings, input.engine);
    if (links.length === 0) this.steps = [{ title: 'links', work: 1, run: (context) => Promise.resolve(context.log('warn', 'No result has a link: there is nothing to compare.')) }];
    else this.steps = within === null ? this.#betweenSteps() : links.map((link, k) => this.#withinStep(link, k, within));
  }

  close(): void {}

  #withinStep(link: UnionLink, k: number, within: WithinComparison): Step {
    const { inputs, seed, precision } = this.#input;
    return {
      title: `${link.source} → ${link.target}`,
      work: 1,
      independent: true,
      run: async (context) => {
        if (k === 0) context.log('info', `${within.exchanges} exchanges of ${within.unit} for each of ${this.#links.length} links.`);
        const found = await within.estimate(link, this.#estimator, streamOf(seed), { precision, signal: context.signal, onProgress: (fraction) => context.progress(fraction) });
        const outcome = isSwapped(this.#input) ? { a: found.second, b: found.first, exchanged: found.exchanged.map((value) => -value) } : { a: found.first, b: found.second, exchanged: found.exchanged };
        this.#emit(context, link, outcome, [[inputs.a[0], outcome.a], [inputs.b[0], outcome.b]]);
      },
    };
  }

  #betweenSteps(): Step[] {
    const { inputs, stored } = this.#input;
    const results = [...inputs.a, ...inputs.b];
    for (const [k, returned] of stored) if (k < results.length) this.#found.set(k, estimates.parse(returned));
    return [
      ...results.map((result, k): Step => ({ title: result.job, work: this.#links.length, independent: true, run: (context) => this.#subject(result, k, context) })),
      { title: 'differences', work: 1, run: (context) => Promise.resolve(this.#differences(context)) },
    ];
  }

  async #subject(result: InputResult, k: number, context: StepContext): Promise<JsonValue> {
    const subject = await Subject.load(result, this.#settings);
    const found: number[] = [];
    for (const [i, link] of this.#links.entries()) {
      found.push(await estimateLink(this.#estimator, subject.columns(link), { precision: this.#input.precision, signal: context.signal }));
      context.progress((i + 1) / this.#links.length);
    }
    this.#found.set(k, found);
    return found.map(figure);
  }

  #differences(context: StepContext): void {
    const { params, inputs: { a, b }, seed } = this.#input;
    for (const [i, link] of this.#links.entries()) {
      const of = (k: number): number => this.#found.get(k)?.[i] ?? Number.NaN;
      const [ofA, ofB] = [a.map((_, k) => of(k)), b.map((_, k) => of(a.length + k))];
      const swapped = isSwapped(this.#input);
      const exchanged = swapped ? exchangedDifferences(params, ofB, ofA, streamOf(seed)).map((value) => -value) : exchangedDifferences(params, ofA, ofB, streamOf(seed));
      this.#emit(context, link, { a: mean(ofA), b: mean(ofB), exchanged }, [...a, ...b].map((result, k) => [result, of(k)]));
    }
  }

  #emit(context: StepContext, { source, target, lag, x, foundIn }: UnionLink, { a, b, exchanged }: Outcome, of: ReadonlyArray<readonly [InputResult | undefined, number]>): void {
    const { params, inputs } = this.#input;
    const difference = a - b;
    const p = exchangeP(difference, exchanged, params.tails);
    const lags = x.map((variable) => variable.lag).join(', ');
    const foundA = [...foundIn].filter((place) => isOfA(place, this.#input)).length;
    const columns: PartColumn[] = [[source], [target], Int32Array.of(lag), Float64Array.of(difference), Float64Array.of(p), Float64Array.of(a), Float64Array.of(b), [p < thresholdOf(params)], [lags], Int32Array.of(foundA), Int32Array.of(foundIn.size - foundA), Int32Array.of(exchanged.length)];
    context.emit('differences', columns);
    context.emit('estimates', [of.map((_, k) => (k < inputs.a.length ? 'a' : 'b')), of.map(([result]) => result?.job ?? null), of.map(() => source), of.map(() => target), Float64Array.from(of, ([, value]) => value)]);
  }
}

/** No other random numbers of the seed have this stream. */
const streamOf = (seed: number) => [seed, 0, 0, 0] as const;

/** Exchanges are drawn for the sides in the order of their first jobs' ids, so that a and b may be exchanged as well. */
function isSwapped({ inputs: { a, b } }: PlanInput<NetworkComparisonParams>): boolean {
  return (a[0]?.job ?? '') > (b[0]?.job ?? '');
}

/** Whether the result at this place of `inOrder` is one of a. */
function isOfA(place: number, input: PlanInput<NetworkComparisonParams>): boolean {
  const { a, b } = input.inputs;
  return isSwapped(input) ? place >= b.length : place < a.length;
}

function inOrder(input: PlanInput<NetworkComparisonParams>): InputResult[] {
  const { a, b } = input.inputs;
  return isSwapped(input) ? [...b, ...a] : [...a, ...b];
}
