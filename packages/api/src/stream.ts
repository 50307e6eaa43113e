/** Answers that are sent piece by piece. */
import { once } from 'node:events';
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
  try {
    await once(response, 'drain', { signal });
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
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
