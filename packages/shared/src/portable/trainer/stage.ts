/** A layer at work on a slab of samples: what each kind of layer implements, in a file of its own. */
import { CorrenteError } from '../../contract/errors.ts';
import type { DropoutDraw } from './dropout-mask.ts';
import type { LayerShape, ParameterBlock } from './layers.ts';
import type { Reals } from './reals.ts';

/** Arrays are [samples × steps × features]; what `forward` and `backward` return is overwritten by their next call. */
export interface Stage {
  /** `draw` is null where nothing is trained: dropout then does nothing. */
  forward(input: Reals, samples: number, draw: DropoutDraw | null): Reals;
  /**
   * From the gradient of the last `forward`'s output: adds to those of the parameters, and returns that of its input,
   * whose content is undefined where `Place.wantsInputGradient` is false. May overwrite `gradient`.
   */
  backward(gradient: Reals, samples: number): Reals;
}

/** Where a layer stands. */
export interface Place {
  readonly before: LayerShape;
  readonly after: LayerShape;
  /** The most samples that come at once. */
  readonly samples: number;
  /** All parameters of the model and their gradients, in which the layer's blocks lie. */
  readonly parameters: Reals;
  readonly gradients: Reals;
  readonly blocks: readonly ParameterBlock[];
  /** Whether a layer before this one has parameters. */
  readonly wantsInputGradient: boolean;
  readonly allocate: (count: number) => Reals;
}

/** Where a layer's parameters of this name begin. */
export function blockStart({ blocks }: Place, name: string): number {
  const block = blocks.find((one) => one.name === name);
  if (block === undefined) throw new CorrenteError('internal', `training: a layer has parameters ${blocks.map((one) => one.name).join(', ')}, expected ${name} among them.`);
  return block.from;
}
