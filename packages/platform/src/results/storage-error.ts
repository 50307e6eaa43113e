/** What the file system says, as errors of the one table. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import { codeOf } from '../database/database-error.ts';

/** ENOSPC and EDQUOT as `disk-full` naming the path, anything else as `internal`, with its cause. */
export function storageError(error: unknown, path: string): CorrenteError {
  if (error instanceof CorrenteError) return error;
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return new CorrenteError('disk-full', `No space is left to write ${path} (${code}).`, { cause: error });
  return new CorrenteError('internal', `${path} cannot be read or written: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
}
