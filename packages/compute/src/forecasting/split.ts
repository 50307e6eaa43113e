/** The rows of a forecast: train, validation and test, for each fold of a walk-forward test. */
import { type ForecastParams, isDated, isFractional } from '@corrente/shared/contract/analyses/forecast';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Frame } from '../frame/frame.ts';

/** Rows [from, to). */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

export interface Fold {
  readonly train: RowRange;
  readonly validation: RowRange;
  readonly test: RowRange;
}

export const rowsOf = ({ from, to }: RowRange): number => to - from;

/** Origins whose whole horizon lies in the range: the forecast of origin t is of rows [t, t + horizon). */
export function originsIn({ from, to }: RowRange, horizon: number): Int32Array<ArrayBuffer> {
  return Int32Array.from({ length: Math.max(0, to - from - horizon + 1) }, (_, i) => from + i);
}

/**
 * The folds of a split. One: as the split says. Several: the test rows in so many blocks of equal length (the last takes
 * what remains); before each block lie as many validation rows as the split gives, and train takes all rows before.
 */
export function foldsOf({ split, folds }: Pick<ForecastParams, 'split' | 'folds'>, frame: Pick<Frame, 'time' | 'timeKind' | 'length'>): Fold[] {
  const [train, validation, test] = bordersOf(split, frame);
  const rows = validation - train;
  const block = Math.floor((test - validation) / folds);
  return Array.from({ length: folds }, (_, k) => {
    const from = validation + k * block;
    return { train: { from: 0, to: from - rows }, validation: { from: from - rows, to: from }, test: { from, to: k === folds - 1 ? test : from + block } };
  });
}

/** The rows that train, validation and test end before. */
function bordersOf(split: ForecastParams['split'], frame: Pick<Frame, 'time' | 'timeKind' | 'length'>): [number, number, number] {
  const { length } = frame;
  if (isDated(split)) {
    if (frame.timeKind === 'index') throw refused('The data set has no time, only row numbers, and the split names dates; expected fractions or numbers of rows.');
    const borders: [number, number, number] = [rowAfter(frame.time, split.train), rowAfter(frame.time, split.validation), split.test === null ? length : rowAfter(frame.time, split.test)];
    if (borders[0] === 0 || borders[1] <= borders[0] || borders[2] <= borders[1]) throw refused(`The split by dates ends train after ${borders[0]} rows of ${length}, validation after ${borders[1]} and test after ${borders[2]}; each part needs rows of its own, after those of the part before.`);
    return borders;
  }
  const { train, validation, test } = split;
  if (isFractional(split)) {
    // Rounded, so that 0.6 of 10 rows is 6 whatever the last bit of the product.
    const end = (share: number): number => Math.floor(share * length + 1e-6);
    return [end(train), end(train + validation), Math.min(length, end(train + validation + test))];
  }
  if (train + validation + test > length) throw refused(`The split takes ${train} + ${validation} + ${test} = ${train + validation + test} rows; there are ${length}.`);
  return [train, train + validation, train + validation + test];
}

/** The number of rows up to and including a date (its whole day) or an instant; UTC where it names no offset. */
function rowAfter(time: BigInt64Array, bound: string): number {
  const wholeDay = bound.length === 10;
  const stamp = wholeDay ? Date.parse(`${bound}T00:00:00Z`) + 86_400_000 : Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(bound) ? bound : `${bound}Z`);
  const limit = BigInt(stamp) * 1000n;
  let low = 0;
  let high = time.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const before = wholeDay ? time[middle]! < limit : time[middle]! <= limit;
    if (before) low = middle + 1;
    else high = middle;
  }
  return low;
}

function refused(detail: string): CorrenteError {
  return new CorrenteError('invalid-params', detail, { places: [{ pointer: '/params/split', detail }] });
}
