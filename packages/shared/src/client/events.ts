/** Events of a job over server-sent events, taken up where they broke off. */
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { CorrenteError } from '../contract/errors.ts';
import { finalStates, jobEvent, type JobEvent } from '../contract/job.ts';
import { bytesOf } from './bytes.ts';
import { Link, type LinkOptions } from './link.ts';
import { connectionError, type Transport } from './transport.ts';

export interface EventsOptions extends LinkOptions {
  /** Events up to this `seq` are left out. */
  readonly after?: number | undefined;
}

/** Where the reader stands, over all connections. */
interface Place {
  /** The last event's `seq`. */
  after: number;
  /** The server said that nothing will follow. */
  over: boolean;
}

/** The server sends a comment every 15 s: three missed, and the connection is taken for dead. */
const silenceMs = 45_000;
const terminal: ReadonlySet<string> = finalStates;

/**
 * Events in order, each once, up to and with the terminal one. A connection that breaks is opened again after the
 * pause that the server asked for (longer each time it fails), with Last-Event-ID. Throws `job-not-found`, or
 * `server-unreachable` if the first connection fails or `attempts` fail in a row; ends silently on abort.
 */
export async function* jobEvents(transport: Transport, jobId: string, options: EventsOptions = {}): AsyncGenerator<JobEvent, void, undefined> {
  const { signal } = options;
  const place: Place = { after: options.after ?? 0, over: false };
  const link = new Link(1_000, options);
  const aborted = (): boolean => signal?.aborted === true;
  while (!aborted()) {
    let broken = new CorrenteError('server-unreachable', `The event stream of ${jobId} ended before the job did.`);
    try {
      for await (const event of connection(transport, jobId, place, link, signal)) {
        link.progressed();
        if (event.seq <= place.after) continue;
        place.after = event.seq;
        yield event;
        if (terminal.has(event.type)) return;
      }
      if (place.over) return;
    } catch (error) {
      if (aborted()) return;
      broken = connectionError(error, signal, `The event stream of ${jobId} broke off`);
    }
    await link.broken(broken);
  }
}

/** One connection's events, until it ends. */
async function* connection(transport: Transport, jobId: string, place: Place, link: Link, signal: AbortSignal | undefined): AsyncGenerator<JobEvent, void, undefined> {
  const silence = new AbortController();
  const response = await transport.send(`/v1/jobs/${encodeURIComponent(jobId)}/events`, {
    headers: { accept: 'text/event-stream', ...(place.after > 0 ? { 'last-event-id': String(place.after) } : {}) },
    signal: signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal]),
  });
  link.connected();
  place.over = response.status === 204 || response.body === null;
  if (response.status === 204 || response.body === null) return;

  const messages: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => void messages.push(message), onRetry: (ms) => void (link.retryMs = ms) });
  const decoder = new TextDecoder();
  const watch = () => setTimeout(() => silence.abort(new CorrenteError('server-unreachable', `No event and no heartbeat came for ${silenceMs / 1000} s.`)), silenceMs);
  let timer = watch();
  try {
    for await (const chunk of bytesOf(response.body)) {
      clearTimeout(timer);
      parser.feed(decoder.decode(chunk, { stream: true }));
      for (const message of messages.splice(0)) yield eventOf(message);
      timer = watch();
    }
  } finally {
    clearTimeout(timer);
  }
}

function eventOf(message: EventSourceMessage): JobEvent {
  const parsed = jobEvent.safeParse({ seq: Number(message.id), type: message.event, data: parseJson(message.data) });
  if (parsed.success) return parsed.data;
  throw new CorrenteError('internal', `The server sent an event of type "${message.event}" and id "${message.id}" that this client does not know.`, { cause: parsed.error });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
