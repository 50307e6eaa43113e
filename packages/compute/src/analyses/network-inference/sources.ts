/** Stage 2: the variables of the sources that tell what the past of the target does not. */
import { inclusionRound } from './inclusion.ts';
import { always, chosenFrom, entering, kept, type Stage } from './stage.ts';
import { without } from './variable.ts';

/** One variable is included of each open group for each round; a group closes when nothing of it is significant. */
export const sources: Stage = async ({ params, setup, estimation }, state) => {
  const contests = state.open.map((group) => {
    const chosen = chosenFrom(setup.groups[group], state.sources);
    return { group, candidates: without(setup.groups[group] ?? [], chosen), condition: [...always(setup, state), ...chosen] };
  });
  const open = contests.filter(({ candidates }) => candidates.length > 0);
  if (open.length === 0) return entering('prune', setup, state);
  const tests = await inclusionRound(estimation, params, { stage: 'sources', round: state.round }, open);
  return {
    ...state,
    round: state.round + 1,
    open: open.flatMap(({ group }, i) => (tests[i]?.significant === true ? [group] : [])),
    tests: [...state.tests, ...tests],
    sources: [...state.sources, ...tests.filter(({ significant }) => significant).flatMap(kept)],
  };
};
