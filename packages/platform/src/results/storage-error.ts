/** What the file system says, as errors of the one table. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import { codeOf } from '../database/database-error.ts';

/** Whether the file system had no room, or no more for this user. */
export function isDiskFull(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** `disk-full`, naming what could not be written. */
export function diskFull(what: string, cause: unknown): CorrenteError {
  const code = codeOf(cause);
  return new CorrenteError('disk-full', `No space is left to write ${what}${code === '' ? '' : ` (${code})`}.`, { cause });
}

/** A full disk as `disk-full` naming the path, anything else as `internal`, with its cause. */
export function storageError(error: unknown, path: string): CorrenteError {
  if (error instanceof CorrenteError) return error;
  if (isDiskFull(error)) return diskFull(path, error);
  return new CorrenteError('internal', `${path} cannot be read or written: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
}
