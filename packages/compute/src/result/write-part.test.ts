import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writePart } from './write-part.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'corrente-part-'));
});
afterEach(() => rm(folder, { recursive: true }));

const part = { table: 't', rows: 3, bytes: 5, chunks: [Uint8Array.of(1, 2), Uint8Array.of(3, 4, 5)] };

it('a part file holds its chunks one after the other, and nothing else is left in the folder', async () => {
  await writePart(folder, '0-t.part', part);
  expect([...(await readFile(join(folder, '0-t.part')))]).toEqual([1, 2, 3, 4, 5]);
  expect(await readdir(folder)).toEqual(['0-t.part']);
});

it('a part written again replaces the file', async () => {
  await writePart(folder, '0-t.part', part);
  await writePart(folder, '0-t.part', { ...part, chunks: [Uint8Array.of(9)] });
  expect([...(await readFile(join(folder, '0-t.part')))]).toEqual([9]);
});

it('a folder that is not there is an error, not a silent loss', async () => {
  await expect(writePart(join(folder, 'absent'), '0-t.part', part)).rejects.toThrow('ENOENT');
});
