/** The options that say how a file is to be read; everything is detected where they are not given. */
import { CorrenteError, placesOf } from '@corrente/shared/contract/errors';
import { importMapping, type ImportMapping } from '@corrente/shared/contract/dataset';
import { Option, type Command } from 'commander';

export interface MappingOptions {
  readonly time?: string;
  readonly key?: string;
  readonly trial?: string;
  readonly fields?: string;
  readonly shape?: string;
  readonly delimiter?: string;
  readonly header?: boolean;
  readonly decimal?: string;
  readonly duplicates?: string;
  readonly badRows?: string;
}

export function addMappingOptions(command: Command): Command {
  return command
    .option('--time <column>', 'the column that holds time; "none" for data without')
    .option('--key <column>', 'the column whose values name the series (long files)')
    .option('--trial <column>', 'the column that tells trials (replications) apart')
    .option('--fields <columns>', 'the numeric columns to read, separated by commas')
    .addOption(new Option('--shape <shape>', 'one column per series, or one row per time and key').choices(['wide', 'long']))
    .option('--delimiter <character>', 'one character, or "whitespace"')
    .option('--no-header', 'the first line is data; columns are c0, c1, …')
    .addOption(new Option('--decimal <sign>', 'decimal sign').choices(['.', ',']))
    .addOption(new Option('--duplicates <rule>', 'what is kept where a time occurs twice').choices(['last', 'first', 'mean', 'refuse']))
    .addOption(new Option('--bad-rows <rule>', 'what is done with rows of another number of columns').choices(['refuse', 'skip']));
}

export function mappingOf(options: MappingOptions): ImportMapping {
  const parsed = importMapping.safeParse({
    time: options.time,
    key: options.key,
    trial: options.trial,
    fields: options.fields?.split(',').map((name) => name.trim()),
    shape: options.shape,
    delimiter: options.delimiter === '\\t' ? '\t' : options.delimiter,
    header: options.header === false ? false : undefined,
    decimal: options.decimal,
    duplicates: options.duplicates,
    badRows: options.badRows,
  });
  if (parsed.success) return parsed.data;
  const places = placesOf(parsed.error);
  throw new CorrenteError('invalid-mapping', `The file options are not valid: ${places.map((p) => `${p.pointer} ${p.detail}`).join('; ')}.`, { places });
}
