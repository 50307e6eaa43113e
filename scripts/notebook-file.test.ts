import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cleaned, NotebookError } from './notebook-file.ts';

const folder = join(import.meta.dirname, '..', 'notebooks');
const stored = readdirSync(folder).filter((name) => name.endsWith('.ipynb'));

/** A notebook of one cell. */
function notebook(source: string, outputs: readonly object[]): string {
  const cell = { metadata: { execution: { started: 'now' } }, cell_type: 'code', id: 'one', execution_count: 1, source: [source], outputs };
  return JSON.stringify({ cells: [cell], metadata: { kernelspec: { name: 'deno' }, widgets: {} }, nbformat: 4, nbformat_minor: 5 });
}
const shows = (text: string): object => ({ output_type: 'display_data', data: { 'text/plain': [text] }, metadata: {} });

describe('a notebook to be stored', () => {
  it('loses when its cells ran and keeps what they show', () => {
    const text = cleaned(notebook('await show(1)', [shows('one')]), []);
    expect(JSON.parse(text)).toMatchObject({ cells: [{ metadata: {}, outputs: [shows('one')] }], nbformat: 4 });
    expect(text).not.toMatch(/started|widgets/);
    expect(cleaned(text, [])).toBe(text);
  });

  it.each([
    ['shows what is of this machine alone', notebook('await show(1)', [shows('a /secret/place')]), '/secret/place'],
    ['shows nothing though it should', notebook('await show(1)', []), 'shows nothing'],
    ['ended with an error', notebook('fail()', [{ output_type: 'error', ename: 'Error' }]), 'ended with an error'],
  ])('is refused where a cell %s', (_, text, words) => {
    expect(() => cleaned(text, ['/secret/place'])).toThrow(NotebookError);
    expect(() => cleaned(text, ['/secret/place'])).toThrow(words);
  });
});

it.each(stored)('%s is stored as the script stores it, its cells executed from the first to the last', (name) => {
  const text = readFileSync(join(folder, name), 'utf8');
  expect(cleaned(text, [])).toBe(text);
  const counts = Array.from(text.matchAll(/"execution_count": (\w+)/g), ([, count]) => count);
  expect(counts).toEqual(counts.map((_, index) => String(index + 1)));
  expect(counts.length).toBeGreaterThan(0);
});
