/** Indicators of a file as a user computes them, against the oracle. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { indicatorChoice } from '@corrente/shared/contract/indicators/choice';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertClose } from '../../packages/compute/test/oracle/compare.ts';
import { indicatorOracle } from '../../packages/compute/test/oracle/indicators/indicators.ts';
import { gaussian } from '../../packages/compute/test/series/random.ts';

const root = join(import.meta.dirname, '..', '..');
const command = join(root, 'packages', 'cli', 'bin', 'corrente.mjs');
const hasEngine = existsSync(join(process.env['CORRENTE_NATIVE_DIR'] ?? join(root, 'packages', 'compute', 'native', 'build'), 'corrente_cpu.node'));
const folder = mkdtempSync(join(tmpdir(), 'corrente-indicators-'));
const file = join(folder, 'bars.csv');

const days = 90;
const stocks = ['AAA', 'BBB'];

interface Bar {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** Days of a random walk in cents, Saturdays and Sundays among them. */
function bars(stock: number): Bar[] {
  let close = 5000;
  return Array.from({ length: days }, (_, t) => {
    const open = close;
    close += Math.round(60 * gaussian(100 + stock, t));
    const [up, down] = [Math.round(30 * Math.abs(gaussian(200 + stock, t))), Math.round(30 * Math.abs(gaussian(300 + stock, t)))];
    return { open: open / 100, high: (Math.max(open, close) + up) / 100, low: (Math.min(open, close) - down) / 100, close: close / 100, volume: Math.round(1000 * Math.exp(gaussian(400 + stock, t))) };
  });
}

const dayOf = (t: number): string => new Date(Date.UTC(2024, 0, 1 + t)).toISOString().slice(0, 10);

function corrente(...args: string[]): { code: number | null; out: string; err: string } {
  const done = spawnSync(process.execPath, [command, 'run', 'indicators', file, '--quiet', '--field', 'close', ...args], { encoding: 'utf8', cwd: folder, env: { ...process.env, NO_COLOR: '1' } });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

/** The columns of a CSV by their names. */
function columnsOf(csv: string): Map<string, string[]> {
  const [head = [], ...rows] = csv.trimEnd().split(/\r?\n/).map((line) => line.split(','));
  return new Map(head.map((name, i) => [name, rows.map((row) => row[i] ?? '')]));
}

const numbers = (cells: readonly string[] = []): Float64Array => Float64Array.from(cells, (cell) => (cell === '' ? Number.NaN : Number(cell)));

/** The outputs of an indicator of some bars, by the oracle. */
function expected(name: string, of: readonly Bar[]): Map<string, Float64Array> {
  const choice = indicatorChoice(name);
  if (typeof choice === 'string') throw new Error(choice);
  const outputs = indicatorOracle(choice.indicator.name, choice.parameters, choice.indicator.inputs.map((input) => Float64Array.from(of, (bar) => bar[input === 'value' ? 'close' : input])));
  return new Map(choice.columns.map((column, i) => [column, outputs[i] ?? new Float64Array(0)]));
}

beforeAll(() => {
  const lines = stocks.flatMap((stock, s) => bars(s).map(({ open, high, low, close, volume }, t) => `${dayOf(t)},${open},${high},${low},${close},${volume},${stock}`));
  writeFileSync(file, `date,open,high,low,close,Volume,Name\n${lines.join('\n')}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!hasEngine)('indicators of a file (need the native engine, which a C++ compiler builds)', () => {
  it('are the oracle’s, for every stock and every field that they read', () => {
    const names = ['rsi', 'macd(5,8,3)', 'bollinger(20)', 'mfi(10)', 'adx(7)', 'obv', 'bop', 'sar', 'supertrend(7)', 'kama(10)', 'stochastic'];
    const { code, out, err } = corrente('--set', `names=${JSON.stringify(names)}`);
    expect(code, err).toBe(0);
    const table = columnsOf(out);
    expect(table.get('series')).toEqual(stocks.flatMap((stock) => Array.from({ length: days }, () => stock)));
    for (const name of names) {
      for (const s of stocks.keys()) {
        for (const [column, truth] of expected(name, bars(s))) {
          const came = numbers(table.get(column)).subarray(s * days, (s + 1) * days);
          assertClose(came, truth, { tolerance: (t) => 1e-9 * Math.max(1, Math.abs(truth[t] ?? 0)), place: (t) => `${column} of ${stocks[s]} on ${dayOf(t)}` });
        }
      }
    }
  });

  it('of longer bars join each field as its role asks', () => {
    const { code, out, err } = corrente('--series', 'BBB', '--resample', '1w:last', '--set', 'names=["average-price","mfi(3)"]');
    expect(code, err).toBe(0);
    const daily = bars(1);
    // 2024-01-01 is a Monday, on which weeks begin.
    const weekly = Array.from({ length: Math.ceil(days / 7) }, (_, w): Bar => {
      const week = daily.slice(7 * w, 7 * w + 7);
      return { open: week[0]?.open ?? 0, high: Math.max(...week.map(({ high }) => high)), low: Math.min(...week.map(({ low }) => low)), close: week.at(-1)?.close ?? 0, volume: week.reduce((total, { volume }) => total + volume, 0) };
    });
    const table = columnsOf(out);
    for (const name of ['average-price', 'mfi(3)']) for (const [column, truth] of expected(name, weekly)) assertClose(numbers(table.get(column)), truth, { tolerance: () => 1e-9, place: (t) => `${column} in week ${t}` });
  });
});

describe('indicators of a file', () => {
  it.each([
    [['--set', 'names=["rsii"]'], 'invalid-params', 'did you mean rsi?'],
    [['--set', 'names=["atr"]', '--set', 'high=top'], 'unknown-field', 'which atr reads as the high'],
    [['--set', 'names=["atr"]', '--transform', 'log-return'], 'invalid-job', 'The transform log-return'],
    [['--set', 'names=["atr"]', '--resample', '1w:mean'], 'invalid-job', 'the aggregate was mean'],
  ])('are refused with %j as %s', (args, code, words) => {
    const done = corrente(...args);
    expect(done).toMatchObject({ code: 2, out: '' });
    expect(done.err).toContain(`error ${code}`);
    expect(done.err).toContain(words);
  });
});
