/**
 * One pass over the staged rows, in the order of the file: whether time goes back, and what the cells hold, field by
 * field and series by series. Works on raw columns; a statement per question would read everything each time.
 */
import type { Block } from './block.ts';
import type { Duck } from './duckdb.ts';
import { placesKept, type Staged, type StagedCell } from './staged.ts';

export interface RowPlace {
  readonly row: number;
  readonly series: number | null;
  /** Microseconds. */
  readonly time: number;
}

export interface Counted<T> {
  count: number;
  places: T[];
}

/** Rows count from 0 in the file; series in the order of their keys, 0 alone for wide data. */
export interface Survey {
  readonly withoutTime: number;
  readonly withoutKey: number;
  readonly withoutTrial: number;
  /** Rows whose time is before that of the row before (of the same series and trial). */
  readonly unsorted: Counted<RowPlace>;
  /** Each series is strictly ascending in each trial: no time occurs twice. */
  readonly ascending: boolean;
  /** Of the rows that have a time, a key and a trial. */
  readonly missing: Counted<StagedCell>;
  readonly infinite: Counted<StagedCell>;
  /** Fields that hold not-a-number, which counts as missing. */
  readonly withNaN: readonly number[];
  /** Rows, first and last time of each series. */
  readonly rows: Float64Array;
  readonly first: Float64Array;
  readonly last: Float64Array;
  /** [series × field]: present values, smallest, largest. */
  readonly present: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** Wide: the first time at which each field has a value. */
  readonly firstPresent: Float64Array;
}

/** Columns that are read together: bounds the memory of a block. */
const fieldsAtOnce = 512;

/**
 * How many series long data have, whose names the type `keys` holds, and how many trials, with the type `trials`; 0 for
 * data without.
 */
export interface SurveyUnits {
  readonly keys: number;
  readonly trials: number;
}

export async function surveyRows(duck: Duck, { layout, badCells }: Staged, units: SurveyUnits): Promise<Survey> {
  const fields = layout.fields.length;
  const survey = new SurveyWalk(layout.time !== null, units, fields, placesKept + Math.min(badCells.count, 10_000));
  for (let from = 0; from < fields; from += fieldsAtOnce) {
    const count = Math.min(fieldsAtOnce, fields - from);
    survey.begin(from, count);
    for await (const block of duck.blocks(`SELECT ${[...survey.rowColumns(), ...Array.from({ length: count }, (_, field) => `f${from + field}`)].join(', ')} FROM staging`)) survey.take(block);
  }
  return survey.result();
}

class SurveyWalk {
  private readonly hasTime: boolean;
  private readonly hasKey: boolean;
  /** 1 for data without. */
  private readonly trials: number;
  private readonly hasTrial: boolean;
  private readonly fields: number;
  private readonly kept: number;
  private readonly rows: Float64Array;
  private readonly first: Float64Array;
  private readonly last: Float64Array;
  /** Of each series and trial: the time of the row before. */
  private readonly latest: Float64Array;
  private readonly present: Float64Array;
  private readonly min: Float64Array;
  private readonly max: Float64Array;
  private readonly firstPresent: Float64Array;
  private readonly unsorted: Counted<RowPlace> = { count: 0, places: [] };
  private readonly missing: Counted<StagedCell> = { count: 0, places: [] };
  private readonly infinite: Counted<StagedCell> = { count: 0, places: [] };
  private readonly withNaN = new Set<number>();
  private withoutTime = 0;
  private withoutKey = 0;
  private withoutTrial = 0;
  private equal = 0;
  private row = 0;
  private from = 0;
  private count = 0;

