/** One log line per request, after it ended: faults of ours as errors, the rest at debug. Secrets never appear. */
import { pinoHttp, type HttpLogger } from 'pino-http';
import type { Logger } from 'pino';

export function logging(logger: Logger): HttpLogger {
  return pinoHttp({
    logger,
    // The id is on the request already; a child logger for each would cost more than most answers.
    genReqId: (request) => request.id,
    quietReqLogger: true,
    customLogLevel: (_request, response, error) => (error !== undefined || response.statusCode >= 500 ? 'error' : 'debug'),
    customSuccessMessage: (request, response, ms) => `${request.method} ${request.url} ${response.statusCode} in ${Math.round(ms)} ms`,
    customErrorMessage: (request, response, error) => `${request.method} ${request.url} ${response.statusCode}: ${error.message}`,
    serializers: {
      req: (request: { id: unknown; method: unknown; url: unknown }) => ({ id: request.id, method: request.method, url: request.url }),
      res: (response: { statusCode: unknown }) => ({ status: response.statusCode }),
    },
  });
}
