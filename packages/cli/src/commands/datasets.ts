/** `corrente datasets`: list, import, show, delete. */
import type { Dataset } from '@corrente/shared/contract/dataset';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { Command } from 'commander';
import { addConnectionOptions, connect, type ConnectionOptions } from '../options/connection.ts';
import { addMappingOptions, mappingOf, type MappingOptions } from '../options/mapping.ts';
import { datasetOfFile } from '../terminal/import-file.ts';
import { reportLines } from '../terminal/report.ts';
import { print, printJson, printTable, say } from '../terminal/words.ts';

interface Options extends ConnectionOptions, MappingOptions {
  readonly name?: string;
  readonly limit: string;
  readonly cursor?: string;
}

const described = new Command('datasets')
  .description('List the data sets; or import a file, show a data set with its import report, delete one.')
  .argument('[action]', 'list, import, show or delete', 'list')
  .argument('[what]', 'the file to import, or the id')
  .option('--name <name>', 'name of the data set; the file’s name without it')
  .option('--limit <n>', 'data sets on the page', '20')
  .option('--cursor <cursor>', 'the next page');

export const command = addConnectionOptions(addMappingOptions(described)).action(async (action: string, what: string | undefined, options: Options) => {
  const client = connect(options);
  const json = options.json === true;
  const show = async (dataset: Dataset): Promise<void> => {
    if (json) return await printJson(dataset);
    for (const line of reportLines(dataset)) say(line);
    await print(`${dataset.id}\n`);
  };
  const named = (): string => {
    if (what !== undefined) return what;
    throw new CorrenteError('usage', `datasets ${action} needs ${action === 'import' ? 'a file' : 'the id of a data set'}.`);
  };
  switch (action) {
    case 'list': {
      const page = await client.datasets({ limit: Number(options.limit), cursor: options.cursor });
      if (json) return await printJson(page);
      await printTable(['data set', 'name', 'series', 'time points', 'from', 'to'], page.items.map((d) => [d.id, d.name, d.series.length, d.timePoints, d.from ?? '', d.to ?? '']));
      if (page.cursor !== null) say(`More: --cursor ${page.cursor}`);
      return;
    }
    case 'import':
      return await show(await datasetOfFile(client, named(), { name: options.name, mapping: mappingOf(options), quiet: json }));
    case 'show':
      return await show(await client.dataset(named()));
    case 'delete':
      return await client.deleteDataset(named());
    default:
      throw new CorrenteError('usage', `The action was "${action}"; expected list, import, show or delete.`);
  }
});
