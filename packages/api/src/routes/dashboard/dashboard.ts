/** The built dashboard: its files, and its page for every address that a browser may open. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type Request, type Router } from 'express';

/** Vite puts a hash of their content into the names of these. */
const hashed = /[/\\]assets[/\\][^/\\]+-[\w-]{8,}\.\w+$/;

const notBuilt = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Corrente</title></head>
  <body>
    <h1>Corrente</h1>
    <p>The server runs, but its dashboard has not been built. Build it in the project's folder, then load this page again:</p>
    <pre>npm run build</pre>
    <p>The HTTP API works without it: <a href="/docs/api">its description</a>.</p>
  </body>
</html>
`;

export function dashboard(router: Router, folder: string): void {
  router.use(
    express.static(folder, {
      index: false,
      redirect: false,
      setHeaders: (response, path) => response.setHeader('cache-control', hashed.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache'),
    }),
  );
  router.use((request, response, next) => {
    if (!asksForPage(request)) return next();
    response.setHeader('cache-control', 'no-cache');
    // Looked up each time, so that a build is found without a restart.
    if (existsSync(join(folder, 'index.html'))) response.sendFile('index.html', { root: folder, cacheControl: false });
    else response.type('html').send(notBuilt);
  });
}

/** A browser opening an address, rather than a program or a page asking for a file; and no address made to trick. */
function asksForPage(request: Request): boolean {
  const reading = request.method === 'GET' || request.method === 'HEAD';
  const foreign = /^\/(?:v1|docs|assets)(?:\/|$)|%00|(?:\.|%2e){2}|%25/i.test(request.path);
  return reading && !foreign && (request.path === '/' || (request.headers.accept ?? '').includes('text/html'));
}
