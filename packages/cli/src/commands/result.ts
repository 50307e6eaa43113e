/** `corrente result`: a result table, complete or as it arrives, in any format. */
import { Command } from 'commander';
import { addConnectionOptions, connect, type ConnectionOptions } from '../options/connection.ts';
import { saveResult } from '../terminal/save-result.ts';

interface Options extends ConnectionOptions {
  readonly table?: string;
  readonly out?: string;
  readonly format?: string;
  readonly follow: boolean;
}

const described = new Command('result')
  .description('Print a result table (CSV on stdout), or save it.')
  .argument('<job>')
  .option('--table <name>', 'the table; without it the first')
  .option('--format <format>', 'arrow, json, ndjson, csv, parquet')
  .option('--out <file>', 'save it; the name’s ending says the format')
  .option('--no-follow', 'only what is there now, where the job still runs');

export const command = addConnectionOptions(described).action(async (id: string, options: Options) => {
  const client = connect(options);
  const format = options.format ?? (options.json === true && options.out === undefined ? 'json' : undefined);
  await saveResult(client, await client.job(id), { table: options.table, out: options.out, format, follow: options.follow });
});
