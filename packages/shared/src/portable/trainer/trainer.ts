/**
 * Training on one thread, plain TypeScript over typed arrays: the engines' `TrainerSession`, wherever JavaScript runs.
 * A batch is taken in slabs of samples, whose arrays stay in the processor's cache; gradients add up over them.
 */
import { CorrenteError } from '../../contract/errors.ts';
import { Pace, type PaceOptions } from '../pace.ts';
import type { RandomStream } from '../random.ts';
import { Adam } from './adam.ts';
import { Chain, valuesPerSample } from './chain.ts';
import { checkOrigins, checkTrainer } from './check.ts';
import type { DropoutDraw } from './dropout-mask.ts';
import type { LayeredModel } from './layers.ts';
import { lossOf, slopeOf, type TrainingLoss } from './loss.ts';
import { newReals, type Reals } from './reals.ts';
import { WindowReader, type Slab, type TrainingWindows } from './windows.ts';

/** Values in a slab, about, and the most samples in one. */
const slabValues = 2 ** 16;
const mostSamples = 32;

export interface EpochRequest {
  /** Origins in the order in which they are taken. */
  readonly origins: Int32Array;
  /** Origins of one step of the optimiser, each with all its groups; the last batch may be smaller. */
  readonly batchSize: number;
  readonly learningRate: number;
  /** The gradient is scaled down to this Euclidean norm where it is longer; 0: never. */
  readonly clipNorm: number;
  /** What dropout draws from; batch b of the epoch takes draw b. */
  readonly stream: RandomStream;
}

export class PortableTrainer {
  readonly parameterCount: number;
  readonly #windows: TrainingWindows;
  readonly #steps: number;
  readonly #loss: TrainingLoss;
  readonly #single: boolean;
  readonly #parameters: Reals;
  readonly #adam: Adam;
  readonly #chain: Chain;
  readonly #reader: WindowReader;
  readonly #slabSamples: number;
  readonly #inputs: Reals;
  readonly #slopes: Reals;
  /** Values that one sample foretells. */
  readonly #foretold: number;
  /** Ends when the operation asked for last does: they share the arrays, and so take turns. */
  #turn: Promise<unknown> = Promise.resolve();

  /** `single`: all arrays are of float32. Throws `internal` where the shapes do not fit each other. */
  constructor(windows: TrainingWindows, model: LayeredModel, loss: TrainingLoss, parameters: Float64Array, single: boolean) {
    checkTrainer(windows, model, parameters);
    this.parameterCount = parameters.length;
    this.#windows = windows;
    this.#steps = model.steps;
    this.#loss = loss;
    this.#single = single;
    this.#foretold = (windows.groups[0]?.targets.length ?? 0) * windows.horizon;
    this.#slabSamples = Math.max(1, Math.min(mostSamples, Math.floor(slabValues / valuesPerSample(model))));
    try {
      this.#parameters = newReals(parameters.length, single);
      this.#parameters.set(parameters);
      this.#adam = new Adam(this.#parameters, single);
      this.#chain = new Chain(model, this.#parameters, this.#slabSamples, single);
      this.#inputs = newReals(this.#slabSamples * model.steps * model.features, single);
      this.#slopes = newReals(this.#slabSamples * this.#foretold, single);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new CorrenteError('memory-exceeded', `training: a model of ${parameters.length} parameters and ${valuesPerSample(model)} values a sample does not fit into memory.`, { cause: error });
    }
    this.#reader = new WindowReader(windows, model.steps, model.anchored);
  }

  parameters(): Reals {
    return this.#parameters.slice();
  }

  setParameters(values: Reals): void {
    this.#checkCount('parameters', values.length, this.parameterCount);
    this.#parameters.set(values);
  }

  state(): Reals {
    return this.#adam.state(this.#single);
  }

  restore(state: Reals): void {
    this.#checkCount('values of state', state.length, 3 * this.parameterCount + 1);
    this.#adam.restore(state);
  }

