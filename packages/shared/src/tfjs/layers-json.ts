/**
 * Reads a Keras-style model given as JSON. Read are what `model.toJSON()` of TensorFlow.js and `model.to_json()` of
 * Keras 2 and 3 give (an object or its text; inside `modelTopology` or `model_config` too), and a short form:
 * { layers: [{ type: 'lstm', units: 32 }, { type: 'dense', units: 24 }] }, a chain of layers, each with the settings that
 * `tf.layers.<type>` takes, in either spelling of their names.
 */
import { CorrenteError } from '../contract/errors.ts';
import { isRecord, shown } from './layer-config.ts';

type Settings = Readonly<Record<string, unknown>>;

/** An output of a layer: that of its node-th use. */
export interface NodeReference {
  readonly layer: string;
  readonly node: number;
}

/** What makes a layer, without its place in a model. */
export interface LayerClass {
  readonly className: string;
  readonly config: Settings;
}

export interface KerasLayer extends LayerClass {
  readonly name: string;
  /** The layer that a wrapper (Bidirectional, TimeDistributed) uses; null of others. */
  readonly inner: LayerClass | null;
  /** What each use of the layer takes; of a chain, the layer before. */
  readonly uses: readonly (readonly NodeReference[])[];
}

export interface KerasModel {
  readonly layers: readonly KerasLayer[];
  readonly input: NodeReference;
  readonly output: NodeReference;
}

/** Layers that a model may have at most. */
const mostLayers = 500;

function invalid(detail: string, cause?: unknown): CorrenteError {
  return new CorrenteError('model-invalid', detail, { cause });
}

/** Throws `model-invalid` where the JSON is no model of one input and one output. Layers are not looked into. */
export function readLayersJson(given: unknown): KerasModel {
  const json = unwrapped(given);
  if (json['class_name'] === undefined && json['className'] === undefined) return chain(shortLayers(json['layers']));
  const className = json['class_name'] ?? json['className'];
  const config = json['config'];
  if (className === 'Sequential') {
    const layers: unknown = isRecord(config) ? config['layers'] : config;
    return chain(listOf(layers).map((layer, place) => readLayer(layer, place)));
  }
  if ((className === 'Functional' || className === 'Model') && isRecord(config)) return graph(config);
  throw invalid(`The layers JSON is of class ${shown(className)}; expected Sequential or Functional, with a config.`);
}

function unwrapped(given: unknown): Settings {
  let json = given;
  if (typeof json === 'string') {
    try {
      json = JSON.parse(json);
    } catch (error) {
      throw invalid(`The layers JSON cannot be read: ${error instanceof Error ? error.message : String(error)}.`, error);
    }
  }
  for (const wrapper of ['modelTopology', 'model_config']) if (isRecord(json) && json[wrapper] !== undefined) json = json[wrapper];
  if (isRecord(json)) return json;
  throw invalid(`The layers JSON was ${shown(json)}; expected an object with class_name and config, or with layers.`);
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0) throw invalid(`The model's layers were ${shown(value)}; expected a list of at least one.`);
  if (value.length > mostLayers) throw invalid(`The model has ${value.length} layers; expected at most ${mostLayers}.`);
  return value;
}

/** Names are keys of objects in TensorFlow.js, and so must be no property that every object has. */
function checkName(name: unknown, where: string): string {
  if (typeof name === 'string' && /^[\w][\w .:/-]{0,99}$/.test(name) && !(name in {})) return name;
  throw invalid(`${where} has the name ${shown(name)}; expected up to 100 letters, digits and underscores.`);
}

function readLayer(value: unknown, place: number): KerasLayer {
  const where = `Layer ${place + 1}`;
  if (!isRecord(value)) throw invalid(`${where} was ${shown(value)}; expected an object with class_name and config.`);
  const { className, config, inner } = classAndConfig(value, where);
  const name = checkName(value['name'] ?? config['name'] ?? `${className.toLowerCase()}_${place + 1}`, where);
  const nodes = value['inbound_nodes'] ?? value['inboundNodes'] ?? [];
  if (!Array.isArray(nodes)) throw invalid(`${where} has inbound_nodes ${shown(nodes)}; expected a list.`);
  return { className, name, config, inner, uses: nodes.map((node) => readUse(node, where)) };
}

function classAndConfig(value: Settings, where: string): LayerClass & Pick<KerasLayer, 'inner'> {
  const className = value['class_name'] ?? value['className'];
  const config = value['config'] ?? {};
  if (typeof className !== 'string' || !isRecord(config)) throw invalid(`${where} was ${shown(value)}; expected a class_name and a config.`);
  const { layer: wrapped, ...own } = withoutTypes(config);
  if (wrapped === undefined) return { className, config: own, inner: null };
  if (!isRecord(wrapped)) throw invalid(`${where} wraps ${shown(wrapped)}; expected a layer.`);
  return { className, config: own, inner: classAndConfig(wrapped, `${where}, within its wrapper,`) };
}

