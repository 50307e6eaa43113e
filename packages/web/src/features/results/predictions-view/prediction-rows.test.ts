import { describe, expect, it } from 'vitest';
import { SeriesIndex } from '../series-index.ts';
import { integers, reals, storeOf, texts } from '../table-store.testing.ts';
import { hasTwoClasses, holdsForecasts, mostDots, predictionRows, scatter } from './prediction-rows.ts';

describe('predictionRows', () => {
  it('sorts the rows of a series by time, and has no probabilities where the table has none', () => {
    const store = storeOf({ time: reals([2, 5, 1]), series: texts(['a', 'b', 'a']), y: reals([20, 50, 10]), yhat: reals([21, 51, 11]) });
    const { time, y, probability } = predictionRows(store, new SeriesIndex(store, 1).update(), 'a');
    expect([[...time], [...y], [...probability]]).toEqual([[1, 2], [10, 20], [Number.NaN, Number.NaN]]);
  });
});

describe('holdsForecasts', () => {
  const table = (steps: number[], origins: number[], lower: (number | null)[]) => storeOf({ origin: reals(origins), step: integers(steps), lower: reals(lower) });

  it('tells several steps from one origin, and intervals, from predictions one by one', () => {
    expect(holdsForecasts(table([1, 2], [7, 7], [null, null]))).toBe(true);
    expect(holdsForecasts(table([1], [7], [0.5]))).toBe(true);
    expect(holdsForecasts(table([1, 1], [7, 8], [null, null]))).toBe(false);
    expect(holdsForecasts(storeOf({ origin: reals([7, 7]) }))).toBe(false);
  });
});

describe('scatter', () => {
  it('is by what was predicted, without rows that miss either', () => {
    const { x, y } = scatter({ time: new Float64Array(3), y: Float64Array.of(1, Number.NaN, 3), yhat: Float64Array.of(9, 5, 4), probability: new Float64Array(3) });
    expect([[...x], [...y]]).toEqual([[4, 9], [3, 1]]);
  });

  it('leaves out rows of a table that has too many', () => {
    const values = Float64Array.from({ length: 3 * mostDots + 1 }, (_, row) => row);
    expect(scatter({ time: values, y: values, yhat: values, probability: values }).x.length).toBeLessThanOrEqual(mostDots);
  });
});

describe('hasTwoClasses', () => {
  it('tells 0 and 1 from classes by other numbers, of which either side may have some', () => {
    const of = (y: number[], yhat: number[]) => hasTwoClasses({ y: Float64Array.from(y), yhat: Float64Array.from(yhat) });
    expect([of([0, Number.NaN, 1], [1, 1, 0]), of([0, 1], [2, 1]), of([3], [1])]).toEqual([true, false, false]);
  });
});
