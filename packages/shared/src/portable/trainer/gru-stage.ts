/**
 * gru: the gated recurrent unit (Cho et al. 2014), r being applied to the state before its product,
 *
 *   [z r] = σ(x W + h U + b),   g = tanh(x W + (r h) U + b),   h' = z h + (1 - z) g,
 *
 * with the columns of W, U and b for z, r and g beside each other.
 */
import { sigmoid } from './dense-stage.ts';
import { addColumnSums, addOuterProducts, addProduct, addProductTransposed, fillRows } from './product.ts';
import { blockStart, type Place, type Stage } from './stage.ts';

export function gruStage(sequences: boolean, place: Place): Stage {
  const { before, after, samples: most, parameters, gradients, allocate } = place;
  const { steps, features } = before;
  const units = after.features;
  const wide = 3 * units;
  const [kernel, recurrent, bias] = [blockStart(place, 'kernel'), blockStart(place, 'recurrent'), blockStart(place, 'bias')];
  const weights = { values: parameters, from: kernel, stride: wide };
  const gateWeights = { values: parameters, from: recurrent, stride: wide };
  const candidateWeights = { values: parameters, from: recurrent + 2 * units, stride: wide };
  // Of every step of every sample: z, r and g (on the way back, the gradients before them), r h, and h.
  const gates = allocate(most * steps * wide);
  const resets = allocate(most * steps * units);
  const states = allocate(most * steps * units);
  const last = allocate(sequences ? 0 : most * units);
  const inputGradient = allocate(place.wantsInputGradient ? most * steps * features : 0);
  const stateGradient = allocate(most * units);
  const resetGradient = allocate(most * units);
  let given = gates;
  const stateBefore = (t: number, h: number): number => (t === 0 ? 0 : states[h - units]!);

  const openGates = (t: number, samples: number): void => {
    for (let s = 0; s < samples; s++) {
      const g = (s * steps + t) * wide;
      const h = (s * steps + t) * units;
      for (let u = 0; u < 2 * units; u++) gates[g + u] = sigmoid(gates[g + u]!);
      for (let u = 0; u < units; u++) resets[h + u] = gates[g + units + u]! * stateBefore(t, h + u);
    }
  };

  const mix = (t: number, samples: number): void => {
    for (let s = 0; s < samples; s++) {
      const g = (s * steps + t) * wide;
      const h = (s * steps + t) * units;
      for (let u = 0; u < units; u++) {
        const update = gates[g + u]!;
        const candidate = Math.tanh(gates[g + 2 * units + u]!);
        gates[g + 2 * units + u] = candidate;
        states[h + u] = update * stateBefore(t, h + u) + (1 - update) * candidate;
      }
    }
  };

  /** From the gradient of h' to those of the arguments of z and g, and what of it goes straight to h. */
  const unmix = (t: number, samples: number): void => {
    for (let s = 0; s < samples; s++) {
      const g = (s * steps + t) * wide;
      const h = (s * steps + t) * units;
      for (let u = 0; u < units; u++) {
        const update = gates[g + u]!;
        const candidate = gates[g + 2 * units + u]!;
        const dh = stateGradient[s * units + u]!;
        gates[g + u] = dh * (stateBefore(t, h + u) - candidate) * update * (1 - update);
        gates[g + 2 * units + u] = dh * (1 - update) * (1 - candidate * candidate);
        stateGradient[s * units + u] = dh * update;
      }
    }
  };

  /** From the gradient of r h to that of r's argument, and what of it goes to h. */
  const unreset = (t: number, samples: number): void => {
    for (let s = 0; s < samples; s++) {
      const g = (s * steps + t) * wide + units;
      const h = (s * steps + t) * units;
      for (let u = 0; u < units; u++) {
        const reset = gates[g + u]!;
        const d = resetGradient[s * units + u]!;
        stateGradient[s * units + u] = stateGradient[s * units + u]! + d * reset;
        gates[g + u] = d * stateBefore(t, h + u) * reset * (1 - reset);
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
        if (t > 0) addProduct(samples, units, 2 * units, { values: states, from: (t - 1) * units, stride: steps * units }, gateWeights, gatesOf);
        openGates(t, samples);
        if (t > 0) addProduct(samples, units, units, { values: resets, from: t * units, stride: steps * units }, candidateWeights, { ...gatesOf, from: gatesOf.from + 2 * units });
        mix(t, samples);
      }
      if (sequences) return states;
      for (let s = 0; s < samples; s++) for (let u = 0; u < units; u++) last[s * units + u] = states[(s * steps + steps - 1) * units + u]!;
      return last;
    },
    backward(gradient, samples) {
      const carried = { values: stateGradient, from: 0, stride: units };
      stateGradient.fill(0);
      for (let t = steps - 1; t >= 0; t--) {
        if (sequences || t === steps - 1) {
          const [from, stride] = sequences ? [t * units, steps * units] : [0, units];
          for (let s = 0; s < samples; s++) for (let u = 0; u < units; u++) stateGradient[s * units + u] = stateGradient[s * units + u]! + gradient[from + s * stride + u]!;
        }
        unmix(t, samples);
        const dz = { values: gates, from: t * wide, stride: steps * wide };
        resetGradient.fill(0);
        addProductTransposed(samples, units, units, { ...dz, from: dz.from + 2 * units }, candidateWeights, { ...carried, values: resetGradient });
        unreset(t, samples);
        if (t > 0) addProductTransposed(samples, 2 * units, units, dz, gateWeights, carried);
      }
      const dz = { values: gates, from: 0, stride: wide };
      addOuterProducts(samples * steps, features, wide, { values: given, from: 0, stride: features }, dz, { values: gradients, from: kernel, stride: wide });
      addColumnSums(samples * steps, wide, dz, gradients, bias);
      addOuterProducts(samples * steps, units, units, { values: resets, from: 0, stride: units }, { ...dz, from: 2 * units }, { values: gradients, from: candidateWeights.from, stride: wide });
      // The state before a step is that of the step before.
      for (let s = 0; s < samples; s++) {
        const first = s * steps;
        addOuterProducts(steps - 1, units, 2 * units, { values: states, from: first * units, stride: units }, { values: gates, from: (first + 1) * wide, stride: wide }, { values: gradients, from: recurrent, stride: wide });
      }
      if (place.wantsInputGradient) {
        inputGradient.fill(0, 0, samples * steps * features);
        addProductTransposed(samples * steps, wide, features, dz, weights, { values: inputGradient, from: 0, stride: features });
      }
      return inputGradient;
    },
  };
}
