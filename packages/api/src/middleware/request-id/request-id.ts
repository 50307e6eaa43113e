/** Every request has an id: its sender's, where it is of a sane form, or a new one. Logs and problems carry it. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

const header = 'x-request-id';
const sane = /^[\w.-]{8,64}$/;

export function requestId(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  const given = request.headers[header];
  request.id = typeof given === 'string' && sane.test(given) ? given : randomUUID();
  response.setHeader(header, request.id);
  next();
}
