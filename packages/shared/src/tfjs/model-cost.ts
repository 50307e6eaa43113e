/** What a layers JSON asks for, found from its settings before a single weight is made. */
import { CorrenteError } from '../contract/errors.ts';
import { LayerConfig, shapeText, shown, type Shape, sizeOf } from './layer-config.ts';
import { inputOf, type LayerCost, type LayerRule } from './layer-cost.ts';
import { type KerasLayer, type KerasModel, type LayerClass, type NodeReference, readLayersJson } from './layers-json.ts';
import { convolutionRules } from './rules-convolution.ts';
import { coreRules } from './rules-core.ts';
import { recurrentRules } from './rules-recurrent.ts';

/** What the model is trained on. */
export interface ModelUse {
  /** Steps of the look-back, and features at each. */
  readonly steps: number;
  readonly features: number;
  /** Values of a forecast: targets · horizon. */
  readonly outputs: number;
  /** Samples of a batch: origins times groups. */
  readonly batch: number;
  /** Bytes that training may take. */
  readonly memoryLimit: number;
}

export interface ModelCost {
  /** Weights, those that are not trained too. */
  readonly parameters: number;
  /** Weights, gradients, moments, and what a batch holds until its gradient is taken. */
  readonly memoryBytes: number;
  /** Floating-point operations of a forward pass of one sample. */
  readonly operations: number;
}

export interface CheckedModel extends ModelCost {
  /** What TensorFlow.js's `modelFromJSON` reads: a model whose input has the shape of the windows. */
  readonly topology: TopologyJson;
  /** Shape of one sample as it is fed: [steps, features], or [steps · features] where the model says so. */
  readonly input: Shape;
  readonly classNames: readonly string[];
}

export interface TopologyJson {
  readonly class_name: 'Model';
  readonly config: Readonly<Record<string, unknown>>;
}

const rules: Readonly<Record<string, LayerRule>> = { ...coreRules, ...convolutionRules, ...recurrentRules };
const wrappers = ['Bidirectional', 'TimeDistributed'];
const plainName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');
const classNames = new Map([...Object.keys(rules), ...wrappers, 'InputLayer'].map((name) => [plainName(name), name]));

/** Values of each weight: itself, its gradient, two moments, and four on the way of a step of the optimiser. */
const copiesOfWeight = 8;
/** What is held forward is held once more, as a gradient, on the way back. */
const copiesOfValue = 2;

/**
 * Throws `model-invalid` where the JSON is no model of layers that TensorFlow.js has and that can be trained on windows,
 * or where its input or output has another shape than theirs; `model-too-large` with the figure where it needs more
 * memory than it may.
 */
export function checkLayersJson(given: unknown, use: ModelUse): CheckedModel {
  const model = named(readLayersJson(given));
  const input = inputShape(model, use);
  const costs = costsOf(model, input);
  const output = outputOf(costs, model.output);
  if (sizeOf(output) !== use.outputs) throw new CorrenteError('model-invalid', `The model makes ${shapeText(output)}, ${sizeOf(output)} values; expected ${use.outputs}, the targets times the horizon.`);
  const parameters = [...costs.values()].reduce((sum, [cost]) => sum + (cost?.parameters ?? 0), 0);
  const all = [...costs.values()].flat();
  const held = all.reduce((sum, cost) => sum + cost.held, 0);
  const memoryBytes = 4 * (copiesOfWeight * parameters + copiesOfValue * use.batch * held);
  if (!(memoryBytes <= use.memoryLimit)) {
    throw new CorrenteError('model-too-large', `To train the model takes about ${amount(memoryBytes)}: ${parameters} weights, and ${copiesOfValue * held} values for each of the ${use.batch} samples of a batch. The limit is ${amount(use.memoryLimit)}.`);
  }
  return { parameters, memoryBytes, operations: all.reduce((sum, cost) => sum + cost.operations, 0), topology: topologyOf(model, input, costs), input, classNames: model.layers.flatMap(({ className, inner }) => (inner === null ? [className] : [className, inner.className])) };
}

