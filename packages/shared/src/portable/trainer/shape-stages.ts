/** Layers without parameters: flatten, last, decompose and dropout. */
import { DropoutMask } from './dropout-mask.ts';
import type { Place, Stage } from './stage.ts';

/** A sample lies step by step already. */
export const flattenStage = (): Stage => ({ forward: (input) => input, backward: (gradient) => gradient });

export function lastStage({ before, samples: most, allocate }: Place): Stage {
  const { steps, features } = before;
  const out = allocate(most * features);
  const inputGradient = allocate(most * steps * features);
  const from = (sample: number): number => (sample * steps + steps - 1) * features;
  return {
    forward(input, samples) {
      for (let s = 0; s < samples; s++) for (let f = 0; f < features; f++) out[s * features + f] = input[from(s) + f]!;
      return out;
    },
    backward(gradient, samples) {
      inputGradient.fill(0, 0, samples * steps * features);
      for (let s = 0; s < samples; s++) for (let f = 0; f < features; f++) inputGradient[from(s) + f] = gradient[s * features + f]!;
      return inputGradient;
    },
  };
}

/** Remainder and trend of each feature, each window summed by itself: what slides gathers rounding. */
export function decomposeStage(window: number, { before, samples: most, allocate }: Place): Stage {
  const { steps, features } = before;
  const half = (window - 1) / 2;
  const out = allocate(most * steps * 2 * features);
  const inside = (t: number): number => Math.min(steps - 1, Math.max(0, t));
  return {
    forward(input, samples) {
      for (let s = 0; s < samples; s++) {
        for (let f = 0; f < features; f++) {
          const at = (t: number): number => input[(s * steps + inside(t)) * features + f]!;
          for (let t = 0; t < steps; t++) {
            let sum = 0;
            for (let k = t - half; k <= t + half; k++) sum += at(k);
            const trend = sum / window;
            const to = (s * steps + t) * 2 * features + 2 * f;
            out[to] = at(t) - trend;
            out[to + 1] = trend;
          }
        }
      }
      return out;
    },
    // It is the first layer: nobody asks for the gradient of its input.
    backward: (gradient) => gradient,
  };
}

export function dropoutStage(number: number, rate: number, { before, samples: most, allocate }: Place): Stage {
  const size = before.steps * before.features;
  const mask = new DropoutMask(number, rate, size, allocate(most * size));
  const out = allocate(most * size);
  return {
    forward(input, samples, draw) {
      out.set(input.subarray(0, samples * size));
      mask.apply(out, samples, draw);
      return out;
    },
    backward(gradient, samples) {
      mask.multiply(gradient, samples);
      return gradient;
    },
  };
}
