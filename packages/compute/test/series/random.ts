/**
 * Random numbers for tests: counter-based, so that draw i of a seed is the same wherever and in whatever order it is
 * asked for. The mixer is the 32-bit finaliser "lowbias32" found by C. Wellons (2018).
 */

/** Mixes 32 bits; a bijection. */
function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

const draw = (seed: number, counter: number): number => mix(mix(counter) ^ mix(seed ^ 0x9e3779b9));

/** Draw `index` of `seed`, uniform in (0, 1), with 53 random bits. */
export function uniform(seed: number, index: number): number {
  const high = draw(seed, 2 * index) >>> 5;
  const low = draw(seed, 2 * index + 1) >>> 6;
  return (high * 2 ** 26 + low + 0.5) / 2 ** 53;
}

/** Draw `index` of `seed`, standard normal, by Box and Muller (1958). */
export function gaussian(seed: number, index: number): number {
  const radius = Math.sqrt(-2 * Math.log(uniform(seed, 2 * index)));
  return radius * Math.cos(2 * Math.PI * uniform(seed, 2 * index + 1));
}

/** The first `count` standard normal draws of `seed`. */
export function gaussians(seed: number, count: number): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: count }, (_, i) => gaussian(seed, i));
}

/** `values` with about `share` of them missing, at places that depend on the seed only. */
export function withMissing(values: Float64Array, share: number, seed: number): Float64Array<ArrayBuffer> {
  return Float64Array.from(values, (value, i) => (uniform(seed, i) < share ? Number.NaN : value));
}
