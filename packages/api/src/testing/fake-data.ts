/** Data services for tests: an import that looks at the file's first bytes, and series that are made up by rule. */
import { readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import type { Platform } from '@corrente/platform/platform';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { DataServices } from '../options.ts';
import { sampleDataset } from './samples.ts';

export function fakeData(platform: Platform): DataServices {
  return {
    importFile: async (path, { name }) => {
      const bytes = await readFile(path);
      if (bytes.length === 0) throw new CorrenteError('file-empty', 'The file holds 0 bytes.');
      const id = `ds_${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}`;
      const { dataset } = await platform.datasets.add(sampleDataset('0', { id, name, bytes: bytes.length }));
      return dataset;
    },
    readSeries: async (dataset, { field = 'close', series = dataset.series, points }) => {
      if (!dataset.fields.includes(field)) throw new CorrenteError('unknown-field', `The field was "${field}".`);
      const rows = Math.min(points, 3);
      return {
        field,
        series: series.map((name) => ({
          name,
          time: BigInt64Array.from({ length: rows }, (_, row) => 1_360_281_600_000_000n + BigInt(row) * 86_400_000_000n),
          values: Float64Array.from({ length: rows }, (_, row) => (row === 1 ? NaN : row + 0.5)),
        })),
      };
    },
  };
}
