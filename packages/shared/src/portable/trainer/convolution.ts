/** A causal convolution with dilation: y[t] = b + Σₖ x[t - (kernel - 1 - k) dilation] W[k], zeros before the first step. */
import { addColumnSums, addOuterProducts, addProduct, addProductTransposed, fillRows } from './product.ts';
import type { Reals } from './reals.ts';

export interface Convolution {
  readonly steps: number;
  readonly inputs: number;
  readonly filters: number;
  readonly kernel: number;
  readonly dilation: number;
  /** Where W [kernel × inputs × filters] and b [filters] begin. */
  readonly weights: number;
  readonly bias: number;
}

/** Calls `tap(lag, weights)` for each k that reaches the sample at all. */
function eachTap({ steps, inputs, filters, kernel, dilation, weights }: Convolution, tap: (lag: number, weights: number) => void): void {
  for (let k = 0; k < kernel; k++) {
    const lag = (kernel - 1 - k) * dilation;
    if (lag < steps) tap(lag, weights + k * inputs * filters);
  }
}

/** `y` [samples × steps × filters] becomes the convolution of `x` [samples × steps × inputs]. */
export function convolve(convolution: Convolution, parameters: Reals, x: Reals, y: Reals, samples: number): void {
  const { steps, inputs, filters, bias } = convolution;
  fillRows(samples * steps, filters, parameters, bias, { values: y, from: 0, stride: filters });
  eachTap(convolution, (lag, weights) => {
    for (let s = 0; s < samples; s++) {
      addProduct(steps - lag, inputs, filters, { values: x, from: s * steps * inputs, stride: inputs }, { values: parameters, from: weights, stride: filters }, { values: y, from: (s * steps + lag) * filters, stride: filters });
    }
  });
}

/** Adds to the gradients of W and b, and to `dx` where it is given. */
export function convolveBack(convolution: Convolution, parameters: Reals, gradients: Reals, x: Reals, dy: Reals, dx: Reals | null, samples: number): void {
  const { steps, inputs, filters, bias } = convolution;
  addColumnSums(samples * steps, filters, { values: dy, from: 0, stride: filters }, gradients, bias);
  eachTap(convolution, (lag, weights) => {
    for (let s = 0; s < samples; s++) {
      const from = { values: x, from: s * steps * inputs, stride: inputs };
      const to = { values: dy, from: (s * steps + lag) * filters, stride: filters };
      addOuterProducts(steps - lag, inputs, filters, from, to, { values: gradients, from: weights, stride: filters });
      if (dx !== null) addProductTransposed(steps - lag, filters, inputs, to, { values: parameters, from: weights, stride: filters }, { ...from, values: dx });
    }
  });
}
