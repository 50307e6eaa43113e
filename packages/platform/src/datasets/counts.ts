/** What is in the cells: present, missing, infinite, constant; over the whole file and per series. */
import type { Json } from '@duckdb/node-api';
import type { Duck } from './duckdb.ts';
import { columnsPerStatement, inParts, placesKept, type StagedCell } from './staged.ts';

export interface FieldCounts {
  readonly present: number;
  readonly min: number;
  readonly max: number;
}

/** Counts of each field over all rows; not-a-number becomes missing first. */
export async function countFields(duck: Duck, fields: number): Promise<FieldCounts[]> {
  const counts = await countOnce(duck, fields);
  // NaN is greater than any number in DuckDB's order, so a maximum of NaN tells that there is one.
  const withNaN = counts.flatMap(({ max }, field) => (Number.isNaN(max) ? [field] : []));
  if (withNaN.length === 0) return counts;
  await inParts(withNaN, columnsPerStatement, async (part) => {
    await duck.run(`UPDATE staging SET ${part.map((field) => `f${field} = CASE WHEN isnan(f${field}) THEN NULL ELSE f${field} END`).join(', ')}`);
  });
  return countOnce(duck, fields);
}

async function countOnce(duck: Duck, fields: number): Promise<FieldCounts[]> {
  const counts: FieldCounts[] = [];
  await inParts(Array.from({ length: fields }, (_, field) => field), columnsPerStatement, async (part) => {
    const [row = []] = await duck.rows(`SELECT ${part.map((field) => `count(f${field}), min(f${field}), max(f${field})`).join(', ')} FROM staging`);
    for (let index = 0; index < part.length; index++) counts.push(fieldCounts(row, 3 * index));
  });
  return counts;
}

/** A number of a boxed row: infinities and NaN come as text. */
function numberIn(cell: Json | undefined): number {
  return cell === null || cell === undefined ? 0 : Number(cell);
}

function fieldCounts(row: readonly Json[], at: number): FieldCounts {
  return { present: numberIn(row[at]), min: numberIn(row[at + 1]), max: numberIn(row[at + 2]) };
}

/** The first cells, in the order of the file, of the given fields for which `test` holds. */
export async function findCells(duck: Duck, fields: readonly number[], test: (field: string) => string, most = placesKept): Promise<StagedCell[]> {
  const places: StagedCell[] = [];
  await inParts(fields, columnsPerStatement, async (part) => {
    const tests = part.map((field) => test(`f${field}`));
    const rows = await duck.rows(`SELECT rowid, ${tests.map((one) => `CASE WHEN ${one} THEN 1 END`).join(', ')} FROM staging WHERE ${tests.join(' OR ')} LIMIT ${most}`);
    for (const row of rows) {
      for (const [index, field] of part.entries()) if (row[index + 1] !== null) places.push({ row: Number(row[0]), column: field, text: '' });
    }
  });
  return places.sort((a, b) => a.row - b.row).slice(0, most);
}

export interface SeriesCounts {
  readonly rows: number;
  /** Microseconds; 0 without time. */
  readonly first: number;
  readonly last: number;
  readonly fields: readonly FieldCounts[];
}

/** Counts of each series of long data, in the order of the keys. */
export async function countSeries(duck: Duck, fields: number, hasTime: boolean): Promise<SeriesCounts[]> {
  const time = hasTime ? 'CAST(epoch_us(min(t)) AS DOUBLE), CAST(epoch_us(max(t)) AS DOUBLE)' : '0, 0';
  const rows: Array<{ code: number; counts: SeriesCounts }> = [];
  await inParts(Array.from({ length: fields }, (_, field) => field), columnsPerStatement, async (part, from) => {
    const found = await duck.rows(`SELECT CAST(enum_code(CAST(k AS keys)) AS INTEGER), count(*), ${time}, ${part.map((field) => `count(f${field}), min(f${field}), max(f${field})`).join(', ')} FROM staging GROUP BY k`);
    for (const row of found) {
      const code = Number(row[0]);
      const counts = part.map((_, index) => fieldCounts(row, 4 + 3 * index));
      if (from === 0) rows.push({ code, counts: { rows: Number(row[1]), first: Number(row[2]), last: Number(row[3]), fields: counts } });
      else {
        const known = rows.find((one) => one.code === code);
        if (known !== undefined) rows[rows.indexOf(known)] = { code, counts: { ...known.counts, fields: [...known.counts.fields, ...counts] } };
      }
    }
  });
  return rows.sort((a, b) => a.code - b.code).map(({ counts }) => counts);
}
