/** Dense linear algebra of a native engine; always in float64. */
import type { Eigensystem, OpOptions } from '../contract.ts';
import { withControl } from './control.ts';

export interface DenseAddon {
  symmetricEigen(control: ArrayBuffer, matrix: Float64Array, n: number): Promise<{ values: ArrayBuffer; vectors: ArrayBuffer }>;
  /** Null where the matrix is not positive definite. */
  invertSymmetric(control: ArrayBuffer, matrix: Float64Array, n: number): Promise<ArrayBuffer | null>;
}

export const denseFunctions = ['symmetricEigen', 'invertSymmetric'] as const satisfies ReadonlyArray<keyof DenseAddon>;

/** `Engine.symmetricEigen` over an addon. */
export async function symmetricEigen(addon: DenseAddon, matrix: Float64Array, n: number, options: OpOptions): Promise<Eigensystem> {
  const { values, vectors } = await withControl(options, 'symmetric eigensystem', (control) => addon.symmetricEigen(control, matrix, n));
  return { values: new Float64Array(values), vectors: new Float64Array(vectors) };
}

/** `Engine.invertSymmetric` over an addon. */
export async function invertSymmetric(addon: DenseAddon, matrix: Float64Array, n: number, options: OpOptions): Promise<Float64Array<ArrayBuffer> | null> {
  const inverse = await withControl(options, 'symmetric inverse', (control) => addon.invertSymmetric(control, matrix, n));
  return inverse === null ? null : new Float64Array(inverse);
}
