import { describe, expect, it } from 'vitest';
import { assertClose } from '../../../test/oracle/compare.ts';
import { antichainsOracle, informationOracle, leastInformationOracle, notationOracle, type Rows, sharedExclusionsOracle } from '../../../test/oracle/partial.ts';
import { uniform } from '../../../test/series/random.ts';
import { type States, statesOf } from '../states.ts';
import { couplingProgramme } from './coupling-programme.ts';
import { Decomposer, type Decomposition } from './decompose.ts';
import { notationOf, redundancyLattice } from './redundancy-lattice.ts';
import { solveCoupling } from './solve-coupling.ts';

const statesAt = (rows: Rows, s: number): States => statesOf({ values: Float64Array.from(rows, (row) => row[s] ?? Number.NaN), series: 1, length: rows.length, stride: rows.length }, null);

const never = (): Promise<void> => Promise.resolve();

/** Rows: target first, then the sources. */
async function decompose(method: 'broja' | 'sxpid', rows: Rows): Promise<Decomposition & { atom: (notation: string) => number; notations: string[] }> {
  const sources = Array.from({ length: (rows[0]?.length ?? 0) - 1 }, (_, s) => statesAt(rows, s + 1));
  const decomposer = new Decomposer(method, sources);
  const value = await decomposer.of(statesAt(rows, 0), never);
  const notations = decomposer.lattice.nodes.map(({ sets }) => notationOf(sets));
  return { ...value, notations, atom: (notation) => value.atoms[notations.indexOf(notation)] ?? Number.NaN };
}

/** Values that depend on each other: `count` rows of a target and sources, each from 0 to `values` − 1. */
function randomRows(seed: number, { sources, values, count }: { sources: number; values: number; count: number }): number[][] {
  const draw = (i: number, k: number): number => Math.floor(uniform(seed * 1000 + k, i) * values);
  return Array.from({ length: count }, (_, i) => {
    const of = Array.from({ length: sources }, (_unused, s) => (uniform(seed + 77, i * 8 + s) < 0.3 ? draw(i, 0) : draw(i, s + 1)));
    const target = uniform(seed + 99, i) < 0.6 ? of.reduce((sum, value) => sum + value, 0) % values : draw(i, 9);
    return [target, ...of];
  });
}

const bits = [0, 1];
const pairs = bits.flatMap((x) => bits.map((y) => [x, y] as const));
const gates: ReadonlyArray<{ name: string; rows: Rows; shared: number; unique: readonly [number, number]; synergy: number }> = [
  { name: 'AND', rows: pairs.map(([x, y]) => [x & y, x, y]), shared: 0.75 * Math.log2(4 / 3), unique: [0, 0], synergy: 0.5 },
  { name: 'XOR', rows: pairs.map(([x, y]) => [x ^ y, x, y]), shared: 0, unique: [0, 0], synergy: 1 },
  { name: 'copy of both', rows: pairs.map(([x, y]) => [2 * x + y, x, y]), shared: 0, unique: [1, 1], synergy: 0 },
  { name: 'redundant copies', rows: bits.map((x) => [x, x, x]), shared: 1, unique: [0, 0], synergy: 0 },
  { name: 'copy of the first', rows: pairs.map(([x, y]) => [x, x, y]), shared: 0, unique: [1, 0], synergy: 0 },
  { name: 'redundant bit with an XOR', rows: bits.flatMap((r) => pairs.map(([x, y]) => [2 * r + (x ^ y), 2 * r + x, 2 * r + y])), shared: 1, unique: [0, 0], synergy: 1 },
];

describe('broja', () => {
  it.for(gates)('parts the information of the gate $name as Bertschinger et al. and Griffith and Koch give it', async ({ rows, shared, unique, synergy }) => {
    const found = await decompose('broja', rows);
    assertClose(['{1}{2}', '{1}', '{2}', '{12}'].map(found.atom), [shared, ...unique, synergy], { tolerance: () => 1e-11, place: (i) => `atom ${i}` });
    expect(found.gap).toBeLessThan(1e-12);
  });

  it.for([1, 2, 3, 4, 5, 6, 7, 8])('finds the least information of two-valued variables that a grid search finds, data %i', async (seed) => {
    const rows = randomRows(seed, { sources: 2, values: 2, count: 40 });
    const [of1, of2, joint] = [informationOracle(rows, 0, [1]), informationOracle(rows, 0, [2]), informationOracle(rows, 0, [1, 2])];
    const least = leastInformationOracle(rows);
    const found = await decompose('broja', rows);
    assertClose(['{1}{2}', '{1}', '{2}', '{12}'].map(found.atom), [of1 + of2 - least, least - of2, least - of1, joint - least], { tolerance: () => 1e-9, place: (i) => `atom ${i}` });
  });

  it.for([
    [3, 100],
    [5, 400],
    [10, 700],
    [10, 5000],
  ] as const)('solves %i values of each variable in %i rows to 1e-12, with atoms that are not negative and sum to the joint information', async ([values, count]) => {
    const rows = randomRows(values, { sources: 2, values, count });
    const found = await decompose('broja', rows);
    expect(found.gap).toBeLessThan(1e-12);
    for (const atom of found.atoms) expect(atom).toBeGreaterThanOrEqual(0);
    expect(found.atoms.reduce((sum, atom) => sum + atom, 0)).toBeCloseTo(found.information[2] ?? Number.NaN, 10);
    expect(found.atom('{1}{2}') + found.atom('{1}')).toBeCloseTo(found.information[0] ?? Number.NaN, 10);
    expect(found.atom('{1}{2}') + found.atom('{2}')).toBeCloseTo(found.information[1] ?? Number.NaN, 10);
  });

  it('finds the unique information exchanged when the sources are', async () => {
    const rows = randomRows(11, { sources: 2, values: 4, count: 300 });
    const [one, other] = [await decompose('broja', rows), await decompose('broja', rows.map(([t = 0, x = 0, y = 0]) => [t, y, x]))];
    assertClose(['{1}{2}', '{1}', '{2}', '{12}'].map(one.atom), ['{1}{2}', '{2}', '{1}', '{12}'].map(other.atom), { tolerance: () => 1e-11, place: (i) => `atom ${i}` });
    expect(one.atom('{1}')).not.toBeCloseTo(one.atom('{2}'), 3);
  });

  it('is no further from the least information than the gap that it certifies', async () => {
    const rows = randomRows(5, { sources: 2, values: 2, count: 60 });
    const { value, gap } = await solveCoupling(couplingProgramme(statesAt(rows, 0), statesAt(rows, 1), statesAt(rows, 2)), never);
    const entropy = informationOracle(rows, 0, [0]);
    const least = leastInformationOracle(rows);
    expect(Math.abs(entropy + value / Math.LN2 - least)).toBeLessThan(gap / Math.LN2 + 1e-13);
  });
});

