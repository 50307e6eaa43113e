import { CorrenteError } from '@corrente/shared/contract/errors';
import { finalStates, type Job, type JobEvent } from '@corrente/shared/contract/job';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { corrente } from '../../app/client.ts';
import { applyEvent, type LogLine } from './job-events.ts';
import { jobQuery } from './queries.ts';

export interface LiveJob {
  readonly job: Job | undefined;
  readonly error: Error | null;
  /** Lines that the job has logged, from its beginning. */
  readonly log: readonly LogLine[];
  /** False while the server does not answer; the page goes on trying. */
  readonly connected: boolean;
}

const reconnectMs = 1_500;
/** Events are shown together this often: a replay arrives at once, and redrawing faster shows nothing more. */
const redrawMs = 80;

/**
 * A job kept up to date by its events, replayed from the first: a reload in mid-job shows what had been shown before.
 * When the server goes away and comes back, the events are taken up where they broke off.
 */
export function useLiveJob(id: string): LiveJob {
  const queries = useQueryClient();
  const { data: job, error } = useQuery({ ...jobQuery(id), refetchInterval: (query) => (query.state.status === 'error' ? reconnectMs : false) });
  const [log, setLog] = useState<readonly LogLine[]>([]);
  const [connected, setConnected] = useState(true);

  useEffect(() => {
    const abort = new AbortController();
    const key = jobQuery(id).queryKey;
    let after = 0;
    let waiting: JobEvent[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    setLog([]);
    setConnected(true);

    const show = () => {
      const events = waiting;
      waiting = [];
      timer = undefined;
      const lines = events.flatMap((event) => (event.type === 'log' ? [{ seq: event.seq, ...event.data }] : []));
      if (lines.length > 0) setLog((before) => [...before, ...lines]);
      const before = queries.getQueryData(key);
      if (before === undefined || finalStates.has(before.state)) return;
      const next = events.reduce<Job | null>((now, event) => (now === null ? null : applyEvent(now, event)), before);
      if (next === null) void queries.invalidateQueries({ queryKey: key });
      else queries.setQueryData(key, next);
    };

    const listen = async () => {
      // First the job, then what happens to it: an event that ends it must find something to end.
      await queries.ensureQueryData(jobQuery(id));
      for await (const event of corrente().events(id, { after, signal: abort.signal, attempts: 1 })) {
        after = event.seq;
        setConnected(true);
        waiting.push(event);
        timer ??= setTimeout(show, redrawMs);
      }
    };

    const listenOn = async () => {
      while (!abort.signal.aborted) {
        try {
          await listen();
          // Whatever was missed between two answers is in the job itself.
          await queries.invalidateQueries({ queryKey: key });
          await queries.invalidateQueries({ queryKey: ['jobs'] });
          return;
        } catch (failure) {
          if (abort.signal.aborted || !CorrenteError.from(failure).retryable) return;
          setConnected(false);
          await new Promise((resolve) => setTimeout(resolve, reconnectMs));
        }
      }
    };
    void listenOn();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [id, queries]);

  return { job, error, log, connected };
}
