/** Layers of trained models, slow and plain: one sample, one value at a time, from the formulas of layers.ts. */
import { parameterBlocks, type Activation, type Layer, type LayeredModel, type ParameterBlock } from '@corrente/shared/portable/trainer/layers';

/** [steps][features] */
export type Sample = readonly (readonly number[])[];

/** What dropout multiplies value `index` ([steps × features] of one sample) of dropout layer `number` with. */
export type Dropped = (number: number, index: number) => number;

export const nothingDropped: Dropped = () => 1;

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const relu = (x: number): number => Math.max(0, x);

/** act(x) */
export const activations: Readonly<Record<Activation, (x: number) => number>> = { linear: (x) => x, relu, tanh: Math.tanh, sigmoid };

/** The value at a place of a parameter that has a name, such as `kernel`. */
type Parameter = (name: string, i: number, j?: number, k?: number) => number;

/** The blocks of each layer by name; those of a model are asked for many times. */
const blocksOfModels = new WeakMap<LayeredModel, ReadonlyArray<ReadonlyMap<string, ParameterBlock>>>();

function blocksOf(model: LayeredModel): ReadonlyArray<ReadonlyMap<string, ParameterBlock>> {
  const known = blocksOfModels.get(model);
  if (known !== undefined) return known;
  const all = parameterBlocks(model);
  const blocks = model.layers.map((_, layer) => new Map(all.filter((block) => block.layer === layer).map((block) => [block.name, block])));
  blocksOfModels.set(model, blocks);
  return blocks;
}

/** Where the parameters of a layer stand in the flat list. */
function parametersOf(model: LayeredModel, parameters: ArrayLike<number>): (layer: number) => Parameter {
  const blocks = blocksOf(model);
  return (layer) => (name, i, j, k) => {
    const block = blocks[layer]?.get(name);
    if (block === undefined) throw new Error(`layer ${layer} has no parameter ${name}`);
    const [, columns = 1, depth = 1] = block.shape;
    const at = j === undefined ? i : k === undefined ? i * columns + j : (i * columns + j) * depth + k;
    return parameters[block.from + at] ?? Number.NaN;
  };
}

function dense(x: Sample, units: number, activation: Activation, w: Parameter): Sample {
  return x.map((step) => range(units).map((u) => activations[activation](sum(step.map((value, i) => value * w('kernel', i, u))) + w('bias', u))));
}

/** Remainder and trend of each feature: the mean of a centred window, the ends standing in for what lies beyond them. */
function decompose(x: Sample, window: number): Sample {
  const half = (window - 1) / 2;
  const clamped = (t: number): number => Math.min(x.length - 1, Math.max(0, t));
  return x.map((step, t) => step.flatMap((value, f) => {
    const trend = sum(range(window).map((j) => x[clamped(t + j - half)]?.[f] ?? Number.NaN)) / window;
    return [value - trend, trend];
  }));
}

/** Σ x W + Σ h U + b of unit `u` of gate `gate`. */
const gateSum = (step: readonly number[], state: readonly number[], units: number, gate: number, u: number, w: Parameter): number =>
  sum(step.map((value, i) => value * w('kernel', i, gate * units + u))) + sum(state.map((value, i) => value * w('recurrent', i, gate * units + u))) + w('bias', gate * units + u);

function lstm(x: Sample, units: number, w: Parameter): Sample {
  let state = range(units).map(() => 0);
  let cell = state;
  return x.map((step) => {
    const gate = (index: number, act: (value: number) => number): number[] => range(units).map((u) => act(gateSum(step, state, units, index, u, w)));
    const [i, f, g, o] = [gate(0, sigmoid), gate(1, sigmoid), gate(2, Math.tanh), gate(3, sigmoid)];
    cell = cell.map((value, u) => (f[u] ?? 0) * value + (i[u] ?? 0) * (g[u] ?? 0));
    state = cell.map((value, u) => (o[u] ?? 0) * Math.tanh(value));
    return state;
  });
}

function gru(x: Sample, units: number, w: Parameter): Sample {
  let state = range(units).map(() => 0);
  return x.map((step) => {
    const z = range(units).map((u) => sigmoid(gateSum(step, state, units, 0, u, w)));
    const r = range(units).map((u) => sigmoid(gateSum(step, state, units, 1, u, w)));
    const reset = state.map((value, u) => value * (r[u] ?? 0));
    const candidate = range(units).map((u) => Math.tanh(gateSum(step, reset, units, 2, u, w)));
    state = state.map((value, u) => (z[u] ?? 0) * value + (1 - (z[u] ?? 0)) * (candidate[u] ?? 0));
    return state;
  });
}

function convolution(x: Sample, filters: number, kernel: number, dilation: number, which: 1 | 2, w: Parameter): Sample {
  return x.map((_, t) => range(filters).map((u) => {
    const taps = range(kernel).map((tap) => {
      const step = x[t - (kernel - 1 - tap) * dilation];
      return step === undefined ? 0 : sum(step.map((value, i) => value * w(`kernel${which}`, tap, i, u)));
    });
    return sum(taps) + w(`bias${which}`, u);
  }));
}

function dropped(x: Sample, number: number, drop: Dropped): Sample {
  return x.map((step, t) => step.map((value, f) => value * drop(number, t * step.length + f)));
}

function tcn(x: Sample, { filters, kernel, dilation }: Layer & { readonly kind: 'tcn' }, number: number, w: Parameter, drop: Dropped): Sample {
  const rectified = (y: Sample): Sample => y.map((step) => step.map(relu));
  const once = dropped(rectified(convolution(x, filters, kernel, dilation, 1, w)), number, drop);
  const twice = dropped(rectified(convolution(once, filters, kernel, dilation, 2, w)), number + 1, drop);
  return twice.map((step, t) => step.map((value, u) => {
    const before = x[t] ?? [];
    const skip = before.length === filters ? (before[u] ?? Number.NaN) : sum(before.map((one, i) => one * w('skip', i, u)));
    return relu(value + skip);
  }));
}

/** The outputs of one sample, [targets · horizon], before anything is put back on them. */
export function layersOracle(model: LayeredModel, parameters: ArrayLike<number>, sample: Sample, drop: Dropped): readonly number[] {
  const parameterAt = parametersOf(model, parameters);
  let x = sample;
  let number = 0;
  for (const [index, layer] of model.layers.entries()) {
    const w = parameterAt(index);
    switch (layer.kind) {
      case 'dense':
        x = dense(x, layer.units, layer.activation, w);
        break;
      case 'flatten':
        x = [x.flat()];
        break;
      case 'last':
        x = x.slice(-1);
        break;
      case 'decompose':
        x = decompose(x, layer.window);
        break;
      case 'lstm':
      case 'gru':
        x = layer.kind === 'lstm' ? lstm(x, layer.units, w) : gru(x, layer.units, w);
        if (!layer.sequences) x = x.slice(-1);
        break;
      case 'tcn':
        x = tcn(x, layer, number, w, drop);
        number += 2;
        break;
      case 'dropout':
        x = dropped(x, number, drop);
        number += 1;
        break;
    }
  }
  return x.flat();
}