  constructor(hasTime: boolean, { keys, trials }: SurveyUnits, fields: number, kept: number) {
    this.hasTime = hasTime;
    this.hasKey = keys > 0;
    this.hasTrial = trials > 0;
    this.trials = Math.max(1, trials);
    this.fields = fields;
    this.kept = kept;
    const series = Math.max(1, keys);
    this.rows = new Float64Array(series);
    this.first = new Float64Array(series).fill(Infinity);
    this.last = new Float64Array(series).fill(-Infinity);
    this.latest = new Float64Array(series * this.trials).fill(-Infinity);
    this.present = new Float64Array(series * fields);
    this.min = new Float64Array(series * fields).fill(Infinity);
    this.max = new Float64Array(series * fields).fill(-Infinity);
    this.firstPresent = new Float64Array(keys > 0 ? 0 : fields).fill(Infinity);
  }

  rowColumns(): string[] {
    return [
      ...(this.hasTime ? ['CAST(epoch_us(t) AS DOUBLE)'] : []),
      ...(this.hasKey ? ['CAST(enum_code(TRY_CAST(k AS keys)) AS INTEGER)'] : []),
      ...(this.hasTrial ? ['CAST(enum_code(TRY_CAST(r AS trials)) AS INTEGER)'] : []),
    ];
  }

  /** The next pass reads `count` fields from `from` on. */
  begin(from: number, count: number): void {
    this.row = 0;
    this.from = from;
    this.count = count;
  }

  /** A block holds runs of rows that belong together: of one series and trial, and none without time, key or trial among them. */
  take(block: Block): void {
    const times = this.hasTime ? block.doubles(0) : null;
    const timeBits = this.hasTime ? block.validity(0) : null;
    const keyColumn = this.hasTime ? 1 : 0;
    const codes = this.hasKey ? block.integers(keyColumn) : null;
    const codeBits = this.hasKey ? block.validity(keyColumn) : null;
    const trialColumn = keyColumn + (this.hasKey ? 1 : 0);
    const trials = this.hasTrial ? block.integers(trialColumn) : null;
    const trialBits = this.hasTrial ? block.validity(trialColumn) : null;
    const fieldColumn = trialColumn + (this.hasTrial ? 1 : 0);
    const isThere = (row: number): boolean => (timeBits === null || isSet(timeBits, row)) && (codeBits === null || isSet(codeBits, row)) && (trialBits === null || isSet(trialBits, row));
    const collectMissing = this.missing.places.length < this.kept;
    const collectInfinite = this.infinite.places.length < placesKept;
    const runs: number[] = [];
    for (let start = 0; start < block.rows;) {
      if (!isThere(start)) {
        if (this.from === 0 && timeBits !== null && !isSet(timeBits, start)) this.withoutTime++;
        else if (this.from === 0 && codeBits !== null && !isSet(codeBits, start)) this.withoutKey++;
        else if (this.from === 0) this.withoutTrial++;
        start++;
        continue;
      }
      const code = codes === null ? 0 : (codes[start] ?? 0);
      const trial = trials === null ? 0 : (trials[start] ?? 0);
      let end = start + 1;
      while (end < block.rows && (codes === null || codes[end] === code) && (trials === null || trials[end] === trial) && isThere(end)) end++;
      runs.push(code, start, end);
      if (this.from === 0) this.takeTimes(code, code * this.trials + trial, times, start, end);
      start = end;
    }
    for (let field = 0; field < this.count; field++) {
      const column = fieldColumn + field;
      this.takeField(block.doubles(column), block.validity(column), runs, this.from + field, times, collectMissing, collectInfinite);
    }
    this.row += block.rows;
    // A block is looked at field by field: what was found first is only known at its end.
    if (collectMissing) keepFirst(this.missing.places, this.kept);
    if (collectInfinite) keepFirst(this.infinite.places, placesKept);
  }

  result(): Survey {
    const { unsorted, missing, infinite, withoutTime, withoutKey, withoutTrial, rows, first, last, present, min, max, firstPresent } = this;
    return { unsorted, missing, infinite, withoutTime, withoutKey, withoutTrial, ascending: unsorted.count === 0 && this.equal === 0, withNaN: [...this.withNaN], rows, first, last, present, min, max, firstPresent };
  }

