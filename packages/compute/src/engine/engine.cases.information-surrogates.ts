/** Surrogates, many requests at once, and what leaves an estimate of information as it is. */
import type { Precision } from '@corrente/shared/contract/engine';
import { openInformation } from '@corrente/shared/portable/information';
import { permutation } from '@corrente/shared/portable/random';
import { assertClose, assertSameBits } from '../../test/oracle/compare.ts';
import type { Spaces } from '../../test/oracle/information.ts';
import { remembered } from '../../test/oracle/remembered.ts';
import { seriesOf } from '../../test/series/columns.ts';
import { dependentSpaces, type Dimensions, spaceOf } from '../../test/series/information.ts';
import { gaussian } from '../../test/series/random.ts';
import type { Columns, Engine, InformationRequest, NeighbourRule, RandomStream } from './contract.ts';
import { informationTolerance, ksg1, ksg2, plain, rememberedOracle, ruleInWords, rules, valueOf, withSession } from './engine.cases.information.ts';
import { inBothPrecisions } from './engine.cases.precision.ts';
import type { EngineCase } from './engine.cases.ts';

const stream: RandomStream = [4_000_000_007, 1, 4_294_967_295, 0];

/** At, and one off, the numbers of surrogates that vector units and warps take at once. */
const surrogateNumbers = [0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 65] as const;

const permuted = (columns: Columns, order: Int32Array): Columns =>
  spaceOf(
    Array.from({ length: columns.series }, (_, d) => Float64Array.from(order, (place) => seriesOf(columns, d)[place] ?? Number.NaN)),
    columns.length,
  );

const mapped = (columns: Columns, change: (value: number, d: number) => number): Columns =>
  spaceOf(
    Array.from({ length: columns.series }, (_, d) => seriesOf(columns, d).map((value) => change(value, d))),
    columns.length,
  );

const backwards = (columns: Columns): Columns =>
  spaceOf(
    Array.from({ length: columns.series }, (_, d) => seriesOf(columns, columns.series - 1 - d)),
    columns.length,
  );

const estimateAll = (engine: Engine, spaces: Spaces, rule: NeighbourRule, requests: readonly InformationRequest[], precision: Precision): Promise<Array<Float64Array<ArrayBuffer>>> =>
  withSession(engine, spaces, rule, precision, (session) => session.estimate(requests, { precision }));

const valueInWords = (request: string) => (place: number): string => (place === 0 ? `the value of ${request}` : `surrogate ${place - 1} of ${request}`);

/** Draw d of a stream, the ordering that it names, and X so ordered: one value, by the oracle's count as well. */
async function checkDraws(engine: Engine, dims: Dimensions, rule: NeighbourRule, precision: Precision): Promise<void> {
  const length = 101;
  const surrogates = 9;
  const spaces = dependentSpaces(dims, length, { seed: 51 });
  const orders = Array.from({ length: surrogates }, (_, draw) => permutation(stream, draw, length));
  const orderings = Int32Array.from(orders.flatMap((order) => [...order]));
  const sources = [spaces.x, ...orders.map((order) => permuted(spaces.x, order))];
  const [ofStream, ofOrderings, ...ofSources] = await estimateAll(
    engine,
    spaces,
    rule,
    [{ source: spaces.x, surrogates, permute: { stream } }, { source: spaces.x, surrogates, permute: { orderings } }, ...sources.map(plain)],
    precision,
  );
  const explicit = ofSources.map((values) => values[0] ?? Number.NaN);
  assertSameBits(ofStream ?? [], explicit, valueInWords('the stream'));
  assertSameBits(ofOrderings ?? [], explicit, valueInWords('the orderings'));
  const oracle = sources.map((x) => rememberedOracle({ ...spaces, x }, rule, precision === 'f32').value);
  assertClose(explicit, oracle, { tolerance: () => informationTolerance, place: valueInWords('X permuted beforehand') });
}

