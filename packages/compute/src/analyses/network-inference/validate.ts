/** What must hold before an inference begins, with the figure that does not where it does not. */
import { largestTargetLag, methodTraits, type NetworkInferenceParams } from '@corrente/shared/contract/analyses/network-inference';
import { CorrenteError, type ErrorCode } from '@corrente/shared/contract/errors';
import type { Frame } from '../../frame/frame.ts';
import { permutesTrials, surrogateSizes, timeOrders } from '../../information/surrogates.ts';
import { longestLagOf, sourcesOf, targetsOf } from './candidates.ts';
import { expectsWholeNumbers, lostRows, takesStates } from './prepare.ts';

/** Throws the first of what does not hold, from what can be said without the data to what only they tell. */
export function validateNetworkInference(params: NetworkInferenceParams, frame: Frame): void {
  checkLags(params);
  checkEmbeddings(params);
  checkNoise(params);
  checkNames(params, frame.names);
  checkPermutations(params);
  if (params.nullDistribution === 'analytic' && !['gaussian', 'discrete', 'symbolic'].includes(params.estimator)) {
    throw refused('/params/nullDistribution', `is analytic; the distribution of ${params.estimator} is not known, choose permutation`);
  }
  checkSamples(params, frame);
  const used = usedSeries(params, frame.names);
  checkValues(params, frame, used);
  checkDuplicates(frame, used);
}

function refused(pointer: string, detail: string, code: ErrorCode = 'invalid-params'): CorrenteError {
  return new CorrenteError(code, `${pointer.replace('/params/', '')} ${detail}.`, { places: [{ pointer, detail }] });
}

function checkLags(params: NetworkInferenceParams): void {
  const { targetPast, sources } = methodTraits(params.method);
  const { minLagSources, maxLagSources } = params;
  if (sources && minLagSources > maxLagSources) throw refused('/params/minLagSources', `is ${minLagSources}; maxLagSources is ${maxLagSources}`);
  if (sources && targetPast && minLagSources < 1) throw refused('/params/minLagSources', `is ${minLagSources}; transfer entropy needs sources at least 1 sample before the target`);
  if (sources && maxLagSources > 0 && params.tauSources > maxLagSources) throw refused('/params/tauSources', `is ${params.tauSources}; maxLagSources is ${maxLagSources}`);
  if (targetPast && params.tauTarget > largestTargetLag(params)) throw refused('/params/tauTarget', `is ${params.tauTarget}; the largest lag of the target is ${largestTargetLag(params)}`);
  if (!sources && params.conditionals !== null) throw refused('/params/conditionals', `were given; ${params.method} has no conditions`);
  if (targetPast && params.targetEmbedding !== 'greedy' && params.tauTarget !== 1) throw refused('/params/tauTarget', `is ${params.tauTarget}; with targetEmbedding ${params.targetEmbedding} the spacing is found, not given`);
  if (sources && params.sourceEmbedding !== 'greedy' && params.tauSources !== 1) throw refused('/params/tauSources', `is ${params.tauSources}; with sourceEmbedding ${params.sourceEmbedding} the spacing is found, not given`);
}

/** Ragwitz's criterion predicts values by their neighbours; the other needs the bias of the estimator. */
function checkEmbeddings(params: NetworkInferenceParams): void {
  const { targetPast, sources } = methodTraits(params.method);
  const asked = { ...(targetPast ? { targetEmbedding: params.targetEmbedding } : {}), ...(sources ? { sourceEmbedding: params.sourceEmbedding } : {}) };
  for (const [name, embedding] of Object.entries(asked)) {
    if (embedding === 'ragwitz' && takesStates(params)) throw refused(`/params/${name}`, `is ragwitz, which predicts values by their distances; with estimator ${params.estimator} choose greedy or max-ais`);
    if (embedding === 'max-ais' && params.estimator === 'kernel') throw refused(`/params/${name}`, 'is max-ais, which needs the bias of the estimator; that of kernel is not known, choose greedy or ragwitz');
  }
}

/** Noise parts values from each other: states would all differ. */
function checkNoise(params: NetworkInferenceParams): void {
  if (params.noise > 0 && expectsWholeNumbers(params)) throw refused('/params/noise', `is ${params.noise}; the discrete estimator without bins takes whole numbers`);
}

