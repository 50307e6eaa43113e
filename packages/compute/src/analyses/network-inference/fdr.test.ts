import { type NetworkInferenceParams, networkInferenceParams } from '@corrente/shared/contract/analyses/network-inference';
import { describe, expect, it } from 'vitest';
import { verdictOf } from './fdr.ts';
import type { ChosenVariable, TargetState } from './target-state.ts';

const params = (given: Partial<NetworkInferenceParams> = {}): NetworkInferenceParams => networkInferenceParams.parse(given);
const variable = (process: number, p: number): ChosenVariable => ({ process, lag: 1, te: 0.1, p });

/** A target whose omnibus test had this p; null: nothing was chosen. */
function target(p: number | null, sources: readonly ChosenVariable[] = [variable(0, 0.002)]): TargetState {
  const omnibus = p === null ? null : { te: 0.1, p, significant: p < 0.05 };
  return { stage: 'done', round: 0, open: [], target: [], sources: omnibus?.significant === true ? [...sources] : [], tests: [], omnibus, links: [], estimates: 0, samples: 100 };
}

describe('verdictOf', () => {
  const states = [target(0.002), target(0.012), target(null), target(0.03), target(0.004)];
  const standing = (given: Partial<NetworkInferenceParams>): boolean[] => states.map((_, place) => verdictOf(params(given), states).target(place));

  it('by Benjamini and Yekutieli keeps the targets that a table worked out by hand keeps', () => {
    // Thresholds of 5 tests: i · 0.05 / (5 · 137/60) = 0.00438, 0.00876, 0.01314, 0.01752, 0.0219; sorted p: 0.002, 0.004, 0.012, 0.03, 1.
    expect(standing({})).toEqual([true, true, false, false, true]);
  });

  it('by Benjamini and Hochberg keeps more', () => {
    // Thresholds 0.01, 0.02, 0.03, 0.04, 0.05.
    expect(standing({ fdrMethod: 'benjamini-hochberg' })).toEqual([true, true, false, true, true]);
  });

  it('counts targets for which nothing was chosen among the tests', () => {
    const alone = [target(0.03)];
    expect(verdictOf(params(), alone).target(0)).toBe(true);
    expect(verdictOf(params(), [...alone, target(null), target(null)]).target(0)).toBe(false);
  });

  it('without control keeps what the omnibus test kept', () => {
    expect(standing({ fdr: false })).toEqual([true, true, false, true, true]);
    expect(verdictOf(params({ fdr: false }), [target(0.2)]).target(0)).toBe(false);
  });

  it('by link judges each source variable by its own p', () => {
    const two = [target(0.002, [variable(0, 0.002), variable(1, 0.04)]), target(0.002, [variable(0, 0.004)])];
    const verdict = verdictOf(params({ fdrBy: 'link' }), two);
    // Thresholds of 3 tests: i · 0.05 / (3 · 11/6) = 0.00909, 0.01818, 0.02727.
    expect(verdict.variable(0, variable(0, 0.002))).toBe(true);
    expect(verdict.variable(0, variable(1, 0.04))).toBe(false);
    expect(verdict.variable(1, variable(0, 0.004))).toBe(true);
    expect([verdict.target(0), verdict.target(1)]).toEqual([true, true]);
  });

  it('keeps a p that equals its threshold, which quotients of rounded numbers would part', () => {
    // Three of six tests at the third threshold 3 · 0.05 / 6 = 5 / 200, where 0.025 · 6 / 3 is above 0.05 in float64.
    expect((0.025 * 6) / 3).toBeGreaterThan(0.05);
    const six = [target(0.025), target(0.025), target(0.025), target(null), target(null), target(null)];
    const verdict = verdictOf(params({ fdrMethod: 'benjamini-hochberg' }), six);
    expect([0, 1, 2, 3].map((place) => verdict.target(place))).toEqual([true, true, true, false]);
  });

  it('is left out, with a warning that names the figures, where no p can be small enough', () => {
    const many = Array.from({ length: 40 }, () => target(0.01));
    const verdict = verdictOf(params({ permutations: { maxStatistic: 100, minStatistic: 100, omnibus: 100, sequential: 100 } }), many);
    expect(verdict.warning).toContain('the smallest p of 100 permutations is 0.01, the first threshold of 40 tests 0.000292; at least 3423 permutations (omnibus)');
    expect(verdict.target(0)).toBe(true);
    expect(verdictOf(params(), [target(0.002)]).warning).toBe(null);
  });
});
