/** The results that a run reads, from the files of their parts. */
import { readFile } from 'node:fs/promises';
import { arrowSchema, endOfStream, schemaMessage } from '@corrente/platform/results/arrow-schema';
import { analysisNamed, fieldsRead, parseParams } from '@corrente/shared/contract/analyses/index';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { RecordBatchReader, Table } from 'apache-arrow';
import type { InputResult, InputResults } from '../analyses/analysis.ts';
import { loadFrame } from '../frame/load-frame.ts';
import type { InputOrder, RunOrder } from './messages.ts';

/** Tables and frames are read when they are asked for, each time anew. */
export function inputResults({ a, b }: RunOrder['inputs'], signal: AbortSignal): InputResults {
  return { a: a.map((order) => inputResult(order, signal)), b: b.map((order) => inputResult(order, signal)) };
}

function inputResult({ job, spec, precision, dataset, parquet, tables }: InputOrder, signal: AbortSignal): InputResult {
  return {
    job,
    spec,
    params: spec.params,
    async table(name) {
      const found = tables.find(({ schema }) => schema.name === name);
      if (found === undefined) throw new CorrenteError('table-not-found', `There is no table "${name}" in ${job}; it has ${tables.map(({ schema }) => schema.name).join(', ')}.`);
      const schema = schemaMessage(arrowSchema(found.schema, precision));
      const parts = await Promise.all(found.files.map((file) => readFile(file, { signal })));
      const reader = RecordBatchReader.from(Buffer.concat([schema, ...parts, endOfStream])).open();
      return new Table(reader.schema, reader.readAll());
    },
    async frame() {
      if (dataset === null) throw new CorrenteError('dataset-not-found', `The data set ${spec.input.dataset} of ${job} is not there any more.`);
      const contract = analysisNamed(spec.analysis);
      return loadFrame(parquet, dataset, spec.input, { signal, fields: fieldsRead(contract, parseParams(contract, spec.params), spec.input) });
    },
  };
}
