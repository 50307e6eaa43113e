import { forecastParams } from '@corrente/shared/contract/analyses/forecast/params';
import { expect, it } from 'vitest';
import { firstSplit, partOf, splitKind } from './split-value.ts';

it('tells shares, rows and dates from each other', () => {
  expect(splitKind({ train: 0.6, validation: 0.2, test: 0.2 })).toBe('shares');
  expect(splitKind({ train: 8640, validation: 2880, test: 2880 })).toBe('rows');
  expect(splitKind({ train: '2017-06-25', validation: '2017-10-23', test: null })).toBe('dates');
  expect(splitKind(undefined)).toBe('shares');
});

it('begins with splits of each kind that it knows again, and that the contract takes once dates are told', () => {
  for (const kind of ['shares', 'rows', 'dates'] as const) expect(splitKind(firstSplit(kind))).toBe(kind);
  for (const kind of ['shares', 'rows'] as const) expect(() => forecastParams.parse({ split: firstSplit(kind) })).not.toThrow();
  expect(() => forecastParams.parse({ split: { ...firstSplit('dates'), train: '2017-06-25', validation: '2017-10-23' } })).not.toThrow();
});

it('shows a part that is left open as empty', () => {
  expect([partOf({ train: 5, test: null }, 'train'), partOf({ train: 5, test: null }, 'test'), partOf(null, 'train')]).toEqual([5, '', '']);
});
