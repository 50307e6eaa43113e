/** Whatever a handler throws, as problem details (RFC 9457). */
import { diskFull, isDiskFull } from '@corrente/platform/results/storage-error';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { ErrorRequestHandler, Request, Response } from 'express';

/** What Express and its body parser throw: `status` is for the client, `type` names the reason. */
interface HttpError extends Error {
  readonly status: number;
  readonly type?: unknown;
  readonly limit?: unknown;
}

/** The error as one of the table; what a client did wrong below the handlers is told apart from our own faults. */
export function knownError(error: unknown): CorrenteError {
  if (error instanceof CorrenteError) return error;
  if (isDiskFull(error)) return diskFull('what was sent', error);
  if (error instanceof URIError) return new CorrenteError('not-found', 'The address holds escapes that cannot be read.', { cause: error });
  if (!isHttpError(error) || error.status >= 500) return CorrenteError.from(error);
  if (error.status === 404) return new CorrenteError('not-found', sentence(error.message), { cause: error });
  if (error.status === 413) return new CorrenteError('payload-too-large', `The body is larger than ${String(error.limit)} bytes, the limit for JSON.`, { cause: error });
  if (error.status === 415) return new CorrenteError('unsupported-media-type', `${sentence(error.message)} JSON in UTF-8, plain or gzipped, was expected.`, { cause: error });
  if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) return new CorrenteError('bad-request', `The body is announced as compressed and cannot be unpacked: ${sentence(error.message)}`, { cause: error });
  return new CorrenteError('bad-request', sentence(error.type === 'entity.parse.failed' ? `The body is not JSON: ${error.message}` : error.message), { cause: error });
}

export const problemHandler: ErrorRequestHandler = (error, request, response, _next) => {
  // Whoever asked is gone: there is nobody to tell, and nothing went wrong here.
  if (response.destroyed || response.socket === null || response.socket.destroyed) return;
  const known = knownError(error);
  if (known.status >= 500) response.err = known;
  // Half an answer is on its way: only breaking off tells the client that it is not whole.
  if (response.headersSent) response.destroy(known);
  else sendProblem(request, response, known);
};

export function sendProblem(request: Request, response: Response, error: CorrenteError): void {
  const id = response.getHeader('x-request-id');
  const problem = { ...error.toProblem(), requestId: typeof id === 'string' ? id : 'unknown' };
  // What went wrong inside is for the log; the id leads there.
  if (error.code === 'internal') problem.detail = `The server failed on this request; its log has the reason under ${problem.requestId}.`;
  const body = JSON.stringify(problem);
  response.statusCode = problem.status;
  response.setHeader('content-type', 'application/problem+json');
  response.setHeader('cache-control', 'no-store');
  response.setHeader('content-length', Buffer.byteLength(body));
  // An upload that is refused while it is still coming: its rest is read and dropped, so that the sender gets to
  // read the answer, but not for ever.
  if (!request.complete) {
    response.setHeader('connection', 'close');
    request.resume();
    const timer = setTimeout(() => request.destroy(), 10_000).unref();
    request.once('close', () => clearTimeout(timer));
  }
  response.end(body);
}

function isHttpError(error: unknown): error is HttpError {
  return error instanceof Error && 'status' in error && typeof error.status === 'number';
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
