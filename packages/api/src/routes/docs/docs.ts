/** The OpenAPI document and its reader, Swagger UI from our own disk. */
import { createRequire } from 'node:module';
import type { Router } from 'express';
import type { Handlers } from '../../mount.ts';
import { openapi } from '../../openapi/openapi.ts';

const swagger = createRequire(import.meta.url)('swagger-ui-dist/absolute-path.js') as () => string;
const files = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Corrente: HTTP API</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="stylesheet" href="/docs/api/swagger-ui.css">
    <link rel="icon" href="/docs/api/favicon-32x32.png">
  </head>
  <body>
    <div id="reader"></div>
    <script src="/docs/api/swagger-ui-bundle.js"></script>
    <script src="/docs/api/reader.js"></script>
  </body>
</html>
`;

// The validator badge would ask a foreign server.
const reader = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#reader', deepLinking: true, validatorUrl: null, defaultModelsExpandDepth: 0 });\n`;

export function docsRoutes(): Pick<Handlers, 'getOpenapi' | 'getDocs'> {
  const document = openapi();
  return {
    getOpenapi: () => ({ status: 200, body: document }),
    getDocs: ({ response }) => void response.type('html').send(page),
  };
}

/** What the reader's page loads. */
export function docsFiles(router: Router): void {
  router.get('/docs/api/reader.js', (_request, response) => void response.type('js').send(reader));
  for (const file of files) router.get(`/docs/api/${file}`, (_request, response) => response.sendFile(file, { root: swagger(), maxAge: '1d' }));
}
