/** From a file to the bytes of a result table, in this process: import, frame, analysis, format. */
import { loadFrame } from '@corrente/compute/frame/load-frame';
import { runToArrow } from '@corrente/compute/run/run-to-arrow';
import { importFile } from '@corrente/platform/datasets/import-file';
import { convert } from '@corrente/platform/results/convert';
import { analysisNamed, fieldsRead, parseParams } from '@corrente/shared/contract/analyses/index';
import type { Dataset, ImportMapping } from '@corrente/shared/contract/dataset';
import type { EngineUsed } from '@corrente/shared/contract/engine';
import type { JobProgress, JobSpec } from '@corrente/shared/contract/job';
import type { ResultFormat } from '@corrente/shared/contract/result';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Notify {
  progress(progress: JobProgress): void;
  imported(dataset: Dataset): void;
  engine(used: EngineUsed): void;
  log(level: 'info' | 'warn', message: string): void;
}

export interface FileRun {
  readonly file: string;
  readonly mapping: ImportMapping;
  readonly spec: JobSpec;
  readonly table: string | undefined;
  readonly format: ResultFormat;
  readonly signal: AbortSignal;
  readonly notify: Notify;
}

/** The table's bytes, given while they are computed. What the run needs on disk is gone when it ends. */
export async function* runFile({ file, mapping, spec, table, format, signal, notify }: FileRun): AsyncGenerator<Uint8Array, void, undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'corrente-run-'));
  try {
    notify.progress({ fraction: 0, stage: 'importing', message: '' });
    const dataset = await importFile(file, { mapping, store: folder, tempFolder: folder, signal });
    notify.imported(dataset);
    const { analysis, params, engine, precision, seed } = spec;
    const contract = analysisNamed(analysis);
    const frame = await loadFrame(join(folder, `${dataset.id}.parquet`), dataset, spec.input, { signal, fields: fieldsRead(contract, parseParams(contract, params), spec.input) });
    const arrow = runToArrow({
      analysis,
      params,
      frame,
      engine,
      precision,
      seed,
      signal,
      ...(table === undefined ? {} : { table }),
      onBegin: (used) => notify.engine(used),
      onProgress: (progress) => notify.progress(progress),
      log: (level, message) => notify.log(level, message),
    });
    yield* convert(format, arrow);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
