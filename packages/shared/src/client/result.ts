/** Result tables as Arrow, batch by batch while they are computed, taken up where they broke off. */
import { Table, type RecordBatch, type Schema } from 'apache-arrow';
import { CorrenteError } from '../contract/errors.ts';
import type { Job } from '../contract/job.ts';
import { resultFormats } from '../contract/result.ts';
import { readArrowStream, type ArrowStream } from './arrow-stream.ts';
import { bytesOf } from './bytes.ts';
import { Link, type LinkOptions } from './link.ts';
import { connectionError, type Transport } from './transport.ts';

export interface ResultOptions extends LinkOptions {
  /** true: until the job ends. false: what is stored now and, where the job has not succeeded, its provisional rows. */
  readonly follow?: boolean | undefined;
}

export interface ResultStream {
  readonly schema: Schema;
  /** To be iterated once; leaving the loop early closes the connection. */
  readonly batches: AsyncGenerator<RecordBatch, void, undefined>;
}

interface Source {
  readonly transport: Transport;
  readonly jobId: string;
  readonly table: string;
  readonly options: ResultOptions;
  readonly link: Link;
}

/**
 * The table's schema, then its batches as they arrive. A connection that breaks is opened again, and the batches
 * that were seen are passed over: a table only ever grows. What a job that has not succeeded holds at the moment
 * (`follow: false`) may be another the next moment, and is not taken up where it broke off in its middle. Throws the job's own error where it fails meanwhile
 * (`cancelled` where it was cancelled), else what the server says, or `server-unreachable`.
 */
export async function openResult(transport: Transport, jobId: string, table: string, options: ResultOptions = {}): Promise<ResultStream> {
  const source: Source = { transport, jobId, table, options, link: new Link(500, options) };
  const stream = await connect(source);
  return { schema: stream.schema, batches: follow(source, stream) };
}

async function* follow(source: Source, first: ArrowStream): AsyncGenerator<RecordBatch, void, undefined> {
  let seen = 0;
  for (let stream = first; ; stream = await connect(source)) {
    try {
      let index = 0;
      for await (const batch of stream.batches) {
        if (index++ < seen) continue;
        seen += 1;
        source.link.progressed();
        yield batch;
      }
      return;
    } catch (error) {
      const broken = await explain(source, error);
      if (seen > 0 && !(await sameAgain(source))) throw broken;
      await source.link.broken(broken);
    }
  }
}

/** Whether the table, read again, begins with the batches that were seen. */
async function sameAgain({ transport, jobId, options: { follow: toTheEnd = true, signal } }: Source): Promise<boolean> {
  if (toTheEnd) return true;
  const job = await transport.json<Job>(`/v1/jobs/${encodeURIComponent(jobId)}`, { signal }).catch(() => null);
  return job?.state === 'succeeded';
}

/** Opens the stream, as often as the link allows, until its schema is there. */
async function connect(source: Source): Promise<ArrowStream> {
  const { transport, jobId, table, options, link } = source;
  for (;;) {
    try {
      const response = await transport.send(`/v1/jobs/${encodeURIComponent(jobId)}/result/${encodeURIComponent(table)}`, {
        query: { follow: options.follow ?? true },
        headers: { accept: resultFormats.arrow },
        signal: options.signal,
      });
      link.connected();
      if (response.body === null) throw new CorrenteError('server-unreachable', `The table "${table}" of ${jobId} came without a body.`);
      return await readArrowStream(bytesOf(response.body));
    } catch (error) {
      await link.broken(await explain(source, error));
    }
  }
}

/** Why a stream broke off: the job knows, if it failed; else it was the connection. */
async function explain({ transport, jobId, table, options: { signal } }: Source, error: unknown): Promise<CorrenteError> {
  const known = connectionError(error, signal, `The table "${table}" of ${jobId} broke off`);
  if (known.code !== 'server-unreachable') return known;
  const job = await transport.json<Job>(`/v1/jobs/${encodeURIComponent(jobId)}`, { signal }).catch(() => null);
  if (job?.error) return CorrenteError.fromProblem(job.error);
  return job?.state === 'cancelled' ? new CorrenteError('cancelled', `${jobId} was cancelled while its table "${table}" was being read.`) : known;
}

/** All batches of a stream as one table; also where there are none. */
export async function collect({ schema, batches }: ResultStream): Promise<Table> {
  const all: RecordBatch[] = [];
  for await (const batch of batches) all.push(batch);
  return new Table(schema, all);
}
