/** Values by JIDT and IDTxl, which lie beside the real data: where CORRENTE_DATA names it, in ../reference. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Columns } from '../engine/contract.ts';

const data = process.env.CORRENTE_DATA;
const folder = data === undefined || data === '' ? null : join(data, '..', 'reference');

/** The folder of reference values, or null; then tests that need it are skipped. */
export const referenceFolder: string | null = folder !== null && existsSync(join(folder, 'jidt_reference.json')) ? folder : null;

const entry = z.object({
  id: z.string(),
  data: z.string(),
  estimator: z.string(),
  columns: z.record(z.string(), z.unknown()),
  params: z.record(z.string(), z.unknown()),
  value: z.unknown(),
  unit: z.string(),
  n_obs: z.number().optional(),
  note: z.string().optional(),
  analytic_p: z.number().optional(),
  dof: z.number().optional(),
  selected: z.record(z.string(), z.number()).optional(),
  selected_k: z.number().optional(),
  selected_tau: z.number().optional(),
});
export type ReferenceEntry = z.infer<typeof entry>;

/** Every entry of that id; none where the reference values are not here. */
export function referenceEntries(id: string): ReferenceEntry[] {
  if (referenceFolder === null) return [];
  const { entries } = z.object({ entries: z.array(entry) }).parse(JSON.parse(readFileSync(join(referenceFolder, 'jidt_reference.json'), 'utf8')));
  return entries.filter((one) => one.id === id);
}

/** A data file of the reference, as a block. */
export function referenceColumns(file: string, header = true): Columns {
  if (referenceFolder === null) throw new Error('the reference values are not here');
  const rows = readFileSync(join(referenceFolder, file), 'utf8').trim().split('\n').slice(header ? 1 : 0).map((line) => line.split(',').map(Number));
  const [length, series] = [rows.length, rows[0]?.length ?? 0];
  const values = new Float64Array(series * length);
  for (const [t, row] of rows.entries()) for (const [s, value] of row.entries()) values[s * length + t] = value;
  return { values, series, length, stride: length };
}

/** A parameter that is a number. */
export function numberOf(params: Readonly<Record<string, unknown>>, name: string, otherwise?: number): number {
  const value = params[name] ?? otherwise;
  if (typeof value !== 'number') throw new Error(`${name} is ${JSON.stringify(value)}, expected a number`);
  return value;
}

/** Column numbers that stand under a name: one or several. */
export function columnsNamed(columns: Readonly<Record<string, unknown>>, name: string): number[] {
  const value = columns[name];
  return z.array(z.number()).parse(Array.isArray(value) ? value : value === undefined ? [] : [value]);
}

/** What an entry says in words, for the name of a test. */
export function titleOf({ id, data: file, columns, params }: ReferenceEntry): string {
  return `${id} ${file.replace('data/', '').replace('.csv', '')} ${JSON.stringify(columns)} ${JSON.stringify(params)}`;
}
