/** Text cells into numbers and times, one by one: what cannot be read is counted, reported and stored as missing. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import { text, type Duck } from './duckdb.ts';
import type { Layout } from './layout.ts';
import { columnsPerStatement, inParts, placesKept, type Staged, type StagedCell } from './staged.ts';
import { missingTexts } from './text/cell-kinds.ts';
import { timeOfText } from './time-sql.ts';

export interface CellCheck {
  /** Without the columns that are mostly no numbers. */
  readonly layout: Layout;
  readonly badCells: Staged['badCells'];
}

/** The columns of the file that a layout uses: time, key, trial, fields. */
export function columnsOf({ time, key, trial, fields }: Layout): number[] {
  return [...(time === null ? [] : [time.column]), ...(key === null ? [] : [key.column]), ...(trial === null ? [] : [trial.column]), ...fields.map(({ column }) => column)];
}

/**
 * Makes `staging` of the table `cells`, whose columns c<number> are VARCHAR, and drops `cells`.
 *
 * @throws no-time-parsed, no-numeric-column
 */
export async function stageCells(duck: Duck, layout: Layout, decimal: '.' | ','): Promise<CellCheck> {
  const { time, key, trial } = layout;
  const cells = new CellColumns(duck, decimal);
  const counts = await cells.countBad(layout);
  const { kept, ignored } = keepNumeric(layout, counts.fields, await cells.examples(layout, counts.fields));
  if (time !== null && counts.time.bad > 0.5 * counts.time.filled) {
    throw new CorrenteError('no-time-parsed', `${counts.time.bad} of the ${counts.time.filled} cells of ${JSON.stringify(time.name)} cannot be read as time, as the first ones can.`);
  }
  const used: Layout = { ...layout, fields: kept.map(({ field }) => field), ignored: [...layout.ignored, ...ignored] };
  const places = await cells.badPlaces(used, kept.map(({ bad }) => bad), counts.time.bad);
  const columns = [
    ...(time === null ? [] : [`${timeOfText(`c${time.column}`, time.reading, decimal)} AS t`]),
    ...(key === null ? [] : [`c${key.column} AS k`]),
    ...(trial === null ? [] : [`trim(c${trial.column}) AS r`]),
    ...kept.map(({ field }, index) => `${cells.number(field.column)} AS f${index}`),
  ];
  await duck.run(`CREATE OR REPLACE TABLE staging AS SELECT ${columns.join(', ')} FROM cells`);
  await duck.run('DROP TABLE cells');
  return { layout: used, badCells: { count: kept.reduce((sum, { bad }) => sum + bad, counts.time.bad), times: counts.time.bad, places } };
}

interface BadCount {
  readonly filled: number;
  readonly bad: number;
}

/** The table `cells`, all text, looked at column by column. */
class CellColumns {
  private readonly duck: Duck;
  private readonly decimal: '.' | ',';
  private readonly missing = `(${missingTexts.map(text).join(', ')})`;

  constructor(duck: Duck, decimal: '.' | ',') {
    this.duck = duck;
    this.decimal = decimal;
  }

  number(column: number): string {
    const trimmed = `trim(c${column})`;
    return `TRY_CAST(${this.decimal === ',' ? `replace(${trimmed}, ',', '.')` : trimmed} AS DOUBLE)`;
  }

  private filled(column: number): string {
    return `(c${column} IS NOT NULL AND trim(c${column}) NOT IN ${this.missing})`;
  }

  private bad(column: number): string {
    return `(${this.filled(column)} AND ${this.number(column)} IS NULL)`;
  }

  private badTime(time: NonNullable<Layout['time']>): string {
    return `(${this.filled(time.column)} AND ${timeOfText(`c${time.column}`, time.reading, this.decimal)} IS NULL)`;
  }

  async countBad({ time, fields }: Layout): Promise<{ time: BadCount; fields: BadCount[] }> {
    const counts: BadCount[] = [];
    await inParts(fields, columnsPerStatement, async (part) => {
      const [row = []] = await this.duck.rows(`SELECT ${part.map(({ column }) => `count_if(${this.filled(column)}), count_if(${this.bad(column)})`).join(', ')} FROM cells`);
      for (let index = 0; index < part.length; index++) counts.push({ filled: Number(row[2 * index]), bad: Number(row[2 * index + 1]) });
    });
    if (time === null) return { time: { filled: 0, bad: 0 }, fields: counts };
    const [row = []] = await this.duck.rows(`SELECT count_if(${this.filled(time.column)}), count_if(${this.badTime(time)}) FROM cells`);
    return { time: { filled: Number(row[0]), bad: Number(row[1]) }, fields: counts };
  }

  /** The first bad text of each column that has more bad cells than numbers. */
  async examples({ fields }: Layout, counts: readonly BadCount[]): Promise<Map<number, string>> {
    const examples = new Map<number, string>();
    for (const [index, { column }] of fields.entries()) {
      if (!isMostlyBad(counts[index])) continue;
      const [row] = await this.duck.rows(`SELECT left(c${column}, 40) FROM cells WHERE ${this.bad(column)} LIMIT 1`);
      examples.set(index, String(row?.[0] ?? ''));
    }
    return examples;
  }

  async badPlaces({ time, fields }: Layout, counts: readonly number[], badTimes: number): Promise<StagedCell[]> {
    const tests: Array<{ column: StagedCell['column']; source: number; test: string }> = fields.flatMap(({ column }, index) => ((counts[index] ?? 0) > 0 ? [{ column: index, source: column, test: this.bad(column) }] : []));
    if (time !== null && badTimes > 0) tests.unshift({ column: 'time', source: time.column, test: this.badTime(time) });
    const places: StagedCell[] = [];
    await inParts(tests, columnsPerStatement, async (part) => {
      const rows = await this.duck.rows(`SELECT rowid, ${part.map(({ source, test }) => `CASE WHEN ${test} THEN left(c${source}, 200) END`).join(', ')} FROM cells WHERE ${part.map(({ test }) => test).join(' OR ')} LIMIT ${placesKept}`);
      for (const row of rows) {
        for (const [index, { column }] of part.entries()) {
          const cell = row[index + 1];
          if (typeof cell === 'string') places.push({ row: Number(row[0]), column, text: cell });
        }
      }
    });
    return places.sort((a, b) => a.row - b.row).slice(0, placesKept);
  }
}

function isMostlyBad(count: BadCount | undefined): boolean {
  return count !== undefined && count.bad > 0.5 * count.filled;
}

function keepNumeric(layout: Layout, counts: readonly BadCount[], examples: ReadonlyMap<number, string>): { kept: Array<{ field: Layout['fields'][number]; bad: number }>; ignored: Array<{ column: string; reason: string }> } {
  const kept: Array<{ field: Layout['fields'][number]; bad: number }> = [];
  const ignored: Array<{ column: string; reason: string }> = [];
  for (const [index, field] of layout.fields.entries()) {
    const count = counts[index] ?? { filled: 0, bad: 0 };
    if (isMostlyBad(count)) ignored.push({ column: field.name, reason: `${count.bad} of ${count.filled} cells are not numbers, such as ${JSON.stringify(examples.get(index) ?? '')}` });
    else kept.push({ field, bad: count.bad });
  }
  if (kept.length === 0) throw new CorrenteError('no-numeric-column', `None of the columns is numeric: ${ignored.slice(0, 5).map(({ column, reason }) => `${column}: ${reason}`).join('; ')}.`);
  return { kept, ignored };
}

