/** The import process: what it imports, how it dies, and what stays then. */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ImportProcess, type ImportProcessOptions } from './import-process.ts';
import { importBench, type ImportBench } from './testing/imports.ts';

let bench: ImportBench;
let imports: ImportProcess | null;
let large: string;
beforeEach(async () => {
  bench = await importBench();
  imports = null;
  large = join(bench.folder, 'large.csv');
  await writeFile(large, `a,b\n${Array.from({ length: 400_000 }, (_, row) => `${row},${row / 7}`).join('\n')}\n`);
});
afterEach(async () => {
  await imports?.close();
  await bench.remove();
});

const start = (options: Partial<ImportProcessOptions> = {}): ImportProcess => (imports = new ImportProcess({ store: bench.store, tempFolder: join(bench.folder, 'temporary'), ...options }));
const small = (): Promise<string> => bench.file('small.csv', 'time,x\n2024-01-01,1\n2024-01-02,2\n');

/** Kills the child as soon as it has begun to write temporary files: it is in the middle of an import then. */
async function killInTheMiddle(process_: ImportProcess): Promise<void> {
  for (;;) {
    const names = await readdir(join(bench.folder, 'temporary')).catch(() => []);
    if (names.length > 0 && process_.pid !== null) {
      process.kill(process_.pid, 'SIGKILL');
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

describe('the import process', () => {
  it('imports as importFile does, one file after the other', async () => {
    const process_ = start();
    const path = await small();
    const [here, there, again] = await Promise.all([bench.importPath(path), process_.importFile(path, { name: 'one' }), process_.importFile(path, { mapping: { time: 'none', fields: ['x'] } })]);
    expect(there).toMatchObject({ id: here.id, name: 'one', series: ['x'] });
    expect(again.timeKind).toBe('index');
  });

  it('passes errors on with their codes and places', async () => {
    await expect(start().importFile(await small(), { mapping: { fields: ['y'] } })).rejects.toMatchObject({ code: 'invalid-mapping', places: [{ pointer: '/fields/0' }] });
  });

  it('that is killed fails its import as import-crashed, leaves nothing behind, and imports the next file', async () => {
    const process_ = start();
    await process_.importFile(await small());
    const before = await bench.leftovers();
    const killed = process_.pid;
    const [outcome] = await Promise.allSettled([process_.importFile(large), killInTheMiddle(process_)]);
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'import-crashed', message: expect.stringContaining('SIGKILL') } });
    expect(await bench.leftovers()).toEqual(before);
    expect((await process_.importFile(await small())).rows).toBe(2);
    expect(process_.pid).not.toBe(killed);
  });

  it('that stops answering is ended', async () => {
    const process_ = start({ hangAfter: 1500 });
    await process_.importFile(await small());
    process.kill(process_.pid ?? 0, 'SIGSTOP');
    await expect(process_.importFile(large)).rejects.toMatchObject({ code: 'import-crashed', message: expect.stringContaining('no sign of life') });
    expect((await process_.importFile(await small())).rows).toBe(2);
  });

  it('that takes too much memory is ended', async () => {
    const process_ = start({ processLimit: 1024 });
    await expect(process_.importFile(large)).rejects.toMatchObject({ code: 'import-crashed', message: expect.stringMatching(/took \d+ MiB of the 0 MiB it may/) });
  });

  it('ends an import that is cancelled, and takes the next', async () => {
    const process_ = start();
    await process_.importFile(await small());
    const abort = new AbortController();
    const importing = process_.importFile(large, { signal: abort.signal });
    setTimeout(() => abort.abort(), 100);
    await expect(importing).rejects.toMatchObject({ code: 'cancelled' });
    expect((await process_.importFile(await small())).rows).toBe(2);
  });

  it('takes nothing once it is closed', async () => {
    const process_ = start();
    await process_.close();
    await expect(process_.importFile(await small())).rejects.toMatchObject({ code: 'not-ready' });
  });
});
