/** The date and the time of a row as features. */
import { calendarParts, type CalendarPart, type Feature } from '@corrente/shared/contract/analyses/learn/features';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Frame } from '../frame/frame.ts';

/** Throws `invalid-params` where parts of the calendar are asked of rows that have numbers, and no time. */
export function refuseCalendar({ timeKind }: Frame, calendar: readonly CalendarPart[]): void {
  if (timeKind === 'timestamp' || calendar.length === 0) return;
  throw new CorrenteError('invalid-params', `The data set has no time, only row numbers; the features ${calendar.join(', ')} are parts of the time.`, { places: [{ pointer: '/params/features/calendar', detail: 'must be empty for data without time' }] });
}

/** Of each row its part of the calendar (UTC): the number, or where it lies on a circle. Monday is weekday 0. */
export function calendarColumn(column: Float64Array, { time }: Frame, rows: Int32Array, { part, as }: Extract<Feature, { kind: 'calendar' }>): void {
  const { from, count } = calendarParts[part];
  for (let i = 0; i < column.length; i++) {
    const value = partOf(part, new Date(Math.floor(Number(time[rows[i] ?? 0] ?? 0n) / 1000)));
    const angle = (2 * Math.PI * (value - from)) / count;
    column[i] = as === 'number' ? value : as === 'sine' ? Math.sin(angle) : Math.cos(angle);
  }
}

function partOf(part: CalendarPart, date: Date): number {
  switch (part) {
    case 'minute':
      return date.getUTCMinutes();
    case 'hour':
      return date.getUTCHours();
    case 'weekday':
      return (date.getUTCDay() + 6) % 7;
    case 'day-of-month':
      return date.getUTCDate();
    case 'day-of-year':
      return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
    case 'month':
      return date.getUTCMonth() + 1;
  }
}
