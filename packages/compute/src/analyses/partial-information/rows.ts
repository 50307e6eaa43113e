/** Rows of the result tables. */
import type { Decomposition } from '../../information/partial/decompose.ts';
import { membersOf, notationOf, type RedundancyLattice } from '../../information/partial/redundancy-lattice.ts';
import type { PartColumn } from '../analysis.ts';

export interface Tested {
  /** NaN where it was not asked for. */
  readonly p: Float64Array<ArrayBuffer>;
  readonly alpha: number | null;
}

/** Sets of sources with their names: {heart, breath}. */
export const named = (sets: readonly number[], names: readonly string[]): string => sets.map((set) => `{${membersOf(set).map((s) => names[s]).join(', ')}}`).join('');

const testColumns = ({ p, alpha }: Tested): PartColumn[] => [p, ...(alpha === null ? [] : [Array.from(p, (value) => value < alpha)])];

export function atomColumns({ nodes, sources }: RedundancyLattice, names: readonly string[], value: Decomposition, tested: Tested): PartColumn[] {
  const parts = [value.informative, value.misinformative].filter((part) => part !== null);
  return [
    nodes.map(({ sets }) => notationOf(sets)),
    Float64Array.from(value.atoms),
    nodes.map(({ sets }) => (sources === 2 ? kindOf(sets) : null)),
    nodes.map(({ sets }) => named(sets, names)),
    ...parts.map((part) => Float64Array.from(part)),
    ...testColumns(tested),
  ];
}

function kindOf(sets: readonly number[]): string {
  if (sets.length === 2) return 'shared';
  return sets[0] === 3 ? 'synergy' : 'unique';
}

export function informationColumns(names: readonly string[], target: string, samples: number, { information }: Decomposition, tested: Tested): PartColumn[] {
  // Fewest sources first; set k + 1 stands in place k.
  const order = Array.from(information, (_, k) => k).toSorted((a, b) => membersOf(a + 1).length - membersOf(b + 1).length || a - b);
  const ordered = (values: Float64Array): Float64Array<ArrayBuffer> => Float64Array.from(order, (k) => values[k] ?? Number.NaN);
  return [
    order.map((k) => notationOf([k + 1])),
    ordered(information),
    order.map((k) => named([k + 1], names)),
    order.map(() => target),
    Int32Array.from(order, () => samples),
    ...testColumns({ ...tested, p: ordered(tested.p) }),
  ];
}