function amount(bytes: number): string {
  if (bytes >= 2 ** 30) return `${(bytes / 2 ** 30).toPrecision(3)} GiB`;
  return bytes >= 2 ** 20 ? `${(bytes / 2 ** 20).toPrecision(3)} MiB` : `${Math.ceil(bytes / 2 ** 10)} KiB`;
}

function place(model: KerasModel, { name, className }: KerasLayer): string {
  return `Layer ${model.layers.findIndex((layer) => layer.name === name) + 1} (${className} ${JSON.stringify(name)})`;
}

/** The class under its own name, however it was spelt. */
function classNameOf({ className }: LayerClass, where: string): string {
  const known = classNames.get(plainName(className));
  if (known !== undefined) return known;
  const why = /^(Lambda|TFOpLambda|TensorFlowOpLayer)$/.test(className) ? ' has code of its own, which is not run here;' : ' is not known;';
  throw new CorrenteError('model-invalid', `${where}: class ${shown(className)}${why} expected one of ${[...classNames.values()].sort().join(', ')}.`);
}

function named(model: KerasModel): KerasModel {
  const layers = model.layers.map(({ className, name, config, inner, uses }, index) => {
    const where = `Layer ${index + 1} (${JSON.stringify(name)})`;
    return { className: classNameOf({ className, config }, where), name, config, inner: inner === null ? null : { className: classNameOf(inner, `${where}, within its wrapper`), config: inner.config }, uses };
  });
  return { ...model, layers };
}

/** The shape that the model gives its input, which must be that of the windows; nulls are any length. */
function inputShape(model: KerasModel, { steps, features }: ModelUse): Shape {
  const layer = model.layers.find(({ name }) => name === model.input.layer);
  if (layer?.className !== 'InputLayer') throw new CorrenteError('model-invalid', `The model's input is ${JSON.stringify(model.input.layer)}, which is no InputLayer; expected one.`);
  const given = layer.config['batch_input_shape'];
  const fits = (shape: Shape): boolean => Array.isArray(given) && given.length === shape.length + 1 && shape.every((length, axis) => given[axis + 1] === null || given[axis + 1] === length);
  const windows = [steps, features];
  if (given === undefined || given === null || fits(windows)) return windows;
  if (fits([steps * features])) return [steps * features];
  throw new CorrenteError('model-invalid', `The model's input has the shape ${shown(given)}; expected [null, ${steps}, ${features}] (the batch, the look-back, the series of an input), or none.`);
}

/** The cost of every use of every layer; layers that the model's input does not reach are an error. */
function costsOf(model: KerasModel, input: Shape): Map<string, LayerCost[]> {
  const costs = new Map<string, LayerCost[]>([[model.input.layer, [{ output: input, parameters: 0, held: sizeOf(input), operations: 0 }]]]);
  const isKnown = ({ layer, node }: NodeReference): boolean => costs.get(layer)?.[node] !== undefined;
  let waiting = model.layers.filter(({ name }) => name !== model.input.layer);
  while (waiting.length > 0) {
    let found = false;
    for (const layer of waiting) {
      const config = new LayerConfig(place(model, layer), layer.config);
      const made = costs.get(layer.name) ?? [];
      for (const inputs of layer.uses.slice(made.length)) {
        if (inputs.length === 0 || !inputs.every(isKnown)) break;
        made.push(costOf(layer, config, inputs.map((one) => outputOf(costs, one))));
        found = true;
      }
      costs.set(layer.name, made);
    }
    waiting = waiting.filter(({ name, uses }) => uses.length === 0 || (costs.get(name)?.length ?? 0) < uses.length);
    const [first] = waiting;
    // TensorFlow.js would look for what is missing for ever.
    if (!found && first !== undefined) throw new CorrenteError('model-invalid', `${place(model, first)} takes ${first.uses.flat().map(({ layer }) => JSON.stringify(layer)).join(', ') || 'no input'}; expected layers that the model's input reaches, without a circle.`);
  }
  return costs;
}

