/** A model's layers as stages, with the arrays that a slab of samples passes through. */
import type { DropoutDraw } from './dropout-mask.ts';
import { denseStage } from './dense-stage.ts';
import { gruStage } from './gru-stage.ts';
import { parameterBlocks, shapesOf, type Layer, type LayeredModel } from './layers.ts';
import { lstmStage } from './lstm-stage.ts';
import { newReals, type Reals } from './reals.ts';
import { decomposeStage, dropoutStage, flattenStage, lastStage } from './shape-stages.ts';
import type { Place, Stage } from './stage.ts';
import { tcnStage } from './tcn-stage.ts';

/** How many dropouts a layer has. */
const dropoutsOf = ({ kind }: Layer): number => (kind === 'tcn' ? 2 : kind === 'dropout' ? 1 : 0);

function stageOf(layer: Layer, firstDropout: number, place: Place): Stage {
  switch (layer.kind) {
    case 'dense':
      return denseStage(layer.activation, place);
    case 'flatten':
      return flattenStage();
    case 'last':
      return lastStage(place);
    case 'decompose':
      return decomposeStage(layer.window, place);
    case 'lstm':
      return lstmStage(layer.sequences, place);
    case 'gru':
      return gruStage(layer.sequences, place);
    case 'tcn':
      return tcnStage(layer, firstDropout, place);
    case 'dropout':
      return dropoutStage(firstDropout, layer.rate, place);
  }
}

/** Values that a sample takes in all layers, about: what a slab is sized by. */
export function valuesPerSample(model: LayeredModel): number {
  const shapes = shapesOf(model);
  return model.layers.reduce((sum, layer, at) => {
    const { steps, features } = shapes[at]!;
    const units = shapes[at + 1]!.features;
    const held = layer.kind === 'lstm' ? 7 : layer.kind === 'gru' ? 5 : layer.kind === 'tcn' ? 7 : 1;
    return sum + steps * (features + held * units);
  }, 0);
}

export class Chain {
  readonly gradients: Reals;
  readonly #stages: Stage[] = [];
  /** Layers before the first that has parameters: nothing goes back through them. */
  #untrained = 0;

  /** The stages read `parameters` whenever they run. */
  constructor(model: LayeredModel, parameters: Reals, samples: number, single: boolean) {
    this.gradients = newReals(parameters.length, single);
    const shapes = shapesOf(model);
    const blocks = parameterBlocks(model);
    let dropouts = 0;
    let wantsInputGradient = false;
    for (const [at, layer] of model.layers.entries()) {
      const own = blocks.filter((block) => block.layer === at);
      const place = { before: shapes[at]!, after: shapes[at + 1]!, samples, parameters, gradients: this.gradients, blocks: own, wantsInputGradient, allocate: (count: number) => newReals(count, single) };
      this.#stages.push(stageOf(layer, dropouts, place));
      dropouts += dropoutsOf(layer);
      wantsInputGradient ||= own.length > 0;
      if (!wantsInputGradient) this.#untrained++;
    }
  }

  forward(input: Reals, samples: number, draw: DropoutDraw | null): Reals {
    return this.#stages.reduce((values, stage) => stage.forward(values, samples, draw), input);
  }

  /** Adds to `gradients`; `gradient` is used up. */
  backward(gradient: Reals, samples: number): void {
    let values = gradient;
    for (let at = this.#stages.length - 1; at >= this.#untrained; at--) values = this.#stages[at]!.backward(values, samples);
  }
}
