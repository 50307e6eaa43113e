/** What must hold before a comparison begins: two sides, computed in the same way, with exchanges enough. */
import { type NetworkComparisonParams, thresholdOf } from '@corrente/shared/contract/analyses/network-comparison';
import { largestTargetLag, networkInferenceParams, type NetworkInferenceParams } from '@corrente/shared/contract/analyses/network-inference';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { InputResults } from '../analysis.ts';
import { possibleExchanges } from './exchanges.ts';

/** within: one result under each condition. between: groups. */
export function kindOf({ kind }: NetworkComparisonParams, { a, b }: InputResults): 'within' | 'between' {
  return kind ?? (a.length === 1 && b.length === 1 ? 'within' : 'between');
}

/** The settings that all results share; `validateComparison` has seen that they do. */
export function settingsOf({ a }: InputResults): NetworkInferenceParams {
  return networkInferenceParams.parse(a[0]?.params ?? {});
}

export function validateComparison(params: NetworkComparisonParams, inputs: InputResults): void {
  const { a, b } = inputs;
  if (b.length === 0) throw unsuitable('There are results under a, and none under b that they are compared with', '/input/results/b', 'is needed');
  const kind = kindOf(params, inputs);
  if (kind === 'within' && (a.length !== 1 || b.length !== 1)) throw unsuitable(`A comparison within one subject takes one result on each side; there are ${a.length} and ${b.length}`, '/input/results', 'one on each side, or kind between');
  if (kind === 'between' && params.dependence === 'dependent' && a.length !== b.length) throw unsuitable(`Dependent groups have partners; there are ${a.length} results under a and ${b.length} under b`, '/input/results', 'as many on each side, or dependence independent');
  if (kind === 'between' && params.exchange !== 'auto') throw new CorrenteError('invalid-params', `exchange is ${params.exchange}; between groups subjects are exchanged.`, { places: [{ pointer: '/params/exchange', detail: 'must be auto between groups' }] });
  checkSettings(inputs);
  const subjects = { first: a.length, second: b.length };
  checkExchanges(params, kind === 'within' ? params.permutations : Math.min(params.permutations, possibleExchanges(params.dependence, subjects, params.permutations)));
}

/** Throws `too-few-permutations` where no p of so many exchanges can be significant. */
export function checkExchanges(params: NetworkComparisonParams, exchanges: number): void {
  const threshold = thresholdOf(params);
  if (1 / exchanges < threshold) return;
  const least = Math.floor(1 / threshold) + 1;
  const tails = params.tails === 'two' ? `, half of it at each tail` : '';
  const [sentence, detail] =
    exchanges < params.permutations
      ? [`The sides can be exchanged in ${exchanges} ways only; p is then at least ${1 / exchanges}`, `is not the limit: ${exchanges} exchanges are possible`]
      : [`${exchanges} permutations give p of at least ${1 / exchanges}`, `must be at least ${least}`];
  throw new CorrenteError('too-few-permutations', `${sentence}; alpha is ${params.alpha}${tails}, and needs at least ${least}.`, { places: [{ pointer: '/params/permutations', detail }] });
}

function unsuitable(sentence: string, pointer: string, detail: string): CorrenteError {
  return new CorrenteError('unsuitable-result', `${sentence}.`, { places: [{ pointer, detail }] });
}

/** What an estimate depends on. The rest (what was tested, how often, for which targets) only chose the variables. */
function settings(params: NetworkInferenceParams): Record<string, unknown> {
  const { method, estimator, neighbours, theiler, kernelWidth, bins, binning, patternOrder, maxLagSources, minLagSources, tauSources, tauTarget, conditionals, normalise, noise } = params;
  return { method, estimator, neighbours, theiler, kernelWidth, bins, binning, patternOrder, maxLagSources, minLagSources, maxLagTarget: largestTargetLag(params), tauSources, tauTarget, conditionals, normalise, noise };
}

function checkSettings({ a, b }: InputResults): void {
  const all = [...a.map((result, i) => ({ result, pointer: `/input/results/a/${i}` })), ...b.map((result, i) => ({ result, pointer: `/input/results/b/${i}` }))];
  const [first] = all;
  if (first === undefined) return;
  const expected = settings(networkInferenceParams.parse(first.result.params));
  if (expected['method'] === 'active-information') throw unsuitable(`${first.result.job} is of active-information, which has no links to compare`, first.pointer, 'must be of another method');
  for (const { result, pointer } of all) {
    for (const [name, value] of Object.entries(settings(networkInferenceParams.parse(result.params)))) {
      const [came, wanted] = [JSON.stringify(value), JSON.stringify(expected[name])];
      if (came !== wanted) throw unsuitable(`${name} is ${came} in ${result.job} and ${wanted} in ${first.result.job}; results are compared that were computed in the same way`, pointer, `has ${name} ${came}; expected ${wanted}`);
    }
  }
}
