/**
 * On loopback the API is open to whoever sits at the machine, and so must not be reached through a browser by a
 * foreign page: neither under a name that its owner points at 127.0.0.1 (DNS rebinding), nor across origins.
 */
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { RequestHandler } from 'express';

const loopbackHost = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

export function hostOrigin(): RequestHandler {
  return (request, _response, next) => {
    const { host, origin } = request.headers;
    // Node keeps the first of several: what lies between may have read another.
    if ((request.headersDistinct.host ?? []).length > 1) throw new CorrenteError('forbidden-host', 'The Host header came more than once; one was expected.');
    if (host === undefined || !loopbackHost.test(host)) {
      throw new CorrenteError('forbidden-host', `The Host header was ${host === undefined ? 'missing' : `"${host}"`}; localhost, 127.0.0.1 or [::1] was expected.`);
    }
    if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
      throw new CorrenteError('forbidden-origin', `The Origin header was "${origin}"; http://${host} was expected.`);
    }
    next();
  };
}
