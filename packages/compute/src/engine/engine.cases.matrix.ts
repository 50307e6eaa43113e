/** Matrices of coefficients of every pair: what a case of any method checks them for. */
import { correlation } from '@corrente/shared/contract/analyses/correlation';
import type { Precision } from '@corrente/shared/contract/engine';
import { assertClose, assertSameBits } from '../../test/oracle/compare.ts';
import { matrixOracle, pearsonOracle, type PairOracle } from '../../test/oracle/correlation.ts';
import { seriesOf } from '../../test/series/columns.ts';
import type { Columns, CorrelationRequest, CorrelationTile, Engine } from './contract.ts';
import { assertReals } from './engine.cases.precision.ts';

export const pearson: CorrelationRequest = { method: 'pearson', ddof: 0 };

export type Rectangle = readonly [rowFrom: number, rowTo: number, colFrom: number, colTo: number];

export async function tilesOf(engine: Engine, columns: Columns, rectangles: readonly Rectangle[], precision: Precision, request: CorrelationRequest = pearson): Promise<CorrelationTile[]> {
  const session = await engine.openCorrelation(columns, request, { precision });
  try {
    const tiles: CorrelationTile[] = [];
    for (const rectangle of rectangles) tiles.push(await session.tile(...rectangle, { precision }));
    return tiles;
  } finally {
    session.close();
  }
}

/** The whole matrix: r as numbers, and n for every pair. */
export async function matrixOf(engine: Engine, columns: Columns, precision: Precision, request: CorrelationRequest = pearson): Promise<{ r: number[]; n: number[]; uniformN: boolean }> {
  const { series } = columns;
  const [tile] = await tilesOf(engine, columns, [[0, series, 0, series]], precision, request);
  if (tile === undefined) throw new Error('no tile came');
  assertReals(tile.r, precision);
  const uniformN = typeof tile.n === 'number';
  return { r: [...tile.r], n: typeof tile.n === 'number' ? Array.from({ length: series * series }, () => Number(tile.n)) : [...tile.n], uniformN };
}

export const pairInWords = (series: number) => (place: number): string => `r of series ${Math.floor(place / series)} and ${place % series} of ${series}`;

/** What a matrix of coefficients is held to. */
export interface MatrixOracle {
  readonly request: CorrelationRequest;
  readonly of: (a: Float64Array, b: Float64Array) => PairOracle;
  /** Largest difference of the coefficient of two series. */
  readonly tolerance: (precision: Precision, a: Float64Array, b: Float64Array) => number;
  /** A coefficient lies in [-1, 1] and is exactly 1 of a series with itself. */
  readonly normalised: boolean;
}

export const pearsonMatrix: MatrixOracle = { request: pearson, of: pearsonOracle, tolerance: (precision) => correlation.tolerance[precision], normalised: true };

/** Against the oracle; and what must hold exactly: the diagonal, the symmetry, the range, the counts. */
export async function checkMatrix(engine: Engine, columns: Columns, precision: Precision, oracle: MatrixOracle = pearsonMatrix): Promise<void> {
  const { series, length } = columns;
  const { r, n, uniformN } = await matrixOf(engine, columns, precision, oracle.request);
  const place = pairInWords(series);
  const expected = matrixOracle(columns, oracle.of, oracle.normalised);
  assertSameBits(n, expected.n, (at) => `n, not ${place(at)}`);
  const all = Array.from({ length: series }, (_, s) => seriesOf(columns, s));
  const complete = !all.some((values) => values.some(Number.isNaN));
  if (complete && series > 0 && !uniformN) throw new Error(`n came as an array, expected the one number ${length} since no value is missing`);
  const of = (s: number): Float64Array => all[s] ?? new Float64Array(0);
  assertClose(r, expected.r, { tolerance: (at) => oracle.tolerance(precision, of(Math.floor(at / series)), of(at % series)), place });
  const transposed = r.map((_, at) => r[(at % series) * series + Math.floor(at / series)] ?? Number.NaN);
  assertSameBits(r, transposed, place);
  if (!oracle.normalised) return;
  for (const [at, value] of r.entries()) {
    if (Math.abs(value) > 1) throw new Error(`${place(at)}: got ${value}, expected a value in [-1, 1]`);
    if (Math.floor(at / series) === at % series && !Number.isNaN(value) && value !== 1) throw new Error(`${place(at)}: got ${value}, expected exactly 1`);
  }
}

/** Every rectangle that cuts at `cuts`, against the same places of the whole. */
export async function checkTiles(engine: Engine, columns: Columns, cuts: readonly number[], precision: Precision, request: CorrelationRequest = pearson): Promise<void> {
  const { series } = columns;
  const whole = await matrixOf(engine, columns, precision, request);
  const ranges = cuts.slice(1).map((to, i) => [cuts[i] ?? 0, to] as const);
  const rectangles = ranges.flatMap(([rowFrom, rowTo]) => ranges.map(([colFrom, colTo]): Rectangle => [rowFrom, rowTo, colFrom, colTo]));
  const tiles = await tilesOf(engine, columns, rectangles, precision, request);
  for (const [i, [rowFrom, rowTo, colFrom, colTo]] of rectangles.entries()) {
    const tile = tiles[i];
    const width = colTo - colFrom;
    const placeOf = (at: number): number => (rowFrom + Math.floor(at / width)) * series + colFrom + (at % width);
    const inWhole = (matrix: readonly number[]): number[] => Array.from({ length: (rowTo - rowFrom) * width }, (_, at) => matrix[placeOf(at)] ?? Number.NaN);
    const inWords = (at: number): string => `tile [${rowFrom}, ${rowTo}) × [${colFrom}, ${colTo}), ${pairInWords(series)(placeOf(at))}`;
    assertSameBits(tile?.r ?? [], inWhole(whole.r), inWords);
    if (typeof tile?.n !== 'number') assertSameBits(tile?.n ?? [], inWhole(whole.n), inWords);
    else if (tile.n !== whole.n[0]) throw new Error(`tile n: got ${tile.n}, expected ${whole.n[0]}`);
  }
}
