import { analyses } from '@corrente/shared/contract/analyses/index';
import { expect, it } from 'vitest';
import { runnableAnalyses, runnableAnalysis } from './index.ts';

it('the analyses that run are those of the shared catalogue, with the same contracts', () => {
  expect([...runnableAnalyses.keys()]).toEqual([...analyses.keys()]);
  for (const [name, contract] of analyses) expect(runnableAnalyses.get(name)?.contract).toBe(contract);
});

it('an unknown analysis is refused with the names there are', () => {
  expect(() => runnableAnalysis('corelation')).toThrow(expect.objectContaining({ code: 'unknown-analysis', message: expect.stringContaining('correlation, moving-average') }));
});
