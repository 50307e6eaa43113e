/** The arrays that a model is trained in: of float64, or of float32, whose every store rounds. */

export type Reals = Float64Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

export const newReals = (count: number, single: boolean): Reals => (single ? new Float32Array(count) : new Float64Array(count));
