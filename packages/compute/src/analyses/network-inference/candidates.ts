/** What is to be found out about one target, and what may be chosen for it. */
import { lagsUpTo, largestTargetLag, methodTraits, type NetworkInferenceParams } from '@corrente/shared/contract/analyses/network-inference';
import { type NetworkVariable, sameVariable, without } from './variable.ts';

export interface TargetSetup {
  readonly target: number;
  /** Processes that may drive it, in the order of the frame. */
  readonly sources: readonly number[];
  /** Variables of every condition. */
  readonly forced: readonly NetworkVariable[];
  /** Lags of the target that may be chosen. */
  readonly past: readonly NetworkVariable[];
  /** Whether the past is a uniform embedding, chosen as a whole. */
  readonly pastGiven: boolean;
  /**
   * Variables of the sources that may be chosen. Those of one group are chosen given each other: all in one group for
   * the multivariate methods, one group for each source for the bivariate ones.
   */
  readonly groups: ReadonlyArray<readonly NetworkVariable[]>;
}

/** Lags of a process's own past in a uniform embedding that was found for it; null where its lags are chosen greedily. */
export type UniformPast = (process: number, use: 'target' | 'source') => readonly number[] | null;

/** The longest lag that any variable of the analysis can have: realisations begin there. */
export function longestLagOf(params: NetworkInferenceParams): number {
  const { targetPast, sources } = methodTraits(params.method);
  const forced = Array.isArray(params.conditionals) ? params.conditionals.map(({ lag }) => lag) : [];
  return Math.max(0, targetPast ? largestTargetLag(params) : 0, sources ? params.maxLagSources : 0, ...forced);
}

/** The targets, by their place in the frame. */
export function targetsOf(params: NetworkInferenceParams, names: readonly string[]): number[] {
  return params.targets === null ? names.map((_, i) => i) : params.targets.map((name) => names.indexOf(name));
}

/** The processes that may drive a target: those that were named for it, else all others. */
export function sourcesOf(params: NetworkInferenceParams, names: readonly string[], target: number): number[] {
  if (!methodTraits(params.method).sources) return [];
  const named = Array.isArray(params.sources) ? params.sources : (new Map(Object.entries(params.sources ?? {})).get(names[target] ?? '') ?? null);
  return names.map((_, i) => i).filter((i) => i !== target && (named === null || named.includes(names[i] ?? '')));
}

/** Every lag is a candidate. */
export const greedy: UniformPast = () => null;

export function targetSetup(params: NetworkInferenceParams, names: readonly string[], target: number, uniform: UniformPast): TargetSetup {
  const { targetPast, multivariate } = methodTraits(params.method);
  const sources = sourcesOf(params, names, target);
  const forced = forcedConditions(params, names, target, sources);
  const given = targetPast ? uniform(target, 'target') : null;
  const past = targetPast ? (given ?? lagsUpTo(1, largestTargetLag(params), params.tauTarget)).map((lag) => ({ process: target, lag })) : [];
  const bySource = sources.map((process) => without(sourceLags(params, process, uniform).map((lag) => ({ process, lag })), forced));
  const groups = (multivariate ? [bySource.flat()] : bySource).filter((group) => group.length > 0);
  return { target, sources, forced, past: without(past, forced), pastGiven: given !== null, groups };
}

function sourceLags(params: NetworkInferenceParams, process: number, uniform: UniformPast): readonly number[] {
  const given = uniform(process, 'source');
  if (given === null) return lagsUpTo(params.minLagSources, params.maxLagSources, params.tauSources);
  // The embedding is of the steps before the present; the smallest lag allowed takes the place of the first of them.
  return given.map((lag) => lag - 1 + params.minLagSources).filter((lag) => lag <= params.maxLagSources);
}

function forcedConditions({ conditionals }: NetworkInferenceParams, names: readonly string[], target: number, sources: readonly number[]): NetworkVariable[] {
  if (conditionals === null) return [];
  if (conditionals === 'faes') return sources.map((process) => ({ process, lag: 0 }));
  const variables = conditionals.map(({ process, lag }) => ({ process: names.indexOf(process), lag }));
  return variables.filter((variable, i) => !(variable.process === target && variable.lag === 0) && variables.findIndex((other) => sameVariable(other, variable)) === i);
}
