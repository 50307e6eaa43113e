/** What Kendall's tau and distance correlation have in common: checks of a whole matrix, its tiles and its strongest pairs. */
import type { Precision } from '@corrente/shared/contract/engine';
import { assertClose, assertSameBits } from '../../test/oracle/compare.ts';
import type { PairOracle } from '../../test/oracle/correlation.ts';
import { columnsOf, gaussianColumns, seriesOf } from '../../test/series/columns.ts';
import { uniform } from '../../test/series/random.ts';
import type { Columns, CorrelationMethod, CorrelationSession, Engine, PairSelection } from './contract.ts';
import { assertReals, inBothPrecisions } from './engine.cases.precision.ts';
import type { EngineCase } from './engine.cases.ts';

export interface PairStatistic {
  readonly method: CorrelationMethod;
  readonly oracle: (a: Float64Array, b: Float64Array) => PairOracle;
  /** Largest difference from the oracle under f64; under f32, what rounding the result to a float may add. */
  readonly tolerance: number;
  /** The least value. */
  readonly least: number;
}

export type Check = (engine: Engine, precision: Precision) => Promise<void>;

/** In both precisions, for one statistic. */
export function pairStatisticCase({ method }: PairStatistic, name: string, check: Check): EngineCase[] {
  return inBothPrecisions(`${method}: ${name}`, check);
}

export async function withSession<T>(engine: Engine, columns: Columns, { method }: PairStatistic, precision: Precision, use: (session: CorrelationSession) => Promise<T>): Promise<T> {
  const session = await engine.openCorrelation(columns, { method, ddof: 0 }, { precision });
  try {
    return await use(session);
  } finally {
    session.close();
  }
}

export interface Matrix {
  readonly r: Float64Array;
  readonly n: Float64Array;
}

/** The rectangle as numbers. */
async function rectangle(session: CorrelationSession, from: readonly [number, number], to: readonly [number, number], precision: Precision): Promise<Matrix> {
  const tile = await session.tile(from[0], from[1], to[0], to[1], { precision });
  assertReals(tile.r, precision);
  return { r: Float64Array.from(tile.r), n: typeof tile.n === 'number' ? new Float64Array(tile.r.length).fill(tile.n) : Float64Array.from(tile.n) };
}

export const wholeMatrix = (engine: Engine, columns: Columns, statistic: PairStatistic, precision: Precision): Promise<Matrix> =>
  withSession(engine, columns, statistic, precision, (session) => rectangle(session, [0, columns.series], [0, columns.series], precision));

export const pairInWords = (series: number) => (place: number): string => `series ${Math.floor(place / series)} and ${place % series} of ${series}`;

export const toleranceOf = ({ tolerance }: PairStatistic, precision: Precision): number => tolerance + (precision === 'f32' ? 2 ** -24 : 0);

/** Against the oracle; and what must hold exactly: counts, symmetry, range, the diagonal. */
export async function checkMatrix(engine: Engine, columns: Columns, statistic: PairStatistic, precision: Precision): Promise<void> {
  const { series } = columns;
  const place = pairInWords(series);
  const { r, n } = await wholeMatrix(engine, columns, statistic, precision);
  const expected = Array.from({ length: series * series }, (_, at) => statistic.oracle(seriesOf(columns, Math.floor(at / series)), seriesOf(columns, at % series)));
  assertSameBits(n, expected.map((pair) => pair.n), (at) => `n of ${place(at)}`);
  assertClose(r, expected.map((pair) => pair.r), { tolerance: () => toleranceOf(statistic, precision), place });
  assertSameBits(r, r.map((_, at) => r[(at % series) * series + Math.floor(at / series)] ?? Number.NaN), place);
  for (const [at, value] of r.entries()) {
    if (value < statistic.least || value > 1) throw new Error(`${place(at)}: got ${value}, expected a value in [${statistic.least}, 1]`);
    if (Math.floor(at / series) === at % series && !Number.isNaN(value) && value !== 1) throw new Error(`${place(at)}: got ${value}, expected exactly 1`);
  }
}

/** Every rectangle that cuts at `cuts` (they may overlap), against the same places of the whole. */
export async function checkTiles(engine: Engine, columns: Columns, cuts: readonly number[], statistic: PairStatistic, precision: Precision): Promise<void> {
  const { series } = columns;
  const whole = await wholeMatrix(engine, columns, statistic, precision);
  const ranges = cuts.flatMap((from, i) => cuts.slice(i).map((to) => [from, to] as const));
  await withSession(engine, columns, statistic, precision, async (session) => {
    for (const rows of ranges) {
      for (const cols of ranges) {
        const width = cols[1] - cols[0];
        const placeOf = (at: number): number => (rows[0] + Math.floor(at / width)) * series + cols[0] + (at % width);
        const inWords = (at: number): string => `tile [${rows.join(', ')}) × [${cols.join(', ')}), ${pairInWords(series)(placeOf(at))}`;
        const tile = await rectangle(session, rows, cols, precision);
        assertSameBits(tile.r, tile.r.map((_, at) => whole.r[placeOf(at)] ?? Number.NaN), inWords);
        assertSameBits(tile.n, tile.n.map((_, at) => whole.n[placeOf(at)] ?? Number.NaN), inWords);
      }
    }
  });
}

