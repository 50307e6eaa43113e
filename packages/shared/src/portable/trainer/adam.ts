/** Adam: Kingma and Ba, "Adam: a method for stochastic optimization" (2015), with β₁ 0.9, β₂ 0.999 and ε 1e-8. */
import { newReals, type Reals } from './reals.ts';

const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-8;

/** What a gradient is multiplied by so that its Euclidean norm is at most `clipNorm`; 1 where that is 0. */
function clipFactor(gradients: Reals, clipNorm: number): number {
  if (clipNorm === 0) return 1;
  let squares = 0;
  for (let i = 0; i < gradients.length; i++) squares += gradients[i]! * gradients[i]!;
  const norm = Math.sqrt(squares);
  return norm > clipNorm ? clipNorm / norm : 1;
}

export class Adam {
  readonly #parameters: Reals;
  readonly #first: Reals;
  readonly #second: Reals;
  #steps = 0;

  constructor(parameters: Reals, single: boolean) {
    this.#parameters = parameters;
    this.#first = newReals(parameters.length, single);
    this.#second = newReals(parameters.length, single);
  }

  step(gradients: Reals, learningRate: number, clipNorm: number): void {
    this.#steps++;
    const factor = clipFactor(gradients, clipNorm);
    const [parameters, first, second] = [this.#parameters, this.#first, this.#second];
    const firstCorrection = 1 / (1 - beta1 ** this.#steps);
    const secondCorrection = 1 / (1 - beta2 ** this.#steps);
    for (let i = 0; i < parameters.length; i++) {
      const g = factor * gradients[i]!;
      const m = beta1 * first[i]! + (1 - beta1) * g;
      const v = beta2 * second[i]! + (1 - beta2) * g * g;
      first[i] = m;
      second[i] = v;
      parameters[i] = parameters[i]! - (learningRate * (m * firstCorrection)) / (Math.sqrt(v * secondCorrection) + epsilon);
    }
  }

  /** Parameters, first and second moments, steps: [3 count + 1]. */
  state(single: boolean): Reals {
    const count = this.#parameters.length;
    const state = newReals(3 * count + 1, single);
    for (const [at, part] of [this.#parameters, this.#first, this.#second].entries()) state.set(part, at * count);
    state[3 * count] = this.#steps;
    return state;
  }

  restore(state: Reals): void {
    const count = this.#parameters.length;
    for (const [at, part] of [this.#parameters, this.#first, this.#second].entries()) part.set(state.subarray(at * count, (at + 1) * count));
    this.#steps = state[3 * count]!;
  }
}
