/**
 * Network inference: the MuTE processes as a whole command against IDTxl's record, how the time grows with the number
 * of processes, and every pair of a hundred stocks.
 *
 * IDTxl and its JIDT need Java and a day's patience; they are not run here. What stands as the peer's time was measured
 * once, with IDTxl 1.6 (commit d78480d) on two virtual cores of an Intel Xeon: multivariate transfer entropy by
 * JidtKraskovCMI on the same file took 1,185.8 s for 70,732 estimates, 16.8 ms each.
 */
import { fittedExponent, inferred, ringFrame, stockReturns, transferOfEveryPair } from './networks.ts';
import { median, timed, type Benchmark, type Case } from './benchmark.ts';
import { startJidtPeer } from './peers/jidt-peer.ts';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

const recordedMilliseconds = 1_185_827;
const recordedEstimates = 70_732;
const recordName = 'IDTxl 1.6, JidtKraskovCMI, 2 cores: its record of 1,185.8 s';
const growthName = 'IDTxl at the 16.8 ms per estimate of its record';
const root = join(import.meta.dirname, '..');

/** Seconds that one network may take. */
const growthSeconds = 600;

export const benchmark: Benchmark = {
  summary: 'multivariate transfer entropy (KSG) of the MuTE processes, the whole command; growth with processes; every pair of 100 stocks',
  target: 'the MuTE network within 6 s on two cores; IDTxl takes 1,185.8 s',
  async run(log) {
    const versions: Record<string, string> = { peer: 'IDTxl 1.6 (d78480d), recorded with Java 17.0.15 on 2 vCPU Intel Xeon' };
    log('the MuTE processes, five times …');
    const main = await wholeCommand();
    const growth = await growthWithProcesses(log);
    log('every pair of 100 stocks …');
    return { cases: [main, ...growth, await everyPair(versions)], versions };
  },
};

/** `corrente run network-inference`, from the start of its process to its end, process start and import included. */
async function wholeCommand(): Promise<Case> {
  const file = join(root, 'packages/compute/test/series/mute_n1000_seed42.csv');
  const rounds = 5;
  const times: number[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const spent = await timed(() => command(['run', 'network-inference', file]));
    if (round >= 0) times.push(spent);
  }
  const ours = median(times);
  return { case: 'mute_n1000_seed42.csv, 5 × 1,000, the whole command', ratio: recordedMilliseconds / ours, ours, peer: recordedMilliseconds, unit: 'ms', peerName: recordName, rounds, figures: { fastest: Math.min(...times), slowest: Math.max(...times), peerEstimates: recordedEstimates } };
}

function command(words: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'packages/cli/bin/corrente.mjs'), ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`The command ended with exit code ${code}: ${said}`))));
  });
}

/** Rings of 5 to 100 processes, 1,000 samples each, as far as the time goes; the rest by the exponent fitted so far. */
async function growthWithProcesses(log: (text: string) => void): Promise<Case[]> {
  const measured: Array<{ processes: number; milliseconds: number; estimates: number }> = [];
  const cases: Case[] = [];
  for (const processes of [5, 10, 20, 50, 100]) {
    const power = measured.length < 2 ? 2 : fittedExponent(measured.map((one) => [one.processes, one.milliseconds]));
    const last = measured.at(-1);
    const expected = last === undefined ? 0 : last.milliseconds * (processes / last.processes) ** power;
    if (last !== undefined && expected > growthSeconds * 1000) {
      const estimates = last.estimates * (processes / last.processes) ** fittedExponent(measured.map((one) => [one.processes, one.estimates]));
      cases.push(growthCase(`${processes} × 1,000, extrapolated from ${last.processes} with the exponent ${power.toFixed(2)}`, expected, estimates, { extrapolated: 1, exponent: power }));
      continue;
    }
    log(`a network of ${processes} processes …`);
    const { milliseconds, estimates } = await inferred(ringFrame(processes, 1000));
    measured.push({ processes, milliseconds, estimates });
    cases.push(growthCase(`${processes} × 1,000`, milliseconds, estimates, { extrapolated: 0 }));
  }
  return cases;
}

function growthCase(name: string, ours: number, estimates: number, figures: Record<string, number>): Case {
  const peer = estimates * (recordedMilliseconds / recordedEstimates);
  return { case: name, ratio: peer / ours, ours, peer, unit: 'ms', peerName: growthName, rounds: 1, figures: { ...figures, estimates, estimatesPerSecond: (estimates / ours) * 1000 } };
}

/** Bivariate transfer entropy of all ordered pairs, each with 100 surrogates; JIDT on a sample of them where it is at hand. */
async function everyPair(versions: Record<string, string>): Promise<Case> {
  const surrogates = 100;
  const frame = await stockReturns(100);
  const pairs = frame.series * (frame.series - 1);
  const estimates = pairs * (1 + surrogates);
  const ours = await timed(() => transferOfEveryPair(frame, surrogates));
  await using jidt = await startJidtPeer(availableParallelism());
  const figures = { estimates, estimatesPerSecond: (estimates / ours) * 1000, pairs };
  const name = `every pair of ${frame.series} stocks × ${frame.length} returns, ${surrogates} surrogates`;
  if (jidt === null) return { case: name, ratio: (estimates * (recordedMilliseconds / recordedEstimates)) / ours, ours, peer: estimates * (recordedMilliseconds / recordedEstimates), unit: 'ms', peerName: growthName, rounds: 1, figures };
  Object.assign(versions, jidt.versions);
  const folder = await mkdtemp(join(tmpdir(), 'corrente-bench-'));
  try {
    const sample = 5;
    let spent = 0;
    for (let pair = 0; pair < sample; pair += 1) {
      const file = join(folder, `pair-${pair}.csv`);
      const at = (s: number, t: number): number => frame.values[s * frame.stride + t] ?? Number.NaN;
      await writeFile(file, ['source,target', ...Array.from({ length: frame.length }, (_, t) => `${at(2 * pair, t)},${at(2 * pair + 1, t)}`)].join('\n'));
      spent += (await jidt.run(`te ${file} 0 1 4 ${surrogates}`)).ms;
    }
    const peer = (spent / sample) * pairs;
    return { case: name, ratio: peer / ours, ours, peer, unit: 'ms', peerName: `JIDT, ${sample} of the pairs, times all`, rounds: 1, figures };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
