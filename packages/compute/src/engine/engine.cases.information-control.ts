/** Information from neighbours: cancelling, progress and refusals. */
import type { Precision } from '@corrente/shared/contract/engine';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { dependentSpaces, noColumns, spaceOf } from '../../test/series/information.ts';
import type { Columns, Engine, InformationRequest, NeighbourRule, OpOptions } from './contract.ts';
import { assertRejects, checkAbortInMidst, checkProgress } from './engine.cases.control.ts';
import { ksg1, ksg2, plain, withSession } from './engine.cases.information.ts';
import { inBothPrecisions } from './engine.cases.precision.ts';
import type { EngineCase } from './engine.cases.ts';

const spaces = dependentSpaces([1, 1, 2], 40, { seed: 71 });

const surrogatesOf = (source: Columns, surrogates: number): InformationRequest => ({ source, surrogates, permute: { stream: [1, 2, 3, 4] } });

/** Throws unless the work rejects with code internal and a message that holds each of the figures. */
async function assertNames(work: () => Promise<unknown>, figures: readonly number[]): Promise<void> {
  await assertRejects(async () => {
    try {
      await work();
    } catch (error) {
      const said = error instanceof CorrenteError ? error.message : '';
      const missing = figures.filter((figure) => !new RegExp(`(?<![\\d.])${figure}(?![\\d.]*\\d)`).test(said));
      if (error instanceof CorrenteError && missing.length > 0) throw new Error(`the message "${said}" does not name ${missing.join(', ')}`, { cause: error });
      throw error;
    }
  }, 'internal');
}

/** Opens with another rule, Y or Z. */
const opening = (change: { rule?: NeighbourRule; y?: Columns; z?: Columns }) => (engine: Engine, options: OpOptions): Promise<unknown> =>
  engine.openInformation(change.y ?? spaces.y, change.z ?? spaces.z, change.rule ?? ksg1, options);

/** Estimates another request in a session that is well. */
const estimating = (request: InformationRequest) => (engine: Engine, options: OpOptions): Promise<unknown> =>
  withSession(engine, spaces, ksg1, options.precision, (session) => session.estimate([request], options));

type Refusal = readonly [name: string, work: (engine: Engine, options: OpOptions) => Promise<unknown>, figures: readonly number[]];

const refusals: readonly Refusal[] = [
  ['no neighbours', opening({ rule: { ...ksg1, neighbours: 0 } }), [0]],
  ['as many neighbours as points', opening({ rule: { ...ksg1, neighbours: 40 } }), [40, 39]],
  ['more neighbours than the Theiler window leaves the points in the middle', opening({ rule: { ...ksg2, neighbours: 8, theiler: 16 } }), [8, 40, 7, 16]],
  ['a Theiler window that leaves nothing', opening({ rule: { ...ksg1, theiler: 25 } }), [4, 40, 0, 25]],
  ['a negative Theiler window', opening({ rule: { ...ksg1, theiler: -1 } }), [-1]],
  ['a kernel without width', opening({ rule: { estimator: 'kernel', width: 0, theiler: 0 } }), [0]],
  ['a kernel whose width is no number', opening({ rule: { estimator: 'kernel', width: Number.NaN, theiler: 0 } }), []],
  ['Y without dimensions', opening({ y: noColumns(40) }), [0, 1]],
  ['no points', opening({ y: spaceOf([new Float64Array(0)], 0), z: noColumns(0) }), [0]],
  ['Z of another length than Y', opening({ z: dependentSpaces([1, 1, 1], 41).z }), [41, 40]],
  ['X of another length than Y', estimating(plain(dependentSpaces([1, 1, 1], 39).x)), [39, 40]],
  ['X without dimensions', estimating(plain(noColumns(40))), [0, 1]],
  ['less than no surrogates', estimating({ ...plain(spaces.x), surrogates: -1 }), [-1]],
  ['too few orderings', estimating({ source: spaces.x, surrogates: 3, permute: { orderings: new Int32Array(80) } }), [80, 3, 40]],
  ['an ordering that names a place after the last', estimating({ source: spaces.x, surrogates: 1, permute: { orderings: new Int32Array(40).fill(40) } }), [40, 39]],
  ['an ordering that names a place before the first', estimating({ source: spaces.x, surrogates: 1, permute: { orderings: new Int32Array(40).fill(-3) } }), [-3]],
  [
    'counts for X of another length than Y',
    (engine, options) => withSession(engine, spaces, ksg1, options.precision, (session) => session.counts(dependentSpaces([1, 1, 1], 39).x, options)),
    [39, 40],
  ],
];

