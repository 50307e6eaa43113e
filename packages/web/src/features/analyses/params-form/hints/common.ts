/** What the analyses of information have in common. */
import type { Choice, Params } from './form-hints.ts';

/** Whether a parameter has one of some values; the first of them where it is not set. */
export function oneOf(name: string, usual: string, ...values: readonly string[]): (params: Params) => boolean {
  return (params) => values.some((value) => value === (params[name] ?? usual));
}

export function both(...rules: readonly ((params: Params) => boolean)[]): (params: Params) => boolean {
  return (params) => rules.every((rule) => rule(params));
}

/** The parameter `name` of the group `group`. */
function inner(params: Params, group: string, name: string): unknown {
  const value = params[group];
  return typeof value === 'object' && value !== null && name in value ? Reflect.get(value, name) : undefined;
}

export const estimatorChoices: Readonly<Record<string, Choice>> = {
  ksg1: { label: 'Kraskov (KSG), algorithm 1', meaning: 'Finds relations of any shape from distances to nearest neighbours. The one most studies use.' },
  ksg2: { label: 'Kraskov (KSG), algorithm 2', meaning: 'As algorithm 1, with a rectangle in place of a square: less bias, more variance.' },
  gaussian: { label: 'Gaussian', meaning: 'Sees linear relations only (Granger causality), and is by far the fastest.' },
  discrete: { label: 'Discrete', meaning: 'Counts how often values occur together; for whole numbers, or values put into bins.' },
  kernel: { label: 'Kernel (box)', meaning: 'Counts neighbours within a fixed width.' },
  symbolic: { label: 'Symbolic', meaning: 'Looks only at the order of successive values (ordinal patterns).' },
};

const surrogateChoices: Readonly<Record<string, Choice>> = {
  random: { label: 'Random permutation', meaning: 'Destroys all structure in time of the source.' },
  circular: { label: 'Circular shift', meaning: 'Keeps the source as it is, shifted against the target.' },
  block: { label: 'Block permutation', meaning: 'Keeps the source within blocks.' },
  local: { label: 'Local permutation', meaning: 'Exchanges only samples that lie close together: keeps slow drifts.' },
};

export const nullChoices: Readonly<Record<string, Choice>> = {
  auto: { label: 'Automatic' },
  permutation: { label: 'By permutation', meaning: 'p is the share of surrogates that reach the value.' },
  analytic: { label: 'Analytic', meaning: 'p by the known distribution of the estimator.' },
};

const surrogateMethod = (params: Params) => inner(params, 'surrogates', 'method') ?? 'random';

/** Of the group `surrogates`, the same in both analyses. */
export const surrogateHints = {
  choices: { 'surrogates.method': surrogateChoices },
  applies: {
    'surrogates.maxShift': (params: Params) => surrogateMethod(params) === 'circular',
    'surrogates.blockSize': (params: Params) => surrogateMethod(params) === 'block',
    'surrogates.permRange': (params: Params) => surrogateMethod(params) === 'block' || surrogateMethod(params) === 'local',
  },
};
