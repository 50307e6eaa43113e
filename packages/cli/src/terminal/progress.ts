/** A progress bar on a terminal; nothing where stderr is not one. */
import { SingleBar } from 'cli-progress';
import type { JobProgress } from '@corrente/shared/contract/job';

export interface Progress {
  update(progress: Pick<JobProgress, 'fraction' | 'stage' | 'message'>): void;
  stop(): void;
}

export function startProgress(title: string, options: { quiet?: boolean } = {}): Progress {
  if (options.quiet === true || !process.stderr.isTTY) return { update: () => {}, stop: () => {} };
  const colourless = process.env['NO_COLOR'] !== undefined && process.env['NO_COLOR'] !== '';
  const paint = (text: string): string => (colourless ? text : `\u001B[36m${text}\u001B[39m`);
  const bar = new SingleBar({
    format: `${title} ${paint('{bar}')} {percentage}% {stage}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stderr,
  });
  bar.start(1000, 0, { stage: '' });
  return {
    update: ({ fraction, stage, message }) => bar.update(Math.round(fraction * 1000), { stage: message === '' ? stage : `${stage}: ${message}` }),
    stop: () => bar.stop(),
  };
}
