/** Which series and trials there are, and which of the staged rows stay: none without time, key or trial, one of those with the same time. */
import type { ImportMapping } from '@corrente/shared/contract/dataset';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Duck } from './duckdb.ts';
import { columnsPerStatement, inParts, placesKept, type Staged } from './staged.ts';
import { surveyRows, type Counted, type RowPlace, type Survey } from './survey.ts';
import { formatTime } from './time.ts';

export interface Order {
  /** Names of the series in the order of their first rows (long); empty for wide data. */
  readonly keys: readonly string[];
  /** Names of the trials in their order; empty for data without. */
  readonly trials: readonly string[];
  readonly duplicates: Counted<RowPlace>;
  /** Of the file. */
  readonly found: Survey;
  /** Of the rows that are stored. */
  readonly kept: Survey;
  readonly rowsStored: number;
}

/** More series than this are no series. */
export const seriesLimit = 100_000;

/**
 * The names of the series of long data, in the order of their first rows; makes the type `keys`, which numbers them.
 *
 * @throws invalid-mapping where there are too many, or none
 */
export async function findKeys(duck: Duck, { layout, rows }: Staged): Promise<string[]> {
  if (layout.key === null) return [];
  const { name } = layout.key;
  await duck.run(`CREATE OR REPLACE TABLE key_names AS SELECT k FROM staging WHERE k <> ''${layout.time === null ? '' : ' AND t IS NOT NULL'} GROUP BY k ORDER BY min(rowid) LIMIT ${seriesLimit + 1}`);
  const keys = (await duck.rows('SELECT k FROM key_names ORDER BY rowid')).map(([key]) => String(key));
  if (keys.length === 0) throw withoutRows(rows, name);
  if (keys.length > seriesLimit) {
    throw new CorrenteError('invalid-mapping', `The column ${JSON.stringify(name)} holds more than ${seriesLimit} different names: too many for the key of series.`, { places: [{ pointer: '/key', detail: 'Name another column, or set shape to wide.' }] });
  }
  await duck.run('CREATE TYPE keys AS ENUM (SELECT k FROM key_names ORDER BY rowid)');
  return keys;
}

/** More trials than this are no trials. */
export const trialLimit = 100_000;
/** Series times trials: each is looked at by itself. */
const unitLimit = 20_000_000;

/**
 * The names of the trials, by value where all are numbers, else in the order of their first rows; makes the type
 * `trials`, which numbers them.
 *
 * @throws invalid-mapping where there are too many, or none
 */
export async function findTrials(duck: Duck, { layout, rows }: Staged, keys: number): Promise<string[]> {
  if (layout.trial === null) return [];
  const name = JSON.stringify(layout.trial.name);
  const wrong = (what: string, detail: string): CorrenteError => new CorrenteError('invalid-mapping', what, { places: [{ pointer: '/trial', detail }] });
  const present = [`r <> ''`, ...(layout.time === null ? [] : ['t IS NOT NULL']), ...(layout.key === null ? [] : [`k <> ''`])].join(' AND ');
  await duck.run(`CREATE OR REPLACE TABLE trial_names AS SELECT r, min(rowid) AS first_row, TRY_CAST(r AS DOUBLE) AS number FROM staging WHERE ${present} GROUP BY r LIMIT ${trialLimit + 1}`);
  const [counts = []] = await duck.rows('SELECT count(*), count(number) FROM trial_names');
  const [all, numbers] = [Number(counts[0]), Number(counts[1])];
  if (all === 0) throw wrong(`None of the ${rows} rows has a trial in ${name}.`, 'Holds no names.');
  if (all > trialLimit) throw wrong(`The column ${name} holds more than ${trialLimit} different values: too many to be trials.`, 'Name another column.');
  if (all * Math.max(1, keys) > unitLimit) throw wrong(`${all} trials of ${keys} series are more than ${unitLimit} stretches of time.`, 'Name another column.');
  const order = numbers === all ? 'number, first_row' : 'first_row';
  await duck.run(`CREATE TYPE trials AS ENUM (SELECT r FROM trial_names ORDER BY ${order})`);
  return (await duck.rows(`SELECT r FROM trial_names ORDER BY ${order}`)).map(([trial]) => String(trial));
}

/** Whether the rows can be stored as they are, but for their order. */
export function isClean(found: Survey): boolean {
  return found.withoutTime + found.withoutKey + found.withoutTrial === 0 && found.withNaN.length === 0 && found.ascending;
}

