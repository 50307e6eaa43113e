/** Runs an analysis in a test and gives back its tables. */
import { arrowSchema, endOfStream, schemaMessage } from '@corrente/platform/results/arrow-schema';
import type { Precision } from '@corrente/shared/contract/engine';
import type { TableSchema } from '@corrente/shared/contract/result';
import { RecordBatchReader, Table } from 'apache-arrow';
import type { Analysis, InputResults, JsonValue } from '../analyses/analysis.ts';
import type { Engine } from '../engine/contract.ts';
import { portableEngine } from '../engine/portable.ts';
import type { Frame } from '../frame/frame.ts';
import type { EncodedPart } from '../result/encode-part.ts';
import { noInputs, runAnalysis, type RunRequest } from './run-analysis.ts';

export interface Collected {
  readonly tables: readonly TableSchema[];
  /** The bytes of each step that was run, by table. */
  readonly steps: ReadonlyArray<ReadonlyMap<string, Buffer>>;
  /** What each step that was run returned, by its number: `stored` of a later run. */
  readonly returned: ReadonlyMap<number, JsonValue>;
  /** Every note, in the order it came. */
  readonly checkpoints: ReadonlyArray<{ readonly step: number; readonly note: JsonValue }>;
  readonly fractions: readonly number[];
  /** One table, read as a client reads it. */
  table(name: string): Table;
  /** The provisional rows of one table. */
  provisional(name: string): Table;
  /** One column of a table. */
  column(table: string, name: string): unknown[];
}

export interface CollectOptions {
  readonly params?: unknown;
  readonly engine?: Engine;
  readonly precision?: Precision;
  readonly seed?: number;
  /** Steps that are stored already: how many of the first, or which, with what they returned. */
  readonly stored?: number | ReadonlyMap<number, JsonValue>;
  /** The note that an earlier attempt left in the first step that is run. */
  readonly checkpoint?: JsonValue;
  readonly share?: readonly number[];
  readonly inputs?: InputResults;
  readonly memoryLimit?: number;
  readonly signal?: AbortSignal;
  /** Called before a step is stored. */
  readonly onStore?: RunRequest['sink']['store'];
  /** Called when provisional rows of a running step are shown. */
  readonly onShow?: NonNullable<RunRequest['sink']['show']>;
  readonly onCheckpoint?: (step: number, note: JsonValue) => void;
}

export async function collect(analysis: string | Analysis, frame: Frame, options: CollectOptions = {}): Promise<Collected> {
  const engine = options.engine ?? portableEngine();
  const precision = options.precision ?? 'f64';
  const declared: TableSchema[] = [];
  const steps: Array<Map<string, Buffer>> = [];
  const shown: EncodedPart[] = [];
  const returned = new Map<number, JsonValue>();
  const checkpoints: Array<{ step: number; note: JsonValue }> = [];
  const fractions: number[] = [];
  const { stored = 0 } = options;
  await runAnalysis({
    analysis,
    params: options.params ?? {},
    frame,
    inputs: options.inputs ?? noInputs,
    engine: { engine, used: { name: engine.name, device: 'test', precision, reason: 'test' } },
    precision,
    seed: options.seed ?? 1,
    stored: typeof stored === 'number' ? new Map(Array.from({ length: stored }, (_, k) => [k, null])) : stored,
    share: options.share ?? null,
    checkpoint: options.checkpoint ?? null,
    memoryLimit: options.memoryLimit ?? Number.POSITIVE_INFINITY,
    sink: {
      begin: (_, tables) => {
        declared.push(...tables);
        return Promise.resolve();
      },
      store: async (step, parts, value) => {
        await options.onStore?.(step, parts, value);
        steps.push(new Map(parts.filter((part) => part.provisional !== true).map((part) => [part.table, bytesOf(part)])));
        shown.push(...parts.filter((part) => part.provisional === true));
        returned.set(step, value);
      },
      show: async (step, parts) => {
        await options.onShow?.(step, parts);
        shown.push(...parts);
      },
      checkpoint: (step, text) => {
        const note: JsonValue = JSON.parse(text);
        checkpoints.push({ step, note });
        options.onCheckpoint?.(step, note);
      },
    },
    signal: options.signal ?? new AbortController().signal,
    onProgress: ({ fraction }) => fractions.push(fraction),
    log: () => {},
  });
  const read = (name: string, parts: readonly Uint8Array[]): Table => readTable(schemaNamed(declared, name), precision, parts);
  const table = (name: string): Table => read(name, steps.flatMap((step) => step.get(name) ?? []));
  const provisional = (name: string): Table => read(name, shown.filter((part) => part.table === name).map(bytesOf));
  return { tables: declared, steps, returned, checkpoints, fractions, table, provisional, column: (of, name) => [...(table(of).getChild(name) ?? [])] };
}

function bytesOf(part: EncodedPart): Buffer {
  return Buffer.concat(part.chunks);
}

function schemaNamed(tables: readonly TableSchema[], name: string): TableSchema {
  const found = tables.find((table) => table.name === name);
  if (found === undefined) throw new Error(`there is no table ${name} among ${tables.map((table) => table.name).join(', ')}`);
  return found;
}

/** Parts read the way a client does: after a schema message, before an end of stream. */
export function readTable(schema: TableSchema, precision: Precision, parts: readonly Uint8Array[]): Table {
  return new Table(RecordBatchReader.from(Buffer.concat([schemaMessage(arrowSchema(schema, precision)), ...parts, endOfStream])).readAll());
}
