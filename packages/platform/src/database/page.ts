/** Pages of a list, newest first, by keyset: the cursor is the place of the last item, so that no page shifts. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Page } from '../platform.ts';

const defaultLimit = 50;
const mostLimit = 500;

/** @throws CorrenteError `bad-request` for anything but a whole number from 1 to 500. */
export function pageLimit(limit: number = defaultLimit): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= mostLimit) return limit;
  throw new CorrenteError('bad-request', `limit is ${limit}; expected a whole number from 1 to ${mostLimit}.`, { places: [{ pointer: '/limit', detail: `a whole number from 1 to ${mostLimit}` }] });
}

/** The column that a row needs for `pageOf`: microseconds since 1970. */
export function microsColumn(alias: string): string {
  return `(extract(epoch from ${alias}.created_at) * 1000000)::bigint as micros`;
}

/**
 * The condition for rows after a cursor; its values are appended to `values`.
 * @throws CorrenteError `bad-request` for a cursor that `pageOf` did not make.
 */
export function afterCursor(alias: string, cursor: string, values: unknown[]): string {
  const match = /^(\d{1,16}),(\w{1,64})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (!match) {
    throw new CorrenteError('bad-request', `The cursor ${JSON.stringify(cursor.slice(0, 100))} is none that this list gave; expected the cursor of a page, as it came.`, { places: [{ pointer: '/cursor', detail: 'not a cursor of this list' }] });
  }
  return `(${alias}.created_at, ${alias}.id) < (timestamptz 'epoch' + $${values.push(match[1])}::bigint * interval '1 microsecond', $${values.push(match[2])}::text)`;
}

/** The page of up to `limit` rows; one row more than that tells that another page follows. */
export function pageOf<Row extends { id: string; micros: number }, T>(rows: readonly Row[], limit: number, itemOf: (row: Row) => T): Page<T> {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const cursor = rows.length > limit && last ? Buffer.from(`${last.micros},${last.id}`, 'latin1').toString('base64url') : null;
  return { items: page.map(itemOf), cursor };
}
