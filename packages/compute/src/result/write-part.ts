/** Part files: written under a temporary name, made durable, then renamed. */
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { storageError } from '@corrente/platform/results/storage-error';
import type { EncodedPart } from './encode-part.ts';

/**
 * Writes the part to `folder/name`; under that name it is either whole or not there. `disk-full` where the disk or the
 * quota is; nothing is left behind then.
 */
export async function writePart(folder: string, name: string, part: EncodedPart): Promise<void> {
  const path = join(folder, name);
  const temporary = `${path}.tmp`;
  try {
    const file = await open(temporary, 'w');
    try {
      await writeChunks(file, part);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw storageError(error, path);
  }
}

async function writeChunks(file: Awaited<ReturnType<typeof open>>, part: EncodedPart): Promise<void> {
  for (const chunk of part.chunks) {
    for (let done = 0; done < chunk.length; ) {
      const { bytesWritten } = await file.write(chunk, done);
      done += bytesWritten;
    }
  }
}
