/** The child of an ImportProcess: imports files one after another, and tells that it lives. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import { importFile } from './import-file.ts';
import { aliveEvery, asMapping, importOrder, type ImportAnswer, type ImportOrder } from './import-messages.ts';

const running = new Map<number, AbortController>();

function send(answer: ImportAnswer): void {
  // A parent that is gone takes no answers; the child ends with the channel.
  if (process.connected) process.send?.(answer);
}

function tellAlive(): void {
  send({ type: 'alive', rss: process.memoryUsage.rss() });
}

async function run(order: Extract<ImportOrder, { type: 'import' }>): Promise<void> {
  tellAlive();
  const abort = new AbortController();
  running.set(order.id, abort);
  try {
    const { path, name, store, tempFolder, memoryLimit } = order;
    const dataset = await importFile(path, { mapping: asMapping(order.mapping), name, store, tempFolder, memoryLimit, signal: abort.signal });
    send({ type: 'done', id: order.id, dataset });
  } catch (error) {
    send({ type: 'failed', id: order.id, problem: CorrenteError.from(error).toProblem() });
  } finally {
    running.delete(order.id);
  }
}

process.on('message', (message) => {
  const order = importOrder.parse(message);
  if (order.type === 'cancel') running.get(order.id)?.abort();
  else void run(order);
});
process.on('disconnect', () => process.exit(0));
// Interrupts from a terminal are the parent's to handle.
process.on('SIGINT', () => undefined);
setInterval(tellAlive, aliveEvery).unref();
send({ type: 'ready' });
