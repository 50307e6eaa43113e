import type { ResultTable } from '@corrente/shared/contract/result';
import { expect, it } from 'vitest';
import { firstShown } from './first-shown.ts';

const table = (name: string, rows: number, column: string): ResultTable => ({ name, title: name, columns: [{ name: column, type: 'float64' }], rows, parts: 1, bytes: 8, complete: false, provisionalRows: 0 });
const tables = (metrics: number) => [table('metrics', metrics, 'mse'), table('history', 3, 'val_loss')];

it('is the losses of a training until there are metrics, and the main table of everything else', () => {
  expect(firstShown({ state: 'running', tables: tables(0) })?.name).toBe('history');
  expect(firstShown({ state: 'running', tables: tables(2) })?.name).toBe('metrics');
  expect(firstShown({ state: 'succeeded', tables: tables(0) })?.name).toBe('metrics');
  expect(firstShown({ state: 'running', tables: [table('links', 0, 'te'), table('history', 1, 'moment')] })?.name).toBe('links');
  expect(firstShown({ state: 'running', tables: [] })).toBeUndefined();
});
