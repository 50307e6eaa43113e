/** The verdict over all targets: which of what the tests of each target kept stands after the control of false discoveries. */
import type { NetworkInferenceParams } from '@corrente/shared/contract/analyses/network-inference';
import { benjaminiHochberg, benjaminiYekutieli, harmonicNumber } from '../../statistics/false-discovery.ts';
import type { ChosenVariable, TargetState } from './target-state.ts';

export interface Verdict {
  /** Whether what was found of this target, as a whole, stands. */
  target(place: number): boolean;
  /** Whether this source variable of it stands. */
  variable(place: number, variable: ChosenVariable): boolean;
  /** Why the control was left out, where it was. */
  readonly warning: string | null;
}

/** A p that equals its threshold, both fractions of counts, must not be parted from it by the rounding of the quotients. */
const rounding = 1 + 1e-12;

/**
 * By target: the omnibus p of every target, 1 where nothing was chosen; one that is rejected loses all its sources. By
 * link: the p of every source variable that the targets kept. Where so few permutations were drawn that no p can be
 * below the first threshold, alpha / (tests · Σ 1/i), there is no control, and a warning.
 */
export function verdictOf(params: NetworkInferenceParams, states: readonly TargetState[]): Verdict {
  const kept = (place: number): boolean => states[place]?.omnibus?.significant === true;
  const without: Verdict = { target: kept, variable: kept, warning: null };
  const byLink = params.fdrBy === 'link' && params.method !== 'active-information';
  const p = Float64Array.from(byLink ? states.flatMap(({ sources }) => sources.map((variable) => variable.p ?? 1)) : states.map(({ omnibus }) => omnibus?.p ?? 1));
  if (!params.fdr || p.length === 0) return without;
  const strict = params.fdrMethod === 'benjamini-yekutieli';
  const permutations = byLink ? params.permutations.sequential : params.permutations.omnibus;
  const threshold = params.alpha / (p.length * (strict ? harmonicNumber(p.length) : 1));
  if (1 / permutations > threshold) {
    return { ...without, warning: `False discoveries are not controlled: the smallest p of ${permutations} permutations is ${1 / permutations}, the first threshold of ${p.length} tests ${threshold.toPrecision(3)}; at least ${Math.ceil(1 / threshold)} permutations (${byLink ? 'sequential' : 'omnibus'}) are needed.` };
  }
  const q = strict ? benjaminiYekutieli(p) : benjaminiHochberg(p);
  const stands = (value: number | null): boolean => q(value ?? 1) <= params.alpha * rounding;
  if (byLink) return { target: (place) => kept(place) && (states[place]?.sources ?? []).some((variable) => stands(variable.p)), variable: (place, variable) => kept(place) && stands(variable.p), warning: null };
  const target = (place: number): boolean => kept(place) && stands(states[place]?.omnibus?.p ?? 1);
  return { target, variable: target, warning: null };
}
