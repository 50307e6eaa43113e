/**
 * The engine process: frame, analysis and native code, apart from the supervisor, so that whatever ends it ends
 * nothing else. It lives as long as its supervisor's channel, takes one run at a time, and tells every second that
 * its event loop turns. Start it with `fork`.
 */
import { writeFileSync } from 'node:fs';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { calibratedEngineInfos } from '../engine/engines.ts';
import { EngineRun } from './engine-run.ts';
import { order, type Order, type Report } from './messages.ts';

const heartbeatMs = 1000;

let current: EngineRun | null = null;

function send(message: Report): void {
  // Without a channel the supervisor is gone, and `disconnect` ends this process.
  if (process.connected) process.send?.(message);
}

function obey(message: Order): void {
  if (message.type !== 'run') return current?.obey(message);
  if (current !== null) throw new CorrenteError('internal', `Run ${message.run} was ordered while run ${current.number} was not over.`);
  const run = new EngineRun(message, send);
  current = run;
  void run.ended.then((last) => {
    current = null;
    send(last);
  });
}

/** The first to go when the system runs out of memory: the supervisor, the API and the database stay. */
function volunteerForOom(): void {
  if (process.platform !== 'linux') return;
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // Only a preference: without /proc the system chooses by size.
  }
}

async function main(): Promise<void> {
  volunteerForOom();
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  // Ctrl-C in a terminal reaches the whole group; the supervisor decides what becomes of the job.
  process.on('SIGINT', () => {});
  process.on('message', (message) => obey(order.parse(message)));
  const engines = await calibratedEngineInfos();
  send({ type: 'ready', engines: [...engines], rss: process.memoryUsage.rss() });
  setInterval(() => send({ type: 'alive', rss: process.memoryUsage.rss() }), heartbeatMs);
}

await main();
