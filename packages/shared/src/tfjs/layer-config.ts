/** The settings of one layer of a layers JSON, read with errors that name the layer. */
import { CorrenteError } from '../contract/errors.ts';

/** Lengths of the axes of one sample: the axis of the batch is left out. */
export type Shape = readonly number[];

export function sizeOf(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1);
}

export function shapeText(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value of the JSON as an error shows it. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** The largest number of anything that a layer may ask for: beyond it, figures of memory mean nothing. */
const largest = 2 ** 31 - 1;

/** Activations by the names that TensorFlow.js has, in either spelling. */
const activations = new Set(['elu', 'selu', 'relu', 'relu6', 'linear', 'sigmoid', 'hard_sigmoid', 'hardSigmoid', 'softplus', 'softsign', 'tanh', 'softmax', 'log_softmax', 'logSoftmax', 'gelu', 'mish', 'swish']);

export class LayerConfig {
  /** How an error names the layer: `Layer 2 (LSTM "memory")`. */
  readonly where: string;
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(where: string, values: Readonly<Record<string, unknown>>) {
    this.where = where;
    this.#values = values;
  }

  /** Throws `model-invalid`: `detail` goes on after the layer's name. */
  fail(detail: string): never {
    throw new CorrenteError('model-invalid', `${this.where} ${detail}`);
  }

  has(key: string): boolean {
    return this.#values[key] !== undefined && this.#values[key] !== null;
  }

  value(key: string): unknown {
    return this.#values[key];
  }

  whole(key: string, fallback?: number, least = 1): number {
    const value = this.has(key) ? this.#values[key] : fallback;
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= largest) return value;
    return this.fail(`has ${key} ${shown(value)}; expected a whole number from ${least} to ${largest}.`);
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.has(key) ? this.#values[key] : fallback;
    return typeof value === 'boolean' ? value : this.fail(`has ${key} ${shown(value)}; expected true or false.`);
  }

  choice<const C extends string>(key: string, choices: readonly C[], fallback: C): C {
    const value = this.has(key) ? this.#values[key] : fallback;
    return choices.find((choice) => choice === value) ?? this.fail(`has ${key} ${shown(value)}; expected ${choices.join(' or ')}.`);
  }

  /** A share in [0, 1), such as that of dropout. */
  share(key: string): number {
    const value = this.has(key) ? this.#values[key] : 0;
    return typeof value === 'number' && value >= 0 && value < 1 ? value : this.fail(`has ${key} ${shown(value)}; expected a number of at least 0 and below 1.`);
  }

  /** So many whole numbers; one number stands for all of them. */
  wholes(key: string, count: number, fallback?: number, least = 1): number[] {
    const value = this.has(key) ? this.#values[key] : fallback;
    const list: readonly unknown[] = Array.isArray(value) ? value : Array.from({ length: count }, () => value);
    const read = list.flatMap((one) => (typeof one === 'number' && Number.isInteger(one) && one >= least && one <= largest ? [one] : []));
    return read.length === count && list.length === count ? read : this.fail(`has ${key} ${shown(value)}; expected ${count === 1 ? 'a whole number' : `${count} whole numbers`} of at least ${least}.`);
  }

  /** A list of whole numbers of any length, such as the shape that Reshape makes. */
  list(key: string, least: number): number[] {
    const value = this.#values[key];
    const list: readonly unknown[] = Array.isArray(value) ? value : [];
    const read = list.flatMap((one) => (typeof one === 'number' && Number.isInteger(one) && one >= least && one <= largest ? [one] : []));
    return list.length > 0 && read.length === list.length ? read : this.fail(`has ${key} ${shown(value)}; expected a list of whole numbers of at least ${least}.`);
  }

  /** Throws where an activation is none that TensorFlow.js has. */
  checkActivation(key: string): void {
    const value = this.#values[key];
    if (value === undefined || value === null || (typeof value === 'string' && activations.has(value))) return;
    this.fail(`has ${key} ${shown(value)}; expected one of ${[...activations].filter((name) => name === name.toLowerCase()).join(', ')}.`);
  }
}
