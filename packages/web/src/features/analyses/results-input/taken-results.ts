/** Results as the input of an analysis: which analyses take them, how jobs to choose from are told apart. */
import type { AnalysisInfo } from '@corrente/shared/contract/analysis';
import type { Job } from '@corrente/shared/contract/job';
import { formatMoment, shortId } from '../../../lib/format.ts';
import type { Draft } from '../draft.ts';

/** The analyses that take results of the named one. */
export function takersOf(analyses: readonly AnalysisInfo[], name: string): AnalysisInfo[] {
  return analyses.filter(({ inputResults }) => inputResults?.includes(name) === true);
}

/** Analyses that apply a trained model, of which they take one, rather than compare results. */
const appliesModels: ReadonlySet<string> = new Set(['predict']);

export function compares({ name }: Pick<AnalysisInfo, 'name'>): boolean {
  return !appliesModels.has(name);
}

/** A draft that compares the result of a job, in group a, with others that are still to be named; its input is the job's. */
export function comparisonDraft(empty: Draft, { id, spec }: Pick<Job, 'id' | 'spec'>, analysis: string): Draft {
  const { dataset, ...input } = spec.input;
  return { ...empty, dataset, analysis, input: { ...input, results: { a: [id], b: [] } } };
}

/** Parameters that say what a job is about, in the order in which they are told. */
const telling = ['model', 'method', 'measure', 'estimator'] as const;

/** Data set, method, time and the end of the id: what tells a job from others of its analysis. */
export function jobLabel({ id, spec, createdAt }: Pick<Job, 'id' | 'spec' | 'createdAt'>, dataset: string | undefined): string {
  const words = telling.map((name) => spec.params[name]).filter((value) => typeof value === 'string');
  return [dataset ?? shortId(spec.input.dataset), ...(words.length === 0 ? [] : [words.join(', ')]), formatMoment(createdAt), shortId(id)].join(' · ');
}

/** Jobs of several analyses as one list, newest first, each once. */
export function newestFirst<J extends Pick<Job, 'id' | 'createdAt'>>(lists: readonly (readonly J[])[]): J[] {
  const byId = new Map(lists.flat().map((job) => [job.id, job]));
  return [...byId.values()].sort((a, b) => (a.createdAt === b.createdAt ? 0 : a.createdAt < b.createdAt ? 1 : -1));
}
