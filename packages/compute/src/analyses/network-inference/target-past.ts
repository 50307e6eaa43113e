/** Stage 1: the past of the target, as far as it tells of its present. */
import { methodTraits } from '@corrente/shared/contract/analyses/network-inference';
import { inclusionRound } from './inclusion.ts';
import { always, entering, type Inference, kept, type Stage } from './stage.ts';
import type { TargetState } from './target-state.ts';
import { without } from './variable.ts';

/** One lag is included for each round. Transfer entropy needs a past: where nothing is significant, its first lag. */
export const targetPast: Stage = async (inference, state) => {
  const { params, setup, estimation } = inference;
  if (setup.pastGiven) return leave(inference, { ...state, target: setup.past.map((variable) => ({ ...variable, te: null, p: null })) });
  const candidates = without(setup.past, state.target);
  if (candidates.length === 0) return leave(inference, state);
  const [test] = await inclusionRound(estimation, params, { stage: 'target-past', round: state.round }, [{ candidates, condition: always(setup, state) }]);
  if (test === undefined) return leave(inference, state);
  const tested = { ...state, tests: [...state.tests, test], round: state.round + 1 };
  return test.significant ? { ...tested, target: [...state.target, ...kept(test)] } : leave(inference, tested);
};

function leave({ params, setup }: Inference, state: TargetState): TargetState {
  const { sources } = methodTraits(params.method);
  // An embedding that was found as a whole stays whole: it is tested by the omnibus test alone.
  if (!sources) return entering(setup.pastGiven ? 'omnibus' : 'prune', setup, state);
  const pastless = state.target.length === 0 && !setup.forced.some(({ process }) => process === setup.target);
  const target = pastless ? [{ process: setup.target, lag: 1, te: null, p: null }] : state.target;
  return entering('sources', setup, { ...state, target });
}
