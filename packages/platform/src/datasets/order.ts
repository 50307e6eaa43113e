/** The order of the staged rows: which series there are, whether time goes back, which times occur twice. */
import type { ImportMapping } from '@corrente/shared/contract/dataset';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Duck } from './duckdb.ts';
import { placesKept, type Staged } from './staged.ts';
import { formatTime } from './time.ts';

export interface RowPlace {
  readonly row: number;
  readonly series: number | null;
  /** Microseconds; a row number where there is no time. */
  readonly time: number;
}

export interface Order {
  /** Names of the series in the order of their first rows (long); empty for wide data. */
  readonly keys: readonly string[];
  /** Rows left out as they have no time or no key. */
  readonly withoutTime: number;
  readonly withoutKey: number;
  readonly unsorted: { readonly count: number; readonly places: readonly RowPlace[] };
  readonly duplicates: { readonly count: number; readonly places: readonly RowPlace[] };
}

/** More series than this are no series. */
export const seriesLimit = 100_000;

/**
 * Brings `staging` in order: rows without time or key go, and of rows with the same time (and key) one stays. Adds
 * the type `keys` for long data, whose codes number the series.
 *
 * @throws invalid-mapping (too many keys), duplicate-times
 */
export async function putInOrder(duck: Duck, { layout, rows }: Staged, action: ImportMapping['duplicates']): Promise<Order> {
  const hasTime = layout.time !== null;
  const hasKey = layout.key !== null;
  const keys = hasKey ? await findKeys(duck, hasTime, layout.key?.name ?? '') : [];
  const walk = hasTime || hasKey ? await walkRows(duck, hasTime, hasKey, keys.length) : nothingToWalk;
  if (walk.withoutTime + walk.withoutKey === rows) {
    throw new CorrenteError('no-time-parsed', `None of the ${rows} rows has a time${hasKey ? ' and a key' : ''}.`);
  }
  if (walk.withoutTime + walk.withoutKey > 0) {
    await duck.run(`DELETE FROM staging WHERE ${[...(hasTime ? ['t IS NULL'] : []), ...(hasKey ? [`k IS NULL OR k = ''`] : [])].join(' OR ')}`);
  }
  const duplicates = hasTime && !walk.ascending ? await removeDuplicates(duck, layout.fields.length, hasKey, keys, action) : { count: 0, places: [] };
  return { keys, withoutTime: walk.withoutTime, withoutKey: walk.withoutKey, unsorted: walk.unsorted, duplicates };
}

async function findKeys(duck: Duck, hasTime: boolean, column: string): Promise<string[]> {
  const rows = await duck.rows(`SELECT k FROM staging WHERE k <> ''${hasTime ? ' AND t IS NOT NULL' : ''} GROUP BY k ORDER BY min(rowid) LIMIT ${seriesLimit + 1}`);
  const keys = rows.map(([key]) => String(key));
  if (keys.length > seriesLimit) {
    throw new CorrenteError('invalid-mapping', `The column ${JSON.stringify(column)} holds more than ${seriesLimit} different names: too many for the key of series.`, { places: [{ pointer: '/key', detail: 'Name another column, or set shape to wide.' }] });
  }
  await duck.run(`CREATE OR REPLACE TABLE key_names AS SELECT k FROM staging WHERE k <> ''${hasTime ? ' AND t IS NOT NULL' : ''} GROUP BY k ORDER BY min(rowid)`);
  await duck.run('DROP TYPE IF EXISTS keys');
  await duck.run('CREATE TYPE keys AS ENUM (SELECT k FROM key_names)');
  return keys;
}

interface Walk {
  readonly withoutTime: number;
  readonly withoutKey: number;
  readonly unsorted: { count: number; places: RowPlace[] };
  /** Each series is strictly ascending: no time occurs twice. */
  readonly ascending: boolean;
}

const nothingToWalk: Walk = { withoutTime: 0, withoutKey: 0, unsorted: { count: 0, places: [] }, ascending: true };

