/** When two jobs are the same work: then the stored result of one answers the other. */
import { hashOf } from '@corrente/platform/jobs/canonical';
import { analysisNamed, parseParams } from '@corrente/shared/contract/analyses/index';
import type { EngineUsed } from '@corrente/shared/contract/engine';
import type { JobSpec } from '@corrente/shared/contract/job';

/** The identities of the results that a job reads, in its order. */
export interface InputIdentities {
  readonly a: readonly string[];
  readonly b: readonly string[];
}

/**
 * SHA-256, in hexadecimal, over what the numbers of a result depend on: the data set (content-addressed), the spec with
 * its defaults filled in, the version of the analysis, and the engines whose steps it holds (one, unless a job took up
 * on another engine), and the identities of the results it reads. What only says how to get there (engine asked for,
 * priority, workers, fresh) is left out.
 */
export function identityOf(spec: JobSpec, engines: readonly EngineUsed[], inputs: InputIdentities = { a: [], b: [] }): string {
  const contract = analysisNamed(spec.analysis);
  const { engine: _engine, priority: _priority, workers: _workers, fresh: _fresh, ...work } = spec;
  // An absent bound and a null one are the same selection.
  const input = Object.fromEntries(Object.entries(spec.input).filter(([, value]) => value !== null && value !== undefined));
  const ran = engines.map(({ name, device, precision }) => hashOf({ name, device, precision }));
  // Which jobs the results came from says nothing; what they are does.
  const results = input['results'] === undefined ? {} : { results: inputs };
  return hashOf({ ...work, input: { ...input, ...results }, params: parseParams(contract, spec.params), version: contract.version, engines: [...new Set(ran)].sort() });
}
