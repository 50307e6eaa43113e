/** dense: act(x W + b) at each step. */
import type { Activation } from './layers.ts';
import { addColumnSums, addOuterProducts, addProduct, addProductTransposed, fillRows } from './product.ts';
import type { Reals } from './reals.ts';
import { blockStart, type Place, type Stage } from './stage.ts';

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

function activate(values: Reals, count: number, activation: Activation): void {
  if (activation === 'relu') for (let i = 0; i < count; i++) values[i] = Math.max(0, values[i]!);
  if (activation === 'tanh') for (let i = 0; i < count; i++) values[i] = Math.tanh(values[i]!);
  if (activation === 'sigmoid') for (let i = 0; i < count; i++) values[i] = sigmoid(values[i]!);
}

/** Multiplies gradients of y = act(z) by dy/dz, which follows from y itself. */
function throughActivation(gradient: Reals, y: Reals, count: number, activation: Activation): void {
  if (activation === 'relu') for (let i = 0; i < count; i++) if (!(y[i]! > 0)) gradient[i] = 0;
  if (activation === 'tanh') for (let i = 0; i < count; i++) gradient[i] = gradient[i]! * (1 - y[i]! * y[i]!);
  if (activation === 'sigmoid') for (let i = 0; i < count; i++) gradient[i] = gradient[i]! * y[i]! * (1 - y[i]!);
}

export function denseStage(activation: Activation, place: Place): Stage {
  const { before, after, parameters, gradients } = place;
  const [inputs, units] = [before.features, after.features];
  const [kernel, bias] = [blockStart(place, 'kernel'), blockStart(place, 'bias')];
  const out = place.allocate(place.samples * before.steps * units);
  const inputGradient = place.allocate(place.wantsInputGradient ? place.samples * before.steps * inputs : 0);
  const weights = { values: parameters, from: kernel, stride: units };
  let given = out;
  return {
    forward(input, samples) {
      given = input;
      const rows = samples * before.steps;
      const y = { values: out, from: 0, stride: units };
      fillRows(rows, units, parameters, bias, y);
      addProduct(rows, inputs, units, { values: input, from: 0, stride: inputs }, weights, y);
      activate(out, rows * units, activation);
      return out;
    },
    backward(gradient, samples) {
      const rows = samples * before.steps;
      throughActivation(gradient, out, rows * units, activation);
      const dz = { values: gradient, from: 0, stride: units };
      addOuterProducts(rows, inputs, units, { values: given, from: 0, stride: inputs }, dz, { values: gradients, from: kernel, stride: units });
      addColumnSums(rows, units, dz, gradients, bias);
      if (place.wantsInputGradient) {
        inputGradient.fill(0, 0, rows * inputs);
        addProductTransposed(rows, units, inputs, dz, weights, { values: inputGradient, from: 0, stride: inputs });
      }
      return inputGradient;
    },
  };
}
