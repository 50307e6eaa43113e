/** Requests that are no HTTP: Node's parser gives them up before there is a request, and so before the app sees them. */
import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { CorrenteError } from '@corrente/shared/contract/errors';

const reasons: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: "The request's line and headers are longer than the 16 KiB that are read.",
  HPE_CHUNK_EXTENSIONS_OVERFLOW: "The extensions of the body's chunks are longer than the 16 KiB that are read.",
  ERR_HTTP_REQUEST_TIMEOUT: "The request's line and headers did not come within 60 seconds.",
};

/** Answers them with a problem, as every other error, and closes the connection. */
export function answerMalformed(server: Server): void {
  const latest = new WeakMap<Duplex, ServerResponse>();
  server.on('request', (request, response) => latest.set(request.socket, response));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const response = latest.get(socket);
    // A body that breaks off while its answer is on the way: more bytes would become part of that answer.
    if (!socket.writable || error.code === 'ECONNRESET' || (response !== undefined && response.headersSent && !response.writableFinished)) {
      socket.destroy();
      return;
    }
    const problem = new CorrenteError('bad-request', reasons[error.code ?? ''] ?? `The request is not HTTP/1.1: ${error.message}.`, { cause: error }).toProblem();
    const body = JSON.stringify(problem);
    const head = [`HTTP/1.1 ${problem.status} Bad Request`, 'content-type: application/problem+json', `content-length: ${Buffer.byteLength(body)}`, 'cache-control: no-store', 'connection: close'];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  });
}
