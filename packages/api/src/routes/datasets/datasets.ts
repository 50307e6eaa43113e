/** Data sets: import, list, read, chart values, delete. */
import type { Platform } from '@corrente/platform/platform';
import type { Dataset } from '@corrente/shared/contract/dataset';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { chooseFormat, seriesFormats } from '@corrente/shared/contract/http';
import { resultFormats } from '@corrente/shared/contract/result';
import type { Metrics } from '../../middleware/metrics/metrics.ts';
import type { Handlers } from '../../mount.ts';
import type { ApiOptions } from '../../options.ts';
import { goneSignal } from '../../stream.ts';
import { importRequest } from './mapping.ts';
import { seriesArrow, seriesJson } from './series.ts';
import { receiveUpload } from './upload.ts';

type DatasetHandlers = Pick<Handlers, 'importDataset' | 'listDatasets' | 'getDataset' | 'deleteDataset' | 'getSeries'>;

/** A data set's name out of a file's, which the sender's system let hold anything. */
function nameFrom(fileName: string | null): string {
  const name = (fileName ?? '').replaceAll(/\p{Cc}+/gu, ' ').trim().slice(0, 200).toWellFormed();
  return name === '' ? 'untitled' : name;
}

export function datasetRoutes(platform: Platform, metrics: Metrics, options: ApiOptions): DatasetHandlers {
  return {
    importDataset: async ({ query, request, response }) => {
      importRequest(query, {});
      const signal = goneSignal(response, options.closing);
      const upload = await receiveUpload(request, { folder: options.uploadFolder, maxBytes: options.maxUploadBytes, signal });
      const start = performance.now();
      let outcome: 'stored' | 'refused' = 'refused';
      try {
        const { name, mapping } = importRequest(query, upload.fields);
        const dataset = await options.data.importFile(upload.path, { name: name ?? nameFrom(upload.fileName), mapping, signal });
        outcome = 'stored';
        return { status: 201, body: dataset, headers: { location: `/v1/datasets/${dataset.id}` } };
      } finally {
        metrics.imported((performance.now() - start) / 1000, outcome);
        await upload.remove();
      }
    },

    listDatasets: async ({ query }) => ({ status: 200, body: await platform.datasets.list(query) }),

    getDataset: async ({ params: { id } }) => ({ status: 200, body: await datasetOf(id) }),

    deleteDataset: async ({ params: { id } }) => {
      await datasetOf(id);
      await platform.datasets.delete(id);
      return { status: 204 };
    },

    getSeries: async ({ params: { id }, query, request, response }) => {
      const format = chooseFormat(seriesFormats, query.format, (types) => request.accepts(types));
      if (format === null) throw new CorrenteError('not-acceptable', `The format was ${query.format ?? request.headers.accept}; ${seriesFormats.join(' or ')} was expected.`);
      const dataset = await datasetOf(id);
      const { field, series } = await options.data.readSeries(dataset, query, goneSignal(response, options.closing));
      if (format === 'json') return { status: 200, body: seriesJson(dataset, field, series) };
      const bytes = seriesArrow(dataset, field, series);
      response.writeHead(200, { 'content-type': resultFormats.arrow, 'content-length': bytes.byteLength, 'cache-control': 'no-store' });
      response.end(bytes);
    },
  };

  async function datasetOf(id: string): Promise<Dataset> {
    const dataset = await platform.datasets.get(id);
    if (dataset === null) throw new CorrenteError('dataset-not-found', `There is no data set ${id}.`);
    return dataset;
  }
}