function outputOf(costs: ReadonlyMap<string, readonly LayerCost[]>, { layer, node }: NodeReference): Shape {
  const cost = costs.get(layer)?.[node];
  if (cost === undefined) throw new CorrenteError('model-invalid', `The model has no output ${node} of a layer ${JSON.stringify(layer)}.`);
  return cost.output;
}

function costOf(layer: KerasLayer, config: LayerConfig, inputs: readonly Shape[]): LayerCost {
  if (layer.className === 'InputLayer') return config.fail('is another input; expected one.');
  if (layer.inner === null) return ruleOf(layer.className, config)(config, inputs);
  const inner = new LayerConfig(`${config.where}, its layer ${layer.inner.className},`, layer.inner.config);
  const rule = ruleOf(layer.inner.className, inner);
  const wrapped = layer.className === 'TimeDistributed' ? distributed : layer.className === 'Bidirectional' ? bothWays : null;
  return wrapped === null ? config.fail('wraps a layer, which its class does not do.') : wrapped(config, inner, rule, inputs);
}

function ruleOf(className: string, config: LayerConfig): LayerRule {
  config.checkActivation('activation');
  const rule = rules[className];
  return rule ?? config.fail('is a wrapper without a layer; expected one under the name layer.');
}

type WrapperRule = (config: LayerConfig, inner: LayerConfig, rule: LayerRule, inputs: readonly Shape[]) => LayerCost;

/** What the layer within a wrapper needs said is said to that. */
const settingsOf = ({ settings }: LayerCost): Pick<LayerCost, 'settings'> => (settings === undefined ? {} : { settings });

/** The same layer at each step, whose inputs are cut out and whose outputs are put together again. */
const distributed: WrapperRule = (config, inner, rule, inputs) => {
  const [steps = 1, ...rest] = inputOf(config, inputs);
  if (rest.length === 0) return config.fail('has an input of one axis; expected steps and features.');
  const cost = rule(inner, [rest]);
  return { output: [steps, ...cost.output], parameters: cost.parameters, held: 2 * steps * cost.held, operations: steps * cost.operations, ...settingsOf(cost) };
};

/** The same layer forward and backward, each with weights of its own. */
const bothWays: WrapperRule = (config, inner, rule, inputs) => {
  const cost = rule(inner, inputs);
  const mode = config.choice('merge_mode', ['concat', 'sum', 'mul', 'ave'], 'concat');
  const features = cost.output.at(-1) ?? 1;
  const output = [...cost.output.slice(0, -1), mode === 'concat' ? 2 * features : features];
  return { output, parameters: 2 * cost.parameters, held: 2 * cost.held + sizeOf(output), operations: 2 * cost.operations, ...settingsOf(cost) };
};

/** A seed of a layer's own is left out: dropout would draw the same places in every batch. Those of initializers stay. */
function topologyOf(model: KerasModel, input: Shape, costs: ReadonlyMap<string, readonly LayerCost[]>): TopologyJson {
  const dropped = new Set(['batch_input_shape', 'input_shape', 'seed']);
  const layers = model.layers.map(({ className, name, config, inner, uses }) => {
    const own = Object.fromEntries(Object.entries(config).filter(([key]) => !dropped.has(key)));
    const settled = costs.get(name)?.[0]?.settings;
    const made = inner === null ? { ...own, ...settled } : { ...own, layer: { class_name: inner.className, config: { ...inner.config, ...settled, name: `${name}_inner` } } };
    const settings = className === 'InputLayer' ? { batch_input_shape: [null, ...input], dtype: 'float32', sparse: false } : made;
    return { class_name: className, name, config: { ...settings, name }, inbound_nodes: uses.map((inputs) => inputs.map(({ layer, node }) => [layer, node, 0, {}])) };
  });
  return { class_name: 'Model', config: { name: 'corrente_custom', layers, input_layers: [[model.input.layer, model.input.node, 0]], output_layers: [[model.output.layer, model.output.node, 0]] } };
}
