/** Times as this folder computes with them: microseconds since 1970 UTC in doubles, exact from 1684 to 2255. */

export const microsPerDay = 86_400_000_000;

/** ISO 8601 in UTC; a date alone where `dateOnly`. */
export function formatTime(micros: number, dateOnly = false): string {
  const milliseconds = Math.floor(micros / 1000);
  const iso = new Date(milliseconds).toISOString();
  if (dateOnly) return iso.slice(0, iso.indexOf('T'));
  const rest = micros - milliseconds * 1000;
  const whole = iso.slice(0, -5);
  const fraction = `${iso.slice(-4, -1)}${String(rest).padStart(3, '0')}`.replace(/0+$/, '');
  return fraction === '' ? `${whole}Z` : `${whole}.${fraction}Z`;
}

/** Microseconds of an ISO 8601 date or instant; UTC where no offset stands. Null where it is none. */
export function parseTime(text: string): number | null {
  const match = /^([+-]?\d{4,6}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(text);
  if (match === null) return null;
  const [, date = '', clock = '00:00', fraction = '', offset = 'Z'] = match;
  const milliseconds = Date.parse(`${date}T${clock.length === 5 ? `${clock}:00` : clock}${offset.toUpperCase()}`);
  return Number.isNaN(milliseconds) ? null : milliseconds * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}

export function isDate(text: string): boolean {
  return /^[+-]?\d{4,6}-\d{2}-\d{2}$/.test(text);
}

/** Months since January of year 0. */
export function monthOf(micros: number): number {
  const date = new Date(Math.floor(micros / 1000));
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** The first instant of a month counted as by `monthOf`. */
export function monthStart(month: number): number {
  const date = new Date(0);
  date.setUTCFullYear(Math.floor(month / 12), month - 12 * Math.floor(month / 12), 1);
  return date.getTime() * 1000;
}
