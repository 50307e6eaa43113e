/** Information from neighbours: values and counts against every distance of every pair. */
import type { Precision } from '@corrente/shared/contract/engine';
import { assertClose, assertSameBits } from '../../test/oracle/compare.ts';
import { informationOracle, type Spaces } from '../../test/oracle/information.ts';
import { remembered } from '../../test/oracle/remembered.ts';
import { dependentSpaces, type Dimensions, spaceOf } from '../../test/series/information.ts';
import { gaussian, gaussians, uniform } from '../../test/series/random.ts';
import type { Engine, InformationRequest, InformationSession, NeighbourCounts, NeighbourRule } from './contract.ts';
import { inBothPrecisions } from './engine.cases.precision.ts';
import type { EngineCase } from './engine.cases.ts';

/** A value is a constant and the mean of integers in fixed point, each of which is off by half a unit of 2^(bits - 55). */
export const informationTolerance = 1e-12;

export const ksg1 = { estimator: 'ksg1', neighbours: 4, theiler: 0 } as const satisfies NeighbourRule;
export const ksg2 = { estimator: 'ksg2', neighbours: 4, theiler: 0 } as const satisfies NeighbourRule;
const kernel: NeighbourRule = { estimator: 'kernel', width: 0.5, theiler: 0 };
export const rules: readonly NeighbourRule[] = [ksg1, ksg2, kernel];

export const ruleInWords = (rule: NeighbourRule): string => `${rule.estimator}${rule.estimator === 'kernel' ? ` of width ${rule.width}` : `, k = ${rule.neighbours}`}${rule.theiler > 0 ? `, Theiler ${rule.theiler}` : ''}`;

/** Opens Y and Z for as long as the work takes. */
export async function withSession<T>(engine: Engine, { y, z }: Pick<Spaces, 'y' | 'z'>, rule: NeighbourRule, precision: Precision, work: (session: InformationSession) => Promise<T>): Promise<T> {
  const session = await engine.openInformation(y, z, rule, { precision });
  try {
    return await work(session);
  } finally {
    session.close();
  }
}

/** X alone. */
export const plain = (source: InformationRequest['source']): InformationRequest => ({ source, surrogates: 0, permute: { stream: [0, 0, 0, 0] } });

/** I(X; Y | Z) of a session of its own. */
export async function valueOf(engine: Engine, spaces: Spaces, rule: NeighbourRule, precision: Precision): Promise<number> {
  const [values] = await withSession(engine, spaces, rule, precision, (session) => session.estimate([plain(spaces.x)], { precision }));
  return values?.[0] ?? Number.NaN;
}

const countNames = ['joint', 'xz', 'yz', 'z'] as const satisfies ReadonlyArray<keyof NeighbourCounts>;

/** The oracle, which several engines of one process ask for the same points. */
export const rememberedOracle = remembered(informationOracle);

/** The counts exactly, the value closely. */
async function checkAgainstOracle(engine: Engine, spaces: Spaces, rule: NeighbourRule, precision: Precision): Promise<void> {
  const options = { precision };
  const { counts, estimates } = await withSession(engine, spaces, rule, precision, async (session) => ({
    estimates: await session.estimate([plain(spaces.x)], options),
    counts: await session.counts(spaces.x, options),
  }));
  const oracle = rememberedOracle(spaces, rule, precision === 'f32');
  for (const name of countNames) assertSameBits(counts[name], oracle.counts[name], (i) => `${name} neighbours of point ${i}`);
  assertClose(estimates[0] ?? [], [oracle.value], { tolerance: () => informationTolerance, place: () => 'the value' });
}

const dimensions: readonly Dimensions[] = [[1, 1, 0], [2, 1, 0], [3, 2, 0], [1, 2, 0], [1, 1, 1], [1, 1, 2], [2, 1, 1], [1, 1, 3], [3, 1, 3], [1, 2, 3], [2, 2, 5], [1, 1, 8], [3, 2, 8]];

/** At, and one off, the widths that kernels are made of; the smallest leaves each point one neighbour more than k. */
const lengths = [6, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 257, 513, 1023, 1025] as const;

const neighbourNumbers = [1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 89] as const;

const constant = (length: number): Float64Array => new Float64Array(length).fill(0.1);

