/** Requests per address and window; 429 with Retry-After beyond. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import { rateLimit as expressRateLimit } from 'express-rate-limit';
import type { RequestHandler } from 'express';
import type { RateLimit } from '../../options.ts';

export function rateLimit({ windowMs, requests }: RateLimit): RequestHandler {
  return expressRateLimit({
    windowMs,
    limit: requests,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (_request, _response, next) => {
      next(new CorrenteError('rate-limited', `More than ${requests} requests came from this address within ${windowMs / 1000} s.`));
    },
  });
}
