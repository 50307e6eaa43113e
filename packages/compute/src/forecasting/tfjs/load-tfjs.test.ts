import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadTfjs, nodeTfjs } from './load-tfjs.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'corrente-tfjs-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A package that stands where npm would put it. */
function install(name: string, code: string): void {
  const at = join(folder, 'node_modules', '@tensorflow', name);
  mkdirSync(at, { recursive: true });
  writeFileSync(join(at, 'package.json'), JSON.stringify({ name: `@tensorflow/${name}`, main: 'index.js' }));
  writeFileSync(join(at, 'index.js'), code);
}

/** What a node package exports, as far as it is looked at before it is used. */
const parts = 'setBackend() {}, tidy() {}, variableGrads() {}, tensor() {}, LayersModel: class {}, models: {}';

test('with no node package installed there is none, and nothing to say', () => {
  expect(nodeTfjs(undefined)).toEqual({ found: null, notes: [] });
  expect(nodeTfjs(folder)).toEqual({ found: null, notes: [] });
});

test('a node package that calls functions of Node which are gone loads', () => {
  install('tfjs-node-gpu', `const util = require('util'); const silent = util.isNullOrUndefined(null) && util.isArray([]); module.exports = { silent, enableProdMode() { this.silenced = true; }, ${parts} };`);
  const { found, notes } = nodeTfjs(folder);
  expect(notes).toEqual([]);
  expect(found?.core).toMatchObject({ silent: true, silenced: true });
  expect(found?.layers).toBe(found?.core);
});

test('a package whose library does not load is passed over, and told', () => {
  install('tfjs-node-gpu', "throw new Error('libcudart.so.11.0: cannot open shared object file\\nand more');");
  install('tfjs-node', `module.exports = { enableProdMode() {}, ${parts} };`);
  const { found, notes } = nodeTfjs(folder);
  expect(found).not.toBeNull();
  expect(notes).toEqual(['@tensorflow/tfjs-node-gpu is installed, but does not load: libcudart.so.11.0: cannot open shared object file.']);
});

test('a package that is something else is passed over, and told', () => {
  install('tfjs-node', 'module.exports = {};');
  expect(nodeTfjs(folder)).toEqual({ found: null, notes: ['@tensorflow/tfjs-node is installed, but is not TensorFlow.js as it is known here.'] });
});

test('it is loaded once, and writes nothing to the terminal', async () => {
  const written: unknown[] = [];
  const catching = (text: unknown): boolean => written.push(text) > 0;
  const spies = [vi.spyOn(process.stdout, 'write').mockImplementation(catching), vi.spyOn(process.stderr, 'write').mockImplementation(catching), vi.spyOn(console, 'warn').mockImplementation(catching)];
  const [first, second] = await Promise.all([loadTfjs(), loadTfjs()]);
  // The backends greet with their first operation.
  for (const backend of first.backends) {
    await first.core.setBackend(backend);
    first.core.tidy(() => first.core.add(1, 2).dataSync());
  }
  for (const spy of spies) spy.mockRestore();
  expect(second).toBe(first);
  expect(first.backends.at(-1)).toBe('cpu');
  expect(written).toEqual([]);
});