  /** The mean loss; NaN, with the steps so far taken, from the batch on whose loss is not finite. */
  epoch({ origins, batchSize, learningRate, clipNorm, stream }: EpochRequest, options: PaceOptions): Promise<number> {
    return this.#inTurn(async () => {
      if (!Number.isInteger(batchSize) || batchSize < 1) throw new CorrenteError('internal', `training: batchSize is ${batchSize}, expected a whole number of at least 1.`);
      this.#check(origins, this.#windows.horizon);
      const pace = this.#pace(origins, options);
      await pace.start();
      let sum = 0;
      for (let from = 0, batch = 0; from < origins.length; from += batchSize, batch++) {
        const some = origins.subarray(from, Math.min(origins.length, from + batchSize));
        const loss = await this.#gradients(some, { stream, batch }, pace);
        if (!Number.isFinite(loss)) return Number.NaN;
        this.#adam.step(this.#chain.gradients, learningRate, clipNorm);
        sum += loss * some.length;
      }
      return sum / origins.length;
    });
  }

  /** Sums over the origins, each [groups × targets × horizon]. */
  errors(origins: Int32Array, options: PaceOptions): Promise<{ squared: Float64Array<ArrayBuffer>; absolute: Float64Array<ArrayBuffer> }> {
    return this.#inTurn(async () => {
      this.#check(origins, this.#windows.horizon);
      const size = this.#windows.groups.length * this.#foretold;
      const [squared, absolute] = [new Float64Array(size), new Float64Array(size)];
      await this.#forward(origins, this.#pace(origins, options), (slab, outputs) => {
        const first = slab.from * this.#foretold;
        this.#reader.compare(slab, outputs, (place, difference) => {
          const to = (first + place) % size;
          squared[to] = squared[to]! + difference * difference;
          absolute[to] = absolute[to]! + Math.abs(difference);
        });
      });
      return { squared, absolute };
    });
  }

  /** [origins × groups × targets × horizon] */
  forecast(origins: Int32Array, options: PaceOptions): Promise<Reals> {
    return this.#inTurn(async () => {
      this.#check(origins, 0);
      const out = newReals(origins.length * this.#windows.groups.length * this.#foretold, this.#single);
      await this.#forward(origins, this.#pace(origins, options), (slab, outputs) => {
        this.#reader.putBack(slab, outputs);
        out.set(outputs.subarray(0, slab.samples * this.#foretold), slab.from * this.#foretold);
      });
      return out;
    });
  }

  /** The mean loss over the origins as one batch, and its gradient [count]. */
  gradient(origins: Int32Array, options: PaceOptions): Promise<{ loss: number; gradient: Reals }> {
    return this.#inTurn(async () => {
      this.#check(origins, this.#windows.horizon);
      const pace = this.#pace(origins, options);
      await pace.start();
      const loss = await this.#gradients(origins, null, pace);
      return { loss, gradient: this.#chain.gradients.slice() };
    });
  }

  async #forward(origins: Int32Array, pace: Pace, take: (slab: Slab, outputs: Reals) => void): Promise<void> {
    await pace.start();
    for (const slab of this.#slabs(origins)) {
      this.#reader.gather(slab, this.#inputs);
      take(slab, this.#chain.forward(this.#inputs, slab.samples, null));
      pace.count(slab.samples);
      if (pace.due) await pace.turn();
    }
  }

  /** The mean loss of a batch, its gradient being left in the chain. */
  async #gradients(origins: Int32Array, dropout: Omit<DropoutDraw, 'firstSample'> | null, pace: Pace): Promise<number> {
    this.#chain.gradients.fill(0);
    const values = origins.length * this.#windows.groups.length * this.#foretold;
    const slopes = this.#slopes;
    let sum = 0;
    for (const slab of this.#slabs(origins)) {
      this.#reader.gather(slab, this.#inputs);
      const outputs = this.#chain.forward(this.#inputs, slab.samples, dropout === null ? null : { ...dropout, firstSample: slab.from });
      this.#reader.compare(slab, outputs, (place, difference) => {
        sum += lossOf(this.#loss, difference);
        slopes[place] = slopeOf(this.#loss, difference) / values;
      });
      this.#chain.backward(slopes, slab.samples);
      pace.count(slab.samples);
      if (pace.due) await pace.turn();
    }
    return sum / values;
  }

  *#slabs(origins: Int32Array): Generator<Slab, void> {
    const samples = origins.length * this.#windows.groups.length;
    for (let from = 0; from < samples; from += this.#slabSamples) yield { origins, from, samples: Math.min(this.#slabSamples, samples - from) };
  }

  #check(origins: Int32Array, ahead: number): void {
    checkOrigins(origins, this.#steps, ahead, this.#windows.columns.length);
  }

  #checkCount(what: string, came: number, expected: number): void {
    if (came !== expected) throw new CorrenteError('internal', `training: ${came} ${what} came, expected ${expected}.`);
  }

  #pace(origins: Int32Array, options: PaceOptions): Pace {
    return new Pace('training', origins.length * this.#windows.groups.length, options);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    // The next one begins also where this one failed; who asked for it is told.
    this.#turn = result.catch(() => {});
    return result;
  }
}
