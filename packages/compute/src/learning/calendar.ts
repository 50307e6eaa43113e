/** The date and the time of a row as features. */
import { calendarParts, type CalendarPart, type Feature } from '@corrente/shared/contract/analyses/learn/features';
import type { Frame } from '../frame/frame.ts';

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
