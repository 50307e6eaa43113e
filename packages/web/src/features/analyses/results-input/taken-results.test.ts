import type { AnalysisInfo } from '@corrente/shared/contract/analysis';
import { jobSpec } from '@corrente/shared/contract/job';
import { describe, expect, it } from 'vitest';
import { draftOf, emptyDraft, specOf } from '../draft.ts';
import { compares, comparisonDraft, jobLabel, newestFirst, takersOf } from './taken-results.ts';

const jobId = (letter: string) => `job_${letter.repeat(26)}`;
const spec = jobSpec.parse({
  analysis: 'network-inference',
  input: { dataset: `ds_${'0'.repeat(32)}`, series: ['x', 'y'], from: 10 },
  params: { maxLagSources: 3, estimator: 'gaussian', method: 'bivariate-te' },
});

it('finds the analyses that take a result, and none for a result that nothing takes', () => {
  const analyses = [{ name: 'network-inference' }, { name: 'comparison', inputResults: ['network-inference'] }] as unknown as AnalysisInfo[];
  expect(takersOf(analyses, 'network-inference').map(({ name }) => name)).toEqual(['comparison']);
  expect(takersOf(analyses, 'comparison')).toEqual([]);
});

describe('comparisonDraft', () => {
  it('has the job as a, and its data set and selection, but not its parameters', () => {
    const draft = comparisonDraft(emptyDraft, { id: jobId('1'), spec }, 'comparison');
    expect(jobSpec.parse(specOf(draft))).toMatchObject({ analysis: 'comparison', input: { dataset: spec.input.dataset, series: ['x', 'y'], from: 10, results: { a: [jobId('1')], b: [] } }, params: {} });
  });

  it('is given back by the job that it becomes', () => {
    const draft = comparisonDraft(emptyDraft, { id: jobId('1'), spec }, 'comparison');
    const both = { ...draft, input: { ...draft.input, results: { a: [jobId('1')], b: [jobId('3'), jobId('2')] } } };
    expect(draftOf(jobSpec.parse(specOf(both)))).toEqual(both);
  });
});

describe('jobLabel', () => {
  it('tells the data set, the method and the end of the id', () => {
    const label = jobLabel({ id: jobId('7'), spec, createdAt: '2026-03-01T12:00:00Z' }, 'Heart and breath');
    expect(label).toMatch(/^Heart and breath · bivariate-te, gaussian · .*2026.* · 777777$/);
  });

  it('falls back to the end of the id of a data set that is gone, and leaves out what is not there', () => {
    expect(jobLabel({ id: jobId('7'), spec: { ...spec, params: {} }, createdAt: '2026-03-01T12:00:00Z' }, undefined)).toMatch(/^000000 · 1 Mar 2026/);
  });
});

it('merges lists of jobs by time, and has each once', () => {
  const job = (id: string, createdAt: string) => ({ id, createdAt });
  const lists = [[job('c', '2026-01-03'), job('a', '2026-01-01')], [job('b', '2026-01-02'), job('c', '2026-01-03')]];
  expect(newestFirst(lists).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
});

it('takes two groups to compare, and one model to apply', () => {
  expect([compares({ name: 'network-comparison' }), compares({ name: 'predict' })]).toEqual([true, false]);
});