function checkNames(params: NetworkInferenceParams, names: readonly string[]): void {
  const known = (pointer: string, name: string): void => {
    if (!names.includes(name)) throw refused(pointer, `names "${name}"; there are ${names.join(', ')}`, 'unknown-series');
  };
  const once = (pointer: string, list: readonly string[]): void => {
    for (const [i, name] of list.entries()) {
      known(`${pointer}/${i}`, name);
      if (list.indexOf(name) < i) throw refused(`${pointer}/${i}`, `names "${name}" again`);
    }
  };
  if (params.targets !== null) once('/params/targets', params.targets);
  if (methodTraits(params.method).sources) {
    if (names.length < 2) throw new CorrenteError('too-few-series', `There is ${names.length} series; ${params.method} needs at least 2.`);
    checkSources(params, names, known, once);
  }
  if (Array.isArray(params.conditionals)) {
    for (const [i, { process, lag }] of params.conditionals.entries()) {
      known(`/params/conditionals/${i}/process`, process);
      if (lag === 0 && params.targets !== null && params.targets.length === 1 && params.targets[0] === process) throw refused(`/params/conditionals/${i}`, `is the present of the target "${process}" itself`);
    }
  }
}

function checkSources(params: NetworkInferenceParams, names: readonly string[], known: (pointer: string, name: string) => void, once: (pointer: string, list: readonly string[]) => void): void {
  const targets = targetsOf(params, names).map((i) => names[i] ?? '');
  if (Array.isArray(params.sources)) {
    once('/params/sources', params.sources);
    for (const target of targets) {
      const itself = params.sources.indexOf(target);
      if (itself >= 0 && (params.targets !== null || params.sources.length === 1)) throw refused(`/params/sources/${itself}`, `names "${target}", which is a target: it is not its own source`);
    }
  } else if (params.sources !== null) {
    for (const [target, list] of Object.entries(params.sources)) {
      known(`/params/sources/${target}`, target);
      if (!targets.includes(target)) throw refused(`/params/sources/${target}`, `names sources of "${target}", which is not among the targets ${targets.join(', ')}`);
      once(`/params/sources/${target}`, list);
      if (list.includes(target)) throw refused(`/params/sources/${target}`, `names "${target}" among its own sources`);
    }
  }
}

/** How many permutations each of the tests of this method takes. */
function permutationCounts({ method, permutations }: NetworkInferenceParams): Array<[name: string, count: number]> {
  return Object.entries(permutations).filter(([name]) => methodTraits(method).sources || name !== 'sequential');
}

/** 1 / n is the smallest p of n permutations. */
function checkPermutations(params: NetworkInferenceParams): void {
  for (const [name, count] of permutationCounts(params)) {
    if (1 / count < params.alpha) continue;
    throw refused(`/params/permutations/${name}`, `is ${count}; the smallest p is then ${1 / count}, which is not below alpha ${params.alpha}: at least ${Math.floor(1 / params.alpha) + 1} are needed`, 'too-few-permutations');
  }
}

function checkSamples(params: NetworkInferenceParams, frame: Frame): void {
  const lost = longestLagOf(params) + lostRows(params);
  const perTrial = frame.length / frame.trials - lost;
  const samples = Math.max(0, perTrial) * frame.trials;
  const neighbours = params.estimator === 'ksg1' || params.estimator === 'ksg2' ? params.neighbours : 0;
  const needed = Math.max(10, neighbours + 1 + (params.estimator === 'kernel' || neighbours > 0 ? 2 * params.theiler : 0));
  if (samples < needed) {
    const trials = frame.trials > 1 ? ` in each of ${frame.trials} trials` : '';
    const of = neighbours > 0 ? ` for ${neighbours} neighbours${params.theiler > 0 ? ` and a Theiler window of ${params.theiler}` : ''}` : '';
    const pointer = samples < 10 ? longestLagPointer(params) : neighbours > 0 ? '/params/neighbours' : '/params/theiler';
    throw new CorrenteError('too-few-samples', `There are ${frame.length / frame.trials} rows${trials}; lags of up to ${lost} leave ${samples} samples, and at least ${needed} are needed${of}.`, { places: [{ pointer, detail: `needs ${needed} samples; there are ${samples}` }] });
  }
  checkSurrogates(params, frame.trials, perTrial);
}

