/** Every analysis that can run, by name: the same names as the shared catalogue. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Analysis } from './analysis.ts';
import { anomaly } from './anomaly/anomaly.ts';
import { cluster } from './cluster/cluster.ts';
import { correlation } from './correlation/correlation.ts';
import { forecast } from './forecast/forecast.ts';
import { indicators } from './indicators/indicators.ts';
import { informationMeasure } from './information-measure/information-measure.ts';
import { learn } from './learn/learn.ts';
import { movingAverage } from './moving-average/moving-average.ts';
import { networkComparison } from './network-comparison/network-comparison.ts';
import { networkInference } from './network-inference/network-inference.ts';
import { partialInformation } from './partial-information/partial-information.ts';
import { pca } from './pca/pca.ts';
import { predict } from './predict/predict.ts';

const all: readonly Analysis[] = [correlation, movingAverage, indicators, informationMeasure, networkInference, networkComparison, partialInformation, forecast, learn, predict, cluster, pca, anomaly];

export const runnableAnalyses: ReadonlyMap<string, Analysis> = new Map(all.map((analysis) => [analysis.contract.name, analysis]));

/** The analysis of that name, or `unknown-analysis` with the names there are. */
export function runnableAnalysis(name: string): Analysis {
  const found = runnableAnalyses.get(name);
  if (found !== undefined) return found;
  throw new CorrenteError('unknown-analysis', `The analysis was "${name}"; there are ${[...runnableAnalyses.keys()].join(', ')}.`);
}