describe('the lattice', () => {
  it.for([
    [1, 1],
    [2, 4],
    [3, 18],
    [4, 166],
  ] as const)('of %i sources has %i nodes, those of a search among all sets of sets, each after the nodes below it', ([sources, count]) => {
    const { nodes, below } = redundancyLattice(sources);
    expect(nodes).toHaveLength(count);
    expect(nodes.map(({ sets }) => notationOf(sets)).toSorted()).toEqual(antichainsOracle(sources).map(notationOracle).toSorted());
    for (const [i, lower] of below.entries()) for (const j of lower) expect(j).toBeLessThan(i);
    expect(below.at(-1)).toHaveLength(count - 1);
  });

  it('stands from what all tell to what only all together tell', () => {
    const { nodes } = redundancyLattice(3);
    expect(notationOf(nodes[0]?.sets ?? [])).toBe('{1}{2}{3}');
    expect(notationOf(nodes.at(-1)?.sets ?? [])).toBe('{123}');
    expect(nodes.map(({ sets }) => notationOf(sets))).toContain('{1}{23}');
  });
});

describe('sxpid', () => {
  it('parts an XOR as the definition does by hand', async () => {
    // W of {1}{2} has 3 of the 4 states, of which the target's value is in one: log₂ ((1/4) / (3/4)) / (1/2).
    const found = await decompose('sxpid', gates[1]?.rows ?? []);
    assertClose(['{1}{2}', '{1}', '{2}', '{12}'].map(found.atom), [Math.log2(2 / 3), Math.log2(3 / 2), Math.log2(3 / 2), Math.log2(4 / 3)], { tolerance: () => 1e-12, place: (i) => `atom ${i}` });
    expect([found.informative?.[0], found.misinformative?.[0]]).toEqual([expect.closeTo(Math.log2(4 / 3), 12), expect.closeTo(1, 12)]);
  });

  it('calls shared what two copies of a bit tell', async () => {
    const found = await decompose('sxpid', gates[3]?.rows ?? []);
    assertClose(['{1}{2}', '{1}', '{2}', '{12}'].map(found.atom), [1, 0, 0, 0], { tolerance: () => 1e-12, place: (i) => `atom ${i}` });
  });

  it.for([
    [1, 3, 40],
    [2, 3, 60],
    [3, 2, 50],
    [3, 3, 60],
    [4, 2, 24],
  ] as const)('agrees with the definition spelt out for %i sources of %i values', async ([sources, values, count]) => {
    const rows = randomRows(sources + values, { sources, values, count });
    const [found, truth] = [await decompose('sxpid', rows), sharedExclusionsOracle(rows, sources)];
    const expected = found.notations.map((notation) => truth.get(notation));
    const place = (i: number): string => found.notations[i] ?? '';
    assertClose(found.informative ?? [], expected.map((part) => part?.informative ?? Number.NaN), { tolerance: () => 1e-11, place });
    assertClose(found.misinformative ?? [], expected.map((part) => part?.misinformative ?? Number.NaN), { tolerance: () => 1e-11, place });
  });

  it.for([2, 3, 4])('has atoms of %i sources that sum to the joint information, and below each source to its own', async (sources) => {
    const rows = randomRows(31, { sources, values: 4, count: 900 });
    const found = await decompose('sxpid', rows);
    expect(found.atoms.reduce((sum, atom) => sum + atom, 0)).toBeCloseTo(informationOracle(rows, 0, Array.from({ length: sources }, (_, s) => s + 1)), 10);
    const ofFirst = found.notations.reduce((sum, notation, i) => (/\{1\}/.test(notation) ? sum + (found.atoms[i] ?? 0) : sum), 0);
    expect(ofFirst).toBeCloseTo(informationOracle(rows, 0, [1]), 10);
  });

  it('gives exchanged sources exchanged atoms', async () => {
    const rows = randomRows(41, { sources: 3, values: 3, count: 200 });
    const [one, other] = [await decompose('sxpid', rows), await decompose('sxpid', rows.map(([t = 0, a = 0, b = 0, c = 0]) => [t, c, b, a]))];
    const exchanged = (notation: string): string => notationOracle([...notation.matchAll(/\{(\d+)\}/g)].map(([, set = '']) => set.split('').map((s) => 4 - Number(s))));
    assertClose(one.notations.map(one.atom), one.notations.map((notation) => other.atom(exchanged(notation))), { tolerance: () => 1e-12, place: (i) => one.notations[i] ?? '' });
  });
});
