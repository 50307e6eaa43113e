import { describe, expect, it } from 'vitest';
import { SeriesIndex } from '../series-index.ts';
import { integers, reals, storeOf, texts } from '../table-store.testing.ts';
import { apart, areNear, joinedWindows, recentFrom, windowsOf } from './forecast-lines.ts';

/** Forecasts of two rows of the series a and b, made at the given origins. */
function forecasts(...origins: number[]) {
  const rows = origins.flatMap((origin) => ['a', 'b'].flatMap((series) => [1, 2].map((step) => ({ origin, series, step, yhat: origin + step / 10 }))));
  const store = storeOf({
    time: reals(rows.map(({ origin, step }) => origin + step)),
    series: texts(rows.map(({ series }) => series)),
    step: integers(rows.map(({ step }) => step)),
    y: reals(rows.map(() => null)),
    yhat: reals(rows.map(({ yhat }) => yhat)),
    lower: reals(rows.map(({ yhat }) => yhat - 1)),
    upper: reals(rows.map(({ yhat }) => yhat + 1)),
    origin: reals(rows.map(({ origin }) => origin)),
  });
  return windowsOf(store, new SeriesIndex(store, 1).update(), 'b');
}

describe('windowsOf', () => {
  it('takes the forecasts of one series apart by their origins', () => {
    expect(forecasts(20, 10).map(({ origin, time, yhat }) => [origin, [...time], [...yhat]])).toEqual([[10, [11, 12], [10.1, 10.2]], [20, [21, 22], [20.1, 20.2]]]);
  });
});

describe('apart', () => {
  it('keeps the newest of windows that overlap', () => {
    expect(apart(forecasts(10, 11, 12)).map(({ origin }) => origin)).toEqual([10, 12]);
    expect(apart(forecasts(10, 11)).map(({ origin }) => origin)).toEqual([11]);
  });
});

describe('joinedWindows', () => {
  it('parts two windows by a gap, on one array of times', () => {
    const { yhat, upper } = joinedWindows(forecasts(10, 20));
    expect([...yhat.x]).toEqual([11, 12, 16.5, 21, 22]);
    expect([...yhat.y]).toEqual([10.1, 10.2, Number.NaN, 20.1, 20.2]);
    expect(upper.x).toBe(yhat.x);
  });
});

describe('recentFrom', () => {
  it('leaves room for some horizons before the first origin', () => {
    expect(recentFrom(forecasts(10, 20))).toBe(4);
    expect(recentFrom([])).toBeNull();
  });
});

describe('areNear', () => {
  it('tells windows that are legible in one chart from those that are horizons apart', () => {
    expect(areNear(forecasts(10, 20))).toBe(true);
    expect(areNear(forecasts(10, 60))).toBe(false);
    expect(areNear([])).toBe(true);
  });
});
