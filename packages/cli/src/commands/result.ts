/** `corrente result`: a result table, complete or as it arrives, in any format. */
import { Command } from 'commander';
import { addConnectionOptions, connect, type ConnectionOptions } from '../options/connection.ts';
import { addModelOption, type ModelOptions, modelTableOf } from '../options/model.ts';
import { addNetworkOptions, type NetworkOptions } from '../options/network.ts';
import { formatNames, printOrSave, saveResult, tableOf } from '../terminal/save-result.ts';

interface Options extends ConnectionOptions, NetworkOptions, ModelOptions {
  readonly table?: string;
  readonly out?: string;
  readonly format?: string;
  readonly follow: boolean;
}

const described = new Command('result')
  .description('Print a result table (CSV on stdout), or save it.')
  .argument('<job>')
  .option('--table <name>', 'the table; without it the first')
  .option('--format <format>', `${formatNames}; the last two of the links of a network`)
  .option('--out <file>', 'save it; the name’s ending says the format')
  .option('--no-follow', 'only what is there now, where the job still runs');

export const command = addConnectionOptions(addModelOption(addNetworkOptions(described))).action(async (id: string, options: Options) => {
  const client = connect(options);
  if (options.model !== undefined) {
    const table = tableOf(await client.job(id), modelTableOf(options));
    const { exportedTable } = await import('@corrente/compute/forecasting/tfjs/export-table');
    return await printOrSave([await exportedTable(await client.resultTable(id, table))], options.out);
  }
  const format = options.format ?? (options.json === true && options.out === undefined ? 'json' : undefined);
  await saveResult(client, await client.job(id), { ...options, format });
});
