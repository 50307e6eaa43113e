/** Errors as the terminal shows them: one line on stderr, no stack trace, and an exit code that scripts can use. */
import { CorrenteError, type ErrorCode } from '@corrente/shared/contract/errors';
import { styleText } from 'node:util';

/** 130 for cancelled, 1 for what failed while it ran, 2 for input that was refused. */
export function exitCodeOf(error: unknown): 1 | 2 | 130 {
  if (!(error instanceof CorrenteError)) return 1;
  if (error.code === 'cancelled') return 130;
  return error.status < 500 ? 2 : 1;
}

/** `error CODE: sentence` and a line for each wrong place; one JSON object (the problem) with --json. */
export function reportError(error: unknown, json: boolean): void {
  const known = CorrenteError.from(error);
  if (json) {
    process.stderr.write(`${JSON.stringify(known.toProblem())}\n`);
    return;
  }
  const label = styleText('red', `error ${known.code}:`, { stream: process.stderr });
  process.stderr.write(`${label} ${known.sentence}\n`);
  for (const place of known.places) process.stderr.write(`  ${place.pointer || '/'}: ${place.detail}\n`);
}

/** What a job that did not succeed means for the exit code. */
export function errorOfJob(state: string, problem: { code: ErrorCode; detail: string } | null): CorrenteError | null {
  if (state === 'succeeded') return null;
  if (state === 'cancelled') return new CorrenteError('cancelled', 'The job was cancelled.');
  return new CorrenteError(problem?.code ?? 'internal', problem?.detail ?? 'The job failed.');
}
