/**
 * The options that describe an analysis (what to compute, of which part of the data), shared by `run` and `submit`,
 * and how they become a job spec.
 */
import { CorrenteError } from '@corrente/shared/contract/errors';
import { analysisNamed, parseParams } from '@corrente/shared/contract/analyses/index';
import { jobSpec, type JobSpec } from '@corrente/shared/contract/job';
import { placesOf } from '@corrente/shared/contract/errors';
import { Option, type Command } from 'commander';
import { readFileSync } from 'node:fs';

export interface SpecOptions {
  readonly field?: string;
  readonly series?: string[];
  readonly from?: string;
  readonly to?: string;
  readonly resample?: string;
  readonly fill?: string;
  readonly transform?: string;
  readonly set: Array<[string, unknown]>;
  readonly params?: string;
  readonly engine: string;
  readonly precision: string;
  readonly seed: string;
  readonly table?: string;
}

/** `AAPL,MSFT` → names; a name may not hold a comma here (use --params or the API for such). */
function names(text: string, before: string[] = []): string[] {
  return [...before, ...text.split(',').map((name) => name.trim()).filter((name) => name !== '')];
}

/** `window=20` → ["window", 20]; the value is JSON where it parses as such, else text. */
function assignment(text: string, before: Array<[string, unknown]>): Array<[string, unknown]> {
  const at = text.indexOf('=');
  if (at < 1) throw new CorrenteError('usage', `--set was "${text}"; expected name=value.`);
  const raw = text.slice(at + 1);
  let value: unknown = raw;
  try {
    value = JSON.parse(raw);
  } catch {
    // Not JSON, so it is the text itself: --set method=pearson.
  }
  return [...before, [text.slice(0, at), value]];
}

export function addSpecOptions(command: Command): Command {
  return command
    .option('--field <name>', 'field of each series, such as close')
    .option('--series <names>', 'series to use, separated by commas', names)
    .option('--from <time>', 'first time, inclusive: a date, an instant, or a row number')
    .option('--to <time>', 'last time, inclusive; a date means the whole day')
    .option('--resample <every:aggregate>', 'such as 1d:last, 1h:mean')
    .addOption(new Option('--fill <way>', 'what stands where a value is missing').choices(['none', 'forward', 'linear']))
    .addOption(new Option('--transform <kind>', 'applied to each series').choices(['none', 'difference', 'return', 'log-return', 'zscore', 'rank']))
    .addOption(new Option('--set <name=value>', 'a parameter; the value is read as JSON where it is JSON').argParser(assignment).default([], 'none'))
    .option('--params <file>', 'a JSON file of parameters; --set overrides it')
    .addOption(new Option('--engine <name>', 'auto takes the best there is').choices(['auto', 'cuda', 'cpu', 'portable']).default('auto'))
    .addOption(new Option('--precision <bits>', 'of the arithmetic').choices(['f64', 'f32']).default('f64'))
    .option('--seed <n>', 'of everything random', '1')
    .option('--table <name>', 'the result table to print; without it the first of the analysis');
}

function readParams(file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
    throw new TypeError('it is not a JSON object');
  } catch (error) {
    throw new CorrenteError('usage', `--params ${file} cannot be used: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
  }
}

/** A number stays text for dates such as 2014-01-01; whole numbers are row numbers. */
function bound(text: string | undefined): string | number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : text;
}

/**
 * `--table` implies the output that makes it: where the analysis has an `output` parameter that was not given, it is
 * set to the value under which the table exists.
 */
function implyOutput(analysis: string, params: Record<string, unknown>, table: string | undefined): Record<string, unknown> {
  const contract = analysisNamed(analysis);
  if (table === undefined || 'output' in params) return params;
  const shape = { series: ['a', 'b'], rows: 2, time: 'timestamp' as const };
  const makes = (candidate: Record<string, unknown>): boolean => {
    const parsed = contract.params.safeParse(candidate);
    return parsed.success && contract.tables(parsed.data, shape).some(({ name }) => name === table);
  };
  if (makes(params)) return params;
  const implied = [{ ...params, output: table }].find(makes);
  return implied ?? params;
}

/** The spec that the options describe, valid and with all defaults; `dataset` is a placeholder for `run`. */
export function specOf(analysis: string, dataset: string, options: SpecOptions): JobSpec {
  const contract = analysisNamed(analysis);
  const given = { ...(options.params === undefined ? {} : readParams(options.params)), ...Object.fromEntries(options.set) };
  const params = implyOutput(analysis, given, options.table);
  const [every, aggregate] = (options.resample ?? '').split(':');
  const parsed = jobSpec.safeParse({
    analysis,
    input: {
      dataset,
      field: options.field,
      series: options.series,
      from: bound(options.from),
      to: bound(options.to),
      resample: options.resample === undefined ? null : { every, aggregate },
      fill: options.fill,
      transform: options.transform,
    },
    params: parseParams(contract, params),
    engine: options.engine,
    precision: options.precision,
    seed: /^\d+$/.test(options.seed) ? Number(options.seed) : options.seed,
  });
  if (parsed.success) return parsed.data;
  const places = placesOf(parsed.error);
  throw new CorrenteError('invalid-job', `The options do not make a valid job: ${places.map((p) => `${p.pointer} ${p.detail}`).join('; ')}.`, { places });
}
