/// <reference lib="webworker" />
/** Computes beside the page, so that nothing there ever waits. */
import type { Block } from '@corrente/shared/portable/block';
import { Explorer, type ExploreAnswer, type ExploreRequest } from './explore-work.ts';

/** A new block, or a request about the one there is. */
export type ToWorker = { readonly block: Block } | { readonly id: number; readonly request: ExploreRequest };
export type FromWorker = { readonly id: number; readonly answer: ExploreAnswer } | { readonly id: number; readonly failure: string };

const explorer = new Explorer();
let block: Block = { values: new Float64Array(0), series: 0, length: 0, stride: 0 };
let running = new AbortController();

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if ('block' in data) block = data.block;
  else void reply(data.id, data.request);
});

/** A newer request ends the one before. */
async function reply(id: number, request: ExploreRequest): Promise<void> {
  running.abort();
  running = new AbortController();
  let message: FromWorker;
  try {
    message = { id, answer: await explorer.answer(block, request, { signal: running.signal }) };
  } catch (error) {
    message = { id, failure: error instanceof Error ? error.message : String(error) };
  }
  const buffers = 'answer' in message ? [message.answer.lines, message.answer.r].flatMap((values) => (values === null ? [] : [values.buffer])) : [];
  postMessage(message, { transfer: buffers });
}
