/** Stage 3: chosen variables that later choices made superfluous go again. For active information, of the target's past. */
import { methodTraits } from '@corrente/shared/contract/analyses/network-inference';
import { permutationP } from '../../statistics/permutation-p.ts';
import type { Estimated, Place } from './estimation.ts';
import { firstSmallest, smallestDraws } from './significance.ts';
import { always, chosenFrom, entering, type Inference, type Stage } from './stage.ts';
import type { StageTest } from './target-state.ts';
import { type NetworkVariable, sameVariable, without } from './variable.ts';

/**
 * One round for each open group, by the minimum statistic: the variable that tells least given the others is tested
 * against the smallest value among surrogates of every variable of the group, draw by draw, all under the condition
 * that it is tested under; a group closes when its least is significant. A source variable that was chosen alone is left
 * as it is, since the test would be the one that chose it; for active information it is tested all the same, as IDTxl
 * does.
 */
export const prune: Stage = async (inference, state) => {
  const { params, setup } = inference;
  const ofSources = methodTraits(params.method).sources;
  const next = { ...state, round: state.round + 1, open: [] as number[], tests: [...state.tests] };
  for (const group of ofSources ? state.open : [0]) {
    const variables = ofSources ? chosenFrom(setup.groups[group], state.sources) : state.target;
    if (variables.length === 0 || (ofSources && state.round === 0 && variables.length === 1)) continue;
    const test = await leastTest(inference, variables, ofSources ? always(setup, state) : setup.forced, { stage: 'prune', round: state.round });
    next.tests.push(test);
    if (test.significant || test.variable === null) continue;
    next.open.push(group);
    next.sources = without(next.sources, [test.variable]);
    if (!ofSources) next.target = without(next.target, [test.variable]);
  }
  return next.open.length > 0 ? next : entering('omnibus', setup, next);
};

async function leastTest({ params, estimation }: Inference, variables: readonly NetworkVariable[], fixed: readonly NetworkVariable[], place: Place): Promise<StageTest> {
  const values: number[] = [];
  for (const variable of variables) {
    const [estimated] = await estimation.given(conditionFor(variable, variables, fixed), [{ source: [variable], surrogates: 0 }], place);
    values.push(estimated?.value ?? Number.NaN);
  }
  const least = variables[firstSmallest(values)] ?? null;
  const permutations = params.permutations.minStatistic;
  const surrogates = least === null ? [] : await estimation.given(conditionFor(least, variables, fixed), variables.map((variable) => ({ source: [variable], surrogates: permutations })), place);
  const statistic = values[firstSmallest(values)] ?? Number.NaN;
  const p = permutationP(statistic, smallestDraws(surrogates.map((one: Estimated) => one.surrogates)));
  return { stage: 'prune', variable: least, statistic, p, permutations, significant: p < params.alpha };
}

/** Everything else that was chosen. */
export function conditionFor(variable: NetworkVariable, variables: readonly NetworkVariable[], fixed: readonly NetworkVariable[]): NetworkVariable[] {
  return [...fixed, ...variables.filter((other) => !sameVariable(other, variable))];
}