/** A draw is the same however many of them are asked for. */
async function checkNumbers(engine: Engine, dims: Dimensions, rule: NeighbourRule, precision: Precision): Promise<void> {
  const spaces = dependentSpaces(dims, 60, { seed: 52 });
  const requests = surrogateNumbers.map((surrogates): InformationRequest => ({ source: spaces.x, surrogates, permute: { stream } }));
  const values = await estimateAll(engine, spaces, rule, requests, precision);
  const most = values.at(-1);
  for (const [at, surrogates] of surrogateNumbers.entries()) assertSameBits(values[at] ?? [], most?.slice(0, 1 + surrogates) ?? [], valueInWords(`a request for ${surrogates} surrogates`));
}

/** Requests of different dimensions and numbers of surrogates, together and each alone. */
async function checkTogether(engine: Engine, zs: number, rule: NeighbourRule, precision: Precision): Promise<void> {
  const length = 77;
  const spaces = dependentSpaces([1, 1, zs], length, { seed: 53 });
  const requests = Array.from({ length: 23 }, (_, at): InformationRequest => {
    const source = dependentSpaces([1 + (at % 3), 1, 0], length, { seed: 54 + at, padding: at % 4 }).x;
    return { source, surrogates: at % 2 === 0 ? 0 : at, permute: { stream: [at, 5, 6, 7] } };
  });
  const together = await estimateAll(engine, spaces, rule, requests, precision);
  for (const [at, request] of requests.entries()) {
    const [alone] = await estimateAll(engine, spaces, rule, [request], precision);
    assertSameBits(together[at] ?? [], alone ?? [], valueInWords(`request ${at}`));
  }
}

/** A session answers the same again, whatever it was asked before, one call after the other or both at once. */
async function checkAgain(engine: Engine, rule: NeighbourRule, precision: Precision): Promise<void> {
  const spaces = dependentSpaces([1, 1, 2], 140, { seed: 55 });
  const wide = permuted(mapped(spaces.x, (value) => value ** 5 * 100), permutation(stream, 1, 140));
  const options = { precision };
  const request: InformationRequest = { source: spaces.x, surrogates: 12, permute: { stream } };
  await withSession(engine, spaces, rule, precision, async (session) => {
    const [first] = await session.estimate([request], options);
    await session.counts(wide, options);
    await session.estimate([plain(wide)], options);
    const [[second], [third], counts] = await Promise.all([session.estimate([request], options), session.estimate([request, plain(wide)], options), session.counts(spaces.x, options)]);
    assertSameBits(second ?? [], first ?? [], valueInWords('the second call'));
    assertSameBits(third ?? [], first ?? [], valueInWords('a call beside another'));
    assertSameBits(counts.xz, rememberedOracle(spaces, rule, precision === 'f32').counts.xz, (i) => `xz neighbours of point ${i}`);
  });
}

