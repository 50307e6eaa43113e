/** IDTxl's record of the MuTE processes, replayed: its decisions, our estimates and our stages. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type NetworkInferenceParams, networkInferenceParams, type NetworkStage } from '@corrente/shared/contract/analyses/network-inference';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { portableEngine } from '../../engine/portable.ts';
import { openEstimator } from '../../information/estimators.ts';
import { spanOf } from '../../information/realisations.ts';
import { referenceFolder } from '../../information/reference.testing.ts';
import { greedy, longestLagOf, targetSetup } from './candidates.ts';
import { Estimation } from './estimation.ts';
import { firstState, inferTarget } from './infer-target.ts';
import { muteFrame, replaying } from './network.testing.ts';
import { prepareSeries } from './prepare.ts';
import type { TargetState } from './target-state.ts';

const variables = z.array(z.tuple([z.int(), z.int()]));
const event = z.object({ target: z.int(), phase: z.string(), test: z.enum(['max_statistic', 'min_statistic', 'omnibus_test', 'max_statistic_sequential']), statistic: z.number(), p: z.number(), significant: z.boolean(), n_perm: z.int() });
const found = z.object({
  selected_vars_target: variables,
  selected_vars_sources: variables,
  selected_sources_te: z.array(z.number()).nullish(),
  selected_sources_mi: z.array(z.number()).nullish(),
  omnibus_te: z.number().nullish(),
  omnibus_mi: z.number().nullish(),
  te: z.array(z.number()).nullish(),
  mi: z.array(z.number()).nullish(),
});
const record = z.object({
  runs: z.record(z.string(), z.object({ test_events: z.array(event), targets: z.record(z.string(), found) })),
  other_analyses: z.record(z.string(), z.object({ targets: z.record(z.string(), found).optional(), processes: z.record(z.string(), z.object({ selected_vars: variables, ais: z.number() })).optional() })),
});

const recorded = referenceFolder === null ? null : record.parse(JSON.parse(readFileSync(join(referenceFolder, 'idtxl_mute.json'), 'utf8')));
const tolerance = 1e-9;

/** Infers one target with these decisions in the place of tests. */
async function replay(given: Partial<NetworkInferenceParams>, target: number, significant: () => boolean, from: Partial<TargetState> = {}): Promise<TargetState> {
  const params = networkInferenceParams.parse(given);
  const frame = muteFrame();
  const series = prepareSeries(params, frame, 1);
  const span = spanOf(series, longestLagOf(params));
  const estimator = replaying(openEstimator(params.estimator, { neighbours: 4 }, portableEngine()), significant);
  const estimation = new Estimation({ params, estimator, series, span, seed: 1 }, target, { precision: 'f64' }, () => {});
  const inference = { params, estimation, setup: targetSetup(params, frame.names, target, greedy) };
  return inferTarget(inference, { ...firstState(inference, span.realisations), ...from }, () => {});
}

const pairs = (list: ReadonlyArray<{ process: number; lag: number }>): number[][] => list.map(({ process, lag }) => [process, lag]);
const close = (values: ReadonlyArray<number | null>, expected: readonly number[]): void => {
  expect(values).toHaveLength(expected.length);
  for (const [i, value] of values.entries()) expect(Math.abs((value ?? Number.NaN) - (expected[i] ?? Number.NaN))).toBeLessThanOrEqual(tolerance);
};

/** Process by process, lag by lag. */
const bySource = (a: readonly number[], b: readonly number[]): number => (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0);

const stageOf: Readonly<Record<string, NetworkStage>> = { _include_target_candidates: 'target-past', _include_source_candidates: 'sources', _prune_candidates: 'prune' };