/** Spaces in which distances are equal, zero, or of very different sizes. */
function troubledSpaces(length: number): ReadonlyArray<{ readonly name: string; readonly spaces: Spaces }> {
  const { x, y, z } = dependentSpaces([1, 1, 2], length, { seed: 21 });
  const of = (...series: Float64Array[]): Spaces['x'] => spaceOf(series, length);
  const made = (value: (i: number) => number): Float64Array => Float64Array.from({ length }, (_, i) => value(i));
  const quantised = dependentSpaces([1, 1, 2], length, { seed: 22, quantum: 0.5 });
  const coarse = dependentSpaces([2, 2, 1], length, { seed: 23, quantum: 2 });
  return [
    { name: 'values in steps of a half', spaces: quantised },
    { name: 'values in steps of a half, no Z', spaces: { ...quantised, z: of() } },
    { name: 'a handful of different points', spaces: coarse },
    { name: 'a handful of different points, no Z', spaces: { ...coarse, z: of() } },
    { name: 'a constant Z', spaces: { x, y, z: of(constant(length)) } },
    { name: 'a constant column in Z', spaces: { x, y, z: of(constant(length), gaussians(24, length)) } },
    { name: 'a constant X', spaces: { x: of(constant(length)), y, z } },
    { name: 'a constant X, no Z', spaces: { x: of(constant(length)), y, z: of() } },
    { name: 'a constant Y', spaces: { x, y: of(constant(length)), z } },
    { name: 'constants everywhere', spaces: { x: of(constant(length)), y: of(constant(length)), z: of(constant(length)) } },
    { name: 'constants everywhere, no Z', spaces: { x: of(constant(length)), y: of(constant(length)), z: of() } },
    { name: 'X equal to Y', spaces: { x: y, y, z } },
    { name: 'each point twice', spaces: { x: of(made((i) => gaussian(25, i >> 1))), y: of(made((i) => gaussian(26, i >> 1))), z: of(made((i) => gaussian(27, i >> 1))) } },
    { name: 'a time series of steps', spaces: { x: of(made((i) => Math.floor(i / 7))), y: of(made((i) => Math.floor(i / 5))), z: of(made((i) => i % 3)) } },
    { name: 'X in two clusters far apart', spaces: { x: of(made((i) => gaussian(28, i) + (uniform(29, i) < 0.07 ? 1e6 : 0))), y, z } },
    { name: 'one point far away in Y and Z', spaces: { x, y: of(made((i) => (i === 17 ? 1e9 : gaussian(30, i)))), z: of(made((i) => (i === 17 ? -1e12 : gaussian(31, i)))) } },
    { name: 'heavy tails everywhere', spaces: { x: of(made((i) => gaussian(32, i) ** 9)), y: of(made((i) => gaussian(33, i) ** 9)), z: of(made((i) => gaussian(34, i) ** 9)) } },
    { name: 'Y and Z dense where X is not', spaces: { x: of(made((i) => gaussian(35, i) * (i % 10 === 0 ? 1e5 : 1))), y: of(made((i) => gaussian(36, i) * (i % 10 === 0 ? 1e-5 : 1))), z: of(made((i) => gaussian(37, i) * (i % 10 === 0 ? 1e-5 : 1))) } },
    { name: 'values near 1e9 that differ by little', spaces: { x: of(made((i) => 1e9 + gaussian(38, i))), y: of(made((i) => 1e9 + gaussian(39, i))), z: of(made((i) => 1e9 + gaussian(40, i))) } },
    { name: 'tiny values', spaces: { x: of(made((i) => 1e-30 * gaussian(41, i))), y: of(made((i) => 1e-30 * gaussian(42, i))), z: of(made((i) => 1e-30 * gaussian(43, i))) } },
    { name: 'values of both signs of zero', spaces: { x: of(made((i) => (i % 2 === 0 ? 0 : -0))), y: of(made((i) => (i % 3 === 0 ? 0 : -0))), z: of(made((i) => (i % 5 === 0 ? 0 : -0))) } },
  ];
}

const casesOf = (rule: NeighbourRule): EngineCase[] => [
  ...dimensions.flatMap((dims) =>
    inBothPrecisions(`information: ${ruleInWords(rule)}, ${dims[0]} dimensions of X, ${dims[1]} of Y and ${dims[2]} of Z count and measure as every pair does`, (engine, precision) =>
      checkAgainstOracle(engine, dependentSpaces(dims, 150, { seed: 2, padding: dims[2] % 3 }), rule, precision),
    ),
  ),
  ...inBothPrecisions(`information: ${ruleInWords(rule)}, from 6 to 1025 points as every pair does`, async (engine, precision) => {
    for (const length of lengths) await checkAgainstOracle(engine, dependentSpaces([1, 1, 2], length, { seed: length }), rule, precision);
  }),
  ...inBothPrecisions(`information: ${ruleInWords(rule)}, from 6 to 1025 points without Z as every pair does`, async (engine, precision) => {
    for (const length of lengths) await checkAgainstOracle(engine, dependentSpaces([1, 1, 0], length, { seed: length }), rule, precision);
  }),
  ...inBothPrecisions(`information: ${ruleInWords(rule)}, 2000 points as every pair does`, (engine, precision) => checkAgainstOracle(engine, dependentSpaces([1, 1, 3], 2000, { seed: 3 }), rule, precision)),
  ...troubledSpaces(90).flatMap(({ name, spaces }) =>
    inBothPrecisions(`information: ${ruleInWords(rule)}, ${name} as every pair does`, (engine, precision) => checkAgainstOracle(engine, spaces, rule, precision)),
  ),
  ...[1, 10].flatMap((theiler) =>
    [0, 2].flatMap((zs) =>
      inBothPrecisions(`information: ${ruleInWords({ ...rule, theiler })}, ${zs} dimensions of Z leave out the points of the window, with ties and without`, async (engine, precision) => {
        for (const quantum of [undefined, 0.5]) await checkAgainstOracle(engine, dependentSpaces([1, 1, zs], 80, { seed: 4, ...(quantum === undefined ? {} : { quantum }) }), { ...rule, theiler }, precision);
      }),
    ),
  ),
];

export const informationCases: EngineCase[] = [
  ...rules.flatMap(casesOf),
  ...[ksg1, ksg2].flatMap((rule) =>
    [0, 2].flatMap((zs) =>
      inBothPrecisions(`information: ${rule.estimator} with 1 to all but one of 90 points as neighbours, ${zs} dimensions of Z, as every pair does`, async (engine, precision) => {
        for (const neighbours of neighbourNumbers) await checkAgainstOracle(engine, dependentSpaces([1, 1, zs], 90, { seed: 5 }), { ...rule, neighbours }, precision);
      }),
    ),
  ),
  ...inBothPrecisions('information: kernels from narrower than any distance to wider than all of them count as every pair does', async (engine, precision) => {
    for (const width of [1e-9, 0.05, 0.3, 1, 3, 1e3]) {
      for (const zs of [0, 2]) await checkAgainstOracle(engine, dependentSpaces([2, 1, zs], 130, { seed: 6 }), { estimator: 'kernel', width, theiler: 0 }, precision);
    }
  }),
];
