/** Events of a job over server-sent events, taken up where they broke off. */
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { CorrenteError } from '../contract/errors.ts';
import { finalStates, jobEvent, type JobEvent } from '../contract/job.ts';
import { bytesOf } from './bytes.ts';
import { pause } from './pause.ts';
import { connectionError, type Transport } from './transport.ts';

export interface EventsOptions {
  /** Events up to this `seq` are left out. */
  readonly after?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Connections that may fail in a row, once one has succeeded, before `server-unreachable` is thrown. */
  readonly attempts?: number | undefined;
}

/** What outlives one connection of the stream. */
interface Link {
  /** The last event's `seq`. */
  after: number;
  /** The pause that the server asked for. */
  retryMs: number;
  connected: boolean;
  /** The server said that nothing will follow. */
  over: boolean;
}

/** The server sends a comment every 15 s: three missed, and the connection is taken for dead. */
const silenceMs = 45_000;
const longestPauseMs = 5_000;
const terminal: ReadonlySet<string> = finalStates;

/**
 * Events in order, each once, up to and with the terminal one. A connection that breaks is opened again after the
 * pause that the server asked for (longer each time it fails), with Last-Event-ID. Throws `job-not-found`, or
 * `server-unreachable` if the first connection fails or `attempts` fail in a row; ends silently on abort.
 */
export async function* jobEvents(transport: Transport, jobId: string, options: EventsOptions = {}): AsyncGenerator<JobEvent, void, undefined> {
  const { signal, attempts = 10 } = options;
  const link: Link = { after: options.after ?? 0, retryMs: 1_000, connected: false, over: false };
  const aborted = (): boolean => signal?.aborted === true;
  let failures = 0;
  while (!aborted()) {
    try {
      for await (const event of connection(transport, jobId, link, signal)) {
        failures = 0;
        if (event.seq <= link.after) continue;
        link.after = event.seq;
        yield event;
        if (terminal.has(event.type)) return;
      }
      if (link.over) return;
      failures += 1;
    } catch (error) {
      if (aborted()) return;
      const known = connectionError(error, signal, 'The event stream broke off');
      failures += 1;
      if (!known.retryable || !link.connected || failures >= attempts) throw known;
    }
    await pause(Math.min(link.retryMs * 2 ** Math.max(0, failures - 1), Math.max(longestPauseMs, link.retryMs)), signal);
  }
}

/** One connection's events, until it ends. */
async function* connection(transport: Transport, jobId: string, link: Link, signal: AbortSignal | undefined): AsyncGenerator<JobEvent, void, undefined> {
  const silence = new AbortController();
  const response = await transport.send(`/v1/jobs/${encodeURIComponent(jobId)}/events`, {
    headers: { accept: 'text/event-stream', ...(link.after > 0 ? { 'last-event-id': String(link.after) } : {}) },
    signal: signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal]),
  });
  link.connected = true;
  link.over = response.status === 204 || response.body === null;
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
  const parsed = jobEvent.safeParse({ seq: Number(message.id), type: message.event, data: JSON.parse(message.data) });
  if (parsed.success) return parsed.data;
  throw new CorrenteError('internal', `The server sent an event of type "${message.event}" and id "${message.id}" that this client does not know.`, { cause: parsed.error });
}
