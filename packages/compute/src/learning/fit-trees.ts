/** Random forests and boosting, grown by the engine. */
import { learnChoice, type LearnParams } from '@corrente/shared/contract/analyses/learn';
import type { TreeEnsemble } from '../engine/contract.trees.ts';
import type { OpOptions } from '../engine/contract.ts';
import { type FitOptions, type Fitted, quietly, type Range, targetOf, type TrainingRows } from './training-rows.ts';

/** Says of which use of the seed the draws are. */
const treesStream = 0x7ee5;

/** Fits to samples `train`; with `heldOut`, boosting stops by the loss on them, and tells after how many rounds. */
export async function fitTrees(params: LearnParams, { table, classes }: TrainingRows, train: Range, heldOut: Range | null, { engine, draw, seed, signal, onProgress }: FitOptions): Promise<Fitted> {
  const options: OpOptions = { ...quietly({ signal }), ...(onProgress === undefined ? {} : { onProgress }) };
  const { model, task } = learnChoice(params);
  const target = targetOf(table, { from: 0, to: table.length });
  const shared = { target, classes, train: indices(train), stream: [seed, treesStream, draw, 0] as const };
  const fitted = (ensemble: TreeEnsemble, chosen: number | null): Fitted => ({ model: { classes, features: table.series, predictor: { kind: 'trees', ensemble }, fills: null, calibrators: null }, chosen });
  if (model === 'random-forest') {
    const { trees, maxDepth, minLeaf, bootstrap, bins, featuresPerSplit } = params.forest;
    const drawn = featuresPerSplit ?? Math.round(task === 'regression' ? table.series / 3 : Math.sqrt(table.series));
    return fitted(await engine.growForest(table, { ...shared, trees, maxDepth, minLeaf, bootstrap, bins, featuresPerSplit: Math.max(1, Math.min(table.series, drawn)) }, options), null);
  }
  const stops = heldOut !== null && params.boosting.patience > 0;
  const { rounds, patience, learningRate, maxLeaves, maxDepth, minLeaf, l2, featureShare, bins } = params.boosting;
  const { ensemble } = await engine.growBoosted(table, { ...shared, rounds, learningRate, maxLeaves, maxDepth, minLeaf, l2, featureShare, bins, validation: stops ? indices(heldOut) : new Int32Array(0), patience: stops ? patience : 0 }, options);
  // Where no round lowered the loss, one stays: a model has a tree.
  return fitted(ensemble, stops ? Math.max(1, (ensemble.first.length - 1) / ensemble.outputs) : null);
}

function indices({ from, to }: Range): Int32Array {
  return Int32Array.from({ length: to - from }, (_, i) => from + i);
}
