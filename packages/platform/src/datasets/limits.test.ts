/** Imports at the limits: files larger than the memory, and a disk that is full. */
import { execFileSync, fork } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importBench, type ImportBench } from './testing/imports.ts';

let bench: ImportBench;
beforeAll(async () => {
  bench = await importBench();
});
afterAll(() => bench.remove());

const mebibyte = 2 ** 20;

/** Rows of random digits, in no order: the import must sort them. */
async function writeLarge(path: string, rows: number, cell: (row: number) => string): Promise<void> {
  const file = createWriteStream(path);
  let seed = 1;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  for (let row = 0; row < rows;) {
    const lines: string[] = row === 0 ? ['time,a,b,c\n'] : [];
    for (const end = Math.min(rows, row + 20_000); row < end; row++) lines.push(`${1_600_000_000 + ((row * 7919) % rows)},${random()},${cell(row)},${random()}\n`);
    if (!file.write(lines.join(''))) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}

/** Imports in a process of its own; gives the data set's rows and the most memory it took, in bytes. */
async function importMeasured(path: string, memoryLimit: number): Promise<{ rows: number; bad: number; peak: number }> {
  const child = fork(join(import.meta.dirname, 'testing/import-measured.ts'), [path, bench.store, join(bench.folder, 'temporary'), String(memoryLimit)], { execArgv: [] });
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as { rows: number; bad: number; peak: number }));
    child.once('exit', (code) => reject(new Error(`the import ended with code ${code} and no answer`)));
  });
}

describe('a file several times larger than the memory', () => {
  const limit = 64 * mebibyte;
  const rows = 3_000_000;

  it.each([
    ['a clean one', (row: number) => String(row / 3), 0],
    ['one with bad cells', (row: number) => (row % 1_000_000 === 17 ? 'bad' : String(row / 3)), 3],
  ])('%s is imported within the limit and what the process takes when idle', { timeout: 300_000 }, async (_, cell, bad) => {
    const path = join(bench.folder, 'large.csv');
    await writeLarge(path, rows, cell);
    const idle = await importMeasured(await bench.file('tiny.csv', 'a\n1\n2\n'), limit);
    const large = await importMeasured(path, limit);
    expect(large).toMatchObject({ rows, bad });
    expect((large.peak - idle.peak) / mebibyte).toBeLessThan(448);
  });
});

/** A file system of a few MiB, where this user may make one. */
async function smallDisk(): Promise<string | null> {
  const folder = join(bench.folder, 'disk');
  await mkdir(folder, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    return null;
  }
}

describe('a full disk', () => {
  it('of the store or of the temporary files is disk-full, and nothing half stored stays', async (context) => {
    const disk = await smallDisk();
    if (disk === null) return context.skip('this user may not mount a small file system');
    try {
      const path = join(bench.folder, 'rows.csv');
      await writeLarge(path, 300_000, String);
      await expect(bench.importPath(path, {}, { store: disk })).rejects.toMatchObject({ code: 'disk-full', message: expect.stringContaining(disk) });
      expect(await readdir(disk)).toEqual([]);
      execFileSync('gzip', ['-1', path]);
      await expect(bench.importPath(`${path}.gz`, {}, { tempFolder: disk })).rejects.toMatchObject({ code: 'disk-full', message: expect.stringContaining(disk) });
      expect(await readdir(disk)).toEqual([]);
      expect((await bench.importPath(`${path}.gz`)).rows).toBe(300_000);
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});