/** The order of the series decides where a value stands, not what it is. */
export async function checkPermutation(engine: Engine, columns: Columns, statistic: PairStatistic, precision: Precision): Promise<void> {
  const { series } = columns;
  const order = Array.from({ length: series }, (_, s) => s).sort((a, b) => uniform(33, a) - uniform(33, b));
  const before = await wholeMatrix(engine, columns, statistic, precision);
  const after = await wholeMatrix(engine, columnsOf(order.map((s) => seriesOf(columns, s))), statistic, precision);
  const place = (at: number): number => (order[Math.floor(at / series)] ?? 0) * series + (order[at % series] ?? 0);
  assertSameBits(after.r, after.r.map((_, at) => before.r[place(at)] ?? Number.NaN), pairInWords(series));
}

/** The pairs that a selection leaves, out of the whole matrix, sorted as the contract says. */
export async function checkStrongest(engine: Engine, columns: Columns, selection: PairSelection, statistic: PairStatistic, precision: Precision): Promise<void> {
  const { series } = columns;
  const whole = await wholeMatrix(engine, columns, statistic, precision);
  const [rows, cols] = [[1, series - 2], [2, series]] as const;
  const found = await withSession(engine, columns, statistic, precision, (session) => session.strongest(rows[0], rows[1], cols[0], cols[1], selection, { precision }));
  const wanted = Array.from({ length: series * series }, (_, at) => ({ a: Math.floor(at / series), b: at % series, r: whole.r[at] ?? Number.NaN, n: whole.n[at] ?? 0 }))
    .filter(({ a, b, r, n }) => a < b && a >= rows[0] && a < rows[1] && b >= cols[0] && b < cols[1] && Math.abs(r) >= selection.minAbs && n >= selection.minPeriods);
  if (selection.top !== null) wanted.sort((p, q) => Math.abs(q.r) - Math.abs(p.r) || p.a - q.a || p.b - q.b).splice(selection.top);
  const inWords = (at: number): string => `pair ${at} of ${wanted.length}`;
  assertSameBits(found.a, wanted.map(({ a }) => a), inWords);
  assertSameBits(found.b, wanted.map(({ b }) => b), inWords);
  assertSameBits(found.r, wanted.map(({ r }) => r), inWords);
  const { n: counts } = found;
  assertSameBits(typeof counts === 'number' ? wanted.map(() => counts) : counts, wanted.map(({ n }) => n), inWords);
}

/** Series of few different values, with ties within and between. */
export function tiedColumns(series: number, length: number, missing = 0): Columns {
  const { values, ...shape } = gaussianColumns(series, length, { seed: 71, missing });
  return { ...shape, values: values.map((value) => Math.round(2 * value) / 2) };
}

/** What both statistics must hold, over blocks with ties, gaps and constants. */
export function commonCases(statistic: PairStatistic): EngineCase[] {
  const { method } = statistic;
  const blocks: ReadonlyArray<readonly [name: string, columns: () => Columns]> = [
    ['complete', () => gaussianColumns(19, 70, { seed: 72, padding: 3 })],
    ['with ties', () => tiedColumns(19, 70)],
    ['with missing values', () => gaussianColumns(19, 70, { seed: 73, missing: 0.15 })],
    ['with ties and missing values', () => tiedColumns(19, 70, 0.15)],
  ];
  return [
    ...blocks.flatMap(([name, columns]) => [
      ...pairStatisticCase(statistic, `a block ${name} is the plain matrix`, (engine, precision) => checkMatrix(engine, columns(), statistic, precision)),
      ...pairStatisticCase(statistic, `tiles of a block ${name} are the whole bit for bit, wherever they are cut`, (engine, precision) => checkTiles(engine, columns(), [0, 1, 8, 19], statistic, precision)),
      ...pairStatisticCase(statistic, `the order of the series of a block ${name} changes no bit`, (engine, precision) => checkPermutation(engine, columns(), statistic, precision)),
      ...pairStatisticCase(statistic, `the strongest pairs of a block ${name} are those of the matrix, in order`, async (engine, precision) => {
        for (const selection of [{ minAbs: 0, minPeriods: 2, top: null }, { minAbs: 0.3, minPeriods: 55, top: null }, { minAbs: 0, minPeriods: 2, top: 7 }, { minAbs: 0.2, minPeriods: 50, top: 1000 }, { minAbs: 0, minPeriods: 2, top: 0 }]) {
          await checkStrongest(engine, columns(), selection, statistic, precision);
        }
      }),
    ]),
    ...[0, 1, 2, 3, 63, 64, 65, 129].flatMap((length) =>
      pairStatisticCase(statistic, `${length} rows are the plain matrix`, (engine, precision) => checkMatrix(engine, gaussianColumns(4, length, { seed: 74 }), statistic, precision)),
    ),
    ...pairStatisticCase(statistic, 'constant series, and ones constant over the rows in common, have no value', async (engine, precision) => {
      const gap = (values: number[]): Float64Array => Float64Array.from(values);
      const columns = columnsOf([
        gap([1, 1, 1, 1, 1, 1]),
        gap([5, 1, 1, 1, 1, 5]),
        gap([Number.NaN, 3, 2, 4, 1, Number.NaN]),
        gap([1, Number.NaN, Number.NaN, Number.NaN, Number.NaN, 2]),
        gap([Number.NaN, Number.NaN, Number.NaN, Number.NaN, Number.NaN, Number.NaN]),
        gap([0, -0, 0, -0, 0, -0]),
        gap([1, 2, 3, 4, 5, 6]),
      ]);
      await checkMatrix(engine, columns, statistic, precision);
      const { r } = await wholeMatrix(engine, columns, statistic, precision);
      for (const [a, b] of [[0, 6], [1, 2], [2, 3], [4, 4], [5, 6], [0, 0]] as const) {
        if (!Number.isNaN(r[a * columns.series + b] ?? 0)) throw new Error(`${method} of ${a} and ${b}: got ${r[a * columns.series + b]}, expected NaN`);
      }
    }),
  ];
}
