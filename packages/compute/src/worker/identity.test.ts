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
    ['more workers may share it', { workers: 8 }],
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

  it('depends on what the results that it reads are, and not on the jobs that they came from', () => {
    const reading = (a: string, b: string, inputs: { a: string[]; b: string[] }): string => {
      const results = { a: [`job_${a.repeat(26)}`], b: [`job_${b.repeat(26)}`] };
      return identityOf(jobSpec.parse({ ...base, input: { ...base.input, results } }), [cpu], inputs);
    };
    const one = reading('0', '1', { a: ['x'], b: ['y'] });
    expect(reading('2', '3', { a: ['x'], b: ['y'] })).toBe(one);
    for (const inputs of [{ a: ['y'], b: ['x'] }, { a: ['x', 'y'], b: [] }, { a: ['z'], b: ['y'] }]) expect(reading('0', '1', inputs)).not.toBe(one);
    expect(one).not.toBe(identity());
  });

  it('is the same whichever of its engines came first', () => {
    const spec = jobSpec.parse(base);
    const portable: EngineUsed = { ...cpu, name: 'portable' };
    expect(identityOf(spec, [cpu, portable])).toBe(identityOf(spec, [portable, cpu, portable]));
  });

  it('of a result that two engines made is neither of theirs', () => {
    const spec = jobSpec.parse(base);
    const mixed = identityOf(spec, [cpu, { ...cpu, name: 'portable' }]);
    expect([identityOf(spec, [cpu]), identityOf(spec, [{ ...cpu, name: 'portable' }])]).not.toContain(mixed);
  });
});
