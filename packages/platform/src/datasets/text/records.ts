/**
 * Splits delimited text into records, the slow and exact way: quotes over several lines, blank lines, comment lines,
 * any line ends, runs of blanks as a delimiter. The plain case never comes here (see scan.ts); it serves samples,
 * files that must be rewritten, and finding the line and text of a few cells.
 */
import { CorrenteError } from '@corrente/shared/contract/errors';
import { lineLimit } from './magic.ts';

export interface RecordFormat {
  /** One byte, or `whitespace`: runs of blanks and tabs, those at either end left out. */
  readonly delimiter: string;
  /** Whether lines that begin with % or # are comments. */
  readonly comments: boolean;
}

/** Where a record stands: bytes [start, end) of `buffer`, the line it begins on (from 1), its number of fields. */
export interface RecordPlace {
  readonly buffer: Buffer;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly fields: number;
}

const newline = 10;
const carriageReturn = 13;
const quote = 34;
const blank = 32;
const tab = 9;
const hash = 35;
const percent = 37;

export class RecordSplitter {
  commentLines = 0;
  blankLines = 0;
  /** Line on which the next record begins. */
  line: number;
  private rest = Buffer.alloc(0);
  private readonly delimiter: number;
  private readonly comments: boolean;

  constructor(format: RecordFormat, line = 1) {
    this.delimiter = format.delimiter === 'whitespace' ? -1 : format.delimiter.charCodeAt(0);
    this.comments = format.comments;
    this.line = line;
  }

  /** Takes the next bytes; calls back for each record that is complete. Answers false when the callback did. */
  push(bytes: Buffer, last: boolean, take: (record: RecordPlace) => boolean | void): boolean {
    const buffer = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    let start = 0;
    while (start < buffer.length) {
      const end = this.endOfRecord(buffer, start, last);
      if (end < 0) break;
      if (this.taken !== null && take(this.taken) === false) return false;
      start = end;
    }
    this.rest = Buffer.from(buffer.subarray(start));
    if (this.rest.length > lineLimit) throw lineTooLong(this.line);
    return true;
  }

  private taken: RecordPlace | null = null;

  /** The index after the record (or comment, or blank line) at `start`; -1 where its end has not been seen. */
  private endOfRecord(buffer: Buffer, start: number, last: boolean): number {
    this.taken = null;
    let at = start;
    while (buffer[at] === blank || buffer[at] === tab) at++;
    const first = buffer[at];
    if (first === newline || first === carriageReturn || (at >= buffer.length && last)) {
      if (first === carriageReturn && at + 1 >= buffer.length && !last) return -1;
      // Blanks only: with a tab between columns the line is a record of empty cells.
      if (!(this.delimiter === tab && buffer.subarray(start, at).includes(tab))) {
        this.blankLines++;
        this.line++;
        return lineEnd(buffer, at);
      }
    }
    if (this.comments && (first === hash || first === percent)) {
      const end = endOfLine(buffer, at);
      if (end < 0 && !last) return -1;
      if (end >= 0 && buffer[end] === carriageReturn && end + 1 >= buffer.length && !last) return -1;
      this.commentLines++;
      this.line++;
      return end < 0 ? buffer.length : lineEnd(buffer, end);
    }
    return this.fields(buffer, start, last);
  }

  private fields(buffer: Buffer, start: number, last: boolean): number {
    const delimiter = this.delimiter;
    const whitespace = delimiter < 0;
    const length = buffer.length;
    let fields = 0;
    let lines = 1;
    let at = start;
    for (;;) {
      // At the beginning of a field, or of the blanks before it.
      if (whitespace) while (at < length && (buffer[at] === blank || buffer[at] === tab)) at++;
      const opening = whitespace ? at : skipBlanks(buffer, at, delimiter);
      if (buffer[opening] === quote) {
        at = opening + 1;
        for (;;) {
          if (at >= length) {
            if (!last) return -1;
            throw new CorrenteError('file-truncated', `The quote opened in the record at line ${this.line} is never closed.`);
          }
          const byte = buffer[at];
          if (byte === quote) {
            if (buffer[at + 1] !== quote) {
              if (at + 1 >= length && !last) return -1;
              at++;
              break;
            }
            at++;
          } else if (byte === newline) lines++;
          at++;
        }
        fields++;
      } else if (!whitespace || (at < length && buffer[at] !== newline && buffer[at] !== carriageReturn)) fields++;
      // To the end of the field.
      let byte: number | undefined;
      for (;;) {
        if (at >= length) {
          if (!last) return -1;
          byte = newline;
          break;
        }
        byte = buffer[at];
        if (byte === delimiter || byte === newline || byte === carriageReturn || (whitespace && (byte === blank || byte === tab))) break;
        at++;
      }
      if (byte === newline || byte === carriageReturn) {
        if (byte === carriageReturn && at + 1 >= length && !last) return -1;
        this.taken = { buffer, start, end: at, line: this.line, fields };
        this.line += lines;
        return lineEnd(buffer, at);
      }
      at++;
    }
  }
}

function skipBlanks(buffer: Buffer, at: number, delimiter: number): number {
  while (buffer[at] === blank || (buffer[at] === tab && delimiter !== tab)) at++;
  return at;
}

function endOfLine(buffer: Buffer, from: number): number {
  for (let at = from; at < buffer.length; at++) if (buffer[at] === newline || buffer[at] === carriageReturn) return at;
  return -1;
}

/** The index after the line end at `at`. */
function lineEnd(buffer: Buffer, at: number): number {
  return buffer[at] === carriageReturn && buffer[at + 1] === newline ? at + 2 : Math.min(at + 1, buffer.length);
}

export function lineTooLong(line: number): CorrenteError {
  return new CorrenteError('line-too-long', `Line ${line} is longer than ${lineLimit / 2 ** 20} MiB.`);
}

/** The cells of a record, without quotes and the blanks around them. */
export function cellsOf(record: string, delimiter: string): string[] {
  if (!record.includes('"')) return delimiter === 'whitespace' ? record.trim().split(/[ \t]+/) : record.split(delimiter).map((cell) => cell.trim());
  const cells: string[] = [];
  const isEnd = delimiter === 'whitespace' ? (char: string | undefined) => char === ' ' || char === '\t' : (char: string | undefined) => char === delimiter;
  let at = 0;
  for (;;) {
    while (at < record.length && (record[at] === ' ' || (record[at] === '\t' && delimiter !== '\t'))) at++;
    if (delimiter === 'whitespace' && at >= record.length) return cells;
    let cell = '';
    if (record[at] === '"') {
      at++;
      for (; at < record.length; at++) {
        if (record[at] !== '"') cell += record[at];
        else if (record[at + 1] === '"') {
          cell += '"';
          at++;
        } else break;
      }
      at++;
      while (at < record.length && !isEnd(record[at])) at++;
    } else {
      const begin = at;
      while (at < record.length && !isEnd(record[at])) at++;
      cell = record.slice(begin, at).trimEnd();
    }
    cells.push(cell);
    if (at >= record.length) return cells;
    at++;
  }
}
