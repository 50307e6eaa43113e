/** Answers that are sent piece by piece. */
import type { Response } from 'express';
import { flush } from './middleware/compress/compress.ts';

/** Aborts when the client goes away or the server shuts down. */
export function goneSignal(response: Response, closing: AbortSignal): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return AbortSignal.any([gone.signal, closing]);
}

/** Writes one piece, and waits while the client is slower than we are. False: the client is gone. */
export async function write(response: Response, piece: string | Uint8Array, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted || response.destroyed) return false;
  if (response.write(piece)) return true;
  await drained(response, signal);
  return !signal.aborted;
}

/** Who waits for each response's next drain event. */
const waiting = new WeakMap<Response, () => void>();

/** One listener for all waits of a response: of those added through compression none can be removed again. */
async function drained(response: Response, signal: AbortSignal): Promise<void> {
  if (!waiting.has(response)) response.on('drain', () => waiting.get(response)?.());
  const { promise, resolve } = Promise.withResolvers<void>();
  waiting.set(response, resolve);
  const aborted = (): void => resolve();
  signal.addEventListener('abort', aborted);
  await promise;
  signal.removeEventListener('abort', aborted);
}

/**
 * Sends the pieces and ends the answer. An error, or a shutdown, breaks the connection off instead of ending it:
 * so the client can tell half an answer from a whole one.
 */
export async function sendAll(response: Response, pieces: AsyncIterable<string | Uint8Array>, signal: AbortSignal): Promise<void> {
  for await (const piece of pieces) {
    if (!(await write(response, piece, signal))) {
      response.destroy();
      return;
    }
    flush(response);
  }
  if (signal.aborted) response.destroy();
  else response.end();
}
