/** The selection of pairs: the same bits as tiles, in the order that the contract gives. */
import type { Precision } from '@corrente/shared/contract/engine';
import { assertSameBits } from '../../test/oracle/compare.ts';
import { columnsOf, gaussianColumns, seriesOf } from '../../test/series/columns.ts';
import { gaussian } from '../../test/series/random.ts';
import type { Columns, Engine, PairSelection } from './contract.ts';
import { pearson, type Rectangle } from './engine.cases.matrix.ts';
import { assertReals, inBothPrecisions } from './engine.cases.precision.ts';
import type { EngineCase } from './engine.cases.ts';

interface Pair {
  readonly a: number;
  readonly b: number;
  readonly r: number;
  readonly n: number;
}

/** The selection, made plainly from the rectangle's tile. */
function selectPlainly(pairs: readonly Pair[], { minAbs, minPeriods, top }: PairSelection): Pair[] {
  const wanted = pairs.filter(({ a, b, r, n }) => a < b && Math.abs(r) >= minAbs && n >= minPeriods);
  if (top === null) return wanted.toSorted((x, y) => x.a - y.a || x.b - y.b);
  return wanted.toSorted((x, y) => Math.abs(y.r) - Math.abs(x.r) || x.a - y.a || x.b - y.b).slice(0, top);
}

async function checkSelection(engine: Engine, columns: Columns, rectangle: Rectangle, selection: PairSelection, precision: Precision, request = pearson): Promise<void> {
  const session = await engine.openCorrelation(columns, request, { precision });
  try {
    const [rowFrom, , colFrom, colTo] = rectangle;
    const width = colTo - colFrom;
    const tile = await session.tile(...rectangle, { precision });
    const nOf = (at: number): number => (typeof tile.n === 'number' ? tile.n : (tile.n[at] ?? 0));
    const all = Array.from(tile.r, (r, at): Pair => ({ a: rowFrom + Math.floor(at / width), b: colFrom + (at % width), r, n: nOf(at) }));
    const expected = selectPlainly(all, selection);
    const got = await session.strongest(...rectangle, selection, { precision });
    assertReals(got.r, precision);
    if (typeof got.n !== typeof tile.n) throw new Error(`n came as ${typeof got.n}, expected as of the tile: ${typeof tile.n}`);
    const inWords = (what: string) => (at: number): string => `${what} of pair ${at} of ${expected.length}`;
    assertSameBits(got.a, expected.map(({ a }) => a), inWords('a'));
    assertSameBits(got.b, expected.map(({ b }) => b), inWords('b'));
    assertSameBits(got.r, expected.map(({ r }) => r), inWords('r'));
    const { n } = got;
    assertSameBits(typeof n === 'number' ? expected.map(() => n) : n, expected.map((pair) => pair.n), inWords('n'));
  } finally {
    session.close();
  }
}

/** Copies of few series: many pairs of equal |r|, of which places decide; and constant ones without a value. */
function withTies(missing: number): Columns {
  const columns = gaussianColumns(7, 40, { seed: 84, missing });
  return columnsOf(Array.from({ length: 60 }, (_, s) => (s % 9 === 8 ? new Float64Array(40).fill(s) : seriesOf(columns, s % 7).map((value) => (s % 2 === 0 ? value : -value)))));
}

const whole = (series: number): Rectangle => [0, series, 0, series];
const everything: PairSelection = { minAbs: 0, minPeriods: 0, top: null };

export const strongestCases: EngineCase[] = [
  ...(['pearson', 'spearman', 'covariance'] as const).flatMap((method) =>
    [0, 0.15].flatMap((missing) =>
      [everything, { minAbs: 0.3, minPeriods: 0, top: null }, { minAbs: 0, minPeriods: 0, top: 25 }, { minAbs: 0.2, minPeriods: 60, top: 500 }].flatMap((selection) =>
        inBothPrecisions(
          `strongest: ${method}, |r| of at least ${selection.minAbs}, ${selection.minPeriods} rows, ${selection.top ?? 'all'} pairs, are those of the tile (missing ${missing})`,
          (engine, precision) => checkSelection(engine, gaussianColumns(45, 80, { seed: 85, missing }), whole(45), selection, precision, { method, ddof: 1 }),
        ),
      ),
    ),
  ),
  ...[0, 0.1].flatMap((missing) =>
    [1, 100, 500].flatMap((top) =>
      inBothPrecisions(
        `strongest: of equal |r| the first pairs, ${top} of them (missing ${missing})`,
        (engine, precision) => checkSelection(engine, withTies(missing), whole(60), { minAbs: 0, minPeriods: 0, top }, precision),
      ),
    ),
  ),
  ...([[0, 20, 0, 50], [10, 30, 25, 50], [30, 50, 0, 20], [5, 45, 12, 13], [7, 7, 0, 50]] as const).flatMap((rectangle) =>
    [0, 0.1].flatMap((missing) =>
      inBothPrecisions(
        `strongest: rows [${rectangle[0]}, ${rectangle[1]}) with columns [${rectangle[2]}, ${rectangle[3]}) give the pairs a < b among them (missing ${missing})`,
        (engine, precision) => checkSelection(engine, gaussianColumns(50, 60, { seed: 86, missing }), rectangle, { minAbs: 0.1, minPeriods: 0, top: 40 }, precision),
      ),
    ),
  ),
  ...inBothPrecisions('strongest: no pair is asked for', (engine, precision) => checkSelection(engine, gaussianColumns(5, 20), whole(5), { minAbs: 0, minPeriods: 0, top: 0 }, precision)),
  ...inBothPrecisions('strongest: more rows than there are leave no pair', (engine, precision) => checkSelection(engine, gaussianColumns(5, 20), whole(5), { minAbs: 0, minPeriods: 21, top: null }, precision)),
  ...inBothPrecisions(
    'strongest: a perfect pair is found at |r| of at least 1',
    (engine, precision) => {
      const base = Float64Array.from({ length: 50 }, (_, t) => gaussian(87, t));
      return checkSelection(engine, columnsOf([base, base.map((v) => -v), base.map((v) => v * 3 + 1), Float64Array.from({ length: 50 }, (_, t) => gaussian(88, t))]), whole(4), { minAbs: 1, minPeriods: 0, top: null }, precision);
    },
  ),
  ...[10, 3000].flatMap((top) =>
    inBothPrecisions(
      `strongest: ${top} of 400 series, more than a block, are those of the tile`,
      (engine, precision) => checkSelection(engine, gaussianColumns(400, 50, { seed: 89 }), whole(400), { minAbs: 0, minPeriods: 0, top }, precision),
    ),
  ),
];
