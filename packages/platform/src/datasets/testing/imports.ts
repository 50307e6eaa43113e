/** For tests: a store of their own, and files made of text or bytes. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dataset } from '@corrente/shared/contract/dataset';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { importFile, type ImportMappingInput, type ImportOptions } from '../import-file.ts';
import { closeReaders } from '../reader.ts';

export interface ImportBench {
  readonly folder: string;
  readonly store: string;
  /** Writes a file and gives its path. */
  file(name: string, content: string | Uint8Array): Promise<string>;
  /** Imports text or bytes. */
  import(content: string | Uint8Array, mapping?: ImportMappingInput, options?: Partial<ImportOptions>): Promise<Dataset>;
  importPath(path: string, mapping?: ImportMappingInput, options?: Partial<ImportOptions>): Promise<Dataset>;
  /** The error that an import ends with; fails where it does not. */
  refusal(content: string | Uint8Array, mapping?: ImportMappingInput): Promise<CorrenteError>;
  path(dataset: Dataset): string;
  /** What lies in the store and the temporary folder. */
  leftovers(): Promise<string[]>;
  remove(): Promise<void>;
}

export async function importBench(): Promise<ImportBench> {
  const folder = await mkdtemp(join(tmpdir(), 'corrente-datasets-'));
  const store = join(folder, 'store');
  const tempFolder = join(folder, 'temporary');
  let files = 0;
  const bench: ImportBench = {
    folder,
    store,
    async file(name, content) {
      const path = join(folder, name);
      await writeFile(path, content);
      return path;
    },
    async import(content, mapping = {}, options = {}) {
      return bench.importPath(await bench.file(`file-${files++}`, content), mapping, options);
    },
    importPath: (path, mapping = {}, options = {}) => importFile(path, { store, tempFolder, mapping, ...options }),
    async refusal(content, mapping) {
      try {
        await bench.import(content, mapping);
      } catch (error) {
        if (error instanceof CorrenteError) return error;
        throw error;
      }
      throw new Error('the import was expected to be refused, and was not');
    },
    path: ({ id }) => join(store, `${id}.parquet`),
    async leftovers() {
      const names = await Promise.all([store, tempFolder].map((one) => readdir(one).catch(() => [])));
      return names.flat();
    },
    async remove() {
      await closeReaders();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return bench;
}