/**
 * Makes `staging` hold the rows to store.
 *
 * @throws no-time-parsed, duplicate-times
 */
export async function putInOrder(duck: Duck, staged: Staged, { keys, trials }: Pick<Order, 'keys' | 'trials'>, found: Survey, action: ImportMapping['duplicates']): Promise<Order> {
  const { layout, rows } = staged;
  const hasTime = layout.time !== null;
  const left = found.withoutTime + found.withoutKey + found.withoutTrial;
  if (left === rows) throw withoutRows(rows, null);
  if (left > 0) await duck.run(`DELETE FROM staging WHERE ${[...(hasTime ? ['t IS NULL'] : []), ...(keys.length > 0 ? [`k IS NULL OR k = ''`] : []), ...(trials.length > 0 ? [`r IS NULL OR r = ''`] : [])].join(' OR ')}`);
  await inParts(found.withNaN, columnsPerStatement, async (part) => {
    await duck.run(`UPDATE staging SET ${part.map((field) => `f${field} = CASE WHEN isnan(f${field}) THEN NULL ELSE f${field} END`).join(', ')}`);
  });
  const duplicates = hasTime && !found.ascending ? await removeDuplicates(duck, layout, keys, action) : { count: 0, places: [] };
  const kept = duplicates.count > 0 ? await surveyRows(duck, staged, { keys: keys.length, trials: trials.length }) : found;
  return { keys, trials, duplicates, found, kept, rowsStored: rows - left - duplicates.count };
}

function withoutRows(rows: number, key: string | null): CorrenteError {
  return key === null ? new CorrenteError('no-time-parsed', `None of the ${rows} rows has a time.`) : new CorrenteError('invalid-mapping', `None of the ${rows} rows has both a time and a name in ${JSON.stringify(key)}.`, { places: [{ pointer: '/key', detail: 'Holds no names.' }] });
}

async function removeDuplicates(duck: Duck, layout: Staged['layout'], keys: readonly string[], action: ImportMapping['duplicates']): Promise<Order['duplicates']> {
  const hasKey = keys.length > 0;
  const fields = layout.fields.length;
  const columns = [...(hasKey ? ['k'] : []), ...(layout.trial === null ? [] : ['r']), 't'];
  const by = columns.join(', ');
  const same = columns.map((column) => `staging.${column} = twice.${column}`).join(' AND ');
  await duck.run(`CREATE OR REPLACE TABLE twice AS SELECT ${by}, min(rowid) AS first_row, max(rowid) AS last_row, count(*) AS times FROM staging GROUP BY ${by} HAVING count(*) > 1`);
  const [total = []] = await duck.rows('SELECT coalesce(sum(times - 1), 0) FROM twice');
  const count = Number(total[0]);
  if (count === 0) return { count, places: [] };
  const found = await duck.rows(`SELECT staging.rowid, CAST(epoch_us(staging.t) AS DOUBLE)${hasKey ? ', CAST(enum_code(CAST(staging.k AS keys)) AS INTEGER)' : ''} FROM staging JOIN twice ON ${same} WHERE staging.rowid <> first_row ORDER BY staging.rowid LIMIT ${placesKept}`);
  const places = found.map(([row, time, code]) => ({ row: Number(row), series: hasKey ? Number(code) : null, time: Number(time) }));
  if (action === 'refuse') {
    const named = places.slice(0, 5).map(({ series, time }) => `${series === null ? '' : `${keys[series] ?? ''} at `}${formatTime(time)}`);
    throw new CorrenteError('duplicate-times', `${count} rows have the time of an earlier row: ${named.join(', ')}${count > 5 ? ', …' : ''}.`);
  }
  if (action === 'mean') {
    const means = Array.from({ length: fields }, (_, field) => `avg(staging.f${field}) AS f${field}`);
    await duck.run(`CREATE OR REPLACE TABLE means AS SELECT first_row, ${means.join(', ')} FROM staging JOIN twice ON ${same} GROUP BY first_row`);
    await duck.run(`UPDATE staging SET ${Array.from({ length: fields }, (_, field) => `f${field} = means.f${field}`).join(', ')} FROM means WHERE staging.rowid = means.first_row`);
    await duck.run('DROP TABLE means');
  }
  await duck.run(`DELETE FROM staging USING twice WHERE ${same} AND staging.rowid <> twice.${action === 'last' ? 'last_row' : 'first_row'}`);
  await duck.run('DROP TABLE twice');
  return { count, places };
}
