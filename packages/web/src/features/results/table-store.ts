/** A result table as far as it has arrived: record batches appended in order, read by row and by column. */
import { DataType, TimeUnit, type RecordBatch, type Schema } from 'apache-arrow';
import { formatReal, formatTimestamp } from '../../lib/format.ts';
import { integerAt, isNumeric, isPresent, realsOf } from './arrow-columns.ts';

export class TableStore {
  readonly schema: Schema;
  readonly batches: RecordBatch[] = [];
  /** First row of each batch. */
  readonly #starts: number[] = [];
  #rows = 0;

  constructor(schema: Schema) {
    this.schema = schema;
  }

  get rows(): number {
    return this.#rows;
  }

  append(batch: RecordBatch): void {
    if (batch.numRows === 0) return;
    this.#starts.push(this.#rows);
    this.batches.push(batch);
    this.#rows += batch.numRows;
  }

  columnNamed(name: string): number {
    return this.schema.fields.findIndex((field) => field.name === name);
  }

  /** Whether figures stand in the column: they are set to the right. */
  isNumeric(column: number): boolean {
    return isNumeric(this.schema.fields[column]!.type);
  }

  /** A cell as it is shown; empty where missing. */
  text(column: number, row: number): string {
    const [batch, within] = this.#place(row);
    const { type } = this.schema.fields[column]!;
    if (DataType.isTimestamp(type)) {
      const value = integerAt(batch, column, within);
      return value === null ? '' : formatTimestamp(value * microsecondsIn(type.unit));
    }
    const value: unknown = batch.getChildAt(column)?.get(within);
    if (value === null || value === undefined) return '';
    if (typeof value === 'number' && DataType.isFloat(type)) return formatReal(value);
    return typeof value === 'object' ? JSON.stringify(value) : `${value as string | number | bigint | boolean}`;
  }

  /** A whole column as numbers, NaN where missing. */
  numbers(column: number): Float64Array {
    const all = new Float64Array(this.#rows);
    this.batches.forEach((batch, i) => all.set(realsOf(batch, column), this.#starts[i]));
    return all;
  }

  /** A whole column as texts, null where missing. */
  texts(column: number): (string | null)[] {
    return this.batches.flatMap((batch) => {
      const vector = batch.getChildAt(column)!;
      const data = vector.data[0]!;
      return Array.from({ length: batch.numRows }, (_, row) => (isPresent(data, row) ? String(vector.get(row)) : null));
    });
  }

  #place(row: number): [RecordBatch, number] {
    if (row < 0 || row >= this.#rows) throw new RangeError(`The table has ${this.#rows} rows; row ${row} was asked for.`);
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= row) low = middle;
      else high = middle - 1;
    }
    return [this.batches[low]!, row - this.#starts[low]!];
  }
}

function microsecondsIn(unit: TimeUnit): bigint {
  switch (unit) {
    case TimeUnit.SECOND:
      return 1_000_000n;
    case TimeUnit.MILLISECOND:
      return 1_000n;
    default:
      return 1n;
  }
}
