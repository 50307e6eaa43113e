/** `corrente run`: one analysis of one file in this process, with no server. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { ResultFormat } from '@corrente/shared/contract/result';
import { Command } from 'commander';
import { addMappingOptions, mappingOf, type MappingOptions } from '../options/mapping.ts';
import { addSpecOptions, specOf, type SpecOptions } from '../options/spec.ts';
import { startProgress, type Progress } from '../terminal/progress.ts';
import { reportLines } from '../terminal/report.ts';
import { formatOf, writeWhole } from '../terminal/save-result.ts';
import { interruptSignal } from '../terminal/signals.ts';
import { dim, print, say } from '../terminal/words.ts';

interface Options extends SpecOptions, MappingOptions {
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const described = new Command('run')
  .description('Run one analysis of a file in this process, with no server. Prints the result as CSV.')
  .argument('<analysis>')
  .argument('<file>', 'CSV, TSV, Parquet or Arrow IPC; plain or gzipped')
  .option('--out <file>', 'save the result: .csv, .json, .ndjson, .arrow, .parquet')
  .option('--json', 'print JSON instead of CSV')
  .option('--quiet', 'no words on stderr but errors');

export const command = addSpecOptions(addMappingOptions(described)).action(async (analysis: string, file: string, options: Options) => {
  // All options are checked before anything is read.
  const spec = specOf(analysis, 'ds_00000000000000000000000000000000', options);
  const mapping = mappingOf(options);
  const format: ResultFormat = options.out === undefined ? (options.json === true ? 'json' : 'csv') : formatOf(options.out);
  const signal = interruptSignal();
  const bar = startProgress(analysis, { quiet: options.quiet === true });
  try {
    const result = await import('../run/run-file.ts').then(({ runFile }) => runFile({ file, mapping, spec, table: options.table, format, signal, notify: notifier(bar, options) }));
    if (options.out !== undefined) await writeWhole(result, options.out);
    else for await (const chunk of result) await print(chunk);
  } catch (error) {
    if (signal.aborted) throw new CorrenteError('cancelled', 'The run was interrupted.');
    throw error;
  } finally {
    bar.stop();
  }
});

/** What is told while it runs: progress on the bar, the file's findings and the engine as lines. */
function notifier(bar: Progress, options: Options): import('../run/run-file.ts').Notify {
  const tell = options.quiet === true || options.json === true ? () => {} : (text: string) => say(dim(text));
  return {
    progress: (progress) => bar.update(progress),
    imported: (dataset) => {
      for (const line of reportLines(dataset)) tell(line);
    },
    engine: (used) => tell(`engine ${used.name} (${used.device}), ${used.precision}: ${used.reason}`),
    log: (_level, message) => tell(message),
  };
}