describe.skipIf(recorded === null)("IDTxl's multivariate transfer entropy, replayed (reference values beside CORRENTE_DATA)", () => {
  it.each([
    ['kraskov', 'ksg1', 45],
    ['gaussian_analytic_null_default', 'gaussian', 58],
    ['gaussian_forced_permutation', 'gaussian', 56],
  ] as const)('%s: the statistic of each of its tests, by %s', { timeout: 300_000 }, async (run, estimator, count) => {
    const { test_events: events, targets } = recorded?.runs[run] ?? { test_events: [], targets: {} };
    expect(events).toHaveLength(count);
    for (let target = 0; target < 5; target += 1) {
      const expected = events.filter((one) => one.target === target);
      const decisions = expected.values();
      const state = await replay({ estimator }, target, () => decisions.next().value?.significant ?? false);
      expect(decisions.next().done).toBe(true);
      // Ours stand in the order in which variables were chosen, the record's in that of their values.
      const tests = [...state.tests.filter(({ stage }) => stage !== 'sequential'), ...state.tests.filter(({ stage }) => stage === 'sequential').toSorted((a, b) => b.statistic - a.statistic)];
      expect(tests.map(({ stage, significant, permutations }) => ({ stage, significant, permutations }))).toEqual(
        expected.map(({ phase, test, significant, n_perm }) => ({ stage: stageOf[phase] ?? (test === 'omnibus_test' ? 'omnibus' : 'sequential'), significant, permutations: n_perm })),
      );
      close(tests.map(({ statistic }) => statistic), expected.map(({ statistic }) => statistic));
      const of = targets[target];
      expect(pairs(state.target)).toEqual(of?.selected_vars_target);
      expect(pairs(state.sources)).toEqual(of?.selected_vars_sources);
      close(state.sources.map(({ te }) => te), of?.selected_sources_te ?? []);
      close(state.links.map(({ te }) => te), of?.te ?? []);
    }
  });
});

describe.skipIf(recorded === null)("IDTxl's other analyses: the final statistics of its own choice of variables (reference values beside CORRENTE_DATA)", () => {
  it.each([
    ['BivariateTE_JidtGaussianCMI', 'bivariate-te'],
    ['MultivariateMI_JidtGaussianCMI', 'multivariate-mi'],
    ['BivariateMI_JidtGaussianCMI', 'bivariate-mi'],
  ] as const)('%s', async (analysis, method) => {
    const targets = recorded?.other_analyses[analysis]?.targets ?? {};
    expect(Object.keys(targets)).toHaveLength(5);
    for (const [target, of] of Object.entries(targets)) {
      const chosen = (list: z.infer<typeof variables>): TargetState['sources'] => list.map(([process, lag]) => ({ process, lag, te: null, p: null }));
      const state = await replay({ estimator: 'gaussian', method }, Number(target), () => true, { stage: 'omnibus', target: chosen(of.selected_vars_target), sources: chosen(of.selected_vars_sources) });
      close([state.omnibus?.te ?? null], [of.omnibus_te ?? of.omnibus_mi ?? Number.NaN]);
      const values = (of.selected_sources_te ?? of.selected_sources_mi ?? []).map((value, i) => (of.selected_vars_sources[i] ?? [0, 0]).concat(value)).toSorted(bySource);
      const ours = state.sources.map(({ process, lag, te }) => [process, lag, te ?? Number.NaN]).toSorted(bySource);
      expect(ours.map((row) => row.slice(0, 2))).toEqual(values.map((row) => row.slice(0, 2)));
      close(ours.map((row) => row[2] ?? null), values.map((row) => row[2] ?? Number.NaN));
      close(state.links.map(({ te }) => te), of.te ?? of.mi ?? []);
    }
  });

  it.each([
    ['ActiveInformationStorage_JidtGaussianCMI', 'gaussian'],
    ['ActiveInformationStorage_JidtKraskovCMI', 'ksg1'],
  ] as const)('%s', async (analysis, estimator) => {
    const processes = recorded?.other_analyses[analysis]?.processes ?? {};
    expect(Object.keys(processes)).toHaveLength(5);
    for (const [target, { selected_vars: past, ais }] of Object.entries(processes)) {
      const state = await replay({ estimator, method: 'active-information' }, Number(target), () => true, { stage: 'omnibus', target: past.map(([process, lag]) => ({ process, lag, te: null, p: null })) });
      close([state.omnibus?.te ?? null], [ais]);
    }
  });
});
