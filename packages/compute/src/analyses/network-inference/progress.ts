/** How far a target is, in estimates. */
import { methodTraits } from '@corrente/shared/contract/analyses/network-inference';
import type { Inference } from './stage.ts';
import type { TargetState } from './target-state.ts';

/** Rounds of inclusion that are expected of each stage: how many there will be only the data tell. */
const expectedRounds = 3;

/** Estimates that a target will take, as far as that can be told before it begins. */
export function expectedEstimates({ params, setup }: Pick<Inference, 'params' | 'setup'>): number {
  const { maxStatistic, minStatistic, omnibus, sequential } = params.permutations;
  const candidates = (methodTraits(params.method).targetPast && !setup.pastGiven ? setup.past.length : 0) + setup.groups.flat().length;
  return expectedRounds * candidates * (1 + maxStatistic) + minStatistic + omnibus + 2 * sequential;
}

const stageNames: Readonly<Record<TargetState['stage'], string>> = { 'target-past': 'its past', sources: 'sources', prune: 'pruning', omnibus: 'omnibus test', sequential: 'sequential tests', done: 'done' };

/** Tells of estimates as they are made; the fraction never falls, and is 1 only when the target is done. */
export class TargetProgress {
  readonly #name: string;
  readonly #expected: number;
  readonly #tell: (fraction: number, message: string) => void;
  #done: number;
  #stage: TargetState['stage'];

  constructor(name: string, inference: Pick<Inference, 'params' | 'setup'>, from: TargetState, tell: (fraction: number, message: string) => void) {
    this.#name = name;
    this.#expected = expectedEstimates(inference);
    this.#tell = tell;
    this.#done = from.estimates;
    this.#stage = from.stage;
  }

  estimated(more: number): void {
    this.#done += more;
    // Beyond what was expected the fraction goes on towards 1, ever more slowly.
    const fraction = this.#done < 0.9 * this.#expected ? this.#done / this.#expected : 1 - (0.09 * this.#expected) / this.#done;
    this.#tell(fraction, `${this.#name}: ${stageNames[this.#stage]}, ${this.#done.toLocaleString('en')} estimates`);
  }

  entered(stage: TargetState['stage']): void {
    this.#stage = stage;
  }
}
