import { expect, it } from 'vitest';
import { stateFromJson, stateToJson, type TargetState } from './target-state.ts';

it('a state is the same after it was kept, with figures that are infinite or missing', () => {
  const state: TargetState = {
    stage: 'prune',
    round: 2,
    open: [0, 3],
    target: [{ process: 1, lag: 1, te: null, p: null }],
    sources: [{ process: 0, lag: 2, te: Number.POSITIVE_INFINITY, p: 0.002 }],
    tests: [
      { stage: 'sources', variable: { process: 0, lag: 2 }, statistic: Number.NEGATIVE_INFINITY, p: 1, permutations: 200, significant: false },
      { stage: 'prune', variable: null, statistic: Number.NaN, p: 1, permutations: 500, significant: false },
    ],
    omnibus: { te: 0.1 + 0.2, p: 1 / 3, significant: false },
    links: [{ process: 0, te: Number.MIN_VALUE }],
    estimates: 12,
    samples: 95,
  };
  expect(stateFromJson(JSON.parse(JSON.stringify(stateToJson(state))))).toEqual(state);
});
