/**
 * What PostgreSQL tells about jobs (LISTEN), shared by everyone in this process: one connection, however many wait.
 * Notices are hints. Whoever waits reads the rows, and is told to read again after the connection was lost.
 */
import { jobEvent, type JobEvent } from '@corrente/shared/contract/job';
import { Client, type ClientConfig, type Notification } from 'pg';
import { z } from 'zod';
import { databaseError } from '../database/database-error.ts';

/** A notice about one job; without `event` something happened that is to be read from the rows. */
export interface Notice {
  readonly event?: JobEvent;
}

export interface JobFeed {
  /** Calls back for each notice about a job. Returns how to stop. */
  follow(jobId: string, listener: (notice: Notice) => void): () => void;
  onCancel(listener: (jobId: string) => void): () => void;
  /** Throws `not-ready` while the listening connection is down. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export const eventChannel = 'corrente_events';
export const cancelChannel = 'corrente_cancel';

const told = z.object({ id: z.string(), seq: z.int(), type: z.string().optional(), data: z.unknown().optional() });

/** The job and, where it fitted into the notice, the event. Null for what we did not send. */
export function readNotice(payload: string): { id: string; notice: Notice } | null {
  const parsed = told.safeParse(parseJson(payload));
  if (!parsed.success) return null;
  const { id, ...rest } = parsed.data;
  const event = jobEvent.safeParse(rest);
  return { id, notice: event.success ? { event: event.data } : {} };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Someone else's notice on our channel: the schema refuses it.
  }
}

/** Connects and listens; a lost connection is made again until `close`. */
export async function openFeed(connection: ClientConfig, onError: (error: Error) => void): Promise<JobFeed> {
  const followers = new Map<string, Set<(notice: Notice) => void>>();
  const cancelListeners = new Set<(jobId: string) => void>();
  let client: Client | null = null;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let connecting: Promise<void> = Promise.resolve();

  function onNotification({ channel, payload = '' }: Notification): void {
    if (channel === cancelChannel) {
      for (const listener of cancelListeners) listener(payload);
      return;
    }
    const read = readNotice(payload);
    if (read) for (const listener of followers.get(read.id) ?? []) listener(read.notice);
  }

  function tellAllToRead(): void {
    for (const listeners of followers.values()) for (const listener of listeners) listener({});
  }

  async function connect(): Promise<void> {
    const fresh = new Client({ ...connection, application_name: 'corrente feed', statement_timeout: 0 });
    let lost = false;
    fresh.on('notification', onNotification);
    fresh.on('error', onError); // `end` follows.
    fresh.on('end', () => {
      lost = true;
      if (client !== fresh) return;
      client = null;
      reconnect(100);
    });
    try {
      await fresh.connect();
      await fresh.query(`listen ${eventChannel}`);
      await fresh.query(`listen ${cancelChannel}`);
    } catch (error) {
      await fresh.end().catch(() => undefined);
      throw databaseError(error);
    }
    if (closed) return fresh.end();
    if (lost) throw databaseError(new Error('Connection terminated while it was made'));
    client = fresh;
    tellAllToRead();
  }

  function reconnect(delayMs: number): void {
    if (closed) return;
    timer = setTimeout(() => {
      connecting = connect().catch((error: unknown) => {
        onError(databaseError(error));
        reconnect(Math.min(delayMs * 2, 2000));
      });
    }, delayMs);
  }

  await connect();

  return {
    follow(jobId, listener) {
      const listeners = followers.get(jobId) ?? new Set();
      followers.set(jobId, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && followers.get(jobId) === listeners) followers.delete(jobId);
      };
    },
    onCancel(listener) {
      cancelListeners.add(listener);
      return () => void cancelListeners.delete(listener);
    },
    async ping() {
      if (!client) throw databaseError(new Error('Connection terminated: the feed of job events is down'));
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await connecting;
      const last = client;
      client = null;
      await last?.end().catch(() => undefined);
    },
  };
}
