/** Rounds of inclusion: the candidate that tells most is kept while its value stands out of those of all surrogates. */
import type { NetworkInferenceParams } from '@corrente/shared/contract/analyses/network-inference';
import { permutationP } from '../../statistics/permutation-p.ts';
import type { Estimated, Estimation, Place } from './estimation.ts';
import { firstLargest, largestDraws } from './significance.ts';
import type { StageTest } from './target-state.ts';
import type { NetworkVariable } from './variable.ts';

/** Candidates that compete with each other, given a condition. */
export interface Contest {
  readonly candidates: readonly NetworkVariable[];
  readonly condition: readonly NetworkVariable[];
}

/**
 * One round for each contest, by the maximum statistic: the first of the largest values is tested against the largest
 * value among surrogates of every candidate, draw by draw. Contests with the same condition share one session.
 */
export async function inclusionRound(estimation: Estimation, params: NetworkInferenceParams, place: Place, contests: readonly Contest[]): Promise<StageTest[]> {
  const surrogates = params.permutations.maxStatistic;
  const estimated = new Map<Contest, Estimated[]>();
  for (const sharing of byCondition(contests)) {
    const wanted = sharing.flatMap(({ candidates }) => candidates.map((candidate) => ({ source: [candidate], surrogates })));
    const values = await estimation.given(sharing[0]?.condition ?? [], wanted, place);
    let at = 0;
    for (const contest of sharing) {
      estimated.set(contest, values.slice(at, at + contest.candidates.length));
      at += contest.candidates.length;
    }
  }
  return contests.map((contest) => winner(contest, estimated.get(contest) ?? [], place, params));
}

function winner({ candidates }: Contest, estimated: readonly Estimated[], { stage }: Place, { alpha, permutations }: NetworkInferenceParams): StageTest {
  const best = firstLargest(estimated.map(({ value }) => value));
  const statistic = estimated[best]?.value ?? Number.NaN;
  const p = permutationP(statistic, largestDraws(estimated.map((one) => one.surrogates)));
  return { stage, variable: candidates[best] ?? null, statistic, p, permutations: permutations.maxStatistic, significant: p < alpha };
}

function byCondition(contests: readonly Contest[]): Contest[][] {
  const groups = new Map<string, Contest[]>();
  for (const contest of contests) {
    const key = contest.condition.map(({ process, lag }) => `${process}:${lag}`).join();
    groups.set(key, [...(groups.get(key) ?? []), contest]);
  }
  return [...groups.values()];
}
