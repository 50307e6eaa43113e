/** Security headers for an API that also serves its dashboard and its reader, over plain HTTP on loopback. */
import helmet from 'helmet';
import type { RequestHandler } from 'express';

export function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        // The dashboard computes in WebAssembly where there is no graphics device; text is never run as a script.
        'script-src': ["'self'", "'wasm-unsafe-eval'"],
        // Mantine and the charts set style attributes.
        'style-src': ["'self'", "'unsafe-inline'"],
        'img-src': ["'self'", 'data:', 'blob:'],
        'font-src': ["'self'"],
        'worker-src': ["'self'", 'blob:'],
        'connect-src': ["'self'"],
        'object-src': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
      },
    },
    // Whether there is TLS in front is its owner's to know and to say.
    strictTransportSecurity: false,
  });
}
