/** Prediction by trees in plain TypeScript, for engines that have none: what was grown elsewhere can be applied anywhere. */
import { Pace, type PaceOptions } from '@corrente/shared/portable/pace';
import type { Columns } from '../engine/contract.ts';
import type { TreeEnsemble } from '../engine/contract.trees.ts';

/** The values of the rows of a table [features × rows], [outputs × rows], as `Engine.predictTrees` gives them. */
export async function walkTrees({ values, length, stride }: Columns, ensemble: TreeEnsemble, options: PaceOptions): Promise<Float64Array<ArrayBuffer>> {
  const { outputs, combine, baseline, first, feature, threshold, missingLeft, left, right, value } = ensemble;
  const trees = first.length - 1;
  const out = new Float64Array(outputs * length);
  for (let k = 0; k < outputs; k++) out.fill(combine === 'sum' ? baseline[k]! : 0, k * length, (k + 1) * length);
  const pace = new Pace('prediction by trees', trees, options);
  await pace.start();
  for (let tree = 0; tree < trees; tree++) {
    for (let row = 0; row < length; row++) {
      let node = first[tree]!;
      while (feature[node]! >= 0) {
        const x = values[feature[node]! * stride + row]!;
        node = x <= threshold[node]! || (Number.isNaN(x) && missingLeft[node] === 1) ? left[node]! : right[node]!;
      }
      if (combine === 'sum') out[(tree % outputs) * length + row]! += value[node]!;
      else for (let k = 0; k < outputs; k++) out[k * length + row]! += value[node * outputs + k]! / trees;
    }
    pace.count(1);
    if (pace.due) await pace.turn();
  }
  return out;
}
