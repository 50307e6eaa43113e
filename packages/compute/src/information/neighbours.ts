/** Estimators that count neighbours: the engine counts them, for X and for its surrogates. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import { digammas } from '@corrente/shared/portable/digamma';
import type { Columns, Engine, InformationRequest, NeighbourCounts, NeighbourRule } from '../engine/contract.ts';
import type { ConditionalEstimator, EstimateRequest } from './estimator.ts';

/**
 * KSG 1 and 2 in nats, the kernel estimator in bits (as JIDT gives it). Throws `too-few-samples` where a point has
 * fewer neighbours than the rule asks for.
 */
export function neighbourEstimator(rule: NeighbourRule, engine: Engine): ConditionalEstimator {
  const perNat = rule.estimator === 'kernel' ? 1 / Math.LN2 : 1;
  return {
    unit: rule.estimator === 'kernel' ? 'bits' : 'nats',
    analytic: false,
    async open(target, condition, options) {
      checkPoints(rule, target.length);
      const session = await engine.openInformation(target, condition, rule, options);
      const conditional = condition.series > 0;
      return {
        async estimate(requests, estimateOptions) {
          const values = await session.estimate(requests.map(engineRequest), estimateOptions);
          return perNat === 1 ? values : values.map((one) => one.map((value) => value * perNat));
        },
        async locals(source, localOptions) {
          const counts = await session.counts(source, localOptions);
          const locals = localInformation(rule, counts, conditional);
          return perNat === 1 ? locals : locals.map((value) => value * perNat);
        },
        analyticP: () => null,
        bias: () => (rule.estimator === 'kernel' ? null : 0),
        close: () => session.close(),
      };
    },
  };
}

function checkPoints(rule: NeighbourRule, points: number): void {
  if (rule.estimator === 'kernel') return;
  const others = points - 1 - 2 * rule.theiler;
  if (rule.neighbours <= others) return;
  const window = rule.theiler > 0 ? ` and a Theiler window of ${rule.theiler}` : '';
  throw new CorrenteError('too-few-samples', `There are ${points} realisations; ${rule.neighbours} neighbours${window} need at least ${rule.neighbours + 1 + 2 * rule.theiler}.`);
}

function engineRequest({ source, surrogates, null: distribution }: EstimateRequest): InformationRequest {
  if (distribution.kind === 'analytic') throw new CorrenteError('internal', 'The distribution of this estimate under the null hypothesis is not known; surrogates must be permutations.');
  return { source, surrogates, permute: distribution.kind === 'permuted' ? { stream: distribution.stream } : { orderings: distribution.orderings } };
}

/** The contribution of each point, by the formulas that stand at `NeighbourRule`, in nats. */
function localInformation(rule: NeighbourRule, counts: NeighbourCounts, conditional: boolean): Float64Array<ArrayBuffer> {
  const n = counts.xz.length;
  const { joint, xz, yz, z } = counts;
  if (rule.estimator === 'kernel') {
    return eachOf(n, (i) => Math.log(((joint[i] ?? 0) * (conditional ? (z[i] ?? 0) : n)) / ((xz[i] ?? 0) * (yz[i] ?? 0))));
  }
  const psi = digammas(n + 1);
  const of = (count: number): number => (count === 0 ? Number.NaN : (psi[count] ?? Number.NaN));
  const k = of(rule.neighbours);
  if (rule.estimator === 'ksg1') {
    return eachOf(n, (i) => k + of(conditional ? (z[i] ?? 0) + 1 : n) - of((xz[i] ?? 0) + 1) - of((yz[i] ?? 0) + 1));
  }
  if (!conditional) return eachOf(n, (i) => k - 1 / rule.neighbours + of(n) - of(xz[i] ?? 0) - of(yz[i] ?? 0));
  return eachOf(n, (i) => k - 2 / rule.neighbours + of(z[i] ?? 0) - of(xz[i] ?? 0) - of(yz[i] ?? 0) + 1 / (xz[i] ?? 0) + 1 / (yz[i] ?? 0));
}

const eachOf = (length: number, of: (i: number) => number): Float64Array<ArrayBuffer> => Float64Array.from({ length }, (_, i) => of(i));

/** A block without series: no condition. */
export const nothing: Columns = { values: new Float64Array(0), series: 0, length: 0, stride: 0 };
