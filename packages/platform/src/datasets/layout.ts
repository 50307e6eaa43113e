/** Decides what each column is (time, key, trial, field, or nothing), from a sample of its cells and the mapping. */
import type { ImportMapping } from '@corrente/shared/contract/dataset';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { some, suggestion } from '@corrente/shared/contract/closest';
import { findTime, isMissing, keyName, numberOf, rowNumberName, type TimeReading } from './text/cell-kinds.ts';

export interface Layout {
  readonly shape: 'wide' | 'long';
  readonly time: { readonly column: number; readonly name: string; readonly reading: TimeReading } | null;
  readonly key: { readonly column: number; readonly name: string } | null;
  /** The column that tells trials apart; only where the mapping names it. */
  readonly trial: { readonly column: number; readonly name: string } | null;
  /** The numeric columns: fields of every series (long), or the series themselves (wide). */
  readonly fields: ReadonlyArray<{ readonly column: number; readonly name: string }>;
  readonly ignored: ReadonlyArray<{ readonly column: string; readonly reason: string }>;
  readonly notes: readonly string[];
}

export interface ColumnSample {
  readonly names: readonly string[];
  /** Records from the beginning of the file, in its order. */
  readonly head: readonly (readonly string[])[];
  /** Records from further on, in the order of the file; none where they are not at hand. */
  readonly further: readonly (readonly string[])[];
  readonly decimal: '.' | ',';
  /** Binary formats know the types: columns that can hold neither numbers, time nor names. */
  readonly unusable?: ReadonlyMap<number, string>;
}

/** @throws invalid-mapping, no-time-parsed, no-numeric-column */
export function findLayout(sample: ColumnSample, mapping: ImportMapping): Layout {
  return new LayoutFinder(sample, mapping).find();
}

class LayoutFinder {
  private readonly sample: ColumnSample;
  private readonly mapping: ImportMapping;
  private readonly ignored: Array<{ column: string; reason: string }> = [];
  private readonly notes: string[] = [];
  /** Columns that the mapping names, which are never left out by themselves. */
  private readonly named: ReadonlySet<number>;

  constructor(sample: ColumnSample, mapping: ImportMapping) {
    this.sample = sample;
    this.mapping = mapping;
    const named = [mapping.key, mapping.time === 'none' ? undefined : mapping.time, mapping.trial, ...(mapping.fields ?? [])];
    const pointers = ['/key', '/time', '/trial', ...(mapping.fields ?? []).map((_, index) => `/fields/${index}`)];
    this.named = new Set(named.flatMap((name, index) => (name === undefined ? [] : [this.columnOf(name, pointers[index] ?? '')])));
  }

  find(): Layout {
    const left = new Set(this.sample.names.keys());
    for (const [column, reason] of this.sample.unusable ?? []) {
      left.delete(column);
      this.ignore(column, reason);
    }
    if (left.has(0) && !this.named.has(0) && left.size > 1 && this.isRowNumber(0)) {
      left.delete(0);
      this.ignore(0, 'row numbers');
    }
    const trial = this.findTrial();
    if (trial !== null) left.delete(trial);
    const time = this.findTime(left);
    if (time !== null) left.delete(time.column);
    const texts = [...left].filter((column) => !this.isNumeric(column));
    const key = this.findKey(left, texts, time?.column ?? null);
    if (key !== null) left.delete(key);
    const fields = this.findFields(left);
    const shape = key === null ? 'wide' : 'long';
    return {
      shape,
      time,
      key: key === null ? null : { column: key, name: this.nameOf(key) },
      trial: trial === null ? null : { column: trial, name: this.nameOf(trial) },
      fields: fields.map((column) => ({ column, name: this.nameOf(column) })),
      ignored: this.ignored,
      notes: this.notes,
    };
  }

  private nameOf(column: number): string {
    const name = this.sample.names[column] ?? '';
    return name === '' ? `c${column}` : name;
  }

  private columnOf(name: string, pointer: string): number {
    const exact = this.sample.names.indexOf(name);
    if (exact >= 0) return exact;
    const numbered = this.sample.names.findIndex((_, column) => this.nameOf(column) === name);
    if (numbered >= 0) return numbered;
    const all = this.sample.names.map((_, column) => this.nameOf(column));
    throw new CorrenteError('invalid-mapping', `The file has no column ${JSON.stringify(name)}${suggestion(name, all) || `; it has ${some(all, 20)}.`}`, { places: [{ pointer, detail: `No column ${JSON.stringify(name)}.` }] });
  }

