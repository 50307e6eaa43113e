/** Ensembles of trees of a native engine; always in float64. */
import type { Columns, OpOptions } from '../contract.ts';
import type { BoostedTrees, BoostingRequest, ForestRequest, IsolationRequest, TreeEnsemble } from '../contract.trees.ts';
import { withControl } from './control.ts';

/** An ensemble as an addon gives it: the lists of `TreeEnsemble` as buffers. */
export interface NativeEnsemble {
  readonly outputs: number;
  readonly combine: 'mean' | 'sum';
  readonly baseline: ArrayBuffer;
  readonly first: ArrayBuffer;
  readonly feature: ArrayBuffer;
  readonly threshold: ArrayBuffer;
  readonly missingLeft: ArrayBuffer;
  readonly left: ArrayBuffer;
  readonly right: ArrayBuffer;
  readonly value: ArrayBuffer;
  readonly gain: ArrayBuffer;
  readonly rows: ArrayBuffer;
}

export interface TreesAddon {
  growBoosted(control: ArrayBuffer, table: Columns, request: BoostingRequest): Promise<{ ensemble: NativeEnsemble; trainLoss: ArrayBuffer; validationLoss: ArrayBuffer }>;
  growForest(control: ArrayBuffer, table: Columns, request: ForestRequest): Promise<NativeEnsemble>;
  growIsolation(control: ArrayBuffer, table: Columns, request: IsolationRequest): Promise<NativeEnsemble>;
  predictTrees(control: ArrayBuffer, table: Columns, ensemble: TreeEnsemble): Promise<ArrayBuffer>;
}

export const treesFunctions = ['growBoosted', 'growForest', 'growIsolation', 'predictTrees'] as const satisfies ReadonlyArray<keyof TreesAddon>;

function ensembleOf({ outputs, combine, baseline, first, feature, threshold, missingLeft, left, right, value, gain, rows }: NativeEnsemble): TreeEnsemble {
  return {
    outputs,
    combine,
    baseline: new Float64Array(baseline),
    first: new Int32Array(first),
    feature: new Int32Array(feature),
    threshold: new Float64Array(threshold),
    missingLeft: new Uint8Array(missingLeft),
    left: new Int32Array(left),
    right: new Int32Array(right),
    value: new Float64Array(value),
    gain: new Float64Array(gain),
    rows: new Int32Array(rows),
  };
}

/** `Engine.growBoosted` over an addon. */
export async function growBoosted(addon: TreesAddon, table: Columns, request: BoostingRequest, options: OpOptions): Promise<BoostedTrees> {
  const { ensemble, trainLoss, validationLoss } = await withControl(options, 'gradient boosting', (control) => addon.growBoosted(control, table, request));
  return { ensemble: ensembleOf(ensemble), trainLoss: new Float64Array(trainLoss), validationLoss: new Float64Array(validationLoss) };
}

/** `Engine.growForest` over an addon. */
export async function growForest(addon: TreesAddon, table: Columns, request: ForestRequest, options: OpOptions): Promise<TreeEnsemble> {
  return ensembleOf(await withControl(options, 'random forest', (control) => addon.growForest(control, table, request)));
}

/** `Engine.growIsolation` over an addon. */
export async function growIsolation(addon: TreesAddon, table: Columns, request: IsolationRequest, options: OpOptions): Promise<TreeEnsemble> {
  return ensembleOf(await withControl(options, 'isolation forest', (control) => addon.growIsolation(control, table, request)));
}

/** `Engine.predictTrees` over an addon. */
export async function predictTrees(addon: TreesAddon, table: Columns, ensemble: TreeEnsemble, options: OpOptions): Promise<Float64Array<ArrayBuffer>> {
  return new Float64Array(await withControl(options, 'prediction by trees', (control) => addon.predictTrees(control, table, ensemble)));
}
