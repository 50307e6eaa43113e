import { expect, it } from 'vitest';
import { boundOf } from './use-history.ts';

it('tells the end of a range as a date, an instant or a row', () => {
  const day = Date.UTC(2018, 0, 2) * 1000;
  expect([boundOf(day, 'timestamp'), boundOf(day + 3_600_000_000, 'timestamp'), boundOf(12, 'index')]).toEqual(['2018-01-02', '2018-01-02T01:00:00Z', 12]);
});
