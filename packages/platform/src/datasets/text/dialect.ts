/** Finds out from a sample how a text file is delimited, whether it has a header, and which decimal sign it uses. */
import type { ImportMapping } from '@corrente/shared/contract/dataset';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { findTime, isMissing, numberOf } from './cell-kinds.ts';
import type { Head } from './magic.ts';
import { cellsOf, RecordSplitter } from './records.ts';
import { withoutMark } from './scan.ts';

export interface Dialect {
  /** One character or `whitespace`. */
  readonly delimiter: string;
  readonly decimal: '.' | ',';
  readonly header: boolean;
  /** Column names: the header's, made unique, or c0, c1, … */
  readonly names: readonly string[];
  /** Records of the sample, without the header. */
  readonly sample: readonly (readonly string[])[];
  /** Whether the sample is one record per line with nothing to skip: a plain file as far as is known. */
  readonly plain: boolean;
  readonly notes: readonly string[];
}

export const columnLimit = 16_384;
const candidates = [',', '\t', ';', '|', 'whitespace'];
const sampleRecords = 1_000;
/** Records by which the delimiters are compared. */
const comparedRecords = 100;
/** Cells looked at in all: a sample of very wide records is shorter. */
const sampleCells = 400_000;

/** @throws file-without-rows, too-many-columns, invalid-mapping, line-too-long */
export function findDialect(head: Head, mapping: ImportMapping): Dialect {
  const delimiters = mapping.delimiter === undefined ? candidates : [checkDelimiter(mapping.delimiter)];
  const readings = delimiters.map((delimiter) => readSample(head, delimiter, mapping.decimal, comparedRecords)).filter((reading) => reading !== null);
  const [first] = readings;
  if (first === undefined) throw new CorrenteError('file-empty', 'The file holds nothing but blank and comment lines.');
  // Most cells that are numbers or times, then most columns; on a tie the earlier candidate.
  const best = readings.reduce((a, b) => (b.score > a.score * 1.0001 ? b : a), first);
  if (best.unclosed !== null) throw best.unclosed;
  return dialectOf(readSample(head, best.delimiter, mapping.decimal, sampleRecords) ?? best, head, mapping);
}

interface Reading {
  readonly delimiter: string;
  readonly decimal: '.' | ',';
  readonly records: string[][];
  readonly columns: number;
  readonly score: number;
  readonly plain: boolean;
  /** The file ends within a quote, so read. */
  readonly unclosed: CorrenteError | null;
}

function checkDelimiter(delimiter: string): string {
  if (delimiter === 'whitespace') return delimiter;
  const named = { tab: '\t', comma: ',', semicolon: ';', '\\t': '\t' }[delimiter] ?? delimiter;
  const code = named.charCodeAt(0);
  if (named.length !== 1 || code > 126 || (code < 32 && named !== '\t') || named === '"' || named === '\n' || named === '\r' || named === '#' || named === '%' || /[\dA-Za-z.+-]/.test(named)) {
    throw new CorrenteError('invalid-mapping', `The delimiter ${JSON.stringify(delimiter)} cannot be used; expected one ASCII character that no number or name holds, or "whitespace".`, { places: [{ pointer: '/delimiter', detail: 'One character, or "whitespace".' }] });
  }
  return named === ' ' ? 'whitespace' : named;
}

