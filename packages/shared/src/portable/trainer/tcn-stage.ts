/**
 * tcn: a residual block of two causal convolutions (Bai, Kolter and Koltun 2018),
 *
 *   c1 = drop(relu(conv(x))),   c2 = drop(relu(conv(c1))),   y = relu(c2 + s),
 *
 * where s is x, or x W where the features differ in number.
 */
import { convolve, convolveBack, type Convolution } from './convolution.ts';
import { DropoutMask } from './dropout-mask.ts';
import type { Layer } from './layers.ts';
import { addOuterProducts, addProduct, addProductTransposed } from './product.ts';
import type { Reals } from './reals.ts';
import { blockStart, type Place, type Stage } from './stage.ts';

function relu(values: Reals, count: number): void {
  for (let i = 0; i < count; i++) values[i] = Math.max(0, values[i]!);
}

/** 0 wherever relu gave 0. A value that dropout made 0 has a gradient of 0 already. */
function throughRelu(gradient: Reals, y: Reals, count: number): void {
  for (let i = 0; i < count; i++) if (!(y[i]! > 0)) gradient[i] = 0;
}

export function tcnStage({ kernel, dilation, dropout }: Extract<Layer, { kind: 'tcn' }>, firstDropout: number, place: Place): Stage {
  const { before, after, samples: most, parameters, gradients, allocate } = place;
  const { steps, features } = before;
  const filters = after.features;
  const size = steps * filters;
  const first: Convolution = { steps, inputs: features, filters, kernel, dilation, weights: blockStart(place, 'kernel1'), bias: blockStart(place, 'bias1') };
  const second: Convolution = { ...first, inputs: filters, weights: blockStart(place, 'kernel2'), bias: blockStart(place, 'bias2') };
  const skip = features === filters ? null : { values: parameters, from: blockStart(place, 'skip'), stride: filters };
  const masks = [firstDropout, firstDropout + 1].map((number) => new DropoutMask(number, dropout, size, allocate(dropout > 0 ? most * size : 0))) as [DropoutMask, DropoutMask];
  const [c1, c2, out, firstGradient, secondGradient] = [allocate(most * size), allocate(most * size), allocate(most * size), allocate(most * size), allocate(most * size)];
  const inputGradient = allocate(place.wantsInputGradient ? most * steps * features : 0);
  let given = out;
  return {
    forward(input, samples, draw) {
      given = input;
      const count = samples * size;
      convolve(first, parameters, input, c1, samples);
      relu(c1, count);
      masks[0].apply(c1, samples, draw);
      convolve(second, parameters, c1, c2, samples);
      relu(c2, count);
      masks[1].apply(c2, samples, draw);
      out.set(c2.subarray(0, count));
      if (skip === null) for (let i = 0; i < count; i++) out[i] = out[i]! + input[i]!;
      else addProduct(samples * steps, features, filters, { values: input, from: 0, stride: features }, skip, { values: out, from: 0, stride: filters });
      relu(out, count);
      return out;
    },
    backward(gradient, samples) {
      const count = samples * size;
      throughRelu(gradient, out, count);
      secondGradient.set(gradient.subarray(0, count));
      masks[1].multiply(secondGradient, samples);
      throughRelu(secondGradient, c2, count);
      firstGradient.fill(0, 0, count);
      convolveBack(second, parameters, gradients, c1, secondGradient, firstGradient, samples);
      masks[0].multiply(firstGradient, samples);
      throughRelu(firstGradient, c1, count);
      inputGradient.fill(0);
      convolveBack(first, parameters, gradients, given, firstGradient, place.wantsInputGradient ? inputGradient : null, samples);
      const dy = { values: gradient, from: 0, stride: filters };
      if (skip !== null) {
        addOuterProducts(samples * steps, features, filters, { values: given, from: 0, stride: features }, dy, { ...skip, values: gradients });
        if (place.wantsInputGradient) addProductTransposed(samples * steps, filters, features, dy, skip, { values: inputGradient, from: 0, stride: features });
      } else if (place.wantsInputGradient) {
        for (let i = 0; i < count; i++) inputGradient[i] = inputGradient[i]! + gradient[i]!;
      }
      return inputGradient;
    },
  };
}
