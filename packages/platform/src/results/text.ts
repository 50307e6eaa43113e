/** Result tables as CSV (RFC 4180), JSON and NDJSON, batch by batch. */
import type { RecordBatch, Schema } from 'apache-arrow';
import { cellWriter, type CellFormat } from './text-cells.ts';

/** Characters gathered before they are sent. */
const chunkLength = 64 * 1024;

const jsonCells: CellFormat = {
  missing: 'null',
  infinite: () => 'null',
  text: (value) => JSON.stringify(value),
  instant: (iso) => `"${iso}"`,
};

const csvCells: CellFormat = {
  missing: '',
  infinite: String,
  // An empty text is quoted, to tell it from a missing one.
  text: (value) => (value === '' || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value),
  instant: (iso) => iso,
};

/** How rows become a document. `labels[i]` stands before the cell of column i. */
interface Layout {
  readonly cells: CellFormat;
  readonly begin: string;
  readonly labels: readonly string[];
  readonly rowEnd: string;
  readonly betweenRows: string;
  readonly end: string;
}

function csvLayout(schema: Schema): Layout {
  const names = schema.fields.map((field) => csvCells.text(field.name));
  return { cells: csvCells, begin: `${names.join(',')}\r\n`, labels: names.map((_, index) => (index === 0 ? '' : ',')), rowEnd: '', betweenRows: '\r\n', end: '\r\n' };
}

function objectLabels(schema: Schema): string[] {
  return schema.fields.map((field, index) => `${index === 0 ? '{' : ','}${JSON.stringify(field.name)}:`);
}

const layouts = {
  csv: csvLayout,
  ndjson: (schema: Schema): Layout => ({ cells: jsonCells, begin: '', labels: objectLabels(schema), rowEnd: '}', betweenRows: '\n', end: '\n' }),
  /** One array of one object per row. */
  json: (schema: Schema): Layout => ({ cells: jsonCells, begin: '[\n', labels: objectLabels(schema), rowEnd: '}', betweenRows: ',\n', end: '\n]\n' }),
} as const;

export type TextFormat = keyof typeof layouts;

/** The rows of the batches in UTF-8; the names of the columns even where there are no rows. */
export async function* writeText(format: TextFormat, schema: Schema, batches: AsyncIterable<RecordBatch>): AsyncGenerator<Uint8Array, void, undefined> {
  const { cells, begin, labels, rowEnd, betweenRows, end } = layouts[format](schema);
  let text = begin;
  let rows = 0;
  for await (const batch of batches) {
    const writers = batch.data.children.map((column) => cellWriter(column, cells));
    for (let row = 0; row < batch.numRows; row++) {
      if (rows > 0) text += betweenRows;
      for (let column = 0; column < writers.length; column++) text += (labels[column] ?? '') + (writers[column]?.(row) ?? '');
      text += rowEnd;
      rows += 1;
      if (text.length >= chunkLength) {
        yield Buffer.from(text);
        text = '';
      }
    }
    // A reader that follows a job gets its rows when they are there, not when a chunk is full.
    if (text !== '') yield Buffer.from(text);
    text = '';
  }
  if (rows > 0 || format === 'json') text += end;
  if (text !== '') yield Buffer.from(text);
}
