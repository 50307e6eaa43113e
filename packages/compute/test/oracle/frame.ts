/** The frame once more, slowly: an oracle for tests, written from the contract and not from the code it checks. */
import type { JobInput } from '@corrente/shared/contract/job';

export interface PlainRow {
  readonly series: string;
  /** Microseconds. */
  readonly time: number;
  readonly value: number | null;
}

export interface PlainFrame {
  readonly time: number[];
  readonly values: Map<string, number[]>;
}

type PlainInput = Pick<JobInput, 'resample' | 'fill' | 'transform' | 'from' | 'to'>;

/** The frame, or the code of the error that there is instead. */
export function plainFrame(rows: readonly PlainRow[], names: readonly string[], input: PlainInput): PlainFrame | string {
  const from = input.from ? Date.parse(String(input.from)) * 1000 : -Infinity;
  const to = input.to ? Date.parse(String(input.to)) * 1000 + (String(input.to).includes('T') ? 0 : 86_400_000_000 - 1) : Infinity;
  const selected = rows.filter(({ time }) => time >= from && time <= to).map((row) => ({ ...row, time: input.resample ? bucketStart(row.time, input.resample.every) : row.time, at: row.time }));
  const time = [...new Set(selected.map((row) => row.time))].sort((a, b) => a - b);
  if (time.length === 0) return 'empty-selection';
  const shorter = ['difference', 'return', 'log-return'].includes(input.transform);
  if (shorter && time.length === 1) return 'empty-selection';
  const values = new Map<string, number[]>();
  for (const name of names) {
    const own = selected.filter((row) => row.series === name).sort((a, b) => a.at - b.at);
    const column = time.map((at) => aggregate(own.filter((row) => row.time === at).flatMap(({ value }) => (value === null ? [] : [value])), input.resample?.aggregate ?? 'last'));
    const transformed = transform(fill(column, time, input.fill), input.transform);
    if (transformed.some((value) => Math.abs(value) === Infinity)) return 'transform-domain';
    values.set(name, transformed);
  }
  return { time: shorter ? time.slice(1) : time, values };
}

function bucketStart(micros: number, every: string): number {
  const date = new Date(micros / 1000);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  if (every === '1mo') return Date.UTC(year, month) * 1000;
  if (every === '1q') return Date.UTC(year, month - (month % 3)) * 1000;
  const hours = { '8h': 8, '1d': 24, '2d': 48, '1w': 168 }[every];
  if (hours === undefined) throw new Error(`the oracle knows no buckets of ${every}`);
  // Back from the time, hour by hour, to a multiple of the length since Monday 2000-01-03.
  let hour = Math.floor((date.getTime() - Date.UTC(2000, 0, 3)) / 3_600_000);
  while (hour % hours !== 0) hour--;
  return (Date.UTC(2000, 0, 3) + hour * 3_600_000) * 1000;
}

function aggregate(values: readonly number[], how: NonNullable<JobInput['resample']>['aggregate']): number {
  const sorted = [...values].sort((a, b) => a - b);
  const sum = values.reduce((total, value) => total + value, 0);
  if (how === 'count') return values.length;
  if (values.length === 0) return Number.NaN;
  const middle = sorted.slice(Math.floor((sorted.length - 1) / 2), Math.floor(sorted.length / 2) + 1);
  const made = { first: values[0], last: values.at(-1), sum, mean: sum / values.length, min: sorted[0], max: sorted.at(-1), median: middle.reduce((total, value) => total + value, 0) / middle.length };
  return made[how] ?? Number.NaN;
}

function fill(values: readonly number[], time: readonly number[], how: JobInput['fill']): number[] {
  return values.map((value, row) => {
    if (!Number.isNaN(value) || how === 'none') return value;
    const before = values.findLastIndex((one, other) => other < row && !Number.isNaN(one));
    const after = values.findIndex((one, other) => other > row && !Number.isNaN(one));
    if (before < 0) return Number.NaN;
    if (how === 'forward') return values[before] ?? Number.NaN;
    if (after < 0) return Number.NaN;
    const share = ((time[row] ?? 0) - (time[before] ?? 0)) / ((time[after] ?? 0) - (time[before] ?? 0));
    return (values[before] ?? 0) + share * ((values[after] ?? 0) - (values[before] ?? 0));
  });
}

function transform(values: readonly number[], how: JobInput['transform']): number[] {
  const pairs = values.slice(1).map((value, row) => [values[row] ?? Number.NaN, value] as const);
  const present = values.filter((value) => !Number.isNaN(value));
  const mean = present.reduce((sum, value) => sum + value, 0) / present.length;
  const deviation = Math.sqrt(present.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (present.length - 1));
  switch (how) {
    case 'none':
      return [...values];
    case 'difference':
      return pairs.map(([before, value]) => value - before);
    case 'return':
      return pairs.map(([before, value]) => (Number.isNaN(before + value) ? Number.NaN : before === 0 ? Infinity : value / before - 1));
    case 'log-return':
      return pairs.map(([before, value]) => Math.log(value / before));
    case 'zscore':
      return values.map((value) => (new Set(present).size < 2 ? Number.NaN : (value - mean) / deviation));
    case 'rank':
      return values.map((value) => (Number.isNaN(value) ? Number.NaN : present.filter((other) => other < value).length + (present.filter((other) => other === value).length + 1) / 2));
  }
}
