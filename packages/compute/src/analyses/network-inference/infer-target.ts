/** The inference of one target, from its first round or from where an earlier attempt was. */
import { methodTraits } from '@corrente/shared/contract/analyses/network-inference';
import { omnibus, sequential } from './final.ts';
import { prune } from './prune.ts';
import { sources } from './sources.ts';
import { entering, type Inference, type Stage } from './stage.ts';
import { targetPast } from './target-past.ts';
import type { TargetState } from './target-state.ts';

const stages: Readonly<Record<Exclude<TargetState['stage'], 'done'>, Stage>> = { 'target-past': targetPast, sources, prune, omnibus, sequential };

/** The state before the first round. */
export function firstState({ params, setup }: Inference, samples: number): TargetState {
  const empty: TargetState = { stage: 'target-past', round: 0, open: [], target: [], sources: [], tests: [], omnibus: null, links: [], estimates: 0, samples };
  return entering(methodTraits(params.method).targetPast ? 'target-past' : 'sources', setup, empty);
}

/** Runs round after round until the target is done; `onRound` sees each state before the next round begins. */
export async function inferTarget(inference: Inference, from: TargetState, onRound: (state: TargetState) => void): Promise<TargetState> {
  let state = from;
  while (state.stage !== 'done') {
    const before = inference.estimation.estimates;
    const next = await stages[state.stage](inference, state);
    state = { ...next, estimates: state.estimates + inference.estimation.estimates - before };
    onRound(state);
  }
  return state;
}
