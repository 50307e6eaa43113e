/** `corrente bench`: measure one benchmark against its peer, list them, or compare two recorded results. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import { Command } from 'commander';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { print, printJson, printTable, say } from '../terminal/words.ts';

/** The benchmarks live beside the packages, and are read only when this command runs. */
const catalogue = async (): Promise<typeof import('../../../../bench/catalogue.ts')> => await import('../../../../bench/catalogue.ts');
const resultsFolder = join(import.meta.dirname, '..', '..', '..', '..', 'bench', 'results');

const recorded = z.object({ name: z.string(), unit: z.string(), cases: z.array(z.object({ case: z.string(), ratio: z.number(), ours: z.number(), peer: z.number() })) });
type Recorded = z.infer<typeof recorded>;

function readRecorded(file: string): Recorded[] {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return z.array(recorded).parse(Array.isArray(value) ? value : [value]);
  } catch (error) {
    throw new CorrenteError('usage', `${basename(file)} is not a benchmark result: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}.`, { cause: error });
  }
}

export interface Change {
  readonly name: string;
  readonly case: string;
  readonly before: number;
  readonly after: number;
  /** Our time after over before, each relative to the peer of its own run: above 1 is slower, whatever the machine. */
  readonly factor: number;
}

/** The cases that both results hold, the slowest first. */
export function compareResults(before: readonly Recorded[], after: readonly Recorded[]): Change[] {
  const old = new Map(before.flatMap((result) => result.cases.map((entry) => [`${result.name}\n${entry.case}`, entry] as const)));
  return after
    .flatMap((result) =>
      result.cases.flatMap((entry) => {
        const was = old.get(`${result.name}\n${entry.case}`);
        return was === undefined ? [] : [{ name: result.name, case: entry.case, before: was.ratio, after: entry.ratio, factor: was.ratio / entry.ratio }];
      }),
    )
    .toSorted((a, b) => b.factor - a.factor);
}

async function compare(fileA: string, fileB: string, json: boolean): Promise<void> {
  const changes = compareResults(readRecorded(fileA), readRecorded(fileB));
  if (changes.length === 0) throw new CorrenteError('usage', 'The two files have no benchmark case in common.');
  const slower = changes.filter(({ factor }) => factor > 1.1);
  if (json) await printJson({ slower, changes });
  else {
    await printTable(
      ['benchmark', 'case', 'ratio before', 'ratio after', 'change'],
      changes.map((c) => [c.name, c.case, c.before.toFixed(2), c.after.toFixed(2), c.factor > 1 ? `${((c.factor - 1) * 100).toFixed(0)} % slower` : `${((1 / c.factor - 1) * 100).toFixed(0)} % faster`]),
    );
  }
  say(slower.length === 0 ? 'Nothing got slower by more than 10 %.' : `${slower.length} got slower by more than 10 %.`);
  if (slower.length > 0) process.exitCode = 1;
}

async function measure(name: string, options: { json?: boolean; record?: string | true }): Promise<void> {
  const { benchmarkNames, loadBenchmark, runBenchmark } = await catalogue();
  const benchmark = await loadBenchmark(name);
  if (benchmark === null) throw new CorrenteError('usage', `The benchmark was "${name}"; there are ${benchmarkNames.join(', ')}.`);
  const result = await runBenchmark(name, benchmark, say);
  if (options.record !== undefined) {
    const folder = options.record === true ? join(resultsFolder, `${result.machine.cores}-cores`) : options.record;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  }
  if (options.json === true) return await printJson(result);
  await printTable(
    ['case', 'ours', 'peer', 'unit', 'ratio', 'peer is'],
    result.cases.map((entry) => [entry.case, entry.ours.toPrecision(4), entry.peer.toPrecision(4), entry.unit, entry.ratio.toFixed(2), entry.peerName]),
  );
  say(`Wanted: ${result.target}.`);
}

async function list(json: boolean): Promise<void> {
  const { benchmarkNames, loadBenchmark } = await catalogue();
  const rows = await Promise.all(benchmarkNames.map(async (name) => ({ name, summary: (await loadBenchmark(name))?.summary ?? '', target: (await loadBenchmark(name))?.target ?? '' })));
  if (json) return await printJson(rows);
  await print(rows.map((row) => `${row.name.padEnd(16)}${row.summary}; wanted: ${row.target}\n`).join(''));
}

export const command = new Command('bench')
  .description('Measure against the peers in the same run; the ratio is the peer’s time over ours.')
  .argument('[name]', 'the benchmark, or "compare"')
  .argument('[files...]', 'for compare: two recorded results')
  .option('--list', 'list the benchmarks')
  .option('--json', 'print JSON')
  .option('--record [folder]', 'also write the result into bench/results, or that folder')
  .action(async (name: string | undefined, files: string[], options: { list?: boolean; json?: boolean; record?: string | true }) => {
    const json = options.json === true;
    if (options.list === true) return await list(json);
    if (name === undefined) throw new CorrenteError('usage', 'No benchmark was named; --list shows them.');
    if (name !== 'compare') return await measure(name, options);
    const [before, after] = files;
    if (before === undefined || after === undefined) throw new CorrenteError('usage', 'compare takes two files: the result before and the one after.');
    await compare(before, after, json);
  });
