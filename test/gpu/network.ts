/** The network of the MuTE processes through an engine, step by step, with nothing of the platform around it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { networkInferenceParams } from '@corrente/shared/contract/analyses/network-inference';
import type { JsonValue, PartColumn } from '../../packages/compute/src/analyses/analysis.ts';
import { networkInference } from '../../packages/compute/src/analyses/network-inference/network-inference.ts';
import type { Columns, Engine } from '../../packages/compute/src/engine/contract.ts';
import { engineWith } from '../../packages/compute/src/engine/engine-with.ts';
import { frameOf } from '../../packages/compute/src/run/frame.testing.ts';

/** Lies beside the bundle (see bundle.ts). */
export const muteFile = 'mute_n1000_seed42.csv';

/** Montalto, Faes and Marinazzo's five processes (PLoS ONE 9, e109462, 2014), 1,000 samples, as [5 × 1,000]. */
export function muteColumns(folder: string): Columns {
  const rows = readFileSync(join(folder, muteFile), 'utf8').trim().split('\n').slice(1).map((line) => line.split(',').map(Number));
  const length = rows.length;
  return { values: Float64Array.from({ length: 5 * length }, (_, at) => rows[at % length]?.[Math.floor(at / length)] ?? Number.NaN), series: 5, length, stride: length };
}

/** As source→target (lag). */
export const muteLinks = ['0→1 (2)', '0→2 (3)', '0→3 (2)', '3→4 (1)', '4→3 (1)'];

export interface Network {
  /** Those that are significant, as source→target (lag). */
  readonly links: readonly string[];
  /** Values that were estimated, surrogates among them. */
  readonly estimates: number;
}

/** The engine, and how many values it was asked for. */
function counting(engine: Engine): { readonly engine: Engine; readonly estimates: () => number } {
  let estimates = 0;
  return {
    estimates: () => estimates,
    engine: engineWith(engine, {
      openInformation: async (target, condition, rule, options) => {
        const session = await engine.openInformation(target, condition, rule, options);
        return {
          estimate: (requests, estimateOptions) => {
            for (const { surrogates } of requests) estimates += 1 + surrogates;
            return session.estimate(requests, estimateOptions);
          },
          counts: (source, countsOptions) => session.counts(source, countsOptions),
          close: () => session.close(),
        };
      },
    }),
  };
}

const cellsOf = (column: PartColumn | undefined): readonly unknown[] => (Array.isArray(column) ? column : column instanceof Int32Array ? [...column] : []);

/** Multivariate transfer entropy (KSG 1, k = 4, lags up to 5, IDTxl's numbers of permutations) between the series. */
export async function inferNetwork(engine: Engine, columns: Columns, seed = 1): Promise<Network> {
  const counted = counting(engine);
  const params = networkInferenceParams.parse({});
  const frame = frameOf(columns, { names: Array.from({ length: columns.series }, (_, s) => String(s)) });
  const shape = { series: frame.names, rows: frame.length, time: frame.timeKind, trials: frame.trials };
  const plan = await networkInference.plan({ params, frame, shape, engine: counted.engine, precision: 'f64', seed, stored: new Map(), checkpoint: null, inputs: { a: [], b: [] }, signal: new AbortController().signal });
  const links: string[] = [];
  const emit = (table: string, [source, target, lag, , , significant]: readonly PartColumn[]): void => {
    if (table !== 'links') return;
    const [sources, targets, lags, verdicts] = [source, target, lag, significant].map(cellsOf);
    for (const [row, name] of (sources ?? []).entries()) if (verdicts?.[row] === true) links.push(`${String(name)}→${String(targets?.[row])} (${String(lags?.[row])})`);
  };
  const lastCheckpoint: JsonValue = null;
  const context = { signal: new AbortController().signal, progress: () => {}, emit, emitProvisional: () => {}, checkpoint: () => {}, lastCheckpoint, log: () => {} };
  try {
    for (const step of plan.steps) await step.run(context);
  } finally {
    plan.close();
  }
  return { links, estimates: counted.estimates() };
}
