/** A fetch for tests: gives prepared answers one after the other, and keeps what was asked. */
import { CorrenteError, type ErrorCode } from '../contract/errors.ts';

export interface Answers {
  readonly fetch: typeof fetch;
  readonly requests: Request[];
}

export type Answer = Response | Error | ((request: Request) => Response | Promise<Response>);

/** An Error as an answer is a connection that fails. A request beyond the last answer fails the test. */
export function answers(...prepared: Answer[]): Answers {
  const requests: Request[] = [];
  return {
    requests,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const answer = prepared[requests.length];
      requests.push(request);
      if (answer === undefined) throw new Error(`Request ${requests.length}, ${request.method} ${request.url}, was not expected.`);
      if (answer instanceof Error) throw new TypeError('fetch failed', { cause: answer });
      return typeof answer === 'function' ? answer(request) : answer;
    },
  };
}

export const json = (value: unknown, status = 200): Response => Response.json(value, { status });

export function problem(code: ErrorCode, detail: string): Response {
  const body = new CorrenteError(code, detail).toProblem();
  return new Response(JSON.stringify(body), { status: body.status, headers: { 'content-type': 'application/problem+json' } });
}

/** A body of these pieces that then ends or, with an error, breaks off. */
export function streamed(pieces: readonly (string | Uint8Array)[], error?: Error): ReadableStream<Uint8Array> {
  const queue = pieces.map((piece) => (typeof piece === 'string' ? new TextEncoder().encode(piece) : piece));
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const next = queue.shift();
        if (next !== undefined) controller.enqueue(next);
        else if (error === undefined) controller.close();
        else controller.error(error);
      },
    },
    { highWaterMark: 0 },
  );
}
