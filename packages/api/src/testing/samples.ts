/** Things of the contract, as they come out of the real parts. */
import type { Dataset } from '@corrente/shared/contract/dataset';
import type { EngineInfo } from '@corrente/shared/contract/engine';
import type { JobSpecInput } from '@corrente/shared/contract/job';

const nothing = { count: 0, places: [] };

export function sampleDataset(hex = 'a', change: Partial<Dataset> = {}): Dataset {
  return {
    id: `ds_${hex.repeat(32).slice(0, 32)}`,
    name: 'sample', createdAt: '2024-01-02T03:04:05.678Z', bytes: 1234, shape: 'long', timeKind: 'timestamp', from: '2013-02-08', to: '2018-02-07',
    rows: 3000, timePoints: 1000, trials: 1, fields: ['close', 'volume'], series: ['AAPL', 'KO', 'PEP'],
    report: {
      format: 'csv', compression: 'none', delimiter: ',', header: true, commentLines: 0, shape: 'long', timeColumn: 'date', timeKind: 'date', keyColumn: 'Name', trials: null, ignoredColumns: [],
      rowsRead: 3000, rowsStored: 3000, timePoints: 1000, series: 3, fields: ['close', 'volume'], from: '2013-02-08', to: '2018-02-07', frequency: null,
      missingCells: nothing, badCells: nothing, infiniteCells: nothing, badRows: nothing, duplicates: { ...nothing, action: 'none' }, unsorted: { ...nothing, action: 'none' },
      gaps: { ...nothing, missing: 0 }, lateSeries: nothing, completeSeries: 3, constantSeries: { count: 0, names: [] }, notes: [], milliseconds: { total: 1, read: 1, check: 0, store: 0 },
    },
    ...change,
  };
}

export function sampleEngine(change: Partial<EngineInfo> = {}): EngineInfo {
  return { name: 'cpu', available: true, whyNot: null, device: 'a CPU, AVX2', memoryBytes: null, threads: 2, precisions: ['f64', 'f32'], version: '1', ...change };
}

export function sampleSpec(change: Partial<JobSpecInput> = {}): JobSpecInput {
  return { analysis: 'correlation', input: { dataset: sampleDataset().id, field: 'close' }, ...change };
}
