import { Command } from 'commander';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { addSpecOptions, specOf, type SpecOptions } from './spec.ts';

const folder = mkdtempSync(join(tmpdir(), 'corrente-spec-'));
afterAll(() => rmSync(folder, { recursive: true }));

function options(...argv: string[]): SpecOptions {
  return addSpecOptions(new Command()).exitOverride().parse(argv, { from: 'user' }).opts<SpecOptions>();
}
const dataset = 'ds_00000000000000000000000000000000';

describe('the options of an analysis', () => {
  it('fill in every default where nothing is given', () => {
    expect(specOf('correlation', dataset, options())).toMatchObject({
      analysis: 'correlation',
      input: { dataset, fill: 'none', transform: 'none' },
      params: { method: 'pearson', missing: 'pairwise', output: 'matrix' },
      engine: 'auto',
      precision: 'f64',
      seed: 1,
    });
  });

  it('read the value of --set as JSON where it is JSON, and as text where it is not', () => {
    const spec = specOf('moving-average', dataset, options('--set', 'windows=[5,10]', '--set', 'kinds=["ema"]'));
    expect(spec.params).toMatchObject({ windows: [5, 10], kinds: ['ema'] });
    expect(specOf('correlation', dataset, options('--set', 'missing=listwise')).params).toMatchObject({ missing: 'listwise' });
  });

  it('let --set override the file of --params', () => {
    const file = join(folder, 'params.json');
    writeFileSync(file, JSON.stringify({ windows: [7], ddof: 0 }));
    expect(specOf('moving-average', dataset, options('--params', file, '--set', 'windows=[9]')).params).toMatchObject({ windows: [9], ddof: 0 });
  });

  it('imply the output that makes the table which is asked for', () => {
    expect(specOf('correlation', dataset, options('--table', 'pairs')).params).toMatchObject({ output: 'pairs' });
    expect(specOf('correlation', dataset, options('--table', 'pairs', '--set', 'output=both')).params).toMatchObject({ output: 'both' });
    expect(specOf('moving-average', dataset, options('--table', 'values')).params).not.toHaveProperty('output');
  });

  it('keep dates as text and take whole numbers as row numbers', () => {
    const { input } = specOf('correlation', dataset, options('--from', '2014-01-01', '--to', '500'));
    expect(input).toMatchObject({ from: '2014-01-01', to: 500 });
  });

  it('split series names at commas and gather repeated options', () => {
    expect(specOf('correlation', dataset, options('--series', 'A, B', '--series', 'C')).input.series).toEqual(['A', 'B', 'C']);
  });

  it('name the place of a wrong parameter', () => {
    expect(() => specOf('moving-average', dataset, options('--set', 'windows=[0]'))).toThrowError(expect.objectContaining({ code: 'invalid-params', places: [expect.objectContaining({ pointer: '/params/windows/0' })] }));
    expect(() => specOf('moving-average', dataset, options('--set', 'window=5'))).toThrowError(expect.objectContaining({ code: 'invalid-params' }));
  });

  it('name the analyses there are where the name is unknown', () => {
    expect(() => specOf('corelation', dataset, options())).toThrowError(/correlation, moving-average/);
  });

  it('refuse a resampling of another form, a seed that is no number and a --set without a value', () => {
    expect(() => specOf('correlation', dataset, options('--resample', 'daily'))).toThrowError(expect.objectContaining({ code: 'invalid-job' }));
    expect(() => specOf('correlation', dataset, options('--seed', 'x'))).toThrowError(expect.objectContaining({ code: 'invalid-job' }));
    expect(() => options('--set', 'windows')).toThrowError(expect.objectContaining({ code: 'usage' }));
  });
});