/** A session works on after a refusal or a cancelled call. */
async function checkLivesOn(engine: Engine, precision: Precision): Promise<void> {
  await withSession(engine, spaces, ksg1, precision, async (session) => {
    const options = { precision };
    const [before] = await session.estimate([plain(spaces.x)], options);
    await assertRejects(() => session.estimate([plain(noColumns(40))], options), 'internal');
    await assertRejects(() => session.estimate([surrogatesOf(spaces.x, 5)], { precision, signal: AbortSignal.abort() }), 'cancelled');
    await assertRejects(() => session.counts(spaces.x, { precision, signal: AbortSignal.abort() }), 'cancelled');
    const [after] = await session.estimate([plain(spaces.x)], options);
    if (before?.[0] === undefined || after?.[0] !== before[0]) throw new Error(`after a refusal and a cancelled call the value was ${after?.[0]}, expected ${before?.[0]}`);
  });
}

const other = (precision: Precision): Precision => (precision === 'f64' ? 'f32' : 'f64');

export const informationControlCases: EngineCase[] = [
  ...refusals.flatMap(([name, work, figures]) => inBothPrecisions(`information: ${name}: refused, the figures named`, (engine, precision) => assertNames(() => work(engine, { precision }), figures))),
  ...inBothPrecisions('information: opening with an aborted signal rejects with code cancelled', (engine, precision) =>
    assertRejects(() => engine.openInformation(spaces.y, spaces.z, ksg1, { precision, signal: AbortSignal.abort() }), 'cancelled'),
  ),
  ...inBothPrecisions('information: a session lives on after a refused and after a cancelled call', checkLivesOn),
  ...inBothPrecisions('information: a closed session, and one of the other precision, refuse', async (engine, precision) => {
    const session = await engine.openInformation(spaces.y, spaces.z, ksg1, { precision });
    await assertRejects(() => session.estimate([plain(spaces.x)], { precision: other(precision) }), 'internal');
    session.close();
    await assertRejects(() => session.estimate([plain(spaces.x)], { precision }), 'internal');
    await assertRejects(() => session.counts(spaces.x, { precision }), 'internal');
  }),
  ...inBothPrecisions('cancel: an estimate that is aborted in its midst rejects within a second', (engine, precision) => {
    const large = dependentSpaces([1, 1, 3], 3000, { seed: 72 });
    return withSession(engine, large, ksg1, precision, (session) => checkAbortInMidst((options) => session.estimate([surrogatesOf(large.x, 400)], options), precision));
  }),
  ...inBothPrecisions('cancel: an estimate without Z that is aborted in its midst rejects within a second', (engine, precision) => {
    const large = dependentSpaces([2, 1, 0], 3000, { seed: 73 });
    return withSession(engine, large, ksg2, precision, (session) => checkAbortInMidst((options) => session.estimate([surrogatesOf(large.x, 400)], options), precision));
  }),
  ...inBothPrecisions('progress: an estimate reports fractions that climb within [0, 1]', (engine, precision) => {
    const middling = dependentSpaces([1, 1, 2], 600, { seed: 74 });
    return withSession(engine, middling, ksg1, precision, (session) => checkProgress((options) => session.estimate([surrogatesOf(middling.x, 60), plain(middling.x)], options), precision));
  }),
];
