/** Series whose network is known, and the replay of decisions, for the tests of network inference. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { columnsOf } from '../../../test/series/columns.ts';
import { gaussian } from '../../../test/series/random.ts';
import type { Frame } from '../../frame/frame.ts';
import type { ConditionalEstimator } from '../../information/estimator.ts';
import { type Collected } from '../../run/collect.testing.ts';
import { frameOf } from '../../run/frame.testing.ts';

/**
 * The five processes of Montalto, Faes and Marinazzo (PLoS ONE 9, e109462, 2014), 1,000 samples, as IDTxl's generator
 * made them: 0 drives 1 (lag 2, squared), 2 (lag 3) and 3 (lag 2, squared); 3 drives 4 (lag 1), 4 drives 3 (lag 1).
 */
export function muteFrame(): Frame {
  const text = readFileSync(join(import.meta.dirname, '..', '..', '..', 'test', 'series', 'mute_n1000_seed42.csv'), 'utf8');
  const rows = text.trim().split('\n').slice(1).map((line) => line.split(',').map(Number));
  return frameOf(columnsOf(Array.from({ length: 5 }, (_, s) => Float64Array.from(rows, (row) => row[s] ?? Number.NaN))), { names: ['0', '1', '2', '3', '4'] });
}

/** Links of the MuTE processes as source→target (lag). */
export const muteLinks = ['0→1 (2)', '0→2 (3)', '0→3 (2)', '3→4 (1)', '4→3 (1)'];

/** Links of a result as source→target (lag); all, or those of one verdict. */
export function linksOf(result: Collected, significant?: boolean): string[] {
  const [source, target, lag, verdict] = ['source', 'target', 'lag', 'significant'].map((name) => result.column('links', name));
  return (source ?? []).map((name, i) => `${String(name)}→${String(target?.[i])} (${String(lag?.[i])})`).filter((_, i) => significant === undefined || verdict?.[i] === significant);
}

/** Independent Gaussian series. */
export function independentFrame(series: number, length: number, seed: number, trials = 1): Frame {
  return frameOf(columnsOf(Array.from({ length: series }, (_, s) => Float64Array.from({ length }, (_unused, t) => gaussian(seed * 1009 + s * 7919 + 1, t)))), { trials });
}

/** s0 drives s1 with lag 2, and s1 drives s2 with lag 1, linearly; in trials that know nothing of each other. */
export function chainFrame(length: number, seed: number, { trials = 1, coupling = 0.7 } = {}): Frame {
  const rows = length / trials;
  const noise = (s: number, t: number): number => gaussian(seed * 31 + s + 1, t);
  const series = [0, 1, 2].map(() => new Float64Array(length));
  for (let t = 0; t < length; t += 1) {
    const past = (s: number, lag: number): number => (t % rows >= lag ? (series[s]?.[t - lag] ?? 0) : 0);
    series[0]![t] = 0.4 * past(0, 1) + noise(0, t);
    series[1]![t] = 0.3 * past(1, 1) + coupling * past(0, 2) + noise(1, t);
    series[2]![t] = coupling * past(1, 1) + noise(2, t);
  }
  return frameOf(columnsOf(series), { trials });
}

/** The estimator with decisions of another in place of its own: surrogates lie below the value, or above it. */
export function replaying(estimator: ConditionalEstimator, significant: () => boolean): ConditionalEstimator {
  return {
    ...estimator,
    open: async (target, condition, options) => {
      const session = await estimator.open(target, condition, options);
      return {
        estimate: async (requests, estimateOptions) => {
          const values = await session.estimate(requests.map((request) => ({ ...request, surrogates: 0 })), estimateOptions);
          const tested = requests.some(({ surrogates }) => surrogates > 0);
          const surrogate = tested && significant() ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
          return values.map((value, i) => new Float64Array(1 + (requests[i]?.surrogates ?? 0)).fill(surrogate).fill(value[0] ?? Number.NaN, 0, 1));
        },
        locals: (source, localOptions) => session.locals(source, localOptions),
        analyticP: (source, value) => session.analyticP(source, value),
        bias: (source) => session.bias(source),
        close: () => session.close(),
      };
    },
  };
}
