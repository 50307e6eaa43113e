/** Compresses text for those who take it. Events are left alone: they must not wait for a block to fill. */
import compression from 'compression';
import type { RequestHandler, Response } from 'express';

export function compress(): RequestHandler {
  const handler = compression({
    filter: (request, response) => !String(response.getHeader('content-type') ?? '').startsWith('text/event-stream') && compression.filter(request, response),
  });
  return (request, response, next) => {
    // Most programs ask for no encoding; their answers need not be wrapped.
    if (request.headers['accept-encoding'] === undefined) next();
    else handler(request, response, next);
  };
}

/** Sends what a compressor still holds, so that a piece of a stream arrives before the next one is made. */
export function flush(response: Response): void {
  if ('flush' in response && typeof response.flush === 'function') response.flush();
}
