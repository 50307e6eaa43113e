import { describe, expect, it } from 'vitest';
import { panelsWith, shownAtFirst, type ChartPanel } from './chart-panel.ts';

const names = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
const over: ChartPanel = { title: 'values', columns: names('o', 10), overField: true };
const below = names('p', 9).map((title): ChartPanel => ({ title, columns: [`${title}_a`, `${title}_b`], overField: false }));

describe('shownAtFirst', () => {
  it('are eight lines over the field, and six panels below it', () => {
    expect([...shownAtFirst([over, ...below])]).toEqual([...names('o', 8), ...below.slice(0, 6).flatMap(({ columns }) => columns)]);
  });
});

describe('panelsWith', () => {
  it('have the chosen columns only, and are left out where none is left', () => {
    expect(panelsWith([over, ...below], new Set(['o2', 'p1_b']), true)).toEqual([{ ...over, columns: ['o2'] }, { ...below[1], columns: ['p1_b'] }]);
  });

  it('keep the panel of the field for the field alone, where it is drawn', () => {
    expect(panelsWith([over], new Set(), true)).toEqual([{ ...over, columns: [] }]);
    expect(panelsWith([over], new Set(), false)).toEqual([]);
  });
});
