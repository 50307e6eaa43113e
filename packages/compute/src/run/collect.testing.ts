/** Runs an analysis in a test and gives back its tables. */
import { arrowSchema, endOfStream, schemaMessage } from '@corrente/platform/results/arrow-schema';
import type { Precision } from '@corrente/shared/contract/engine';
import type { TableSchema } from '@corrente/shared/contract/result';
import { RecordBatchReader, Table } from 'apache-arrow';
import type { Engine } from '../engine/contract.ts';
import { portableEngine } from '../engine/portable.ts';
import type { Frame } from '../frame/frame.ts';
import type { EncodedPart } from '../result/encode-part.ts';
import { runAnalysis, type RunRequest } from './run-analysis.ts';

export interface Collected {
  readonly tables: readonly TableSchema[];
  /** The bytes of each step, by table. */
  readonly steps: ReadonlyArray<ReadonlyMap<string, Buffer>>;
  readonly fractions: readonly number[];
  /** One table, read as a client reads it. */
  table(name: string): Table;
  /** One column of a table. */
  column(table: string, name: string): unknown[];
}

export interface CollectOptions {
  readonly params?: unknown;
  readonly engine?: Engine;
  readonly precision?: Precision;
  readonly stored?: number;
  readonly memoryLimit?: number;
  readonly signal?: AbortSignal;
  /** Called before a step is stored. */
  readonly onStore?: RunRequest['sink']['store'];
}

export async function collect(analysis: string, frame: Frame, options: CollectOptions = {}): Promise<Collected> {
  const engine = options.engine ?? portableEngine();
  const precision = options.precision ?? 'f64';
  const declared: TableSchema[] = [];
  const steps: Array<Map<string, Buffer>> = [];
  const fractions: number[] = [];
  await runAnalysis({
    analysis,
    params: options.params ?? {},
    frame,
    engine: { engine, used: { name: engine.name, device: 'test', precision, reason: 'test' } },
    precision,
    seed: 1,
    stored: options.stored ?? 0,
    memoryLimit: options.memoryLimit ?? Number.POSITIVE_INFINITY,
    sink: {
      begin: (_, tables) => {
        declared.push(...tables);
        return Promise.resolve();
      },
      store: async (step, parts) => {
        await options.onStore?.(step, parts);
        steps.push(new Map(parts.map((part) => [part.table, bytesOf(part)])));
      },
    },
    signal: options.signal ?? new AbortController().signal,
    onProgress: ({ fraction }) => fractions.push(fraction),
    log: () => {},
  });
  const table = (name: string): Table => readTable(schemaNamed(declared, name), precision, steps.flatMap((step) => step.get(name) ?? []));
  return { tables: declared, steps, fractions, table, column: (of, name) => [...(table(of).getChild(name) ?? [])] };
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
