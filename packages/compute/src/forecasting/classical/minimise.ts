/** A smooth function of some tens of variables made small: BFGS with differences for the gradient. */

/** Called now and then, so that long work gives way and can be cancelled. */
export type Turn = () => Promise<void>;

export interface Minimum {
  readonly at: Float64Array<ArrayBuffer>;
  readonly value: number;
}

/** Relative step of a difference, near the cube root of a double's precision. */
const differenceStep = 1e-5;

/** Steps in turn that gain hardly anything before the search ends. */
const patience = 3;

async function gradientAt(f: (x: Float64Array) => number, x: Float64Array, value: number, central: boolean, turn: Turn): Promise<Float64Array<ArrayBuffer>> {
  const gradient = new Float64Array(x.length);
  const moved = x.slice();
  for (let i = 0; i < x.length; i++) {
    const step = differenceStep * Math.max(1, Math.abs(x[i]!));
    moved[i] = x[i]! + step;
    const up = f(moved);
    moved[i] = x[i]! - step;
    const down = central || !Number.isFinite(up) ? f(moved) : Number.NaN;
    moved[i] = x[i]!;
    // Beyond the border of where f is finite, the difference is taken on the side that is.
    if (Number.isFinite(up) && Number.isFinite(down)) gradient[i] = (up - down) / (2 * step);
    else if (Number.isFinite(up)) gradient[i] = (up - value) / step;
    else if (Number.isFinite(down)) gradient[i] = (value - down) / step;
    await turn();
  }
  return gradient;
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

/** The point along a direction where f has fallen enough (Armijo), by halving; null where there is none. */
function lineSearch(f: (x: Float64Array) => number, x: Float64Array, value: number, direction: Float64Array, slope: number): Minimum | null {
  const at = new Float64Array(x.length);
  for (let length = 1, halvings = 0; halvings < 40; halvings++, length /= 2) {
    for (let i = 0; i < x.length; i++) at[i] = x[i]! + length * direction[i]!;
    const reached = f(at);
    if (Number.isFinite(reached) && reached <= value + 1e-4 * length * slope) return { at, value: reached };
  }
  return null;
}

/** The inverse Hessian after a step s with change y of the gradient (Nocedal and Wright 2006, equation 6.17). */
function updated(inverse: Float64Array, s: Float64Array, y: Float64Array): void {
  const n = s.length;
  const sy = dot(s, y);
  if (!(sy > 1e-10 * Math.sqrt(dot(s, s) * dot(y, y)))) return;
  const hy = Float64Array.from({ length: n }, (_, i) => dot(inverse.subarray(i * n, (i + 1) * n), y));
  const scale = (1 + dot(y, hy) / sy) / sy;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) inverse[i * n + j]! += scale * s[i]! * s[j]! - (hy[i]! * s[j]! + s[i]! * hy[j]!) / sy;
}

const identity = (n: number): Float64Array<ArrayBuffer> => Float64Array.from({ length: n * n }, (_, k) => (k % (n + 1) === 0 ? 1 : 0));

/**
 * A local minimum from `start`, where f must be finite; elsewhere it may be infinite. Ends where three steps in turn
 * gain less than `tolerance` each, or after `most` steps. Its variables should be of about unit scale.
 */
export async function minimise(f: (x: Float64Array) => number, start: Float64Array<ArrayBuffer>, { most = 200, tolerance = 1e-7, turn }: { readonly most?: number; readonly tolerance?: number; readonly turn: Turn }): Promise<Minimum> {
  const n = start.length;
  let here: Minimum = { at: start, value: f(start) };
  if (n === 0) return here;
  let central = false;
  let fresh = true;
  let small = 0;
  let inverse = identity(n);
  let gradient = await gradientAt(f, here.at, here.value, central, turn);
  for (let step = 0; step < most; step++) {
    let direction = Float64Array.from({ length: n }, (_, i) => -dot(inverse.subarray(i * n, (i + 1) * n), gradient));
    let slope = dot(direction, gradient);
    if (!(slope < 0)) {
      inverse = identity(n);
      fresh = true;
      direction = gradient.map((value) => -value);
      slope = dot(direction, gradient);
    }
    // No first step is longer than 1: nothing is known of the curvature yet.
    const length = Math.sqrt(dot(direction, direction));
    if (fresh && length > 1) {
      direction = direction.map((value) => value / length);
      slope /= length;
    }
    const next = slope < 0 ? lineSearch(f, here.at, here.value, direction, slope) : null;
    small = next === null || here.value - next.value >= tolerance ? 0 : small + 1;
    if (next === null || small === patience) {
      if (next !== null) here = next;
      // Differences on one side are too coarse near the minimum: once more, with both, from the steepest descent.
      if (central) return here;
      central = true;
      inverse = identity(n);
      fresh = true;
      small = 0;
      gradient = await gradientAt(f, here.at, here.value, central, turn);
      continue;
    }
    const nextGradient = await gradientAt(f, next.at, next.value, central, turn);
    const s = next.at.map((value, i) => value - here.at[i]!);
    const y = nextGradient.map((value, i) => value - gradient[i]!);
    if (fresh) {
      const scale = Math.max(1e-8, dot(s, y) / dot(y, y));
      if (Number.isFinite(scale)) inverse = identity(n).map((value) => value * scale);
      fresh = false;
    }
    updated(inverse, s, y);
    here = next;
    gradient = nextGradient;
  }
  return here;
}
