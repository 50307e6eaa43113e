/** Calendar buckets in UTC: a time falls into the bucket that begins at or before it and gives it its label. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import { monthOf, monthStart } from './time.ts';

export interface Bucketing {
  /** Length in microseconds; the mean length where buckets are months. */
  readonly length: number;
  /** The bucket of a time, from its first microsecond to before `end`. */
  of(micros: number): { readonly start: number; readonly end: number };
}

const microsPer: Readonly<Record<string, number>> = { ms: 1000, s: 1_000_000, min: 60_000_000, h: 3_600_000_000, d: 86_400_000_000, w: 604_800_000_000 };
const monthsPer: Readonly<Record<string, number>> = { mo: 1, q: 3, y: 12 };
/** Monday 2000-01-03: weeks begin on Mondays, and buckets of several days are counted from here. */
const origin = 946_857_600_000_000;
const originMonth = 2000 * 12;
const meanMonth = 2_629_746_000_000;

/** @param every such as 5min, 1d, 1mo, 1q; months, quarters and years are counted from January 2000 */
export function bucketing(every: string): Bucketing {
  const match = /^([1-9]\d*)(ms|s|min|h|d|w|mo|q|y)$/.exec(every);
  const count = Number(match?.[1]);
  const unit = match?.[2] ?? '';
  const months = count * (monthsPer[unit] ?? 0);
  if (months > 0) {
    return {
      length: months * meanMonth,
      of(micros) {
        const bucket = Math.floor((monthOf(micros) - originMonth) / months) * months + originMonth;
        return { start: monthStart(bucket), end: monthStart(bucket + months) };
      },
    };
  }
  const length = count * (microsPer[unit] ?? Number.NaN);
  if (!(length > 0)) throw new CorrenteError('invalid-job', `${JSON.stringify(every)} is no length of time; expected a number and ms, s, min, h, d, w, mo, q or y.`, { places: [{ pointer: '/input/resample/every', detail: 'Such as 5min, 1d or 1mo.' }] });
  return {
    length,
    of(micros) {
      const start = Math.floor((micros - origin) / length) * length + origin;
      return { start, end: start + length };
    },
  };
}
