/** What a stage is: a function from one state of a target to the next, one round at a time. */
import type { NetworkInferenceParams } from '@corrente/shared/contract/analyses/network-inference';
import type { TargetSetup } from './candidates.ts';
import type { Estimation } from './estimation.ts';
import type { ChosenVariable, StageTest, TargetState } from './target-state.ts';
import { type NetworkVariable, sameVariable } from './variable.ts';

export interface Inference {
  readonly params: NetworkInferenceParams;
  readonly setup: TargetSetup;
  readonly estimation: Estimation;
}

/** One round of a stage. Throws `cancelled` where the signal of its estimation aborts. */
export type Stage = (inference: Inference, state: TargetState) => Promise<TargetState>;

/** The state as the first round of another stage finds it, every group open. */
export function entering(stage: TargetState['stage'], { groups }: TargetSetup, state: TargetState): TargetState {
  return { ...state, stage, round: 0, open: groups.map((_, group) => group) };
}

/** The variable that a test kept. */
export function kept({ variable, statistic, p }: StageTest): ChosenVariable[] {
  return variable === null ? [] : [{ ...variable, te: statistic, p }];
}

/** What stands in every condition: what is forced, and what was chosen of the target's past. */
export function always({ forced }: TargetSetup, state: TargetState): NetworkVariable[] {
  return [...forced, ...state.target];
}

/** The source variables that were chosen from one group. */
export function chosenFrom(group: readonly NetworkVariable[] | undefined, sources: readonly ChosenVariable[]): ChosenVariable[] {
  return sources.filter((variable) => (group ?? []).some((candidate) => sameVariable(candidate, variable)));
}
