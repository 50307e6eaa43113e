/** How often surrogates of the sources reach the values: counted draw by draw, in steps that any worker may run. */
import { drawsPerStep, type PartialInformationParams } from '@corrente/shared/contract/analyses/partial-information';
import { z } from 'zod';
import { orderingOf } from '../../information/draws.ts';
import type { Decomposer, Decomposition } from '../../information/partial/decompose.ts';
import { permutesTrials, surrogateDistribution } from '../../information/surrogates.ts';
import type { PartialStates } from './variables.ts';

/** Surrogates that reached the value of each atom, and of each set's information. */
export const reached = z.object({ atoms: z.array(z.int()), information: z.array(z.int()) });
export type Reached = z.infer<typeof reached>;

/** Differences below this are the solver's, in bits: such a surrogate has reached the value. */
const alike = 1e-9;

/** How many draws each step makes. */
export function batchesOf(permutations: number): number[] {
  return Array.from({ length: Math.ceil(permutations / drawsPerStep) }, (_, k) => Math.min(drawsPerStep, permutations - k * drawsPerStep));
}

/** Step `k`'s draws; each depends on the seed, the step and its number there only. */
export async function countReached(
  { params, seed, states, decomposer, value }: { params: PartialInformationParams; seed: number; states: PartialStates; decomposer: Decomposer; value: Decomposition },
  k: number,
  turn: (drawn: number) => Promise<void>,
): Promise<Reached> {
  const draws = batchesOf(params.permutations)[k] ?? 0;
  const { surrogates, permutations } = params;
  const { target, span } = states;
  const acrossTrials = permutesTrials(surrogates, span, permutations);
  const distribution = surrogateDistribution({ ...surrogates, acrossTrials }, span, draws, [seed, k, 0, 0]);
  const request = { source: { values: new Float64Array(0), series: 0, length: span.realisations, stride: span.realisations }, surrogates: draws, null: distribution };
  const counts: Reached = { atoms: Array.from(value.atoms, () => 0), information: Array.from(value.information, () => 0) };
  for (let draw = 0; draw < draws; draw += 1) {
    const ordering = orderingOf(request, draw);
    // All sources in this order against the target are the target in the inverse order against the sources.
    const of = new Int32Array(span.realisations);
    for (let i = 0; i < of.length; i += 1) of[ordering[i] ?? 0] = target.of[i] ?? 0;
    const surrogate = await decomposer.of({ ...target, of }, () => turn(draw));
    add(counts.atoms, surrogate.atoms, value.atoms);
    add(counts.information, surrogate.information, value.information);
    await turn(draw + 1);
  }
  return counts;
}

function add(counts: number[], values: Float64Array, of: Float64Array): void {
  for (let i = 0; i < counts.length; i += 1) if ((values[i] ?? Number.NaN) >= (of[i] ?? Number.NaN) - alike) counts[i] = (counts[i] ?? 0) + 1;
}

/** p of each value: the share of surrogates that reached it, at least one of them; NaN where there are none. */
export function sharesOf(counts: ReadonlyArray<readonly number[]>, values: number, permutations: number): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: values }, (_, i) => (permutations === 0 ? Number.NaN : Math.max(1, counts.reduce((sum, of) => sum + (of[i] ?? 0), 0)) / permutations));
}
