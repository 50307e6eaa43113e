/** Stage 4: what was chosen is tested as a whole, then variable by variable; the links are measured. */
import { methodTraits } from '@corrente/shared/contract/analyses/network-inference';
import { permutationP } from '../../statistics/permutation-p.ts';
import { conditionFor } from './prune.ts';
import { rankedDraws } from './significance.ts';
import { always, chosenFrom, entering, type Inference, type Stage } from './stage.ts';
import type { ChosenVariable, StageTest, TargetState } from './target-state.ts';
import { without } from './variable.ts';

/**
 * The omnibus test: all chosen source variables together, given the past of the target, with one permutation of all of
 * them for each draw. Not significant: all are dropped. For active information, the chosen past and the present.
 */
export const omnibus: Stage = async ({ params, setup, estimation }, state) => {
  const storage = !methodTraits(params.method).sources;
  const variables = storage ? state.target : state.sources;
  if (variables.length === 0) return { ...state, stage: 'done' };
  const permutations = params.permutations.omnibus;
  const place = { stage: 'omnibus', round: 0 } as const;
  const [estimated] = storage ? [await estimation.ofPast(variables, permutations, place)] : await estimation.given(always(setup, state), [{ source: variables, surrogates: permutations, word: 0 }], place);
  const te = estimated?.value ?? Number.NaN;
  const p = permutationP(te, estimated?.surrogates ?? new Float64Array(0));
  const significant = p < params.alpha;
  const test: StageTest = { stage: 'omnibus', variable: null, statistic: te, p, permutations, significant };
  const tested = { ...state, omnibus: { te, p, significant }, tests: [...state.tests, test] };
  if (storage) return { ...tested, stage: 'done' };
  return significant ? entering('sequential', setup, tested) : { ...tested, stage: 'done', sources: [] };
};

/**
 * The sequential maximum statistic, for each group: the largest value is tested against the largest of the draws, the
 * second against the second, and so on up to the first that is not significant; that and all smaller ones are
 * removed. Then the links of what remains.
 */
export const sequential: Stage = async (inference, state) => {
  const { setup } = inference;
  const tests: StageTest[] = [];
  const remaining: ChosenVariable[] = [];
  for (const group of setup.groups) {
    const variables = chosenFrom(group, state.sources);
    const tested = await rankTests(inference, variables, state);
    tests.push(...tested);
    remaining.push(...tested.flatMap(({ variable, statistic, p, significant }) => (significant && variable !== null ? [{ ...variable, te: statistic, p }] : [])));
  }
  const chosen = { ...state, sources: remaining, tests: [...state.tests, ...tests] };
  return { ...chosen, stage: 'done', links: await links(inference, chosen) };
};

async function rankTests({ params, setup, estimation }: Inference, variables: readonly ChosenVariable[], state: TargetState): Promise<StageTest[]> {
  const permutations = params.permutations.sequential;
  const estimated: Array<{ value: number; surrogates: Float64Array }> = [];
  for (const variable of variables) {
    const condition = conditionFor(variable, variables, always(setup, state));
    estimated.push(...(await estimation.given(condition, [{ source: [variable], surrogates: permutations }], { stage: 'sequential', round: 0 })));
  }
  const value = (i: number): number => estimated[i]?.value ?? Number.NaN;
  const order = variables.map((_, i) => i).sort((a, b) => value(b) - value(a) || a - b);
  const ranks = rankedDraws(estimated.map(({ surrogates }) => surrogates));
  const p = new Float64Array(variables.length).fill(1);
  for (const [rank, i] of order.entries()) {
    p[i] = permutationP(value(i), ranks[rank] ?? new Float64Array(0));
    if (!((p[i] ?? 1) < params.alpha)) break;
  }
  return variables.map(({ process, lag }, i) => ({ stage: 'sequential', variable: { process, lag }, statistic: value(i), p: p[i] ?? 1, permutations, significant: (p[i] ?? 1) < params.alpha }));
}

/** I(all chosen lags of a source; Y | what else was chosen of its group, and the past of the target). */
async function links({ setup, estimation }: Inference, state: TargetState): Promise<TargetState['links']> {
  const found: Array<TargetState['links'][number]> = [];
  for (const process of setup.sources) {
    const lags = state.sources.filter((variable) => variable.process === process);
    if (lags.length === 0) continue;
    const group = setup.groups.find((candidates) => chosenFrom(candidates, lags).length > 0);
    const others = without(chosenFrom(group, state.sources), lags);
    const [estimated] = await estimation.given([...always(setup, state), ...others], [{ source: lags, surrogates: 0 }], { stage: 'sequential', round: 1 });
    found.push({ process, te: estimated?.value ?? Number.NaN });
  }
  return found;
}
