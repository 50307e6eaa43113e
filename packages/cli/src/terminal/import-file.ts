/** Sending a file to a server, with a progress bar over its bytes. */
import type { CorrenteClient } from '@corrente/shared/client/corrente-client';
import { inBytes } from '@corrente/shared/contract/bytes';
import type { Dataset, ImportMapping } from '@corrente/shared/contract/dataset';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { startProgress } from './progress.ts';

function sizeOf(path: string): number {
  try {
    const stat = statSync(path);
    if (stat.isFile()) return stat.size;
    throw new Error('it is not a file');
  } catch (error) {
    throw new CorrenteError('file-not-found', `${path} cannot be opened: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
  }
}

export async function datasetOfFile(client: CorrenteClient, path: string, options: { name?: string | undefined; mapping?: Partial<ImportMapping>; quiet?: boolean }): Promise<Dataset> {
  const size = sizeOf(path);
  const bar = startProgress(basename(path), { quiet: options.quiet === true });
  let sent = 0;
  const source = createReadStream(path, { highWaterMark: 1 << 18 });
  const counted = Readable.toWeb(source).pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        sent += chunk.byteLength;
        bar.update({ fraction: sent / Math.max(size, 1), stage: sent < size ? `sending ${inBytes(sent)} of ${inBytes(size)}` : 'importing', message: '' });
        controller.enqueue(chunk);
      },
    }),
  );
  try {
    return await client.importDataset(counted, { name: options.name ?? basename(path), mapping: options.mapping });
  } finally {
    bar.stop();
  }
}
