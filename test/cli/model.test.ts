/** A trained model as a user saves it for TensorFlow.js, and as that reads it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadTfjs, useBackend } from '@corrente/compute/forecasting/tfjs/load-tfjs';
import { tfjsArtifacts } from '@corrente/shared/tfjs/export-model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const command = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'bin', 'corrente.mjs');
const folder = mkdtempSync(join(tmpdir(), 'corrente-model-'));
const file = join(folder, 'waves.csv');
const settings = ['--quiet', '--engine', 'portable', '--set', 'horizon=2', '--set', 'lookback=6', '--set', 'epochs=2', '--set', 'backtests=0'];

function corrente(...args: string[]): { code: number | null; out: string; err: string } {
  const done = spawnSync(process.execPath, [command, ...args], { encoding: 'utf8', cwd: folder, env: { ...process.env, NO_COLOR: '1' } });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

/** The last forecast of series a: what comes after its last row. */
function lastForecast(csv: string): number[] {
  const rows = csv.trim().split('\n').map((line) => line.split(','));
  const [header = []] = rows;
  const [series, y, yhat] = ['series', 'y', 'yhat'].map((name) => header.indexOf(name));
  return rows.slice(1).filter((row) => row[series ?? -1] === 'a' && row[y ?? -1] === '').map((row) => Number(row[yhat ?? -1]));
}

const waves = Array.from({ length: 120 }, (_, t) => [3 + 2 * Math.sin(t / 3), Math.cos(t / 5) + (t % 4) / 9]);

beforeAll(() => writeFileSync(file, ['a,b', ...waves.map(([a, b]) => `${a},${b}`)].join('\n')));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a trained model', () => {
  it.each(['gru'])('of %s, in TensorFlow.js, foretells what the job did', async (model) => {
    const target = join(folder, `${model}.json`);
    const saved = corrente('run', 'forecast', file, ...settings, '--set', `model=${model}`, '--model', 'tfjs', '--out', target);
    expect(saved, saved.err).toMatchObject({ code: 0, out: '' });
    const wanted = lastForecast(corrente('run', 'forecast', file, ...settings, '--set', `model=${model}`, '--table', 'forecast').out);
    expect(wanted).toHaveLength(2);

    const document = JSON.parse(readFileSync(target, 'utf8'));
    const { mean, deviation, lookback } = document.userDefinedMetadata;
    const tfjs = await loadTfjs();
    await useBackend(tfjs, tfjs.backends[0] ?? 'cpu');
    const loaded = await tfjs.layers.loadLayersModel(tfjs.core.io.fromMemory(JSON.parse(JSON.stringify(document), (key, value: unknown) => (key === 'weightData' ? tfjsArtifacts(document).weightData : value))));
    const window = waves.slice(-lookback).map(([a = 0]) => (a - mean[0]) / deviation[0]);
    const made = tfjs.core.tidy(() => {
      const predicted = loaded.predict(tfjs.core.tensor(window, [1, lookback, 1]));
      return Array.isArray(predicted) ? [] : Array.from(predicted.dataSync(), (value) => value * deviation[0] + mean[0]);
    });
    loaded.dispose();
    expect(made).toHaveLength(2);
    for (const [step, value] of made.entries()) expect(value).toBeCloseTo(wanted[step] ?? Number.NaN, 4);
  });

  it.each([
    ['a model without layers', ['--set', 'model=theta'], 'unsuitable-result'],
    ['another table', ['--table', 'metrics'], 'usage'],
    ['a format beside it', ['--format', 'csv'], 'usage'],
  ])('is refused with %s, and leaves no file behind', (_, args, code) => {
    const target = join(folder, 'none.json');
    const done = corrente('run', 'forecast', file, '--quiet', '--engine', 'portable', '--set', 'horizon=2', ...args, '--model', 'tfjs', '--out', target);
    expect(done.err).toContain(`error ${code}`);
    expect(done).toMatchObject({ code: 2, out: '' });
    expect(existsSync(target)).toBe(false);
  });

  it('of an analysis that trains none is refused', () => {
    expect(corrente('run', 'correlation', file, '--quiet', '--model', 'tfjs')).toMatchObject({ code: 2, out: '' });
  });
});
