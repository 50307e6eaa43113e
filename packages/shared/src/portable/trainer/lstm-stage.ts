/**
 * lstm: long short-term memory with a forget gate (Hochreiter and Schmidhuber 1997; Gers, Schmidhuber and Cummins 2000),
 *
 *   [i f g o] = [σ σ tanh σ](x W + h U + b),   c' = f c + i g,   h' = o tanh(c').
 */
import { sigmoid } from './dense-stage.ts';
import { addColumnSums, addOuterProducts, addProduct, addProductTransposed, fillRows } from './product.ts';
import { blockStart, type Place, type Stage } from './stage.ts';

export function lstmStage(sequences: boolean, place: Place): Stage {
  const { before, after, samples: most, parameters, gradients, allocate } = place;
  const { steps, features } = before;
  const units = after.features;
  const wide = 4 * units;
  const [kernel, recurrent, bias] = [blockStart(place, 'kernel'), blockStart(place, 'recurrent'), blockStart(place, 'bias')];
  const weights = { values: parameters, from: kernel, stride: wide };
  const recurrentWeights = { values: parameters, from: recurrent, stride: wide };
  // Of every step of every sample: the gates (on the way back, the gradients before them), c, tanh(c) and h.
  const gates = allocate(most * steps * wide);
  const cells = allocate(most * steps * units);
  const squashed = allocate(most * steps * units);
  const states = allocate(most * steps * units);
  const last = allocate(sequences ? 0 : most * units);
  const inputGradient = allocate(place.wantsInputGradient ? most * steps * features : 0);
  const stateGradient = allocate(most * units);
  const cellGradient = allocate(most * units);
  let given = gates;

  /** The gates of one step, and what follows from them. */
  const step = (t: number, samples: number): void => {
    for (let s = 0; s < samples; s++) {
      const g = (s * steps + t) * wide;
      const h = (s * steps + t) * units;
      for (let u = 0; u < units; u++) {
        const input = sigmoid(gates[g + u]!);
        const forget = sigmoid(gates[g + units + u]!);
        const candidate = Math.tanh(gates[g + 2 * units + u]!);
        const output = sigmoid(gates[g + 3 * units + u]!);
        const cell = input * candidate + (t === 0 ? 0 : forget * cells[h - units + u]!);
        const tanh = Math.tanh(cell);
        gates[g + u] = input;
        gates[g + units + u] = forget;
        gates[g + 2 * units + u] = candidate;
        gates[g + 3 * units + u] = output;
        cells[h + u] = cell;
        squashed[h + u] = tanh;
        states[h + u] = output * tanh;
      }
    }
  };

  /** From the gradients of h and c after the step to those of the gates' arguments, and of c before it. */
  const stepBack = (t: number, samples: number): void => {
    for (let s = 0; s < samples; s++) {
      const g = (s * steps + t) * wide;
      const h = (s * steps + t) * units;
      for (let u = 0; u < units; u++) {
        const input = gates[g + u]!;
        const forget = gates[g + units + u]!;
        const candidate = gates[g + 2 * units + u]!;
        const output = gates[g + 3 * units + u]!;
        const tanh = squashed[h + u]!;
        const dh = stateGradient[s * units + u]!;
        const dc = cellGradient[s * units + u]! + dh * output * (1 - tanh * tanh);
        const cellBefore = t === 0 ? 0 : cells[h - units + u]!;
        gates[g + u] = dc * candidate * input * (1 - input);
        gates[g + units + u] = dc * cellBefore * forget * (1 - forget);
        gates[g + 2 * units + u] = dc * input * (1 - candidate * candidate);
        gates[g + 3 * units + u] = dh * tanh * output * (1 - output);
        cellGradient[s * units + u] = dc * forget;
      }
    }
  };

  return {
    forward(input, samples) {
      given = input;
      const all = { values: gates, from: 0, stride: wide };
      fillRows(samples * steps, wide, parameters, bias, all);
      addProduct(samples * steps, features, wide, { values: input, from: 0, stride: features }, weights, all);
      for (let t = 0; t < steps; t++) {
        const gatesOf = { values: gates, from: t * wide, stride: steps * wide };
        if (t > 0) addProduct(samples, units, wide, { values: states, from: (t - 1) * units, stride: steps * units }, recurrentWeights, gatesOf);
        step(t, samples);
      }
      if (sequences) return states;
      for (let s = 0; s < samples; s++) for (let u = 0; u < units; u++) last[s * units + u] = states[(s * steps + steps - 1) * units + u]!;
      return last;
    },
    backward(gradient, samples) {
      stateGradient.fill(0);
      cellGradient.fill(0);
      for (let t = steps - 1; t >= 0; t--) {
        if (sequences || t === steps - 1) {
          const [from, stride] = sequences ? [t * units, steps * units] : [0, units];
          for (let s = 0; s < samples; s++) for (let u = 0; u < units; u++) stateGradient[s * units + u] = stateGradient[s * units + u]! + gradient[from + s * stride + u]!;
        }
        stepBack(t, samples);
        stateGradient.fill(0);
        if (t > 0) addProductTransposed(samples, wide, units, { values: gates, from: t * wide, stride: steps * wide }, recurrentWeights, { values: stateGradient, from: 0, stride: units });
      }
      const dz = { values: gates, from: 0, stride: wide };
      addOuterProducts(samples * steps, features, wide, { values: given, from: 0, stride: features }, dz, { values: gradients, from: kernel, stride: wide });
      addColumnSums(samples * steps, wide, dz, gradients, bias);
      // The state before a step is that of the step before.
      for (let s = 0; s < samples; s++) {
        const first = s * steps;
        addOuterProducts(steps - 1, units, wide, { values: states, from: first * units, stride: units }, { values: gates, from: (first + 1) * wide, stride: wide }, { values: gradients, from: recurrent, stride: wide });
      }
      if (place.wantsInputGradient) {
        inputGradient.fill(0, 0, samples * steps * features);
        addProductTransposed(samples * steps, wide, features, dz, weights, { values: inputGradient, from: 0, stride: features });
      }
      return inputGradient;
    },
  };
}
