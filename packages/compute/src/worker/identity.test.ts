import type { EngineUsed } from '@corrente/shared/contract/engine';
import { jobSpec, type JobSpecInput } from '@corrente/shared/contract/job';
import { describe, expect, it } from 'vitest';
import { identityOf } from './identity.ts';

const cpu: EngineUsed = { name: 'cpu', device: 'a CPU with AVX2', precision: 'f64', reason: 'auto' };
const base: JobSpecInput = { analysis: 'correlation', input: { dataset: `ds_${'0'.repeat(32)}` } };
const identity = (change: Partial<JobSpecInput> = {}, engine: Partial<EngineUsed> = {}): string => identityOf(jobSpec.parse({ ...base, ...change }), [{ ...cpu, ...engine }]);

describe('identityOf', () => {
  it.each<[string, Partial<JobSpecInput>]>([
    ['defaults are written out', { params: { method: 'pearson', output: 'matrix', missing: 'pairwise' } }],
    ['the engine is asked for by name', { engine: 'cpu' }],
    ['the priority differs', { priority: 5 }],
    ['a fresh result is asked for', { fresh: true }],
    ['a bound is null rather than absent', { input: { from: null, resample: null, dataset: `ds_${'0'.repeat(32)}` } }],
  ])('is the same where %s', (_, change) => {
    expect(identity(change)).toBe(identity());
  });

  it.each<[string, Partial<JobSpecInput>]>([
    ['the data set', { input: { dataset: `ds_${'1'.repeat(32)}` } }],
    ['the order of series', { input: { ...base.input, series: ['b', 'a'] } }],
    ['a parameter', { params: { output: 'pairs' } }],
    ['the analysis', { analysis: 'moving-average' }],
    ['the seed', { seed: 2 }],
    ['the precision', { precision: 'f32' }],
  ])('differs where %s differs', (_, change) => {
    expect(identity(change)).not.toBe(identity());
  });

  it('differs between engines and devices, but not by the reason of the choice', () => {
    expect(identity({}, { name: 'portable' })).not.toBe(identity());
    expect(identity({}, { device: 'a CPU with AVX-512' })).not.toBe(identity());
    expect(identity({}, { reason: 'asked for' })).toBe(identity());
  });

  it('of a result that two engines made is neither of theirs', () => {
    const spec = jobSpec.parse(base);
    const mixed = identityOf(spec, [cpu, { ...cpu, name: 'portable' }]);
    expect([identityOf(spec, [cpu]), identityOf(spec, [{ ...cpu, name: 'portable' }])]).not.toContain(mixed);
  });
});
