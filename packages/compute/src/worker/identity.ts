/** When two jobs are the same work: then the stored result of one answers the other. */
import { hashOf } from '@corrente/platform/jobs/canonical';
import { analysisNamed, parseParams } from '@corrente/shared/contract/analyses/index';
import type { EngineUsed } from '@corrente/shared/contract/engine';
import type { JobSpec } from '@corrente/shared/contract/job';

/**
 * SHA-256, in hexadecimal, over what the numbers of a result depend on: the data set (content-addressed), the spec with
 * its defaults filled in, the version of the analysis, and the engines whose steps it holds (one, unless a job took up
 * on another engine). What only says how to get there (engine asked for, priority, fresh) is left out.
 */
export function identityOf(spec: JobSpec, engines: readonly EngineUsed[]): string {
  const contract = analysisNamed(spec.analysis);
  const { engine: _engine, priority: _priority, fresh: _fresh, ...work } = spec;
  // An absent bound and a null one are the same selection.
  const input = Object.fromEntries(Object.entries(spec.input).filter(([, value]) => value !== null && value !== undefined));
  const ran = engines.map(({ name, device, precision }) => hashOf({ name, device, precision }));
  return hashOf({ ...work, input, params: parseParams(contract, spec.params), version: contract.version, engines: [...new Set(ran)] });
}
