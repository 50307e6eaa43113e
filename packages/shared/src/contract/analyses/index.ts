/** The catalogue: every analysis that can be submitted. */
import { z } from 'zod';
import type { AnalysisContract, AnalysisInfo, FieldRead } from '../analysis.ts';
import { CorrenteError, placesOf } from '../errors.ts';
import type { JobInput } from '../job.ts';
import { anomaly } from './anomaly.ts';
import { clusterAnalysis } from './cluster.ts';
import { correlation } from './correlation.ts';
import { forecast } from './forecast.ts';
import { indicators } from './indicators.ts';
import { informationMeasure } from './information-measure.ts';
import { learn } from './learn.ts';
import { movingAverage } from './moving-average.ts';
import { networkComparison } from './network-comparison.ts';
import { networkInference } from './network-inference.ts';
import { partialInformation } from './partial-information.ts';
import { pca } from './pca.ts';
import { predict } from './predict.ts';

const contracts: readonly AnalysisContract[] = [correlation, movingAverage, indicators, informationMeasure, networkInference, networkComparison, partialInformation, forecast, learn, predict, clusterAnalysis, pca, anomaly];

export const analyses: ReadonlyMap<string, AnalysisContract> = new Map(contracts.map((contract) => [contract.name, contract]));

/** The analysis of that name, or an error that lists the names there are. */
export function analysisNamed(name: string): AnalysisContract {
  const found = analyses.get(name);
  if (found !== undefined) return found;
  throw new CorrenteError('unknown-analysis', `The analysis was "${name}"; there are ${[...analyses.keys()].join(', ')}.`, {
    places: [{ pointer: '/analysis', detail: `must be one of ${[...analyses.keys()].join(', ')}` }],
  });
}

/** Parameters with their defaults filled in, or `invalid-params` with a pointer to each wrong place. */
export function parseParams<P extends z.ZodType>(contract: AnalysisContract<P>, params: unknown): z.output<P> {
  const parsed = contract.params.safeParse(params ?? {});
  if (parsed.success) return parsed.data;
  const places = placesOf(parsed.error, '/params');
  const unknownName = parsed.error.issues.some(({ code, path }) => code === 'unrecognized_keys' && path.length === 0);
  const names = unknownName ? ` Its parameters are ${parameterNames(contract).join(', ')}.` : '';
  throw new CorrenteError('invalid-params', `${contract.name} cannot take these parameters: ${places.map((p) => `${p.pointer} ${p.detail}`).join('; ')}.${names}`, { places });
}

/** The fields that a job of these parameters reads beside its own. Throws `invalid-job` where the analysis does not take the input. */
export function fieldsRead<P extends z.ZodType>(contract: AnalysisContract<P>, params: z.output<P>, input: JobInput): readonly FieldRead[] {
  contract.checkInput?.(params, input);
  return contract.fields?.(params) ?? [];
}

export function describeAnalysis(contract: AnalysisContract): AnalysisInfo {
  const { name, title, summary, version, tolerance, inputResults } = contract;
  return {
    name,
    title,
    summary,
    version,
    engines: [...contract.engines],
    params: paramsSchema(contract),
    ...(inputResults === undefined ? {} : { inputResults: [...inputResults] }),
    tables: contract.tables(contract.params.parse({}), { series: ['a', 'b'], rows: 2, time: 'timestamp' }),
    tolerance,
  };
}

/** The names of the parameters, as the schema lists them. */
function parameterNames(contract: AnalysisContract): string[] {
  const { properties } = paramsSchema(contract);
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

/** The parameters' JSON Schema, its properties at the root: zod writes a schema with a name as a reference to it. */
function paramsSchema({ params }: AnalysisContract): Record<string, unknown> {
  const { $schema, $defs = {}, $ref, ...rest } = z.toJSONSchema(params, { io: 'input' });
  const { [$ref?.replace('#/$defs/', '') ?? '']: root, ...others } = $defs;
  return { $schema, ...rest, ...root, ...(Object.keys(others).length > 0 ? { $defs: others } : {}) };
}
