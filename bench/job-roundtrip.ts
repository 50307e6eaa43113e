/** A tiny job through HTTP, submit to terminal event, next to the same through BullMQ's bare queue. */
import { Queue, QueueEvents, Worker } from 'bullmq';
import { median, quantile, timed, type Benchmark } from './benchmark.ts';
import { importWalks, startServer } from './server.ts';

const jobs = 300;

export const benchmark: Benchmark = {
  summary: 'a tiny job through HTTP, submit to terminal event',
  target: 'p50 under 60 ms, p99 under 250 ms',
  async run(log) {
    await using server = await startServer();
    const { client } = server;
    const dataset = await importWalks(client, 4, 64);
    const spec = { analysis: 'moving-average', input: { dataset: dataset.id }, params: { kinds: ['sma' as const], windows: [5] }, fresh: true };
    const roundTrip = async (): Promise<number> =>
      await timed(async () => {
        const { id } = await client.submit(spec);
        const job = await client.wait(id);
        if (job.state !== 'succeeded') throw new Error(`The job ended as ${job.state}: ${job.error?.detail ?? ''}`);
      });
    for (let k = 0; k < 20; k += 1) await roundTrip();
    log(`${jobs} jobs, one after another …`);
    const ours: number[] = [];
    const peer: number[] = [];
    await using bare = await bareQueue();
    for (let k = 0; k < jobs; k += 1) {
      ours.push(await roundTrip());
      peer.push(await bare.roundTrip());
    }
    const figures = { p50: median(ours), p90: quantile(ours, 0.9), p99: quantile(ours, 0.99), longest: Math.max(...ours) };
    const ratio = median(peer) / median(ours);
    return {
      cases: [{ case: `${jobs} jobs of moving-average, 4 × 64, fresh`, ratio, ours: median(ours), peer: median(peer), unit: 'ms', peerName: 'BullMQ on Redis alone: an empty job', rounds: jobs, figures }],
      versions: {},
    };
  },
};

/** An empty job on a BullMQ queue on a Redis of its own: what the queue costs when nothing else is done. */
async function bareQueue(): Promise<AsyncDisposable & { roundTrip(): Promise<number> }> {
  const { startRedisForTests } = await import('../packages/platform/src/testing/redis.ts');
  const redis = await startRedisForTests();
  const connection = { url: redis.url };
  const queue = new Queue('bare', { connection });
  const events = new QueueEvents('bare', { connection });
  const worker = new Worker('bare', async () => 0, { connection });
  await Promise.all([queue.waitUntilReady(), events.waitUntilReady(), worker.waitUntilReady()]);
  return {
    roundTrip: async () => await timed(async () => await (await queue.add('empty', {})).waitUntilFinished(events)),
    async [Symbol.asyncDispose]() {
      await Promise.all([worker.close(), events.close(), queue.close()]);
      await redis.close();
    },
  };
}
