import type { Dataset } from '@corrente/shared/contract/dataset';
import { jobSpec } from '@corrente/shared/contract/job';
import { describe, expect, it } from 'vitest';
import { draftOf, emptyDraft, specOf, withDataset } from './draft.ts';

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

describe('withDataset', () => {
  it('keeps the series that the other data set has, and takes close where there is no field of that name', () => {
    const draft = { ...emptyDraft, dataset: `ds_${'1'.repeat(32)}`, input: { ...emptyDraft.input, field: 'value', series: ['MSFT', 'OT'], from: '2016-01-01' } };
    expect(withDataset(draft, stocks)).toMatchObject({ dataset: id, input: { field: 'close', series: ['MSFT'], from: null } });
  });
});
