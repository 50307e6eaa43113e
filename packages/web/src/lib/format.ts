/** How numbers, sizes, times and names are written, everywhere the same. */
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export function formatCount(value: number): string {
  return whole.format(value);
}

/** With the noun in the right number: "1 series" is the caller's to say where singular and plural agree. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

export { inBytes as formatBytes } from '@corrente/shared/contract/bytes';

export function formatMilliseconds(ms: number): string {
  if (ms < 1) return '< 1 ms';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${seconds % 60} s`;
}

/** A correlation or any other number in [-1, 1]: always as wide, with a true minus sign. */
export function formatCoefficient(value: number, digits = 4): string {
  if (Number.isNaN(value)) return 'no value';
  return value.toFixed(digits).replace('-', '−');
}

/** Any measured number: seven significant digits at most, scientific where it is very large or small. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return '';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  const text = size !== 0 && (size < 1e-4 || size >= 1e9) ? value.toExponential(4) : String(Number(value.toPrecision(Math.max(7, Math.ceil(Math.log10(size + 1)) + 2))));
  return text.replace(/^-/, '−').replace('e-', 'e−');
}

/** A measured number in a column of its kind, its decimals held so that digits of like size line up: six of them below 10. */
export function formatReal(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || (size !== 0 && (size < 1e-3 || size >= 1e6))) return formatNumber(value);
  const wholeDigits = Math.max(1, Math.floor(Math.log10(size)) + 1);
  return value === 0 ? '0' : value.toFixed(7 - wholeDigits).replace(/^-/, '−');
}

/** A measured number in a sentence: four significant digits. */
export function formatShort(value: number): string {
  return Number.isNaN(value) ? 'no value' : formatNumber(Number(value.toPrecision(4)));
}

/** A share of 1 in percent. */
export function formatShare(value: number): string {
  return Number.isNaN(value) ? 'no value' : `${formatNumber(Number((100 * value).toPrecision(3)))} %`;
}

/** A moment on this machine's clock, as a person reads it in a list. */
export function formatMoment(iso: string): string {
  return new Date(iso).toLocaleString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

/** How long ago, roughly; the full moment belongs beside it as a tooltip. */
export function formatAgo(iso: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(iso)) / 1000));
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return formatMoment(iso).split(',')[0]!;
}

/** Microseconds since 1970 in UTC, shorter where the time of day says nothing. */
export function formatTimestamp(microseconds: bigint): string {
  const rest = Number(((microseconds % 1000n) + 1000n) % 1000n);
  const iso = new Date(Number((microseconds - BigInt(rest)) / 1000n)).toISOString();
  if (rest !== 0) return `${iso.slice(0, 10)} ${iso.slice(11, 23)}${String(rest).padStart(3, '0')}`;
  if (iso.endsWith('T00:00:00.000Z')) return iso.slice(0, 10);
  return `${iso.slice(0, 10)} ${iso.slice(11, iso.endsWith('.000Z') ? 19 : 23)}`;
}

/** A data set's bound as it is written in lists: midnight is a date, T becomes a space. */
export function formatBound(bound: string): string {
  return bound.replace(/[T ]00:00:00(\.0+)?(Z|\+00:00)?$/, '').replace('T', ' ').replace(/(\.000)?Z$/, '');
}

/** The last characters of an id, enough to tell jobs apart in a list. */
export function shortId(id: string): string {
  return id.slice(-6);
}
