/** Groups of points and the matrix profile of a native engine; always in float64. */
import type { Columns, OpOptions } from '../contract.ts';
import type { Clusters, KMeansRequest, MatrixProfile, MatrixProfileRequest } from '../contract.points.ts';
import { withControl } from './control.ts';

export interface PointsAddon {
  kMeans(control: ArrayBuffer, points: Columns, request: KMeansRequest): Promise<{ centres: ArrayBuffer; assignments: ArrayBuffer; inertia: number; iterations: number }>;
  matrixProfile(control: ArrayBuffer, columns: Columns, window: number, exclusion: number): Promise<{ distance: ArrayBuffer; neighbour: ArrayBuffer }>;
}

export const pointsFunctions = ['kMeans', 'matrixProfile'] as const satisfies ReadonlyArray<keyof PointsAddon>;

/** `Engine.kMeans` over an addon. */
export async function kMeans(addon: PointsAddon, points: Columns, request: KMeansRequest, options: OpOptions): Promise<Clusters> {
  const { centres, assignments, inertia, iterations } = await withControl(options, 'k-means', (control) => addon.kMeans(control, points, request));
  return { centres: new Float64Array(centres), assignments: new Int32Array(assignments), inertia, iterations };
}

/** `Engine.matrixProfile` over an addon. */
export async function matrixProfile(addon: PointsAddon, columns: Columns, { window, exclusion }: MatrixProfileRequest, options: OpOptions): Promise<MatrixProfile> {
  const { distance, neighbour } = await withControl(options, 'matrix profile', (control) => addon.matrixProfile(control, columns, window, exclusion));
  return { distance: new Float64Array(distance), neighbour: new Int32Array(neighbour) };
}
