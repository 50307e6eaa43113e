import { describe, expect, it } from 'vitest';
import { CorrenteError } from '../errors.ts';
import type { InputShape } from '../analysis.ts';
import type { Precision } from '../engine.ts';
import { enginesOf } from '../engine-choice.ts';
import { correlation, correlationMethods, correlationParams, correlationTolerances, rollingWindows, rowsPerBand } from './correlation.ts';
import { parseParams } from './index.ts';

const shape = (series: number, rows: number): InputShape => ({ series: Array.from({ length: series }, (_, s) => `s${s}`), rows, time: 'timestamp' });
const gib = 2 ** 30;

/** The pointers of the places that are refused. */
function refused(params: unknown): readonly string[] {
  try {
    parseParams(correlation, params);
    return [];
  } catch (error) {
    if (!(error instanceof CorrenteError)) throw error;
    expect(error.code).toBe('invalid-params');
    return error.places.map(({ pointer }) => pointer);
  }
}

describe('the tables', () => {
  it('of a matrix have one column per series, and no name twice even where a series is called series', () => {
    const [matrix] = correlation.tables(correlationParams.parse({}), { series: ['b', 'series', 'series_'], rows: 3, time: 'index' });
    expect(matrix?.columns.map(({ name }) => name)).toEqual(['series', 'b', 'series__', 'series_']);
  });

  it.each([
    [{}, ['matrix']],
    [{ output: 'both', order: 'hierarchical' }, ['matrix', 'pairs', 'order']],
    [{ output: 'pairs', fdr: true }, ['pairs']],
    [{ maxLag: 5, output: 'pairs' }, ['pairs']],
    [{ window: 60, output: 'both' }, ['rolling']],
    [{ halfLife: 20 }, ['rolling']],
  ])('of %j are %j', (params, names) => {
    expect(correlation.tables(correlationParams.parse(params), shape(3, 100)).map(({ name }) => name)).toEqual(names);
  });
});

describe('what means nothing together is refused at its place', () => {
  it.each([
    [{ method: 'kendall', shrinkage: 'oas' }, ['/params/shrinkage']],
    [{ method: 'kendall', partial: true }, ['/params/partial']],
    [{ method: 'distance', denoise: 'marchenko-pastur' }, ['/params/denoise']],
    [{ method: 'spearman', window: 20 }, ['/params/method']],
    [{ method: 'spearman', maxLag: 3 }, ['/params/method']],
    [{ window: 20, halfLife: 5 }, ['/params/halfLife']],
    [{ window: 20, maxLag: 3, top: 5, fdr: true }, ['/params/maxLag', '/params/top', '/params/fdr']],
    [{ window: 20, minPeriods: 21 }, ['/params/minPeriods']],
    [{ window: 1 }, ['/params/window']],
    [{ window: 20, step: 0 }, ['/params/step']],
    [{ step: 2 }, ['/params/step']],
    [{ maxLag: 3, partial: true }, ['/params/partial']],
    [{ detone: 1, partial: true }, ['/params/detone']],
    [{ shrinkage: 'oas', denoise: 'marchenko-pastur' }, ['/params/denoise']],
    [{ method: 'covariance', fdr: true }, ['/params/fdr']],
    [{ shrinkage: 'ledoit-wolf', fdr: true }, ['/params/fdr']],
    [{ minAbs: 1.5 }, ['/params/minAbs']],
  ])('%j', (params, pointers) => {
    expect(refused(params)).toEqual(pointers);
  });

  it.each([{}, { method: 'covariance', minAbs: 100 }, { partial: true, shrinkage: 'oas' }, { partial: true, denoise: 'marchenko-pastur' }, { method: 'spearman', partial: true, fdr: true }, { halfLife: 0.5, step: 7 }, { maxLag: 10, order: 'hierarchical', fdr: true }])('and %j is taken', (params) => {
    expect(refused(params)).toEqual([]);
  });
});

const memory = (params: unknown, series: number, rows: number, precision: Precision = 'f64'): number => correlation.estimate(parseParams(correlation, params), shape(series, rows), precision).memoryBytes;

describe('the estimate', () => {
  it('of the strongest pairs of 20,000 series with 2,520 rows is below 4 GiB, and of their matrix above it', () => {
    expect(memory({ output: 'pairs', top: 1000 }, 20_000, 2520)).toBeLessThan(4 * gib);
    expect(memory({ output: 'matrix' }, 20_000, 2520)).toBeGreaterThan(4 * gib);
    expect(memory({ output: 'pairs', top: 1000, fdr: true }, 20_000, 2520)).toBeGreaterThan(4 * gib);
  });

  it('of windows does not grow with the number of pairs, only with what one step holds', () => {
    expect(memory({ window: 60 }, 500, 2500)).toBeLessThan(gib);
  });

  it.each<[string, unknown, number]>([
    ['at lags: the transforms of values, pattern and squares, of both sides', { maxLag: 20 }, 3 * 2 * 8],
    ['in windows: the values, and of each window a mean and a spread', { window: 20 }, 3 * 8],
    ['of ranks: the ranks, their order and their panels', { method: 'spearman' }, 8 + 5 + 4],
    ['of places: two for each value, and its ties', { method: 'kendall' }, 2 * 4 + 4 + 4],
    ['of distances: places, values and sums', { method: 'distance' }, 2 * 4 + 2 * 8],
    ['listwise: the rows that are left, their ranks and their panels', { missing: 'listwise', method: 'spearman' }, 8 + 8 + 4],
  ])('counts what is float64 under f32 too; %s', (_what, params, bytes) => {
    const [series, rows] = [100, 1_000_000];
    expect(memory(params, series, rows, 'f32')).toBeGreaterThan(series * rows * (8 + bytes));
  });

  it('counts the copies of a matrix that is inverted or taken apart', () => {
    expect(memory({ denoise: 'marchenko-pastur' }, 2000, 100) - memory({}, 2000, 100)).toBeGreaterThan(4 * 8 * 2000 ** 2 - 8 * 2000 ** 2);
  });
});

describe('the shape of the work', () => {
  it('has a band of rows for picking that depends on the shape alone, of at least 128 rows', () => {
    expect(rowsPerBand(20_000, 2520)).toBe(384);
    expect(rowsPerBand(10, 10)).toBe(128);
  });

  it('has windows that end at the last row of the first whole one, then a step apart', () => {
    expect(rollingWindows(correlationParams.parse({ window: 60, step: 10 }), 100)).toEqual({ count: 5, first: 59 });
    expect(rollingWindows(correlationParams.parse({ halfLife: 9, minPeriods: 4 }), 10)).toEqual({ count: 7, first: 3 });
    expect(rollingWindows(correlationParams.parse({ window: 60 }), 59).count).toBe(0);
  });

  it('names engines for every method, and a tolerance', () => {
    for (const method of correlationMethods) {
      expect(enginesOf(correlation, correlationParams.parse({ method }), 'f64')).toEqual(['cuda', 'cpu', 'portable']);
      expect(correlationTolerances[method].f64).toBeGreaterThan(0);
    }
  });
});
