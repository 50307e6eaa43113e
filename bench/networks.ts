/** Series for the network benchmarks, and their inference in this process. */
import { loadFrame } from '@corrente/compute/frame/load-frame';
import type { Frame } from '@corrente/compute/frame/frame';
import { runToArrow } from '@corrente/compute/run/run-to-arrow';
import { importFile } from '@corrente/platform/datasets/import-file';
import { closeReaders } from '@corrente/platform/datasets/reader';
import { jobInput } from '@corrente/shared/contract/job';
import { type Table, tableFromIPC } from 'apache-arrow';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { timed } from './benchmark.ts';
import { gaussianColumns } from './columns.ts';

/** A ring: each process is autoregressive and driven by the one before it, one sample later, squared. */
export function ringFrame(processes: number, samples: number): Frame {
  const noise = gaussianColumns(processes, samples, 1);
  const values = Float64Array.from(noise.values);
  const at = (s: number, t: number): number => values[s * noise.stride + t] ?? 0;
  for (let t = 1; t < samples; t += 1) {
    for (let s = 0; s < processes; s += 1) values[s * noise.stride + t] = at(s, t) + 0.4 * at(s, t - 1) + 0.3 * Math.tanh(at((s + processes - 1) % processes, t - 1) ** 2);
  }
  return {
    ...noise,
    values,
    names: Array.from({ length: processes }, (_, s) => `p${s}`),
    time: BigInt64Array.from({ length: samples }, (_, t) => BigInt(t)),
    timeKind: 'index',
    trials: 1,
    present: new Uint32Array(processes).fill(samples),
    fields: new Map(),
  };
}

/** Multivariate transfer entropy by IDTxl's defaults: its time, and how many values it estimated. */
export async function inferred(frame: Frame): Promise<{ milliseconds: number; estimates: number }> {
  let estimates = 0;
  const milliseconds = await timed(async () => {
    const targets = await result(frame, 'network-inference', { maxLagSources: 5 }, 'targets');
    for (const count of targets.getChild('estimates') ?? []) estimates += Number(count);
  });
  return { milliseconds, estimates };
}

/** Transfer entropy of every ordered pair, by KSG 1 with 4 neighbours, histories of one sample. */
export async function transferOfEveryPair(frame: Frame, permutations: number): Promise<Table> {
  return await result(frame, 'information-measure', { measure: 'te', pairs: 'all', permutations }, 'values');
}

async function result(frame: Frame, analysis: string, params: unknown, table: string): Promise<Table> {
  const chunks: Uint8Array[] = [];
  const signal = new AbortController().signal;
  for await (const chunk of runToArrow({ analysis, params, frame, engine: 'auto', precision: 'f64', seed: 1, signal, table, onProgress: () => {}, log: () => {} })) chunks.push(chunk);
  return tableFromIPC(Buffer.concat(chunks));
}

/** Log returns of the first companies of the bundled prices that have every trading day. */
export async function stockReturns(companies: number): Promise<Frame> {
  const folder = await mkdtemp(join(tmpdir(), 'corrente-bench-'));
  try {
    const data = await importFile(join(import.meta.dirname, '..', 'data', 'sp500-2013-2018.parquet'), { store: folder, tempFolder: folder });
    const load = (series?: readonly string[]): Promise<Frame> =>
      loadFrame(join(folder, `${data.id}.parquet`), data, jobInput.parse({ dataset: data.id, field: 'close', transform: 'log-return', ...(series === undefined ? {} : { series }) }));
    const all = await load();
    return await load(all.names.filter((_, s) => all.present[s] === all.length).slice(0, companies));
  } finally {
    await closeReaders();
    await rm(folder, { recursive: true, force: true });
  }
}

/** b of y = a x^b through these points, by least squares of the logarithms. */
export function fittedExponent(points: ReadonlyArray<readonly [x: number, y: number]>): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (of: 0 | 1): number => logs.reduce((sum, point) => sum + point[of], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  return logs.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) / logs.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}
