import type { Dataset } from '@corrente/shared/contract/dataset';
import { jobSpec } from '@corrente/shared/contract/job';
import { describe, expect, it } from 'vitest';
import { draftOf, emptyDraft, specOf, withAnalysis, withDataset } from './draft.ts';

const id = `ds_${'0'.repeat(32)}`;
const stocks = { id, fields: ['open', 'close'], series: ['AAPL', 'MSFT'] } as unknown as Dataset;

describe('specOf', () => {
  it('is nothing until a data set and an analysis are chosen', () => {
    expect(specOf({ ...emptyDraft, dataset: id })).toBeNull();
    expect(specOf({ ...emptyDraft, analysis: 'correlation' })).toBeNull();
  });

  it('makes a spec that the contract takes, with empty selections left out', () => {
    const spec = specOf({ ...emptyDraft, dataset: id, analysis: 'correlation', input: { ...emptyDraft.input, series: [], from: null } });
    expect(jobSpec.parse(spec).input).toEqual({ dataset: id, fill: 'none', transform: 'none' });
  });

  it('gives back the job that a draft was made of', () => {
    const spec = jobSpec.parse({ analysis: 'moving-average', input: { dataset: id, field: 'close', series: ['MSFT'], from: '2014-01-01', resample: { every: '1w' }, transform: 'log-return' }, params: { windows: [5] }, seed: 7, workers: 3 });
    expect(jobSpec.parse(specOf(draftOf(spec)))).toEqual(spec);
  });
});

describe('results as input', () => {
  const results = { a: [], b: [`job_${'1'.repeat(26)}`] };
  const draft = { ...emptyDraft, dataset: id, analysis: 'comparison', input: { ...emptyDraft.input, results } };

  it('are submitted as soon as one is chosen, so that the server says what else is needed', () => {
    expect(specOf(draft)?.input.results).toEqual(results);
    expect(specOf({ ...draft, input: { ...draft.input, results: { a: [], b: [] } } })?.input).not.toHaveProperty('results');
  });

  it('are not carried to another analysis', () => {
    expect(withAnalysis(draft, 'correlation')).toMatchObject({ analysis: 'correlation', params: {} });
    expect(withAnalysis(draft, 'correlation').input).not.toHaveProperty('results');
  });
});

describe('withDataset', () => {
  it('keeps the series that the other data set has, and takes close where there is no field of that name', () => {
    const draft = { ...emptyDraft, dataset: `ds_${'1'.repeat(32)}`, input: { ...emptyDraft.input, field: 'value', series: ['MSFT', 'OT'], from: '2016-01-01' } };
    expect(withDataset(draft, stocks)).toMatchObject({ dataset: id, input: { field: 'close', series: ['MSFT'], from: null } });
  });

  it('keeps the range of a draft that has this data set already, though it names no field', () => {
    const input = { ...emptyDraft.input, from: '2016-01-01', series: ['MSFT'] };
    expect(withDataset({ ...emptyDraft, dataset: id, input }, stocks).input).toEqual({ ...input, field: 'close' });
  });

  it('drops a field that the chosen data set does not have', () => {
    expect(withDataset({ ...emptyDraft, dataset: id, input: { ...emptyDraft.input, field: 'value' } }, stocks).input.field).toBe('close');
  });
});
