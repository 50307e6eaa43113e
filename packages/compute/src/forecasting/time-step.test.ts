import { expect, it } from 'vitest';
import { frameOfSeries } from '../analyses/forecast/forecast.testing.ts';
import { medianStep, timesFrom } from './time-step.ts';

const dates = (times: BigInt64Array): string[] => Array.from(times, (time) => new Date(Number(time / 1000n)).toISOString().slice(0, 10));
const timed = (stamps: readonly number[]) => ({ ...frameOfSeries({ a: new Float64Array(stamps.length) }), time: BigInt64Array.from(stamps, (stamp) => BigInt(stamp) * 1000n) });

it('times that are there are taken, and go on by the median step', () => {
  const days = timed([1, 2, 3, 6, 7].map((day) => Date.UTC(2020, 0, day)));
  expect(medianStep(days)).toBe(86_400_000_000n);
  expect(dates(timesFrom(days, 3, 4))).toEqual(['2020-01-06', '2020-01-07', '2020-01-08', '2020-01-09']);
});

it('months go on by the calendar, also from the last day of one', () => {
  const months = timed([0, 1, 2, 3].map((month) => Date.UTC(2021, month, 1)));
  expect(dates(timesFrom(months, 4, 3))).toEqual(['2021-05-01', '2021-06-01', '2021-07-01']);
  const quarters = timed([0, 3, 6].map((month) => Date.UTC(2021, month, 15)));
  expect(dates(timesFrom(quarters, 3, 2))).toEqual(['2021-10-15', '2022-01-15']);
});

it('row numbers go on one by one', () => {
  const rows = frameOfSeries({ a: new Float64Array(5) }, { timeKind: 'index' });
  expect([...timesFrom(rows, 5, 2)]).toEqual([5n, 6n]);
});