/** Changes of the data that change no distance between points but by a common power of two. */
async function checkInvariance(engine: Engine, rule: NeighbourRule, precision: Precision): Promise<void> {
  const length = 120;
  // Multiples of 2⁻¹⁶ of small size: no shift below rounds a difference, and no two neighbours are equally near.
  const spaces = dependentSpaces([3, 2, 2], length, { seed: 56, quantum: 2 ** -16 });
  const { x, y, z } = spaces;
  const order = permutation(stream, 3, length);
  const scaled = (columns: Columns): Columns => mapped(columns, (value) => value * 2 ** -7);
  const scaledRule: NeighbourRule = rule.estimator === 'kernel' ? { ...rule, width: rule.width * 2 ** -7 } : rule;
  const changes: ReadonlyArray<readonly [string, Spaces, NeighbourRule]> = [
    ['the points in another order', { x: permuted(x, order), y: permuted(y, order), z: permuted(z, order) }, rule],
    ['the dimensions of each space in another order', { x: backwards(x), y: backwards(y), z: backwards(z) }, rule],
    ['a power of two added to each dimension', { x: mapped(x, (value, d) => value + 2 ** (3 + d)), y: mapped(y, (value) => value - 64), z: mapped(z, (value, d) => value + 2 ** d) }, rule],
    ['the sign of each dimension turned', { x: mapped(x, (value) => -value), y: mapped(y, (value) => -value), z: mapped(z, (value) => -value) }, rule],
    ['all scaled by a power of two', { x: scaled(x), y: scaled(y), z: scaled(z) }, scaledRule],
    ['X and Y exchanged', { x: y, y: x, z }, rule],
    ['a dimension of X twice', { x: spaceOf([0, 1, 2, 0].map((d) => seriesOf(x, d)), length), y, z }, rule],
    ['a constant dimension in Z', { x, y, z: spaceOf([seriesOf(z, 0), new Float64Array(length).fill(3), seriesOf(z, 1)], length) }, rule],
  ];
  const expected = await valueOf(engine, spaces, rule, precision);
  for (const [name, changed, changedRule] of changes) assertSameBits([await valueOf(engine, changed, changedRule, precision)], [expected], () => `with ${name}`);
}

/** The value of floats in float64: float32 differs by the neighbours that change sides, of which there are few. */
const singleTolerance = 5e-3;

async function checkSingle(engine: Engine, rule: NeighbourRule): Promise<void> {
  const exact = dependentSpaces([1, 1, 2], 400, { seed: 57, quantum: 2 ** -12 });
  const [inSingle] = await estimateAll(engine, exact, rule, [{ ...plain(exact.x), surrogates: 20 }], 'f32');
  const [inDouble] = await estimateAll(engine, exact, rule, [{ ...plain(exact.x), surrogates: 20 }], 'f64');
  assertSameBits(inSingle ?? [], inDouble ?? [], valueInWords('X on a grid that floats represent'));
  const rounded = dependentSpaces([1, 1, 2], 400, { seed: 58 });
  const [close] = await estimateAll(engine, rounded, rule, [{ ...plain(rounded.x), surrogates: 20 }], 'f32');
  const [truth] = await estimateAll(engine, rounded, rule, [{ ...plain(rounded.x), surrogates: 20 }], 'f64');
  assertClose(close ?? [], truth ?? [], { tolerance: () => singleTolerance, place: valueInWords('X under f32, against f64,') });
}

const portableValues = remembered(async ({ y, z }: Spaces, rule: NeighbourRule, precision: Precision, requests: readonly InformationRequest[]) => (await openInformation(y, z, rule, precision === 'f32', {})).estimate(requests, {}));

/** The bits of the portable engine, at a size where lists, tiles and blocks are many. */
async function checkSameAsPortable(engine: Engine, dims: Dimensions, length: number, rule: NeighbourRule, precision: Precision): Promise<void> {
  const spaces = dependentSpaces(dims, length, { seed: 59 });
  const heavy = mapped(spaces.x, (value) => value ** 3);
  const requests: InformationRequest[] = [
    { source: spaces.x, surrogates: length > 2000 ? 3 : 40, permute: { stream } },
    { source: heavy, surrogates: 5, permute: { stream: [1, 2, 3, 4] } },
    plain(spaceOf([...Array.from({ length: dims[0] }, (_, d) => seriesOf(spaces.x, d)), Float64Array.from({ length }, (_, i) => gaussian(60, i))], length)),
  ];
  const expected = await portableValues(spaces, rule, precision, requests);
  const values = await estimateAll(engine, spaces, rule, requests, precision);
  // The kernel's logarithms are the libraries', whose last bit may differ.
  const exact = rule.estimator !== 'kernel';
  for (const [at, ofRequest] of expected.entries()) {
    if (exact) assertSameBits(values[at] ?? [], ofRequest, valueInWords(`request ${at}`));
    else assertClose(values[at] ?? [], ofRequest, { tolerance: () => informationTolerance, place: valueInWords(`request ${at}`) });
  }
}

