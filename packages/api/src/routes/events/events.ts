/** Events of a job as server-sent events (WHATWG HTML, section 9.2). */
import type { Platform } from '@corrente/platform/platform';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { finalStates, type JobEvent } from '@corrente/shared/contract/job';
import type { Request, Response } from 'express';
import type { Handlers } from '../../mount.ts';
import type { ApiOptions } from '../../options.ts';
import { goneSignal, write } from '../../stream.ts';

/** The pause after which a client that lost the stream asks again. */
const retryMs = 1_000;

/** No job has as many events; the database counts them in 32 bits. */
const lastSeq = 2 ** 31 - 1;

export function eventRoutes(platform: Platform, options: ApiOptions): Pick<Handlers, 'getEvents'> {
  return {
    getEvents: async ({ params: { id }, query, request, response }) => {
      const after = Math.min(lastEventId(request) ?? query.after ?? 0, lastSeq);
      const job = await platform.jobs.getBatched(id);
      if (job === null) throw new CorrenteError('job-not-found', `There is no job ${id}.`);

      const signal = goneSignal(response, options.closing);
      const events = platform.jobs.events(id, after, signal)[Symbol.asyncIterator]();
      let first: IteratorResult<JobEvent> | undefined;
      if (finalStates.has(job.state)) {
        first = await events.next();
        // Nothing will follow. 204 is what tells an EventSource to stop asking.
        if (first.done === true) return { status: 204 };
      }
      openStream(response);
      if (request.method === 'HEAD') {
        await events.return?.();
        response.end();
        return;
      }
      const heartbeat = setInterval(() => void (signal.aborted || response.write(': still here\n\n')), options.heartbeatMs);
      try {
        for (let next = first ?? (await events.next()); next.done !== true; next = await events.next()) {
          heartbeat.refresh();
          if (!(await write(response, format(next.value), signal))) break;
        }
      } finally {
        clearInterval(heartbeat);
        await events.return?.();
      }
      response.end();
    },
  };
}

function openStream(response: Response): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // nginx would hold events back until it has a buffer full.
    'x-accel-buffering': 'no',
  });
  response.write(`retry: ${retryMs}\n\n`);
}

function format(event: JobEvent): string {
  return `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event.data)}\n\n`;
}

function lastEventId(request: Request): number | undefined {
  const given = request.headers['last-event-id'];
  if (given === undefined || given === '') return undefined;
  const seq = Number(given);
  if (typeof given === 'string' && /^\d+$/.test(given) && Number.isSafeInteger(seq)) return seq;
  throw new CorrenteError('bad-request', `Last-Event-ID was ${JSON.stringify(given)}; the id of an event, a whole number from 0, was expected.`);
}