/** One pass over time and key in the order of the file. */
async function walkRows(duck: Duck, hasTime: boolean, hasKey: boolean, keyCount: number): Promise<Walk> {
  const last = new Float64Array(Math.max(1, keyCount)).fill(-Infinity);
  const places: RowPlace[] = [];
  let [row, unsorted, equal, withoutTime, withoutKey] = [0, 0, 0, 0, 0];
  const columns = [...(hasTime ? ['CAST(epoch_us(t) AS DOUBLE)'] : []), ...(hasKey ? ['CAST(enum_code(TRY_CAST(k AS keys)) AS INTEGER)'] : [])];
  for await (const block of duck.blocks(`SELECT ${columns.join(', ')} FROM staging`)) {
    const times = hasTime ? block.doubles(0) : null;
    const timeBits = hasTime ? block.validity(0) : null;
    const codes = hasKey ? block.integers(hasTime ? 1 : 0) : null;
    const codeBits = hasKey ? block.validity(hasTime ? 1 : 0) : null;
    for (let index = 0; index < block.rows; index++, row++) {
      if (timeBits !== null && !isSet(timeBits, index)) {
        withoutTime++;
        continue;
      }
      if (codeBits !== null && !isSet(codeBits, index)) {
        withoutKey++;
        continue;
      }
      const code = codes === null ? 0 : (codes[index] ?? 0);
      if (times === null) continue;
      const time = times[index] ?? 0;
      const before = last[code] ?? 0;
      if (time <= before) {
        if (time === before) equal++;
        else {
          unsorted++;
          if (places.length < placesKept) places.push({ row, series: hasKey ? code : null, time });
        }
      }
      last[code] = time;
    }
  }
  return { withoutTime, withoutKey, unsorted: { count: unsorted, places }, ascending: unsorted === 0 && equal === 0 };
}

function isSet(bits: Uint8Array, index: number): boolean {
  return ((bits[index >> 3] ?? 0) >> (index & 7) & 1) === 1;
}

async function removeDuplicates(duck: Duck, fields: number, hasKey: boolean, keys: readonly string[], action: ImportMapping['duplicates']): Promise<Order['duplicates']> {
  const by = hasKey ? 'k, t' : 't';
  const same = hasKey ? 'staging.k = twice.k AND staging.t = twice.t' : 'staging.t = twice.t';
  await duck.run(`CREATE OR REPLACE TABLE twice AS SELECT ${by}, min(rowid) AS first_row, max(rowid) AS last_row, count(*) AS times FROM staging GROUP BY ${by} HAVING count(*) > 1`);
  const [total = []] = await duck.rows('SELECT coalesce(sum(times - 1), 0), count(*) FROM twice');
  const count = Number(total[0]);
  if (count === 0) return { count, places: [] };
  const found = await duck.rows(`SELECT staging.rowid, CAST(epoch_us(staging.t) AS DOUBLE)${hasKey ? ', CAST(enum_code(CAST(staging.k AS keys)) AS INTEGER)' : ''} FROM staging JOIN twice ON ${same} WHERE staging.rowid <> first_row ORDER BY staging.rowid LIMIT ${placesKept}`);
  const places = found.map(([row, time, code]) => ({ row: Number(row), series: hasKey ? Number(code) : null, time: Number(time) }));
  if (action === 'refuse') {
    const named = places.slice(0, 5).map(({ series, time }) => `${series === null ? '' : `${keys[series] ?? ''} at `}${formatTime(time)}`);
    throw new CorrenteError('duplicate-times', `${count} rows have the time of an earlier row: ${named.join(', ')}${count > 5 ? ', …' : ''}.`);
  }
  const kept = action === 'last' ? 'last_row' : 'first_row';
  if (action === 'mean') {
    const means = Array.from({ length: fields }, (_, field) => `avg(staging.f${field}) AS f${field}`);
    await duck.run(`CREATE OR REPLACE TABLE means AS SELECT first_row, ${means.join(', ')} FROM staging JOIN twice ON ${same} GROUP BY first_row`);
    await duck.run(`UPDATE staging SET ${Array.from({ length: fields }, (_, field) => `f${field} = means.f${field}`).join(', ')} FROM means WHERE staging.rowid = means.first_row`);
    await duck.run('DROP TABLE means');
  }
  await duck.run(`DELETE FROM staging USING twice WHERE ${same} AND staging.rowid <> twice.${kept}`);
  await duck.run('DROP TABLE twice');
  return { count, places };
}
