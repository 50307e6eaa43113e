/** Partial information: the surrogates in independent steps, then the atoms with what became of the surrogates. */
import { partialInformation as contract, type PartialInformationParams, type partialInformationParams } from '@corrente/shared/contract/analyses/partial-information';
import { Pace } from '@corrente/shared/portable/pace';
import { Decomposer, type Decomposition } from '../../information/partial/decompose.ts';
import type { Analysis, JsonValue, Plan, PlanInput, Step, StepContext } from '../analysis.ts';
import { check } from './check.ts';
import { atomColumns, informationColumns } from './rows.ts';
import { batchesOf, countReached, type Reached, reached, sharesOf } from './significance.ts';
import { type PartialStates, partialStates, type PartialVariables, variablesOf, wordsOf } from './variables.ts';

export const partialInformation: Analysis<typeof partialInformationParams> = {
  contract,
  validate: check,
  plan: (input) => Promise.resolve(new PartialPlan(input)),
};

/** A gap that is worth telling of, in bits. */
const wideGap = 1e-10;

class PartialPlan implements Plan {
  readonly steps: readonly Step[];
  readonly #input: PlanInput<PartialInformationParams>;
  readonly #variables: PartialVariables;
  readonly #states: PartialStates;
  readonly #decomposer: Decomposer;
  /** What the surrogates' steps of this attempt counted, and those of earlier ones returned. */
  readonly #counts = new Map<number, Reached>();
  #value: Decomposition | null = null;

  constructor(input: PlanInput<PartialInformationParams>) {
    const { params, frame, stored } = input;
    this.#input = input;
    this.#variables = variablesOf(params, frame.names);
    this.#states = partialStates(params, frame, this.#variables);
    this.#decomposer = new Decomposer(params.method, this.#states.sources);
    const batches = batchesOf(params.permutations);
    for (const [k, returned] of stored) if (k < batches.length) this.#counts.set(k, reached.parse(returned));
    this.steps = [
      ...batches.map((draws, k): Step => ({ title: `surrogates ${k + 1}`, work: draws, independent: true, run: (context) => this.#surrogates(k, draws, context) })),
      { title: 'atoms', work: 1, run: (context) => this.#atoms(batches.length, context) },
    ];
  }

  close(): void {}

  async #valueOf(turn: () => Promise<void>): Promise<Decomposition> {
    this.#value ??= await this.#decomposer.of(this.#states.target, turn);
    return this.#value;
  }

  async #surrogates(k: number, draws: number, context: StepContext): Promise<JsonValue> {
    const pace = new Pace('partial-information', draws, { signal: context.signal, onProgress: (fraction) => context.progress(fraction) });
    let counted = 0;
    const turn = async (drawn: number): Promise<void> => {
      pace.count(drawn - counted);
      counted = drawn;
      if (pace.due) await pace.turn();
    };
    const value = await this.#valueOf(() => turn(0));
    const counts = await countReached({ params: this.#input.params, seed: this.#input.seed, states: this.#states, decomposer: this.#decomposer, value }, k, turn);
    this.#counts.set(k, counts);
    return counts;
  }

  async #atoms(batches: number, context: StepContext): Promise<void> {
    const { params: { permutations, alpha }, frame: { names } } = this.#input;
    const pace = new Pace('partial-information', 1, { signal: context.signal });
    const value = await this.#valueOf(async () => {
      if (pace.due) await pace.turn();
    });
    if (value.gap > wideGap) context.log('warn', `The values of broja are known to ${value.gap.toPrecision(2)} bits only: its programme could not be solved further.`);
    const counts = Array.from({ length: batches }, (_, k) => this.#counts.get(k) ?? { atoms: [], information: [] });
    const sources = this.#variables.sources.map((source) => wordsOf(source, names));
    const atoms = sharesOf(counts.map((of) => of.atoms), value.atoms.length, permutations);
    const information = sharesOf(counts.map((of) => of.information), value.information.length, permutations);
    context.emit('atoms', atomColumns(this.#decomposer.lattice, sources, value, { p: atoms, alpha }));
    context.emit('information', informationColumns(sources, wordsOf(this.#variables.target, names), this.#states.span.realisations, value, { p: information, alpha }));
  }
}