function readSample(head: Head, delimiter: string, askedDecimal: '.' | ',' | undefined, most: number): Reading | null {
  const records: string[][] = [];
  let cells = 0;
  let lines = 0;
  const bytes = withoutMark(head.bytes);
  const split = (whole: boolean): RecordSplitter => {
    const splitter = new RecordSplitter({ delimiter, comments: true });
    records.length = 0;
    splitter.push(bytes, whole, (record) => {
      const text = record.buffer.toString('utf8', record.start, record.end);
      if (text.includes('\n') || text.includes('\r')) lines++;
      if (record.fields > columnLimit) throw new CorrenteError('too-many-columns', `Line ${record.line} has ${record.fields} columns; at most ${columnLimit} are read.`);
      records.push(cellsOf(text, delimiter));
      cells += record.fields;
      return records.length < most && cells < sampleCells;
    });
    return splitter;
  };
  let splitter: RecordSplitter;
  let unclosed: CorrenteError | null = null;
  try {
    splitter = split(head.whole);
  } catch (error) {
    if (!(error instanceof CorrenteError) || error.code !== 'file-truncated') throw error;
    // A quote that is never closed, or that only this delimiter makes a quote.
    unclosed = error;
    splitter = split(false);
  }
  // A sample that ends within its first line: its end is taken for the line's.
  if (records.length === 0) return null;
  const columns = commonLength(records.slice(Math.min(1, records.length - 1)));
  const regular = records.filter((record) => record.length === columns);
  const decimal = askedDecimal ?? (delimiter === ',' ? '.' : commonDecimal(regular));
  let known = 0;
  let total = 0;
  for (const record of regular.slice(0, 200)) {
    for (const cell of record) {
      total++;
      if (isMissing(cell) || !Number.isNaN(numberOf(cell, decimal)) || findTime([cell], { decimal }) !== null) known++;
    }
  }
  const consistency = regular.length / records.length;
  const share = total === 0 ? 0 : known / total;
  // One column explains any file, so it counts least; of two readings that explain it alike, more columns explain more.
  const width = columns === 1 ? 0.4 : 1 + 0.01 * Math.min(columns, 10);
  const plain = splitter.commentLines === 0 && splitter.blankLines === 0 && lines === 0 && bytes === head.bytes && delimiter !== 'whitespace';
  return { delimiter, decimal, records, columns, score: (0.2 + share) * consistency * consistency * width, plain, unclosed };
}

function commonLength(records: readonly string[][]): number {
  const counts = new Map<number, number>();
  for (const record of records) counts.set(record.length, (counts.get(record.length) ?? 0) + 1);
  return [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), [0, 0])[0];
}

function commonDecimal(records: readonly string[][]): '.' | ',' {
  let commas = 0;
  let points = 0;
  for (const record of records) {
    for (const cell of record) {
      if (/^[+-]?\d*,\d+(?:[eE][+-]?\d+)?$/.test(cell)) commas++;
      else if (/^[+-]?\d*\.\d+(?:[eE][+-]?\d+)?$/.test(cell)) points++;
    }
  }
  return commas > points ? ',' : '.';
}

function dialectOf(reading: Reading, head: Head, mapping: ImportMapping): Dialect {
  const { records, delimiter, decimal } = reading;
  const header = mapping.header ?? looksLikeHeader(records, decimal);
  const first = records[0] ?? [];
  const sample = header ? records.slice(1) : records;
  if (sample.length === 0 && head.whole) throw new CorrenteError('file-without-rows', `The file holds one line, ${JSON.stringify(first.join(', ').slice(0, 200))}, which is a header.`);
  const notes: string[] = [];
  let names = header ? first : first.map((_, index) => `c${index}`);
  // R writes row names under no name.
  if (header && sample.length > 0 && first.length + 1 === reading.columns && sample.every((record) => record.length === reading.columns)) {
    names = ['', ...first];
    notes.push('The header has one name less than the rows have columns: the first column has no name.');
  }
  return { delimiter, decimal, header, names: unique(names, notes), sample, plain: reading.plain, notes };
}

/** A header names what is below it: text over a column of numbers or times; or there is nothing but text. */
function looksLikeHeader(records: readonly string[][], decimal: '.' | ','): boolean {
  const [first, ...rest] = records;
  if (first === undefined) return false;
  const isText = (cell: string): boolean => cell !== '' && Number.isNaN(numberOf(cell, decimal)) && !isMissing(cell) && findTime([cell], { decimal }) === null;
  if (rest.length === 0) return first.every((cell) => isText(cell) || cell === '') && first.some(isText);
  const below = rest.filter((record) => record.length === first.length).slice(0, 100);
  const valued = first.map((_, column) => {
    const cells = below.map((record) => record[column] ?? '').filter((cell) => !isMissing(cell));
    return cells.length > 0 && cells.filter((cell) => !isText(cell)).length >= 0.8 * cells.length;
  });
  if (first.some((cell, column) => valued[column] && isText(cell))) return true;
  return below.length === 0 ? first.every((cell) => isText(cell) || cell === '') : !valued.some(Boolean) && first.every(isText);
}

/** Names that occur twice get a number, so that each names one column. */
export function unique(names: readonly string[], notes: string[]): string[] {
  const seen = new Set<string>();
  return names.map((name) => {
    let result = name;
    for (let number = 2; seen.has(result); number++) result = `${name}_${number}`;
    seen.add(result);
    if (result !== name && name !== '') notes.push(`The column name ${JSON.stringify(name)} stands twice in the header; the later one is called ${JSON.stringify(result)}.`);
    return result;
  });
}
