/**
 * Partial information by shared exclusions (Makkeh, Gutknecht and Wibral, Phys. Rev. E 103, 032149, 2021). What the sets
 * a₁, a₂, … of sources redundantly tell of t in the realisation (t, s) is what one learns of t from "the sources of a₁
 * have their values in s, or those of a₂ have, or …":
 *
 *   i(t; α) = log₂ P(t | W) / P(t) = log₂ 1 / P(W) − log₂ P(t) / P(t, W),   W the event that one of the sets agrees with s
 *
 * an informative part less a misinformative one. Atoms are the Möbius inverses of the means over the lattice.
 */
import { countsOf } from '../plug-in.ts';
import { join, oneState, type States } from '../states.ts';
import { membersOf, moebiusInversion, type RedundancyLattice } from './redundancy-lattice.ts';

/** One value for each node of the lattice, in bits. */
export interface SharedExclusions {
  readonly bits: Float64Array<ArrayBuffer>;
  readonly informative: Float64Array<ArrayBuffer>;
  readonly misinformative: Float64Array<ArrayBuffer>;
}

/** The states of every set of sources; place 0, that of no source, is one state. */
export function statesOfSets(sources: readonly States[]): States[] {
  const length = sources[0]?.of.length ?? 0;
  const sets: States[] = [];
  for (let set = 0; set < 2 ** sources.length; set += 1) {
    const last = membersOf(set).at(-1);
    const states = last === undefined ? undefined : sources[last];
    sets.push(last === undefined || states === undefined ? oneState(length) : join(sets[set ^ (1 << last)] ?? oneState(length), states));
  }
  return sets;
}

/** States between two turns of the event loop, some milliseconds of work. */
const statesPerTurn = 1024;

/**
 * The atoms of what the sources tell of the target; `sets` are their states (`statesOfSets`).
 * @param turn is awaited now and then.
 */
export async function sharedExclusions(target: States, sets: readonly States[], lattice: RedundancyLattice, turn: () => Promise<void>): Promise<SharedExclusions> {
  const length = target.of.length;
  const withTarget = sets.map((states) => join(states, target));
  const [counts, countsWithTarget] = [sets.map(countsOf), withTarget.map(countsOf)];
  const logs = Float64Array.from({ length: length + 1 }, (_, n) => Math.log2(n));
  const log = (count: number): number => logs[count] ?? Number.NaN;
  const [informative, misinformative] = [new Float64Array(lattice.nodes.length), new Float64Array(lattice.nodes.length)];
  const [agreeing, agreeingWithTarget] = [new Int32Array(sets.length), new Int32Array(sets.length)];
  const full = withTarget.at(-1) ?? target;
  for (const [state, i] of firstPlaces(full).entries()) {
    if (state % statesPerTurn === statesPerTurn - 1) await turn();
    const share = (countsWithTarget.at(-1)?.[state] ?? 0) / length;
    for (let set = 0; set < sets.length; set += 1) {
      agreeing[set] = counts[set]?.[sets[set]?.of[i] ?? 0] ?? 0;
      agreeingWithTarget[set] = countsWithTarget[set]?.[withTarget[set]?.of[i] ?? 0] ?? 0;
    }
    const ofTarget = agreeingWithTarget[0] ?? 0;
    exactly(agreeing);
    exactly(agreeingWithTarget);
    for (const [node, { covered }] of lattice.nodes.entries()) {
      let [event, withEvent] = [0, 0];
      for (const set of covered) {
        event += agreeing[set] ?? 0;
        withEvent += agreeingWithTarget[set] ?? 0;
      }
      informative[node] = (informative[node] ?? 0) + share * (log(length) - log(event));
      misinformative[node] = (misinformative[node] ?? 0) + share * (log(ofTarget) - log(withEvent));
    }
  }
  const [plus, minus] = [moebiusInversion(lattice, informative), moebiusInversion(lattice, misinformative)];
  return { bits: plus.map((value, node) => value - (minus[node] ?? 0)), informative: plus, misinformative: minus };
}

/** For each state the first realisation that has it. */
function firstPlaces({ of, count }: States): Int32Array {
  const first = new Int32Array(count).fill(-1);
  for (let i = 0; i < of.length; i += 1) if (first[of[i] ?? 0] === -1) first[of[i] ?? 0] = i;
  return first;
}

/** From how many realisations agree in at least each set of sources to how many agree in exactly that set, in place. */
function exactly(counts: Int32Array): void {
  for (let bit = 1; bit < counts.length; bit <<= 1) {
    for (let set = 0; set < counts.length; set += 1) if ((set & bit) === 0) counts[set] = (counts[set] ?? 0) - (counts[set | bit] ?? 0);
  }
}
