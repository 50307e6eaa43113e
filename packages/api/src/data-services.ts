/** The data services over the real parts: imports in a process of their own, reads through DuckDB. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ImportProcess } from '@corrente/platform/datasets/import-process';
import { readSeries } from '@corrente/platform/datasets/read-series';
import type { Platform } from '@corrente/platform/platform';
import type { DataServices } from './options.ts';
import { uploadName } from './routes/datasets/upload-name.ts';

export interface OpenDataServices extends DataServices {
  /** Ends the import process. */
  close(): Promise<void>;
}

/**
 * @param store where the platform keeps its data sets
 * @param uploads where imports stage their copies, and a later start removes them if this process is killed
 */
export function openDataServices(platform: Platform, { store, uploads }: { store: string; uploads: string }): OpenDataServices {
  const tempFolder = join(uploads, uploadName());
  const imports = new ImportProcess({ store, tempFolder });
  return {
    async importFile(path, options) {
      const stored = await imports.importFile(path, options);
      return (await platform.datasets.add(stored)).dataset;
    },
    readSeries: (dataset, request, signal) => readSeries(dataset, platform.datasets.path(dataset.id), request, { signal }),
    async close() {
      await imports.close();
      await rm(tempFolder, { recursive: true, force: true });
    },
  };
}