  private ignore(column: number, reason: string): void {
    this.ignored.push({ column: this.nameOf(column), reason });
  }

  private cells(column: number): string[] {
    return this.sample.head.map((record) => record[column] ?? '');
  }

  private furtherCells(column: number): string[] {
    return this.sample.further.map((record) => record[column] ?? '');
  }

  private allCells(column: number): string[] {
    return [...this.cells(column), ...this.furtherCells(column)];
  }

  private beyond(column: number): { decimal: '.' | ','; further: readonly string[]; elapsed: boolean } {
    return { decimal: this.sample.decimal, further: this.furtherCells(column), elapsed: this.mapping.trial !== undefined };
  }

  /** Counts up by one from 0 or 1. */
  private isRowNumber(column: number): boolean {
    const cells = this.cells(column);
    const start = cells[0] === '0' ? 0 : 1;
    const counts = cells.length > 0 && cells.every((cell, row) => cell === String(row + start));
    return counts && (cells.length >= 3 || rowNumberName.test(this.sample.names[column] ?? ''));
  }

  private isNumeric(column: number): boolean {
    const filled = this.allCells(column).filter((cell) => !isMissing(cell));
    return filled.filter((cell) => !Number.isNaN(numberOf(cell, this.sample.decimal))).length >= 0.5 * filled.length;
  }

  private findTrial(): number | null {
    const { trial, key, time } = this.mapping;
    if (trial === undefined) return null;
    if (trial === key || trial === time) throw new CorrenteError('invalid-mapping', `The column ${JSON.stringify(trial)} is named as the trial and as the ${trial === key ? 'key' : 'time'}.`, { places: [{ pointer: '/trial', detail: 'A column has one use.' }] });
    return this.columnOf(trial, '/trial');
  }

  private findTime(left: ReadonlySet<number>): Layout['time'] {
    const { time } = this.mapping;
    if (time === 'none') return null;
    if (time !== undefined) {
      const column = this.columnOf(time, '/time');
      const found = findTime(this.cells(column), { name: this.nameOf(column), asked: true, ...this.beyond(column) });
      if (found === null) throw new CorrenteError('no-time-parsed', `The column ${JSON.stringify(time)} holds ${some(this.cells(column).slice(0, 3).map((cell) => JSON.stringify(cell)))}, which is read neither as ISO 8601, nor as an epoch, nor as years.`, { places: [{ pointer: '/time', detail: 'Not a column of time.' }] });
      return this.timeOf(column, found);
    }
    const [firstLeft] = left;
    // Texts that read as dates first: a number is time only where nothing else is.
    for (const numbersToo of [false, true]) {
      for (const column of left) {
        if (this.named.has(column) || this.isNumeric(column) !== numbersToo) continue;
        const found = findTime(this.cells(column), { name: this.sample.names[column] ?? '', first: column === firstLeft && left.size > 1, ...this.beyond(column) });
        if (found !== null) return this.timeOf(column, found);
      }
    }
    return null;
  }

  private timeOf(column: number, found: NonNullable<ReturnType<typeof findTime>>): Layout['time'] {
    if (found.ambiguous) this.notes.push(`The dates of ${JSON.stringify(this.nameOf(column))} are read as month/day/year; the file does not tell.`);
    if (found.elapsed) this.notes.push(`The numbers in ${JSON.stringify(this.nameOf(column))} are read as seconds since the beginning of a trial.`);
    return { column, name: this.nameOf(column), reading: found.reading };
  }

