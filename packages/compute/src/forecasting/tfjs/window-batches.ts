/** Samples of a batch, gathered from the block that the windows lie in. */
import type { TrainingWindows } from '../../engine/contract.trainer.ts';

/** Inputs [origins × groups × steps × features] of the windows that end before each origin. */
export function gatherInputs({ columns, groups }: TrainingWindows, steps: number, origins: Int32Array): Float32Array<ArrayBuffer> {
  const { values, stride } = columns;
  const features = groups[0]?.inputs.length ?? 0;
  const gathered = new Float32Array(origins.length * groups.length * steps * features);
  let to = 0;
  for (const origin of origins) {
    for (const { inputs } of groups) {
      for (const [feature, series] of inputs.entries()) {
        const from = series * stride + origin - steps;
        for (let step = 0; step < steps; step++) gathered[to + step * features + feature] = values[from + step]!;
      }
      to += steps * features;
    }
  }
  return gathered;
}

/** What comes from each origin on, [origins × groups × targets × horizon], in float64. */
export function gatherTargets({ columns, groups, horizon }: TrainingWindows, origins: Int32Array): Float64Array<ArrayBuffer> {
  const { values, stride } = columns;
  const targetCount = groups[0]?.targets.length ?? 0;
  const gathered = new Float64Array(origins.length * groups.length * targetCount * horizon);
  let to = 0;
  for (const origin of origins) {
    for (const { targets } of groups) {
      for (const series of targets) {
        const from = series * stride + origin;
        gathered.set(values.subarray(from, from + horizon), to);
        to += horizon;
      }
    }
  }
  return gathered;
}
