import { indicatorCatalogue } from '@corrente/shared/contract/indicators/catalogue';
import { expect, it } from 'vitest';
import { indicatorTable, readPage, withTable } from './indicator-table.ts';

it('the page of the indicators has the catalogue as it is', () => {
  expect(readPage()).toBe(withTable(readPage()));
});

it('the table has a row of eight cells for each indicator', () => {
  const rows = indicatorTable().split('\n').filter((line) => line.startsWith('| `'));
  expect(rows.map((line) => line.split(/(?<!\\)\|/).length)).toEqual(indicatorCatalogue.map(() => 10));
});

it('a page without a place for it is refused', () => {
  expect(() => withTable('# Indicators')).toThrow('no place for the catalogue');
});
