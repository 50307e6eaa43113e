/** Following a job on the terminal until it ends; Ctrl-C leaves the job running and says how to come back. */
import type { CorrenteClient } from '@corrente/shared/client/corrente-client';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { finalStates, type Job } from '@corrente/shared/contract/job';
import { errorOfJob } from './errors.ts';
import { startProgress } from './progress.ts';
import { interruptSignal } from './signals.ts';
import { say, seconds } from './words.ts';

/** Resolves with the job that succeeded; throws its error where it failed, `cancelled` where it was. */
export async function watchJob(client: CorrenteClient, id: string, options: { quiet?: boolean } = {}): Promise<Job> {
  const signal = interruptSignal();
  const bar = startProgress(id, options);
  let job: Job;
  try {
    job = await client.wait(id, {
      signal,
      onProgress: (progress) => bar.update(progress),
      onEvent: (event) => {
        if (event.type === 'log' && options.quiet !== true) say(event.data.message);
      },
    });
  } catch (error) {
    if (signal.aborted) throw new CorrenteError('cancelled', `No longer watching; the job goes on. Watch it again with corrente watch ${id}, end it with corrente cancel ${id}.`);
    throw error;
  } finally {
    bar.stop();
  }
  const error = errorOfJob(job.state, job.error);
  if (error !== null) throw error;
  if (options.quiet !== true) say(describeEnd(job));
  return job;
}

/** One line: how it ended, on what, how long it took. */
export function describeEnd(job: Job): string {
  if (!finalStates.has(job.state)) return `${job.id} is ${job.state}.`;
  const where = job.engine === null ? '' : ` on ${job.engine.name} (${job.engine.device})`;
  const took = job.timings.runMs === undefined ? '' : ` in ${seconds(job.timings.runMs / 1000)}`;
  const from = job.cachedFrom === null ? '' : `, from the stored result of ${job.cachedFrom}`;
  return `${job.id} ${job.state}${took}${where}${from}.`;
}
