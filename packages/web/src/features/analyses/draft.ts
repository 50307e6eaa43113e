/** A job as it is being put together in the form. */
import type { Dataset } from '@corrente/shared/contract/dataset';
import type { JobInput, JobSpec, JobSpecInput } from '@corrente/shared/contract/job';

export interface Draft {
  readonly dataset: string | null;
  readonly analysis: string | null;
  readonly input: Omit<JobInput, 'dataset'>;
  readonly params: Record<string, unknown>;
  readonly engine: JobSpec['engine'];
  readonly precision: JobSpec['precision'];
  readonly seed: number;
  /** How many workers may share the job. */
  readonly workers: number;
  readonly fresh: boolean;
}

export const emptyDraft: Draft = { dataset: null, analysis: null, input: { fill: 'none', transform: 'none' }, params: {}, engine: 'auto', precision: 'f64', seed: 1, workers: 1, fresh: false };

/** A draft that would submit the same job. */
export function draftOf({ analysis, input: { dataset, ...input }, params, engine, precision, seed, workers, fresh }: JobSpec): Draft {
  return { dataset, analysis, input, params, engine, precision, seed, workers, fresh };
}

/** What is to be submitted; null while the data set or the analysis is missing. Empty selections are left out. */
export function specOf({ dataset, analysis, input, params, ...rest }: Draft): JobSpecInput | null {
  if (dataset === null || analysis === null) return null;
  const { field, series, from, to, resample, fill, transform, results } = input;
  const selected = {
    ...(field === undefined ? {} : { field }),
    ...(series === undefined || series.length === 0 ? {} : { series }),
    ...(from === null || from === undefined ? {} : { from }),
    ...(to === null || to === undefined ? {} : { to }),
    ...(resample === null || resample === undefined ? {} : { resample }),
    ...(results === undefined || results.a.length + results.b.length === 0 ? {} : { results }),
  };
  return { analysis, input: { dataset, ...selected, fill, transform }, params, ...rest };
}

/** The draft with another analysis: parameters and results belong to the one that they were chosen for. */
export function withAnalysis(draft: Draft, analysis: string): Draft {
  const { results: _results, ...input } = draft.input;
  return { ...draft, analysis, input, params: {} };
}

/** The draft with this data set: what it does not have is dropped, and of another one the range of time, too. */
export function withDataset(draft: Draft, dataset: Dataset): Draft {
  const known = new Set(dataset.series);
  const { series, field, ...rest } = draft.input;
  const input = draft.dataset === dataset.id ? rest : { ...rest, from: null, to: null };
  const kept = series?.filter((name) => known.has(name)) ?? [];
  const usable = field !== undefined && dataset.fields.includes(field) ? field : dataset.fields.includes('close') ? 'close' : dataset.fields[0];
  return { ...draft, dataset: dataset.id, input: { ...input, ...(usable === undefined ? {} : { field: usable }), ...(kept.length === 0 ? {} : { series: kept }) } };
}
