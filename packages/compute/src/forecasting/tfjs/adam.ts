/** Adam over flat lists, for models whose gradients come from TensorFlow.js. */

const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-8;

/**
 * Kingma and Ba, "Adam: a method for stochastic optimization" (2015), algorithm 1; moments in float32, as the weights
 * are. TensorFlow.js's own optimiser gives no way to read and restore its moments with the model's.
 */
export class Adam {
  readonly first: Float32Array<ArrayBuffer>;
  readonly second: Float32Array<ArrayBuffer>;
  /** Steps so far. */
  steps = 0;

  constructor(count: number) {
    this.first = new Float32Array(count);
    this.second = new Float32Array(count);
  }

  /** Moves `parameters` by one step against `gradient`. */
  step(parameters: Float32Array, gradient: Float32Array, learningRate: number): void {
    this.steps += 1;
    const { first, second } = this;
    const correction1 = 1 - beta1 ** this.steps;
    const correction2 = 1 - beta2 ** this.steps;
    for (let i = 0; i < parameters.length; i++) {
      const g = gradient[i]!;
      const m = (first[i] = beta1 * first[i]! + (1 - beta1) * g);
      const v = (second[i] = beta2 * second[i]! + (1 - beta2) * g * g);
      parameters[i]! -= (learningRate * (m / correction1)) / (Math.sqrt(v / correction2) + epsilon);
    }
  }
}

/** Scales a gradient down to a Euclidean norm, where it is longer; 0 leaves every gradient as it is. */
export function clipToNorm(gradient: Float32Array, norm: number): void {
  if (norm === 0) return;
  const length = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0));
  if (length <= norm) return;
  for (let i = 0; i < gradient.length; i++) gradient[i]! *= norm / length;
}
