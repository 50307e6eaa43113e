/** Result tables as Arrow, batch by batch while they are computed. */
import { RecordBatchReader, Table, type RecordBatch, type Schema } from 'apache-arrow';
import { CorrenteError } from '../contract/errors.ts';
import type { Job } from '../contract/job.ts';
import { resultFormats } from '../contract/result.ts';
import { bytesOf } from './bytes.ts';
import { connectionError, type Transport } from './transport.ts';

export interface ResultOptions {
  /** true: until the job ends. false: what is stored now. */
  readonly follow?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ResultStream {
  readonly schema: Schema;
  /** To be iterated once; leaving the loop early closes the connection. */
  readonly batches: AsyncIterable<RecordBatch>;
}

/**
 * The table's schema, then its batches as they arrive. A stream that breaks off throws the job's own error where it
 * has one (its code, or `cancelled`), else `server-unreachable`.
 */
export async function openResult(transport: Transport, jobId: string, table: string, options: ResultOptions = {}): Promise<ResultStream> {
  const path = `/v1/jobs/${encodeURIComponent(jobId)}`;
  const { follow = true, signal } = options;
  const response = await transport.send(`${path}/result/${encodeURIComponent(table)}`, { query: { follow }, headers: { accept: resultFormats.arrow }, signal });
  const { body } = response;
  if (body === null) throw new CorrenteError('server-unreachable', `The table "${table}" of ${jobId} came without a body.`);

  const explain = async (error: unknown): Promise<CorrenteError> => {
    const known = connectionError(error, signal, `The table "${table}" of ${jobId} broke off`);
    if (known.code !== 'server-unreachable') return known;
    const job = await transport.json<Job>(path, { signal }).catch(() => null);
    if (job?.error) return CorrenteError.fromProblem(job.error);
    return job?.state === 'cancelled' ? new CorrenteError('cancelled', `${jobId} was cancelled while its table "${table}" was being read.`) : known;
  };

  try {
    const reader = await RecordBatchReader.from(bytesOf(body));
    await reader.open();
    return { schema: reader.schema, batches: guarded(reader, explain) };
  } catch (error) {
    throw await explain(error);
  }
}

async function* guarded(reader: AsyncIterable<RecordBatch>, explain: (error: unknown) => Promise<CorrenteError>): AsyncGenerator<RecordBatch, void, undefined> {
  try {
    yield* reader;
  } catch (error) {
    throw await explain(error);
  }
}

/** All batches of a stream as one table; also where there are none. */
export async function collect({ schema, batches }: ResultStream): Promise<Table> {
  const all: RecordBatch[] = [];
  for await (const batch of batches) all.push(batch);
  return new Table(schema, all);
}
