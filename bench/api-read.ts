/** GET /v1/jobs/{id} next to a bare Express route, each under the same load from the same process. */
import autocannon from 'autocannon';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { median, type Benchmark } from './benchmark.ts';
import { importWalks, startServer } from './server.ts';

const rounds = 5;
const seconds = 4;
const connections = 50;

/** An Express app with one route that answers a constant object, in a process of its own as ours is. */
const bareApp = `
import express from 'express';
const app = express();
app.get('/v1/jobs/:id', (request, response) => { response.json({ id: request.params.id, state: 'succeeded' }); });
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

async function startBare(): Promise<AsyncDisposable & { url: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', bareApp], { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  return {
    url: `http://127.0.0.1:${String(port.value)}`,
    async [Symbol.asyncDispose]() {
      child.kill();
      await new Promise((resolve) => child.once('close', resolve));
    },
  };
}

async function rate(url: string): Promise<number> {
  const result = await autocannon({ url, connections, duration: seconds });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${url} gave ${result.non2xx} answers that are no success and ${result.errors} errors.`);
  return result.requests.average;
}

export const benchmark: Benchmark = {
  summary: 'GET /v1/jobs/{id} next to a bare Express route, requests per second',
  target: 'at least a fifth of the bare route, never stale',
  async run(log) {
    await using server = await startServer();
    await using bare = await startBare();
    const dataset = await importWalks(server.client, 4, 64);
    const job = await server.client.submit({ analysis: 'moving-average', input: { dataset: dataset.id }, params: { windows: [5] } });
    await server.client.wait(job.id);
    const path = `/v1/jobs/${job.id}`;
    await rate(server.url + path);
    await rate(bare.url + path);
    const pairs: Array<readonly [number, number]> = [];
    for (let round = 0; round < rounds; round += 1) {
      pairs.push([await rate(server.url + path), await rate(bare.url + path)]);
      log(`round ${round + 1}: ${pairs.at(-1)?.map((value) => Math.round(value)).join(' against ')} requests per second`);
    }
    // Times per request, so that the ratio reads as everywhere: peer's time over ours.
    const ours = median(pairs.map(([a]) => 1000 / a));
    const peer = median(pairs.map(([, b]) => 1000 / b));
    const figures = { requestsPerSecond: 1000 / ours, bareRequestsPerSecond: 1000 / peer, connections };
    return {
      cases: [{ case: `${connections} connections`, ratio: median(pairs.map(([a, b]) => a / b)), ours, peer, unit: 'ms per request', peerName: 'a bare Express route', rounds, figures }],
      versions: {},
    };
  },
};