  private findKey(left: ReadonlySet<number>, texts: readonly number[], time: number | null): number | null {
    const { shape, key } = this.mapping;
    if (key !== undefined) {
      if (shape === 'wide') throw new CorrenteError('invalid-mapping', 'The mapping names a key, which only long data have, and says the data are wide.', { places: [{ pointer: '/key', detail: 'Leave out key, or set shape to long.' }] });
      return this.columnOf(key, '/key');
    }
    if (shape === 'wide') return null;
    const candidates = texts.filter((column) => !this.named.has(column));
    const integers = [...left].filter((column) => !texts.includes(column) && !this.named.has(column) && keyName.test(this.sample.names[column] ?? '') && this.hasRepeatedIntegers(column));
    const scored = [...candidates, ...integers]
      .map((column) => ({ column, score: this.keyScore(column, time, shape === 'long') }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score);
    const [best] = scored;
    if (best !== undefined) return best.column;
    if (shape === 'long') throw new CorrenteError('invalid-mapping', `No column of the file is a key: none holds names that repeat. It has ${some(this.sample.names, 20)}.`, { places: [{ pointer: '/shape', detail: 'Name the key column.' }] });
    return null;
  }

  private hasRepeatedIntegers(column: number): boolean {
    const cells = this.allCells(column);
    return cells.every((cell) => /^\d+$/.test(cell)) && new Set(cells).size < 0.5 * cells.length;
  }

  /**
   * How surely a column names series: times that repeat under different names, or that begin anew when the name
   * changes. Above 0 is enough; a telling name adds to it, and decides where the sample shows no time twice.
   */
  private keyScore(column: number, time: number | null, asked: boolean): number {
    const all = this.allCells(column);
    const named = [...all.keys()].filter((row) => all[row] !== '');
    const cells = named.map((row) => all[row] ?? '');
    const names = new Set(cells);
    const called = keyName.test(this.sample.names[column] ?? '') ? 1 : 0;
    // Names of series repeat, in any but the shortest file.
    if (names.size > 0.5 * cells.length && (called === 0 || names.size === cells.length) && cells.length > 2) return 0;
    if (time === null) return asked ? 1 + called : 0;
    const allTimes = this.allCells(time);
    const times = named.map((row) => allTimes[row] ?? '');
    const keysAt = new Map<string, string>();
    let shared = 0;
    let conflicts = 0;
    const seen = new Set<string>();
    for (let row = 0; row < cells.length; row++) {
      const [cell = '', at = ''] = [cells[row], times[row]];
      const other = keysAt.get(at);
      if (other !== undefined && other !== cell) shared++;
      keysAt.set(at, cell);
      const both = `${at}\u0000${cell}`;
      if (seen.has(both)) conflicts++;
      seen.add(both);
    }
    // A better key leaves fewer rows with the same time and name.
    const distinct = 1 - conflicts / Math.max(1, cells.length);
    if (shared > 0) return distinct + called + shared / cells.length;
    if (beginsAnew(cells, times)) return 0.5 * distinct + called;
    if (names.size === 1) return called > 0 || asked ? 0.1 + called : 0;
    return called > 0 || asked ? 0.2 + called : 0;
  }

  private findFields(left: ReadonlySet<number>): number[] {
    if (this.mapping.fields !== undefined) {
      const wanted = this.mapping.fields.map((name, index) => this.columnOf(name, `/fields/${index}`));
      for (const column of left) if (!wanted.includes(column)) this.ignore(column, 'not named in the mapping');
      for (const [index, column] of wanted.entries()) {
        if (left.has(column)) continue;
        throw new CorrenteError('invalid-mapping', `The column ${JSON.stringify(this.nameOf(column))} is named as a field and as something else.`, { places: [{ pointer: `/fields/${index}`, detail: 'A column has one use.' }] });
      }
      return [...new Set(wanted)];
    }
    const fields: number[] = [];
    for (const column of left) {
      const filled = this.allCells(column).filter((cell) => !isMissing(cell));
      if (filled.length === 0 && (this.sample.names[column] ?? '') === '') this.ignore(column, 'no name and no values');
      else if (this.isNumeric(column)) fields.push(column);
      else this.ignore(column, `text, such as ${JSON.stringify((filled[0] ?? '').slice(0, 40))}`);
    }
    if (fields.length === 0) {
      throw new CorrenteError('no-numeric-column', `None of the columns ${some(this.sample.names.map((_, column) => this.nameOf(column)), 20)} is numeric: ${some(this.ignored.map(({ column, reason }) => `${column}: ${reason}`), 5)}.`);
    }
    return fields;
  }
}

/** Whether time goes back in the sample, and only where the name changes: one series stands after the other. */
function beginsAnew(names: readonly string[], times: readonly string[]): boolean {
  let back = 0;
  for (let row = 1; row < names.length; row++) {
    const [before = '', now = ''] = [times[row - 1], times[row]];
    const [a, b] = [Number(before), Number(now)];
    if (!(Number.isNaN(a) || Number.isNaN(b) ? now < before : b < a)) continue;
    if (names[row] === names[row - 1]) return false;
    back++;
  }
  return back > 0;
}