/** Keras 3 writes types as objects, and the shape of an input under another name. TensorFlow.js computes in float32. */
function withoutTypes(config: Settings): Settings {
  const kept = Object.entries(config).filter(([key]) => key !== 'dtype');
  return Object.fromEntries(kept.map(([key, value]) => [key === 'batch_shape' ? 'batch_input_shape' : snakeCase(key), value]));
}

function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** One use of a layer: [["name", node, tensor, {}], …], or what Keras 3 writes, { args: [tensor or tensors], kwargs }. */
function readUse(value: unknown, where: string): NodeReference[] {
  if (isRecord(value) && Array.isArray(value['args'])) {
    const tensors: readonly unknown[] = value['args'].flat();
    return tensors.map((tensor) => {
      const config = isRecord(tensor) ? tensor['config'] : undefined;
      return reference(isRecord(config) ? config['keras_history'] : undefined, where);
    });
  }
  if (!Array.isArray(value)) throw invalid(`${where} has an inbound node ${shown(value)}; expected a list of [layer, node, tensor].`);
  return value.map((one) => reference(one, where));
}

function reference(value: unknown, where: string): NodeReference {
  const [layer, node, tensor]: readonly unknown[] = Array.isArray(value) ? value : [];
  if (typeof layer === 'string' && typeof node === 'number' && Number.isInteger(node) && node >= 0 && tensor === 0) return { layer, node };
  throw invalid(`${where} refers to ${shown(value)}; expected [layer, node, 0].`);
}

/** The only one of input_layers or output_layers; Keras 3 leaves out the outer list. */
function only(value: unknown, what: string): NodeReference {
  const list: readonly unknown[] = Array.isArray(value) ? (typeof value[0] === 'string' ? [value] : value) : [];
  if (list.length !== 1) throw invalid(`The model has ${list.length} ${what}; expected one.`);
  return reference(list[0], `The list of ${what}`);
}

function graph(config: Settings): KerasModel {
  const layers = distinct(listOf(config['layers']).map((layer, place) => readLayer(layer, place)));
  return { layers, input: only(config['input_layers'] ?? config['inputLayers'], 'inputs'), output: only(config['output_layers'] ?? config['outputLayers'], 'outputs') };
}

function distinct(layers: readonly KerasLayer[]): readonly KerasLayer[] {
  const names = new Set<string>();
  for (const { name } of layers) {
    if (names.has(name)) throw invalid(`Two layers have the name ${shown(name)}; expected different ones.`);
    names.add(name);
  }
  return layers;
}

/** A chain as a graph: what stands first is the input, which is added where it is left out. */
function chain(given: readonly KerasLayer[]): KerasModel {
  const [first] = given;
  const shape = first?.config['batch_input_shape'] ?? batchOf(first?.config['input_shape']);
  const input: KerasLayer = { className: 'InputLayer', name: 'corrente_input', config: shape === undefined ? {} : { batch_input_shape: shape }, inner: null, uses: [] };
  const listed = first?.className === 'InputLayer' ? given : [input, ...given];
  if (listed.length < 2) throw invalid('The model has an input alone; expected a layer after it.');
  const nodes = listed.map(({ name }): NodeReference => ({ layer: name, node: 0 }));
  const layers = distinct(listed.map(({ className, name, config, inner }, place) => ({ className, name, config, inner, uses: place === 0 ? [] : [nodes.slice(place - 1, place)] })));
  return { layers, input: nodes[0] ?? { layer: '', node: 0 }, output: nodes.at(-1) ?? { layer: '', node: 0 } };
}

function batchOf(shape: unknown): readonly unknown[] | undefined {
  return Array.isArray(shape) ? [null, ...shape] : undefined;
}

function shortLayers(layers: unknown): KerasLayer[] {
  return listOf(layers).map((layer, place) => {
    const { className, config, inner } = shortLayer(layer, `Layer ${place + 1}`);
    return { className, name: checkName(config['name'] ?? `${className.toLowerCase()}_${place + 1}`, `Layer ${place + 1}`), config, inner, uses: [] };
  });
}

function shortLayer(value: unknown, where: string): LayerClass & Pick<KerasLayer, 'inner'> {
  const type = isRecord(value) ? value['type'] : undefined;
  if (!isRecord(value) || typeof type !== 'string') throw invalid(`${where} was ${shown(value)}; expected an object with a type, such as { "type": "dense", "units": 24 }.`);
  const wrapped = value['layer'];
  const settings = Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'type' && key !== 'layer'));
  return { className: type, config: withoutTypes(settings), inner: wrapped === undefined ? null : shortLayer(wrapped, `${where}, within its wrapper,`) };
}
