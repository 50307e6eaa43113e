/**
 * The CUDA engine on a real device: every engine case against the oracles, the cases at the seams of its work, and the
 * benchmarks. Bundled into one file by bundle.ts and started by `run`.
 *
 *   suite.mjs FOLDER        writes FOLDER/gpu-suite.json
 *
 * Its last line is "N passed, N failed". Exit code 0 if all passed, 1 if some failed, 3 if no device answered.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { cudaEngine } from '../../packages/compute/src/engine/cuda.ts';
import { engineCases } from '../../packages/compute/src/engine/engine.cases.ts';
import { inWords, type Measurement, measureAll } from './benchmarks.ts';
import { correlationBenchmarks, cupyPeer } from './correlation.benchmarks.ts';
import { informationBenchmarks } from './information.benchmarks.ts';
import { informationSeamCases } from './information.cases.ts';
import { inferNetwork, muteColumns, muteLinks } from './network.ts';
import { seamCases } from './seam.cases.ts';
import { torchPeer, trainerBenchmarks } from './trainer.benchmarks.ts';
import { trainerSeamCases } from './trainer.cases.ts';

interface Outcome {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly detail: string;
}

const engine = cudaEngine();

/** What a command prints, or that it is not there. */
function answer(command: string, args: readonly string[]): string {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return `${command} does not answer`;
  }
}

function machine(): Record<string, string> {
  const { available, whyNot, device } = engine.info();
  return {
    device: available ? device : `none: ${whyNot}`,
    driver: answer('nvidia-smi', ['--query-gpu=name,driver_version,memory.total,clocks.max.sm', '--format=csv,noheader']),
    nvcc: answer('nvcc', ['--version']).split('\n').find((line) => line.includes('release')) ?? 'nvcc does not answer',
    processor: `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} threads`,
    node: process.version,
  };
}

/** Messages of a few sentences, not of a matrix. */
const inShort = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 400);

async function runCase(name: string, run: () => Promise<void>): Promise<Outcome> {
  try {
    await run();
    return { name, outcome: 'passed', detail: '' };
  } catch (error) {
    console.log(`failed: ${name}\n        ${inShort(error)}`);
    return { name, outcome: 'failed', detail: inShort(error) };
  }
}

async function checkNetwork(): Promise<void> {
  const { links } = await inferNetwork(engine, muteColumns(import.meta.dirname));
  const missing = muteLinks.filter((link) => !links.includes(link));
  if (missing.length > 0) throw new Error(`found ${links.join(', ')}; ${missing.join(', ')} is missing`);
}

async function runCases(): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { name, skip, run } of engineCases) {
    const reason = skip?.(engine) ?? null;
    outcomes.push(reason === null ? await runCase(name, () => run(engine)) : { name, outcome: 'skipped', detail: reason });
  }
  const seams = [...seamCases({ rows: 40_000, series: 1500, values: 5_000_000 }), ...informationSeamCases({ points: 6000, ordered: 70_000 }), ...trainerSeamCases({ units: 300, dense: 700, origins: 60_000 })];
  for (const { name, run } of seams) outcomes.push(await runCase(name, () => run(engine)));
  outcomes.push(await runCase('network inference finds the links of the MuTE processes', checkNetwork));
  return outcomes;
}

function report(folder: string, outcomes: readonly Outcome[], measurements: readonly Measurement[], failure: string | null): void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'gpu-suite.json');
  writeFileSync(file, `${JSON.stringify({ machine: machine(), failure, outcomes, measurements }, null, 1)}\n`);
  const count = (outcome: Outcome['outcome']): number => outcomes.filter((one) => one.outcome === outcome).length;
  for (const { name, detail } of outcomes.filter((one) => one.outcome === 'skipped')) console.log(`skipped: ${name}: ${detail}`);
  console.log(`written: ${file}`);
  console.log(`${count('passed')} passed, ${count('failed')} failed`);
}

async function main(folder: string): Promise<number> {
  for (const [what, words] of Object.entries(machine())) console.log(`${what}: ${words}`);
  if (!engine.info().available) {
    console.log(`no device: ${engine.info().whyNot}`);
    report(folder, [], [], `no device: ${engine.info().whyNot}`);
    return 3;
  }
  const outcomes = await runCases();
  let measurements: Measurement[] = [];
  outcomes.push(
    await runCase('benchmarks run to their end', async () => {
      measurements = await measureAll(engine, [...correlationBenchmarks, ...informationBenchmarks(import.meta.dirname), ...trainerBenchmarks], (measurement) => {
        console.log(inWords(measurement));
      });
      console.log(cupyPeer(import.meta.dirname));
      console.log(torchPeer(import.meta.dirname));
    }),
  );
  report(folder, outcomes, measurements, null);
  return outcomes.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
}

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: suite.mjs FOLDER');
  process.exitCode = 2;
} else {
  process.exitCode = await main(folder);
}