  private takeTimes(code: number, unit: number, times: Float64Array | null, start: number, end: number): void {
    this.rows[code] = (this.rows[code] ?? 0) + end - start;
    if (times === null) return;
    let latest = this.latest[unit] ?? 0;
    let [first, last] = [this.first[code] ?? 0, this.last[code] ?? 0];
    for (let index = start; index < end; index++) {
      const time = times[index] ?? 0;
      if (time <= latest) {
        if (time === latest) this.equal++;
        else {
          this.unsorted.count++;
          if (this.unsorted.places.length < placesKept) this.unsorted.places.push({ row: this.row + index, series: this.hasKey ? code : null, time });
        }
      }
      if (time < first) first = time;
      if (time > last) last = time;
      latest = time;
    }
    this.latest[unit] = latest;
    this.first[code] = first;
    this.last[code] = last;
  }

  private takeField(values: Float64Array, validity: Uint8Array | null, runs: readonly number[], field: number, times: Float64Array | null, collectMissing: boolean, collectInfinite: boolean): void {
    for (let index = 0; index < runs.length; index += 3) {
      const [code = 0, start = 0, end = 0] = [runs[index], runs[index + 1], runs[index + 2]];
      const at = code * this.fields + field;
      let [low, high, absent] = [this.min[at] ?? 0, this.max[at] ?? 0, 0];
      if (validity === null) {
        for (let row = start; row < end; row++) {
          const value = values[row] ?? 0;
          if (value < low) low = value;
          if (value > high) high = value;
          if (value !== value) absent++;
        }
        if (absent > 0) this.withNaN.add(field);
      } else {
        for (let row = start; row < end; row++) {
          const value = values[row] ?? 0;
          if (!isSet(validity, row)) absent++;
          else if (value !== value) {
            absent++;
            this.withNaN.add(field);
          } else {
            if (value < low) low = value;
            if (value > high) high = value;
          }
        }
      }
      this.present[at] = (this.present[at] ?? 0) + end - start - absent;
      this.min[at] = low;
      this.max[at] = high;
      if (absent > 0) this.noteMissing(values, validity, start, end, field, absent, collectMissing);
      if (high === Infinity || low === -Infinity) this.noteInfinite(values, validity, start, end, field, collectInfinite);
      if (!this.hasKey && times !== null && absent < end - start) this.noteFirst(values, validity, start, end, field, times);
    }
  }

  private noteMissing(values: Float64Array, validity: Uint8Array | null, start: number, end: number, field: number, absent: number, collect: boolean): void {
    this.missing.count += absent;
    if (!collect) return;
    for (let row = start; row < end; row++) {
      if ((validity !== null && !isSet(validity, row)) || Number.isNaN(values[row])) this.missing.places.push({ row: this.row + row, column: field, text: '' });
    }
  }

  private noteInfinite(values: Float64Array, validity: Uint8Array | null, start: number, end: number, field: number, collect: boolean): void {
    for (let row = start; row < end; row++) {
      const value = values[row];
      if ((value !== Infinity && value !== -Infinity) || (validity !== null && !isSet(validity, row))) continue;
      this.infinite.count++;
      if (collect) this.infinite.places.push({ row: this.row + row, column: field, text: '' });
    }
  }

  private noteFirst(values: Float64Array, validity: Uint8Array | null, start: number, end: number, field: number, times: Float64Array): void {
    let first = this.firstPresent[field] ?? Infinity;
    for (let row = start; row < end; row++) {
      const time = times[row] ?? 0;
      if (time < first && (validity === null || isSet(validity, row)) && !Number.isNaN(values[row])) first = time;
    }
    this.firstPresent[field] = first;
  }
}

function keepFirst(places: StagedCell[], most: number): void {
  places.sort((a, b) => a.row - b.row || Number(a.column) - Number(b.column));
  if (places.length > most) places.length = most;
}

function isSet(bits: Uint8Array, index: number): boolean {
  return ((bits[index >> 3] ?? 0) >> (index & 7) & 1) === 1;
}