/** Where the longest lag was asked for. */
function longestLagPointer(params: NetworkInferenceParams): string {
  const { targetPast, sources } = methodTraits(params.method);
  const longest = longestLagOf(params);
  if (sources && params.maxLagSources === longest) return '/params/maxLagSources';
  if (!targetPast || largestTargetLag(params) < longest) return '/params/conditionals';
  return params.maxLagTarget === null ? '/params/maxLagSources' : '/params/maxLagTarget';
}

/** Surrogates in time, where a test takes them: their sizes fit, and they are not all nearly the same. */
function checkSurrogates(params: NetworkInferenceParams, trials: number, perTrial: number): void {
  if (permutationCounts(params).every(([, count]) => permutesTrials(params.surrogates, { trials }, count))) return;
  surrogateSizes(params.surrogates, perTrial);
  const orders = timeOrders(params.surrogates, perTrial);
  if (permutesAtAll(params) && 1 / orders >= params.alpha) {
    throw refused('/params/surrogates/method', `is ${params.surrogates.method}, which has ${orders} orders of the ${perTrial} samples ${trials > 1 ? 'of each trial' : 'that the lags leave'}; their smallest p is ${Number((1 / orders).toPrecision(3))}, which is not below alpha ${params.alpha}`, 'too-few-samples');
  }
}

function permutesAtAll({ estimator, nullDistribution }: NetworkInferenceParams): boolean {
  return nullDistribution === 'permutation' || (nullDistribution === 'auto' && estimator !== 'gaussian');
}

function usedSeries(params: NetworkInferenceParams, names: readonly string[]): number[] {
  const used = new Set<number>();
  for (const target of targetsOf(params, names)) {
    used.add(target);
    for (const source of sourcesOf(params, names, target)) used.add(source);
  }
  if (Array.isArray(params.conditionals)) for (const { process } of params.conditionals) used.add(names.indexOf(process));
  return [...used].toSorted((a, b) => a - b);
}

function valuesOf(frame: Frame, s: number): Float64Array {
  return frame.values.subarray(s * frame.stride, s * frame.stride + frame.length);
}

function checkValues(params: NetworkInferenceParams, frame: Frame, used: readonly number[]): void {
  const missing = used.filter((s) => (frame.present[s] ?? 0) < frame.length);
  const [first] = missing;
  if (first !== undefined) {
    const count = frame.length - (frame.present[first] ?? 0);
    throw new CorrenteError('missing-values', `${missing.length} of ${used.length} series have missing values: "${frame.names[first]}" ${count} of ${frame.length}${missing.length > 1 ? ', and others' : ''}. Every sample needs every series.`);
  }
  for (const s of used) {
    const values = valuesOf(frame, s);
    if (values.every((value) => value === values[0])) throw new CorrenteError('constant-series', `"${frame.names[s]}" is ${values[0]} throughout; it can neither drive nor be driven.`);
    const broken = expectsWholeNumbers(params) ? values.findIndex((value) => !Number.isInteger(value)) : -1;
    if (broken >= 0) throw new CorrenteError('not-discrete', `"${frame.names[s]}" is ${values[broken]} in row ${broken}; the discrete estimator takes whole numbers.`);
  }
}

function checkDuplicates(frame: Frame, used: readonly number[]): void {
  const bySum = new Map<number, number[]>();
  for (const s of used) {
    const values = valuesOf(frame, s);
    let sum = 0;
    for (let t = 0; t < values.length; t += 1) sum += (values[t] ?? 0) * (1 + (t % 7));
    const alike = bySum.get(sum) ?? [];
    const twin = alike.find((other) => valuesOf(frame, other).every((value, t) => value === values[t]));
    if (twin !== undefined) throw new CorrenteError('duplicate-series', `"${frame.names[twin]}" and "${frame.names[s]}" are the same in all ${frame.length} rows; their information about each other is not finite.`);
    bySum.set(sum, [...alike, s]);
  }
}

/** Series whose values recur, most of them first: what the neighbour estimators must be warned of. */
export function tiedSeries(params: NetworkInferenceParams, frame: Frame): Array<{ name: string; ties: number }> {
  if (takesStates(params) || params.estimator === 'gaussian' || params.noise > 0) return [];
  return usedSeries(params, frame.names)
    .map((s) => ({ name: frame.names[s] ?? '', ties: frame.length - new Set(valuesOf(frame, s)).size }))
    .filter(({ ties }) => ties > 0)
    .toSorted((a, b) => b.ties - a.ties);
}
