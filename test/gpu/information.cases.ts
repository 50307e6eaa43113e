/**
 * Cases of the CUDA engine's estimates that reach where their work is cut: lists that hold the nearest points only, lists
 * of a stretch of points at a time, batches of lanes, orderings in device memory, heaps of neighbours.
 */
import type { Precision } from '@corrente/shared/contract/engine';
import { openInformation } from '@corrente/shared/portable/information';
import { permutation } from '@corrente/shared/portable/random';
import type { InformationRequest, NeighbourRule, RandomStream } from '../../packages/compute/src/engine/contract.ts';
import { ksg1, ksg2, plain, ruleInWords, withSession } from '../../packages/compute/src/engine/engine.cases.information.ts';
import type { NativeEngine } from '../../packages/compute/src/engine/native.ts';
import { assertClose, assertSameBits } from '../../packages/compute/test/oracle/compare.ts';
import type { Spaces } from '../../packages/compute/test/oracle/information.ts';
import { seriesOf } from '../../packages/compute/test/series/columns.ts';
import { type Dimensions, dependentSpaces, spaceOf } from '../../packages/compute/test/series/information.ts';
import { inBoth, type SeamCase, withDeviceBytes } from './seam.cases.ts';

export interface InformationSizes {
  /** More than a list holds. */
  readonly points: number;
  /** More than an ordering in shared memory has. */
  readonly ordered: number;
}

const stream: RandomStream = [11, 22, 33, 44];
const box: NeighbourRule = { estimator: 'kernel', width: 0.4, theiler: 0 };

const estimate = (engine: NativeEngine, spaces: Spaces, rule: NeighbourRule, requests: readonly InformationRequest[], precision: Precision): Promise<Array<Float64Array<ArrayBuffer>>> =>
  withSession(engine, spaces, rule, precision, (session) => session.estimate(requests, { precision }));

/** Against the portable engine: the bits for ksg; the kernel's logarithms may differ in their last bit. */
async function checkSameAsPortable(engine: NativeEngine, spaces: Spaces, rule: NeighbourRule, precision: Precision): Promise<void> {
  const requests: InformationRequest[] = [{ source: spaces.x, surrogates: 2, permute: { stream } }];
  const expected = await (await openInformation(spaces.y, spaces.z, rule, precision === 'f32', {})).estimate(requests, {});
  const [values] = await estimate(engine, spaces, rule, requests, precision);
  const place = (at: number): string => `value ${at}, by ${ruleInWords(rule)},`;
  if (rule.estimator === 'kernel') assertClose(values ?? [], expected[0] ?? [], { tolerance: () => 1e-12, place });
  else assertSameBits(values ?? [], expected[0] ?? [], place);
}

/** Memory for a few points' lists and one group of lanes at a time. */
async function checkLittleMemory(engine: NativeEngine, dims: Dimensions, rule: NeighbourRule, points: number, precision: Precision): Promise<void> {
  const spaces = dependentSpaces(dims, points, { seed: 91 });
  const wide = dependentSpaces([2, 1, 0], points, { seed: 92 }).x;
  const requests: InformationRequest[] = [{ source: spaces.x, surrogates: 70, permute: { stream } }, plain(wide)];
  const whole = await estimate(engine, spaces, rule, requests, precision);
  const parts = await withDeviceBytes(64 * points, () => estimate(engine, spaces, rule, requests, precision));
  for (const [r, values] of whole.entries()) assertSameBits(parts[r] ?? [], values, (at) => `value ${at} of request ${r}, with little memory,`);
}

/** What a stream draws, the same orderings given, and X so ordered. */
async function checkOrderings(engine: NativeEngine, points: number, precision: Precision): Promise<void> {
  const spaces = dependentSpaces([1, 1, 2], points, { seed: 93 });
  const orders = [0, 1].map((draw) => permutation(stream, draw, points));
  const sources = orders.map((order) => spaceOf([Float64Array.from(order, (place) => seriesOf(spaces.x, 0)[place] ?? Number.NaN)], points));
  const orderings = Int32Array.from({ length: 2 * points }, (_, at) => orders[Math.floor(at / points)]?.[at % points] ?? -1);
  const request = { source: spaces.x, surrogates: 2 };
  const [drawn] = await estimate(engine, spaces, ksg1, [{ ...request, permute: { stream } }], precision);
  const [given, ...alone] = await estimate(engine, spaces, ksg1, [{ ...request, permute: { orderings } }, ...sources.map(plain)], precision);
  assertSameBits(given ?? [], drawn ?? [], (at) => `value ${at} by given orderings`);
  assertSameBits(alone.map((values) => values[0] ?? Number.NaN), drawn?.subarray(1) ?? [], (at) => `X in ordering ${at}`);
}

/** An ordering may name a point twice: X then has values of its own. */
async function checkRepeats(engine: NativeEngine, dims: Dimensions, rule: NeighbourRule, precision: Precision): Promise<void> {
  const points = 90;
  const spaces = dependentSpaces(dims, points, { seed: 94 });
  const ordering = Int32Array.from({ length: points }, (_, i) => (i * i) % 37);
  const gathered = spaceOf(Array.from({ length: dims[0] }, (_, d) => Float64Array.from(ordering, (place) => seriesOf(spaces.x, d)[place] ?? Number.NaN)), points);
  const [values] = await estimate(engine, spaces, rule, [{ source: spaces.x, surrogates: 1, permute: { orderings: ordering } }], precision);
  const [expected] = await estimate(engine, spaces, rule, [plain(gathered)], precision);
  assertSameBits(values?.subarray(1) ?? [], expected ?? [], () => 'X in an ordering that repeats points');
}

const rules: readonly NeighbourRule[] = [ksg1, ksg2, box];

export function informationSeamCases({ points, ordered }: InformationSizes): SeamCase[] {
  return [
    ...rules.flatMap((rule) => [
      ...inBoth(`information: ${ruleInWords(rule)}, ${points} points, lists end before the last neighbour`, async (engine, precision) => {
        for (const dims of [[1, 1, 1], [1, 1, 0]] as const) await checkSameAsPortable(engine, dependentSpaces(dims, points, { seed: 95 }), rule, precision);
      }),
      ...inBoth(`information: ${ruleInWords(rule)}, ${points} points in a few places, whose lists no radius bounds`, (engine, precision) =>
        checkSameAsPortable(engine, dependentSpaces([1, 1, 1], points, { seed: 96, quantum: 2 }), rule, precision),
      ),
      ...inBoth(`information: ${ruleInWords(rule)}, little memory gives the same bits`, async (engine, precision) => {
        for (const dims of [[1, 1, 2], [1, 1, 0]] as const) await checkLittleMemory(engine, dims, rule, 120, precision);
      }),
      ...inBoth(`information: ${ruleInWords(rule)}, an ordering that repeats points is X so gathered`, async (engine, precision) => {
        for (const dims of [[1, 1, 0], [2, 1, 0], [1, 1, 2]] as const) await checkRepeats(engine, dims, rule, precision);
      }),
    ]),
    ...[ksg1, ksg2].flatMap((rule) =>
      inBoth(`information: ${rule.estimator} with 40 neighbours, ${points} points, theirs in heaps`, (engine, precision) =>
        checkSameAsPortable(engine, dependentSpaces([2, 1, 1], points, { seed: 97 }), { ...rule, neighbours: 40, theiler: 3 }, precision),
      ),
    ),
    ...inBoth(`information: ${ordered} points, whose orderings lie in device memory, are drawn as named`, (engine, precision) => checkOrderings(engine, ordered, precision)),
  ];
}
