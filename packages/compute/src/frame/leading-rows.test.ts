import { expect, it } from 'vitest';
import { columnsOf, seriesOf } from '../../test/series/columns.ts';
import { frameOf } from '../run/frame.testing.ts';
import { emptyLeadingRows, withoutLeadingRows } from './leading-rows.ts';

const nan = Number.NaN;
const frame = frameOf(columnsOf([Float64Array.of(nan, nan, 1, nan, nan, 4), Float64Array.of(nan, 5, 6, nan, 7, 8)], 3), { trials: 2 });

it('rows count as empty where no series has a value, in any trial', () => {
  expect(emptyLeadingRows(frame, [0, 1])).toBe(1);
  expect(emptyLeadingRows(frame, [0])).toBe(2);
  expect(emptyLeadingRows(frameOf(columnsOf([Float64Array.of(1, nan, 2)])), [0])).toBe(0);
  expect(emptyLeadingRows(frameOf(columnsOf([Float64Array.of(nan, nan, nan)])), [0])).toBe(2);
});

it('they are left out of each trial, with their times', () => {
  const rest = withoutLeadingRows(frame, 1);
  expect([rest.length, rest.trials]).toEqual([4, 2]);
  expect(seriesOf(rest, 0)).toEqual(Float64Array.of(nan, 1, nan, 4));
  expect(seriesOf(rest, 1)).toEqual(Float64Array.of(5, 6, 7, 8));
  expect(rest.time).toEqual(BigInt64Array.of(86_400_000_000n, 2n * 86_400_000_000n, 86_400_000_000n, 2n * 86_400_000_000n));
  expect(rest.present).toEqual(Uint32Array.of(2, 4));
  expect(withoutLeadingRows(frame, 0)).toBe(frame);
});
