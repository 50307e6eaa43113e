/** Series for the tests of forecasts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomWords } from '@corrente/shared/portable/random';
import type { Frame } from '../../frame/frame.ts';
import { frameOf } from '../../run/frame.testing.ts';

/** The folder with real data; its tests are skipped by name without it. */
export const dataFolder = process.env['CORRENTE_DATA'];

export function realFile(name: string): string {
  return readFileSync(join(dataFolder ?? '', name), 'utf8');
}

/** Standard normal values (Box and Muller). */
export function noise(count: number, seed: number): Float64Array<ArrayBuffer> {
  const words = randomWords([seed, 0, 0, 0], 0);
  const uniform = (): number => (words.next().value + 0.5) / 2 ** 32;
  return Float64Array.from({ length: count }, () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()));
}

/** Rows of these lists as a frame. */
export function frameOfSeries(series: Readonly<Record<string, ArrayLike<number>>>, options: { readonly every?: bigint; readonly from?: bigint; readonly timeKind?: Frame['timeKind'] } = {}): Frame {
  const names = Object.keys(series);
  const lists = Object.values(series);
  const length = lists[0]?.length ?? 0;
  const stride = Math.ceil(length / 8) * 8;
  const values = new Float64Array(stride * names.length);
  for (const [s, list] of lists.entries()) values.set(Array.from(list), s * stride);
  const { every = 3_600_000_000n, from = 0n, timeKind = 'timestamp' } = options;
  const time = BigInt64Array.from({ length }, (_, t) => (timeKind === 'index' ? BigInt(t) : from + BigInt(t) * every));
  return frameOf({ values, series: names.length, length, stride }, { names, timeKind, time });
}

/** Hourly series with a period of 24 rows, noise, and a level that wanders where `walk` is above 0. */
export function hourly(rows: number, seed: number, { walk = 0, spread = 0.3, shift = 0 } = {}): Float64Array<ArrayBuffer> {
  const random = noise(2 * rows, seed);
  let level = 0;
  return Float64Array.from({ length: rows }, (_, t) => {
    level += walk * random[rows + t]!;
    return 10 + level + 2 * Math.sin((2 * Math.PI * (t + shift)) / 24) + Math.cos((4 * Math.PI * t) / 24) + spread * random[t]!;
  });
}

/** ETTh1: 7 series, hourly. */
export function etth1(): Frame {
  const [header = '', ...lines] = realFile('ETTh1.csv').trim().split('\n');
  const names = header.trim().split(',').slice(1);
  const rows = lines.map((line) => line.split(',').slice(1).map(Number));
  return frameOfSeries(Object.fromEntries(names.map((name, s) => [name, rows.map((row) => row[s] ?? Number.NaN)])), { from: 1_467_331_200_000_000n });
}

/** A monthly classic, from January of its first year on. */
export function monthly(file: string, year: number): Frame {
  const values = realFile(file).trim().split('\n').slice(1).map((line) => Number(line.split(',')[2]));
  const frame = frameOfSeries({ value: values });
  return { ...frame, time: BigInt64Array.from(values, (_, t) => BigInt(Date.UTC(year, t)) * 1000n) };
}
