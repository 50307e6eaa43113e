/** An analysis in this process, without server and store: one of its tables as an Arrow stream. */
import { arrowSchema, endOfStream, schemaMessage } from '@corrente/platform/results/arrow-schema';
import { parseParams } from '@corrente/shared/contract/analyses/index';
import type { EngineName, EngineUsed } from '@corrente/shared/contract/engine';
import { enginesOf } from '@corrente/shared/contract/engine-choice';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { TableSchema } from '@corrente/shared/contract/result';
import { runnableAnalysis } from '../analyses/index.ts';
import { chooseEngine } from '../engine/engines.ts';
import { machineShare } from './memory.ts';
import { noInputs, runAnalysis, type ResultSink, type RunRequest } from './run-analysis.ts';

export interface ArrowRequest extends Pick<RunRequest, 'params' | 'frame' | 'precision' | 'seed' | 'signal' | 'onProgress' | 'log'> {
  readonly analysis: string;
  readonly engine: 'auto' | EngineName;
  /** The table to give; the first that the parameters make where not given. */
  readonly table?: string;
  /** Bytes that the estimate may reach; a share of the machine's memory where not given. */
  readonly memoryLimit?: number;
  /** Told once, before the first bytes. */
  readonly onBegin?: (engine: EngineUsed, table: TableSchema) => void;
}

/**
 * The bytes of an Arrow IPC stream, given while they are computed; the run waits where the reader does, and is
 * cancelled where the reader stops early. Throws what the run throws, and `table-not-found` where the parameters do
 * not make that table.
 */
export async function* runToArrow(request: ArrowRequest): AsyncGenerator<Uint8Array, void, undefined> {
  const analysis = runnableAnalysis(request.analysis);
  const { frame, precision } = request;
  const params = parseParams(analysis.contract, request.params);
  const shape = { series: frame.names, rows: frame.length, time: frame.timeKind, trials: frame.trials };
  const tables = analysis.contract.tables(params, shape);
  const table = tables.find(({ name }) => request.table === undefined || name === request.table);
  if (table === undefined) throw new CorrenteError('table-not-found', `These parameters make no table "${request.table}"; they make ${tables.map(({ name }) => name).join(', ')}.`);
  const engine = await chooseEngine({ engine: request.engine, precision, allowed: enginesOf(analysis.contract, params, precision), need: analysis.contract.estimate(params, shape, precision) });
  const handover = new Handover();
  const stopped = new AbortController();
  const sink: ResultSink = {
    begin: (used) => {
      request.onBegin?.(used, table);
      return handover.give([schemaMessage(arrowSchema(table, precision))]);
    },
    store: (_, parts) => handover.give(parts.filter((part) => part.table === table.name).flatMap((part) => part.chunks)),
  };
  const running = runAnalysis({ ...request, params, engine, stored: new Map(), share: null, checkpoint: null, inputs: noInputs, memoryLimit: request.memoryLimit ?? machineShare(1), sink, signal: AbortSignal.any([request.signal, stopped.signal]) });
  running.then(
    () => handover.end(null),
    (error: unknown) => handover.end(CorrenteError.from(error)),
  );
  try {
    yield* handover.chunks();
    yield endOfStream;
  } finally {
    stopped.abort();
    handover.drop();
    await running.catch(() => {});
  }
}

/** Passes chunks from one side to the other; the giver waits until its chunks were taken. */
class Handover {
  #given: ReadonlyArray<Uint8Array> | null = null;
  #ended: { readonly error: CorrenteError | null } | null = null;
  #dropped = false;
  #taken = Promise.withResolvers<void>();
  #ready = Promise.withResolvers<void>();

  give(chunks: readonly Uint8Array[]): Promise<void> {
    if (this.#dropped) return Promise.resolve();
    this.#taken = Promise.withResolvers();
    this.#given = chunks;
    this.#ready.resolve();
    return this.#taken.promise;
  }

  end(error: CorrenteError | null): void {
    this.#ended = { error };
    this.#ready.resolve();
  }

  /** The reader has gone: what is given from now on is let go. */
  drop(): void {
    this.#dropped = true;
    this.#taken.resolve();
  }

  async *chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      await this.#ready.promise;
      this.#ready = Promise.withResolvers();
      if (this.#given !== null) {
        yield* this.#given;
        this.#given = null;
        this.#taken.resolve();
      }
      if (this.#ended !== null) {
        if (this.#ended.error !== null) throw this.#ended.error;
        return;
      }
    }
  }
}
