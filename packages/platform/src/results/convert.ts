/** Results in the formats they can be had in, made from their Arrow stream while it comes. */
import type { ResultFormat } from '@corrente/shared/contract/result';
import { writeParquet } from './parquet.ts';
import { readBatches } from './read-batches.ts';
import { writeText } from './text.ts';

/**
 * The table of an Arrow IPC stream (see `ResultStore.readArrow`) in another format, as bytes. Holds one batch at a
 * time, and for Parquet one row group. An error of the input ends the output with the same error.
 *
 * ```ts
 * const csv = convert('csv', platform.results.readArrow(job.id, 'pairs', { follow: true, signal }));
 * ```
 */
export async function* convert(format: ResultFormat, arrow: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  if (format === 'arrow') {
    yield* arrow;
    return;
  }
  const { schema, batches } = await readBatches(arrow);
  if (format === 'parquet') yield* writeParquet(schema, batches);
  else yield* writeText(format, schema, batches);
}
