/** Bearer keys. Digests of one length are compared in constant time, all of them whichever fits. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { RequestHandler } from 'express';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

export function apiKey(keys: readonly string[]): RequestHandler {
  const digests = keys.map(digest);
  return (request, response, next) => {
    const given = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const found = given === undefined ? false : digests.map((known) => timingSafeEqual(known, digest(given))).includes(true);
    if (found) return next();
    response.setHeader('www-authenticate', 'Bearer realm="corrente"');
    throw new CorrenteError('unauthorized', given === undefined ? 'The request came without an Authorization: Bearer header.' : 'The key in the Authorization header is not one of this server\'s.');
  };
}
