/** `corrente run` as a user calls it: a process, its output and its exit code. */
import { tableFromIPC } from 'apache-arrow';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const command = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'bin', 'corrente.mjs');
const folder = mkdtempSync(join(tmpdir(), 'corrente-cli-'));
const prices = join(folder, 'prices.csv');

function corrente(...args: string[]): { code: number | null; out: string; err: string } {
  const done = spawnSync(process.execPath, [command, ...args], { encoding: 'utf8', cwd: folder, env: { ...process.env, NO_COLOR: '1' } });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

beforeAll(() => {
  const rows = Array.from({ length: 30 }, (_, t) => `2024-01-${String(t + 1).padStart(2, '0')},${t},${2 * t + 1},${30 - t}`);
  writeFileSync(prices, `date,up,double,down\n${rows.join('\n')}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('corrente run', () => {
  it('prints the correlation matrix as CSV on stdout, and words on stderr', () => {
    const { code, out, err } = corrente('run', 'correlation', prices);
    expect(code, err).toBe(0);
    expect(out.trim().split(/\r?\n/)).toEqual(['series,up,double,down', 'up,1,1,-1', 'double,1,1,-1', 'down,-1,-1,1']);
    expect(err).toContain('3 series × 30 time points');
    expect(err).toMatch(/engine (cuda|cpu|portable)/);
  });

  it('gives the same numbers on every engine that is here', () => {
    const engines = JSON.parse(corrente('engines', '--json').out) as Array<{ name: string; available: boolean }>;
    const results = engines.filter(({ available }) => available).map(({ name }) => corrente('run', 'moving-average', prices, '--engine', name, '--set', 'windows=[3]', '--quiet').out);
    expect(results.length).toBeGreaterThan(0);
    for (const result of results) expect(result).toBe(results[0]);
    expect(results[0]?.split(/\r?\n/)[3]).toBe('2024-01-03T00:00:00Z,up,1');
  });

  it('saves in the format that the name says', () => {
    const file = join(folder, 'pairs.arrow');
    expect(corrente('run', 'correlation', prices, '--table', 'pairs', '--out', file)).toMatchObject({ code: 0, out: '' });
    const table = tableFromIPC(readFileSync(file));
    expect(table.numRows).toBe(3);
    expect(table.schema.fields.map(({ name }) => name)).toEqual(['a', 'b', 'lag', 'r', 'n', 'p']);
    const parquet = join(folder, 'matrix.parquet');
    corrente('run', 'correlation', prices, '--out', parquet);
    expect(readFileSync(parquet).subarray(0, 4).toString()).toBe('PAR1');
  });

  it.each([
    ['an unknown analysis', ['run', 'corelation', 'prices.csv'], 'unknown-analysis'],
    ['a file that is not there', ['run', 'correlation', 'nowhere.csv'], 'file-not-found'],
    ['an unknown series', ['run', 'correlation', 'prices.csv', '--series', 'upp'], 'unknown-series'],
    ['a window longer than the series', ['run', 'moving-average', 'prices.csv', '--set', 'windows=[31]'], 'window-too-long'],
    ['an unknown parameter', ['run', 'moving-average', 'prices.csv', '--set', 'window=3'], 'invalid-params'],
    ['a table that the analysis does not make', ['run', 'correlation', 'prices.csv', '--table', 'rolling'], 'table-not-found'],
    ['an output of an unknown format', ['run', 'correlation', 'prices.csv', '--out', 'result.xlsx'], 'usage'],
  ])('refuses %s with exit code 2 and one line on stderr', (_, args, code) => {
    const result = corrente(...args, ...(args[0] === 'run' ? ['--quiet'] : []));
    expect(result.code).toBe(2);
    expect(result.out).toBe('');
    expect(result.err).toMatch(new RegExp(`^error ${code}: `));
    expect(result.err).not.toMatch(/\n\s+at /);
  });

  it('refuses an engine that is not here, and says why it is not', () => {
    const engines = JSON.parse(corrente('engines', '--json').out) as Array<{ name: string; available: boolean; whyNot: string | null }>;
    const absent = engines.find(({ available }) => !available);
    if (absent === undefined) return;
    const { code, err } = corrente('run', 'correlation', prices, '--engine', absent.name, '--quiet');
    expect(code).toBe(2);
    expect(err).toContain(absent.whyNot);
  });

  it('leaves no file behind where it fails', () => {
    corrente('run', 'moving-average', prices, '--set', 'windows=[31]', '--out', join(folder, 'never.csv'));
    expect(existsSync(join(folder, 'never.csv'))).toBe(false);
    expect(existsSync(join(folder, 'never.csv.partial'))).toBe(false);
  });
});

describe('corrente', () => {
  it('lists its commands with --help, exit code 0', () => {
    const { code, out } = corrente('--help');
    expect(code).toBe(0);
    for (const name of ['serve', 'api', 'worker', 'run', 'submit', 'jobs', 'watch', 'result', 'cancel', 'datasets', 'engines', 'bench']) expect(out).toContain(name);
  });

  it('answers an unknown command or option with exit code 2', () => {
    expect(corrente('runn').code).toBe(2);
    expect(corrente('run', 'correlation', prices, '--wrong').code).toBe(2);
  });

  it('says that no server answers, with exit code 1', () => {
    const { code, err } = corrente('jobs', '--server', 'http://127.0.0.1:9');
    expect(code).toBe(1);
    expect(err).toMatch(/^error server-unreachable: /);
  });
});
