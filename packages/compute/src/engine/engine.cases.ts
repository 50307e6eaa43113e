/**
 * The table of cases that every engine must pass. Each engine's test only names itself; the list has no test framework
 * in it, so that the GPU suite can carry it to a machine that has nothing but Node.
 */
import type { Engine } from './contract.ts';
import { controlCases } from './engine.cases.control.ts';
import { correlationCases } from './engine.cases.correlation.ts';
import { covarianceCases } from './engine.cases.covariance.ts';
import { denseCases } from './engine.cases.dense.ts';
import { distanceCases } from './engine.cases.distance.ts';
import { indicatorCases } from './engine.cases.indicators.ts';
import { informationControlCases } from './engine.cases.information-control.ts';
import { informationSurrogateCases } from './engine.cases.information-surrogates.ts';
import { informationCases } from './engine.cases.information.ts';
import { kMeansCases } from './engine.cases.k-means.ts';
import { kendallCases } from './engine.cases.kendall.ts';
import { leadLagCases } from './engine.cases.lead-lag.ts';
import { matrixProfileCases } from './engine.cases.matrix-profile.ts';
import { rollingCorrelationCases } from './engine.cases.rolling-correlation.ts';
import { rollingOrderCases } from './engine.cases.rolling-order.ts';
import { rollingSpansCases } from './engine.cases.rolling-spans.ts';
import { rollingCases } from './engine.cases.rolling.ts';
import { spearmanCases } from './engine.cases.spearman.ts';
import { strongestCases } from './engine.cases.strongest.ts';
import { trainerCases } from './engine.cases.trainer.ts';
import { treesCases } from './engine.cases.trees.ts';

export interface EngineCase {
  /** A sentence that is false of a wrong engine. */
  readonly name: string;
  /** Why this engine cannot do this case; null, or absent, where it can. */
  readonly skip?: (engine: Engine) => string | null;
  /** Rejects with the place, what came and what was expected. */
  readonly run: (engine: Engine) => Promise<void>;
}

export const engineCases: readonly EngineCase[] = [...rollingCases, ...rollingOrderCases, ...rollingSpansCases, ...correlationCases, ...covarianceCases, ...spearmanCases, ...strongestCases, ...kendallCases, ...distanceCases, ...leadLagCases, ...rollingCorrelationCases, ...controlCases, ...denseCases, ...kMeansCases, ...matrixProfileCases, ...indicatorCases, ...informationCases, ...informationSurrogateCases, ...informationControlCases, ...trainerCases, ...treesCases];
