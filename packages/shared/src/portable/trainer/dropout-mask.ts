/**
 * Which values dropout drops: value i of dropout number l of the model, in batch b, where word i of draw b of the stream
 * [seed, a, b, c ^ l] is below rate · 2³². Values are counted over the batch, [samples × steps × features]; a tcn has two
 * dropouts, every other layer at most one. So masks depend on neither the engine nor how a batch is cut.
 */
import { philoxInto, type RandomStream } from '../random.ts';
import type { Reals } from './reals.ts';

export interface DropoutDraw {
  readonly stream: RandomStream;
  /** The batch's number within its epoch. */
  readonly batch: number;
  /** Of the slab's first sample within the batch. */
  readonly firstSample: number;
}

/** A dropout of the model. It keeps what it multiplied values by, for the way back. */
export class DropoutMask {
  readonly #number: number;
  readonly #rate: number;
  readonly #size: number;
  readonly #factors: Reals;
  readonly #words = new Uint32Array(4);
  #drawn = false;

  /** `size`: values of one sample. `factors`: of a slab. */
  constructor(number: number, rate: number, size: number, factors: Reals) {
    this.#number = number;
    this.#rate = rate;
    this.#size = size;
    this.#factors = factors;
  }

  /** Draws the mask of a slab, and multiplies its values by it. Without a draw, values stay as they are. */
  apply(values: Reals, samples: number, draw: DropoutDraw | null): void {
    this.#drawn = draw !== null && this.#rate > 0;
    if (draw === null || !this.#drawn) return;
    this.#draw(samples * this.#size, draw);
    this.multiply(values, samples);
  }

  /** Multiplies values, or their gradients, by the mask that was drawn last. */
  multiply(values: Reals, samples: number): void {
    if (!this.#drawn) return;
    const factors = this.#factors;
    for (let i = 0; i < samples * this.#size; i++) values[i] = values[i]! * factors[i]!;
  }

  #draw(count: number, { stream, batch, firstSample }: DropoutDraw): void {
    const [seed, a, b, c] = stream;
    const key = (c ^ this.#number) >>> 0;
    const threshold = this.#rate * 2 ** 32;
    const kept = 1 / (1 - this.#rate);
    const first = firstSample * this.#size;
    const words = this.#words;
    for (let i = 0; i < count; i++) {
      const place = first + i;
      if (i === 0 || place % 4 === 0) philoxInto(words, Math.floor(place / 4), batch, a, b, seed, key);
      this.#factors[i] = words[place % 4]! < threshold ? 0 : kept;
    }
  }
}
