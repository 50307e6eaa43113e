/** `corrente run`: one analysis of one file in this process, with no server. */
import { analyses } from '@corrente/shared/contract/analyses/index';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Dataset } from '@corrente/shared/contract/dataset';
import { Command } from 'commander';
import { addMappingOptions, mappingOf, type MappingOptions } from '../options/mapping.ts';
import { addModelOption, type ModelOptions, modelTableOf } from '../options/model.ts';
import { addNetworkOptions, isNetworkFormat, networkTable, networkText, type NetworkFormat, type NetworkOptions } from '../options/network.ts';
import { addSpecOptions, specOf, type SpecOptions } from '../options/spec.ts';
import { startProgress, type Progress } from '../terminal/progress.ts';
import { reportLines } from '../terminal/report.ts';
import { formatNames, formatOf, printOrSave } from '../terminal/save-result.ts';
import { interruptSignal } from '../terminal/signals.ts';
import { dim, say } from '../terminal/words.ts';

interface Options extends SpecOptions, MappingOptions, NetworkOptions, ModelOptions {
  readonly format?: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const described = new Command('run')
  .description('Run one analysis of a file in this process, with no server. Prints the result as CSV.')
  .argument('<analysis>', `${[...analyses.keys()].join(', ')}; docs/analyses has a page on each, with its parameters`)
  .argument('<file>', 'CSV, TSV, Parquet or Arrow IPC; plain or gzipped')
  .option('--out <file>', 'save the result: .csv, .json, .ndjson, .arrow, .parquet; a network as .graphml')
  .option('--format <format>', `${formatNames}; the last two of the links of a network`)
  .option('--json', 'print JSON instead of CSV')
  .option('--quiet', 'no words on stderr but errors');

export const command = addSpecOptions(addMappingOptions(addModelOption(addNetworkOptions(described)))).action(async (analysis: string, file: string, options: Options) => {
  // All options are checked before anything is read.
  const spec = specOf(analysis, 'ds_00000000000000000000000000000000', options);
  const mapping = mappingOf(options);
  const asModel = options.model !== undefined;
  const format = asModel ? 'arrow' : formatOf(options.format ?? (options.json === true && options.out === undefined ? 'json' : undefined), options.out);
  const table = asModel ? modelTableOf(options) : isNetworkFormat(format) ? networkTable(options.table) : options.table;
  const signal = interruptSignal();
  const bar = startProgress(analysis, { quiet: options.quiet === true });
  try {
    const { runFile } = await import('../run/run-file.ts');
    let dataset: Dataset | null = null;
    const notify = notifier(bar, options, (found) => (dataset = found));
    const result = runFile({ file, mapping, spec, table, format: isNetworkFormat(format) ? 'arrow' : format, signal, notify });
    await printOrSave(asModel ? modelOf(result) : isNetworkFormat(format) ? networkOf(format, result, () => spec.input.series ?? dataset?.series ?? [], options) : result, options.out);
  } catch (error) {
    if (signal.aborted) throw new CorrenteError('cancelled', 'The run was interrupted.');
    throw error;
  } finally {
    bar.stop();
  }
});

async function* modelOf(arrow: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const { exportedStream } = await import('@corrente/compute/forecasting/tfjs/export-table');
  yield* exportedStream(arrow);
}

/** The network's file, once all its links are there. */
async function* networkOf(format: NetworkFormat, arrow: AsyncIterable<Uint8Array>, processes: () => readonly string[], options: NetworkOptions): AsyncGenerator<string, void, undefined> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of arrow) chunks.push(chunk);
  const { readLinksOfStream } = await import('@corrente/shared/network/read-links');
  yield networkText(format, readLinksOfStream(chunks), processes(), options);
}

/** What is told while it runs: progress on the bar, the file's findings and the engine as lines. */
function notifier(bar: Progress, options: Options, imported: (dataset: Dataset) => void): import('../run/run-file.ts').Notify {
  const tell = options.quiet === true || options.json === true ? () => {} : (text: string) => say(dim(text));
  return {
    progress: (progress) => bar.update(progress),
    imported: (dataset) => {
      imported(dataset);
      for (const line of reportLines(dataset)) tell(line);
    },
    engine: (used) => tell(`engine ${used.name} (${used.device}), ${used.precision}: ${used.reason}`),
    log: (_level, message) => tell(message),
  };
}