const exceptPortable = (cases: EngineCase[]): EngineCase[] =>
  cases.map((one) => ({ ...one, skip: (engine) => (engine.name === 'portable' ? 'the portable engine is what the others are compared with' : (one.skip?.(engine) ?? null)) }));

const differentSpaces: readonly Dimensions[] = [[1, 1, 0], [2, 1, 0], [1, 1, 1], [1, 1, 3], [3, 2, 2]];

const sizes: ReadonlyArray<readonly [Dimensions, number]> = [[[1, 1, 3], 1500], [[1, 1, 0], 1500], [[2, 1, 0], 500], [[1, 1, 1], 700], [[3, 1, 6], 700], [[1, 1, 2], 3000]];

const casesOf = (rule: NeighbourRule): EngineCase[] => [
  ...differentSpaces.flatMap((dims) => inBothPrecisions(`information: ${ruleInWords(rule)}, dimensions ${dims.join(', ')}: a draw is X permuted beforehand, bit for bit`, (engine, precision) => checkDraws(engine, dims, rule, precision))),
  ...[0, 2].flatMap((zs) => inBothPrecisions(`information: ${ruleInWords(rule)}, ${zs} dimensions of Z: a draw does not depend on how many are asked for`, (engine, precision) => checkNumbers(engine, [1, 1, zs], rule, precision))),
  ...[0, 2].flatMap((zs) => inBothPrecisions(`information: ${ruleInWords(rule)}, ${zs} dimensions of Z: requests of 1 to 3 dimensions in one call are each as alone`, (engine, precision) => checkTogether(engine, zs, rule, precision))),
  ...inBothPrecisions(`information: ${ruleInWords(rule)}: a session answers the same again, also two calls at once`, (engine, precision) => checkAgain(engine, rule, precision)),
  ...inBothPrecisions(`information: ${ruleInWords(rule)}: order, sign, level and scale change no bit`, (engine, precision) => checkInvariance(engine, rule, precision)),
  {
    name: `information: ${ruleInWords(rule)}: float32 is float64 on numbers that floats represent, and near it on others`,
    skip: (engine: Engine) => (engine.info().precisions.includes('f32') ? null : `${engine.name} does not compute in f32`),
    run: (engine: Engine) => checkSingle(engine, rule),
  },
  ...exceptPortable(
    sizes.flatMap(([dims, length]) =>
      inBothPrecisions(`information: ${ruleInWords(rule)}, dimensions ${dims.join(', ')}, ${length} points: the bits of the portable engine`, (engine, precision) => checkSameAsPortable(engine, dims, length, rule, precision)),
    ),
  ),
];

export const informationSurrogateCases: EngineCase[] = [
  ...rules.flatMap(casesOf),
  ...[ksg1, ksg2].flatMap((rule) =>
    exceptPortable(
      inBothPrecisions(`information: ${rule.estimator} with Theiler window and ties, 600 points: the bits of the portable engine`, async (engine, precision) => {
        const length = 600;
        const spaces = dependentSpaces([1, 1, 2], length, { seed: 61, quantum: 0.125 });
        const requests: InformationRequest[] = [{ source: spaces.x, surrogates: 25, permute: { stream } }];
        const changed = { ...rule, theiler: 7 };
        const expected = await portableValues(spaces, changed, precision, requests);
        assertSameBits((await estimateAll(engine, spaces, changed, requests, precision))[0] ?? [], expected[0] ?? [], valueInWords('X with ties'));
      }),
    ),
  ),
  ...inBothPrecisions('information: no requests have no values', async (engine, precision) => {
    const values = await estimateAll(engine, dependentSpaces([1, 1, 1], 30), ksg1, [], precision);
    if (values.length !== 0) throw new Error(`got ${values.length} values, expected none`);
  }),
];
