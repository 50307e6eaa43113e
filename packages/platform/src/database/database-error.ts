/** What PostgreSQL and the network say, as errors of the one table. */
import { CorrenteError } from '@corrente/shared/contract/errors';

/** Codes of Node and of PostgreSQL (its class, or the whole SQLSTATE) that mean: no answer now, maybe later. */
const unreachable = /^(08\w{3}|57P0\w|53300|57014|25P03|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|EAI_AGAIN)$/;
const closedWords = /Connection terminated|timeout exceeded when trying to connect|Client was closed|not queryable/;

/** The `code` of a system or database error, or an empty string. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** A database failure as a CorrenteError: `disk-full`, `not-ready` or `internal`, with its cause. */
export function databaseError(error: unknown): CorrenteError {
  if (error instanceof CorrenteError) return error;
  const code = codeOf(error);
  const message = error instanceof Error ? error.message || code : String(error);
  if (code === '53100') return new CorrenteError('disk-full', `The database cannot write: ${message}.`, { cause: error });
  if (unreachable.test(code) || closedWords.test(message)) {
    return new CorrenteError('not-ready', `The database does not answer: ${message}.`, { cause: error });
  }
  return new CorrenteError('internal', `The database refused a statement: ${message}${code === '' ? '' : ` (${code})`}.`, { cause: error });
}
