/** What several discrete sources tell of a target, parted into what they share, each has alone, and only all have together. */
import { countsOf, sumOfWeights, weightTable } from '../plug-in.ts';
import { join, type States } from '../states.ts';
import { couplingProgramme } from './coupling-programme.ts';
import { redundancyLattice, type RedundancyLattice } from './redundancy-lattice.ts';
import { sharedExclusions, statesOfSets } from './shared-exclusions.ts';
import { solveCoupling } from './solve-coupling.ts';

export interface Decomposition {
  /** One value for each node of the lattice, in bits. */
  readonly atoms: Float64Array;
  /** Of sxpid: what of the atoms is informative and misinformative; their difference is the atom. Null for broja. */
  readonly informative: Float64Array | null;
  readonly misinformative: Float64Array | null;
  /** I(target; the sources of set k + 1), in bits: the last is that of all sources. */
  readonly information: Float64Array;
  /** How far the values of broja are from the truth at most, in bits; 0 for sxpid. */
  readonly gap: number;
}

/** Decompositions of any target over the same realisations of the sources. */
export class Decomposer {
  readonly lattice: RedundancyLattice;
  readonly #method: 'broja' | 'sxpid';
  readonly #sources: readonly States[];
  readonly #sets: readonly States[];
  readonly #weights: Float64Array;

  /** @param sources two for broja, one to four for sxpid. */
  constructor(method: 'broja' | 'sxpid', sources: readonly States[]) {
    this.lattice = redundancyLattice(sources.length);
    this.#method = method;
    this.#sources = sources;
    this.#sets = statesOfSets(sources);
    this.#weights = weightTable(sources[0]?.of.length ?? 0);
  }

  /** @param turn is awaited now and then. */
  async of(target: States, turn: () => Promise<void>): Promise<Decomposition> {
    const information = Float64Array.from(this.#sets.slice(1), (states) => this.#information(target, states));
    if (this.#method === 'broja') return this.#uniqueInformation(target, information, turn);
    const { bits, informative, misinformative } = await sharedExclusions(target, this.#sets, this.lattice, turn);
    return { atoms: bits, informative, misinformative, information, gap: 0 };
  }

  /**
   * Bertschinger, Rauh, Olbrich, Jost and Ay, Entropy 16, 2161 (2014): with Q the distribution of the same p(t, x) and
   * p(t, y) under which X and Y tell least of T together, the unique information of X is I_Q(T; X | Y), the synergy
   * I(T; X, Y) − I_Q(T; X, Y), and what is shared I_Q's interaction of T, X and Y.
   */
  async #uniqueInformation(target: States, information: Float64Array, turn: () => Promise<void>): Promise<Decomposition> {
    const [x, y] = this.#sources;
    const [ofX = 0, ofY = 0, ofBoth = 0] = information;
    if (x === undefined || y === undefined) throw new RangeError(`broja is of two sources; there are ${this.#sources.length}.`);
    const { value, gap } = await solveCoupling(couplingProgramme(target, x, y), turn);
    const least = this.#entropy(target) + value / Math.LN2;
    // No atom is negative: where rounding would make one so, it is 0, and the sum stays what it is.
    const ofLeast = Math.min(Math.max(least, ofX, ofY), ofBoth, ofX + ofY);
    const atoms = Float64Array.of(ofX + ofY - ofLeast, ofLeast - ofY, ofLeast - ofX, ofBoth - ofLeast);
    return { atoms: atoms.map((atom) => Math.max(0, atom)), informative: null, misinformative: null, information, gap: gap / Math.LN2 };
  }

  #information(target: States, states: States): number {
    const sum = (of: States): number => sumOfWeights(countsOf(of), this.#weights);
    const n = target.of.length;
    return Math.max(0, Math.log2(n) + (sum(join(states, target)) - sum(states) - sum(target)) / n);
  }

  #entropy(target: States): number {
    const n = target.of.length;
    return Math.log2(n) - sumOfWeights(countsOf(target), this.#weights) / n;
  }
}
