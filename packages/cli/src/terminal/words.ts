/** Words for people (stderr) and data for programs (stdout). */
import { styleText } from 'node:util';

export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

export function dim(text: string): string {
  return styleText('dim', text, { stream: process.stderr });
}

export function bold(text: string): string {
  return styleText('bold', text, { stream: process.stderr });
}

/** Writes to stdout and waits where the reader is slower. */
export async function print(data: string | Uint8Array): Promise<void> {
  if (process.stdout.write(data)) return;
  await new Promise((resolve) => process.stdout.once('drain', resolve));
}

export async function printJson(value: unknown): Promise<void> {
  await print(`${JSON.stringify(value, null, 2)}\n`);
}

/** Rows as columns of equal width, two spaces apart; numbers to the right. */
export async function printTable(header: readonly string[], rows: ReadonlyArray<ReadonlyArray<string | number>>): Promise<void> {
  const cells = rows.map((row) => row.map(String));
  const widths = header.map((title, column) => Math.max(title.length, ...cells.map((row) => (row[column] ?? '').length)));
  const numeric = header.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (numeric[column] === true ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join('  ').trimEnd();
  await print([line(header), ...cells.map(line)].join('\n') + '\n');
}

/** 0.0123 → "12 ms", 75 → "1 min 15 s". */
export function seconds(value: number): string {
  if (value < 1) return `${Math.round(value * 1000)} ms`;
  if (value < 60) return `${value.toFixed(1)} s`;
  return `${Math.floor(value / 60)} min ${Math.round(value % 60)} s`;
}
