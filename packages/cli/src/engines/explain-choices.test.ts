import type { EngineInfo, EngineName } from '@corrente/shared/contract/engine';
import { expect, it } from 'vitest';
import { explainChoices } from './explain-choices.ts';

function info(name: EngineName, change: Partial<EngineInfo> = {}): EngineInfo {
  return { name, available: true, whyNot: null, device: `a ${name}`, memoryBytes: null, threads: 1, precisions: ['f64', 'f32'], version: '1', ...change };
}

it('explains the choice for every typical job, each with what the engines would take', () => {
  const choices = explainChoices([info('cuda', { available: false, whyNot: 'no driver' }), info('cpu'), info('portable')]);
  expect(choices.length).toBeGreaterThan(5);
  for (const { engine, reason } of choices) {
    expect(engine).toBe('cpu');
    expect(reason).toContain('cuda is not available (no driver)');
  }
  expect(choices.find(({ job }) => job === 'correlation, 4,000 × 2,500')?.candidates.map(({ name }) => name)).toEqual(['cpu', 'portable']);
});

it('says of a job that no engine can run why not', () => {
  for (const { engine, reason } of explainChoices([info('cpu', { available: false, whyNot: 'not built' })])) {
    expect(engine).toBeNull();
    expect(reason).toContain('not built');
  }
});
