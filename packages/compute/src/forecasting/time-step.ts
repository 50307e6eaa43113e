/** The step between rows, and the times beyond the last one. */
import type { Frame } from '../frame/frame.ts';

type Times = Pick<Frame, 'time' | 'timeKind'>;

/** Every series of a frame asks for the same median. */
const medians = new WeakMap<BigInt64Array, bigint>();

/** The median of the steps between rows, in microseconds (in rows for data without time); 1 where there is one row. */
export function medianStep({ time }: Pick<Frame, 'time'>): bigint {
  const known = medians.get(time);
  if (known !== undefined) return known;
  const steps = BigInt64Array.from({ length: Math.max(0, time.length - 1) }, (_, t) => time[t + 1]! - time[t]!).toSorted();
  const median = steps[(steps.length - 1) >>> 1] ?? 1n;
  medians.set(time, median);
  return median;
}

const monthMicros = 2_629_746_000_000n;

/** The whole number of calendar months that a step of 1 month or more stands for; null for others. */
function calendarMonths({ time, timeKind }: Times): number | null {
  if (timeKind !== 'timestamp' || time.length < 2) return null;
  const step = medianStep({ time });
  const months = Math.round(Number(step) / Number(monthMicros));
  if (months < 1 || Math.abs(Number(step) / Number(monthMicros) - months) > 0.06 * months) return null;
  return time.every((stamp, t) => t === 0 || monthsFrom(time[t - 1]!, months) === stamp) ? months : null;
}

/** The same day and clock so many months later, the last of the month where it has no such day. */
function monthsFrom(stamp: bigint, months: number): bigint {
  const date = new Date(Number(stamp / 1000n));
  const day = date.getUTCDate();
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 0)).getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  date.setUTCDate(Math.min(day, lastDay));
  return BigInt(date.getTime()) * 1000n + (stamp % 1000n);
}

/** The times of rows [origin, origin + horizon): those there are, then on by the median step, or by calendar months. */
export function timesFrom(frame: Times, origin: number, horizon: number): BigInt64Array<ArrayBuffer> {
  const { time } = frame;
  const last = time.at(-1) ?? 0n;
  const beyond = origin + horizon > time.length;
  const months = beyond ? calendarMonths(frame) : null;
  const step = beyond ? medianStep(frame) : 0n;
  return BigInt64Array.from({ length: horizon }, (_, k) => {
    const row = origin + k;
    const known = time[row];
    if (known !== undefined) return known;
    const ahead = row - time.length + 1;
    return months === null ? last + BigInt(ahead) * step : monthsFrom(last, months * ahead);
  });
}
