import { describe, expect, it } from 'vitest';
import { frameOfSeries } from '../analyses/forecast/forecast.testing.ts';
import { foldsOf, originsIn } from './split.ts';

const frame = (rows: number, every = 86_400_000_000n) => frameOfSeries({ a: new Float64Array(rows) }, { every });

describe('foldsOf', () => {
  it('takes fractions of the rows, and rows as they are given', () => {
    const [first] = foldsOf({ split: { train: 0.6, validation: 0.2, test: 0.2 }, folds: 1 }, frame(10));
    expect(first).toEqual({ train: { from: 0, to: 6 }, validation: { from: 6, to: 8 }, test: { from: 8, to: 10 } });
    const [second] = foldsOf({ split: { train: 5, validation: 2, test: 2 }, folds: 1 }, frame(10));
    expect(second).toEqual({ train: { from: 0, to: 5 }, validation: { from: 5, to: 7 }, test: { from: 7, to: 9 } });
  });

  it('takes dates with their whole day, and instants to the row', () => {
    const hours = frame(96, 3_600_000_000n);
    const [byDay] = foldsOf({ split: { train: '1970-01-02', validation: '1970-01-03', test: null }, folds: 1 }, hours);
    expect(byDay).toEqual({ train: { from: 0, to: 48 }, validation: { from: 48, to: 72 }, test: { from: 72, to: 96 } });
    const [byHour] = foldsOf({ split: { train: '1970-01-01T11:00:00', validation: '1970-01-01T13:00:00+01:00', test: '1970-01-01T20:00:00Z' }, folds: 1 }, hours);
    expect(byHour).toEqual({ train: { from: 0, to: 12 }, validation: { from: 12, to: 13 }, test: { from: 13, to: 21 } });
  });

  it('gives folds whose test blocks meet, whose train rows grow, and that never test on rows seen before', () => {
    const folds = foldsOf({ split: { train: 50, validation: 10, test: 32 }, folds: 3 }, frame(100));
    expect(folds.map(({ test }) => test)).toEqual([{ from: 60, to: 70 }, { from: 70, to: 80 }, { from: 80, to: 92 }]);
    for (const { train, validation, test } of folds) {
      expect(train).toEqual({ from: 0, to: validation.from });
      expect(validation.to).toBe(test.from);
      expect(validation.to - validation.from).toBe(10);
    }
  });

  it('refuses a split that is longer than the data, with both figures', () => {
    expect(() => foldsOf({ split: { train: 50, validation: 10, test: 41 }, folds: 1 }, frame(100))).toThrow(expect.objectContaining({ code: 'invalid-params', message: expect.stringMatching(/= 101 rows; there are 100/) }));
  });

  it('refuses dates where there is no time, and dates that leave a part empty', () => {
    const rows = frameOfSeries({ a: new Float64Array(10) }, { timeKind: 'index' });
    expect(() => foldsOf({ split: { train: '1970-01-02', validation: '1970-01-03', test: null }, folds: 1 }, rows)).toThrow(/names dates/);
    expect(() => foldsOf({ split: { train: '1970-01-02', validation: '1970-01-02', test: null }, folds: 1 }, frame(10))).toThrow(/validation after \d+ and test after/);
    expect(() => foldsOf({ split: { train: '1970-01-03', validation: '1970-01-02', test: null }, folds: 1 }, frame(100))).toThrow(/ends train after 3 rows of 100, validation after 2 and test after 100;/);
  });
});

it('origins leave room for the whole horizon', () => {
  expect([...originsIn({ from: 3, to: 8 }, 3)]).toEqual([3, 4, 5]);
  expect([...originsIn({ from: 3, to: 5 }, 3)]).toEqual([]);
});
