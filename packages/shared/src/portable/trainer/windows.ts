/** Samples as they lie in a block of series: what a model is given, and what it is to foretell. */
import type { Block } from '../block.ts';
import type { Reals } from './reals.ts';

/**
 * Samples lie in the block itself, and are never copied out as a whole. The sample with origin t reads rows
 * [t - steps, t) and is to foretell rows [t, t + horizon). Scaling is the caller's.
 */
export interface TrainingWindows {
  /** No value is missing in a row that a sample reads. Stays as it is until the session is closed. */
  readonly columns: Block;
  readonly horizon: number;
  /**
   * A model with shared weights passes over every group of every origin: channel-independent, each series is a group;
   * joint, there is one group of all. All groups have equally many inputs and targets.
   */
  readonly groups: readonly WindowGroup[];
}

export interface WindowGroup {
  /** The series that the model's features are, [features]; the first `targets.length` of them are the targets. */
  readonly inputs: Int32Array;
  /** The series that are foretold, [targets]. */
  readonly targets: Int32Array;
}

/** A slab of samples: sample s is of origin ⌊s / groups⌋ and group s mod groups. */
export interface Slab {
  readonly origins: Int32Array;
  readonly from: number;
  readonly samples: number;
}

export class WindowReader {
  readonly #windows: TrainingWindows;
  readonly #steps: number;
  readonly #anchored: boolean;

  constructor(windows: TrainingWindows, steps: number, anchored: boolean) {
    this.#windows = windows;
    this.#steps = steps;
    this.#anchored = anchored;
  }

  /** Writes the inputs [samples × steps × features], each target's last value taken off where the model is anchored. */
  gather(slab: Slab, to: Reals): void {
    const { values, stride } = this.#windows.columns;
    const steps = this.#steps;
    this.#each(slab, (sample, origin, { inputs, targets }) => {
      const features = inputs.length;
      for (let f = 0; f < features; f++) {
        const from = inputs[f]! * stride + origin - steps;
        const anchor = f < targets.length ? this.#anchor(targets[f]!, origin) : 0;
        const at = sample * steps * features + f;
        for (let t = 0; t < steps; t++) to[at + t * features] = values[from + t]! - anchor;
      }
    });
  }

  /** Puts back on the outputs [samples × targets × horizon] what `gather` took off. */
  putBack(slab: Slab, outputs: Reals): void {
    if (!this.#anchored) return;
    const { horizon } = this.#windows;
    this.#each(slab, (sample, origin, { targets }) => {
      for (let k = 0; k < targets.length; k++) {
        const anchor = this.#anchor(targets[k]!, origin);
        const at = (sample * targets.length + k) * horizon;
        for (let h = 0; h < horizon; h++) outputs[at + h] = outputs[at + h]! + anchor;
      }
    });
  }

  /**
   * Calls `visit(place in the outputs, difference)` for each value foretold. The difference of an anchored model is taken
   * before its anchor is put back, as under float32 that would round it.
   */
  compare(slab: Slab, outputs: Reals, visit: (place: number, difference: number) => void): void {
    const { columns, horizon } = this.#windows;
    const { values, stride } = columns;
    this.#each(slab, (sample, origin, { targets }) => {
      for (let k = 0; k < targets.length; k++) {
        const anchor = this.#anchor(targets[k]!, origin);
        const from = targets[k]! * stride + origin;
        const at = (sample * targets.length + k) * horizon;
        for (let h = 0; h < horizon; h++) visit(at + h, outputs[at + h]! - (values[from + h]! - anchor));
      }
    });
  }

  #anchor(target: number, origin: number): number {
    const { values, stride } = this.#windows.columns;
    return this.#anchored ? values[target * stride + origin - 1]! : 0;
  }

  #each({ origins, from, samples }: Slab, visit: (sample: number, origin: number, group: WindowGroup) => void): void {
    const { groups } = this.#windows;
    for (let s = 0; s < samples; s++) visit(s, origins[Math.floor((from + s) / groups.length)]!, groups[(from + s) % groups.length]!);
  }
}
