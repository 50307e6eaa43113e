/**
 * Solves the coupling programme by a primal-dual interior-point method (Boyd and Vandenberghe, Convex Optimization,
 * 2004, §11.7), with a certificate.
 *
 * minimise f(q) = Σ q ln (q / s), s = q(x, y) the sum over t,   subject to A q = b (the margins), q ≥ 0.
 *
 * Each step solves Newton's equations of ∇f − Aᵀλ − z = 0, A q = b, q z = μ for shrinking μ, and goes as far along q as
 * the barrier function f − μ Σ ln q falls. For one pair (x, y) the matrix of the step is diag((1 + z) / q) − 1 1ᵀ / s. By Sherman and Morrison its inverse is diag(d) + d dᵀ / σ with
 * d = q / (1 + z) and σ = Σ q z / (1 + z), which no cancellation spoils, so that only equations for λ, one for each
 * margin, are left to be solved.
 *
 * The dual: maximise b·λ over Σ_t exp (Aᵀλ)(t, x, y) ≤ 1 for every pair. Any λ becomes feasible when ln of the largest
 * of these sums is subtracted from those of the p(t, x). What is left between f(q) and the dual value is the gap: the
 * least f is no further away, whatever happened on the way.
 */
import type { CouplingProgramme } from './coupling-programme.ts';
import { factorise, solve } from './dense-cholesky.ts';

export interface CouplingSolution {
  /** The least Σ q ln (q / s), in nats; at most `gap` above the truth. */
  readonly value: number;
  readonly gap: number;
  readonly iterations: number;
}

/** Where a gap is small enough, in nats. */
const enough = 1e-13;
const mostIterations = 120;
/** How close to the border of q > 0, z > 0 a step may go. */
const nearest = 0.995;
/** How far q z may be from μ, as a factor either way. */
const spread = 1e4;
/** μ after a step that could be taken whole, as a share of what it was. */
const shrink = 0.1;
/** A fall of the barrier function that rounding hides. */
const rounding = 1e-15;
const smallestStep = 1e-10;

/** @param turn is awaited between iterations. */
export async function solveCoupling(programme: CouplingProgramme, turn: () => Promise<void>): Promise<CouplingSolution> {
  const state = new InteriorPoint(programme);
  let best: CouplingSolution = { value: state.objective, gap: Number.POSITIVE_INFINITY, iterations: 0 };
  for (let iterations = 0; iterations <= mostIterations; iterations += 1) {
    const value = state.objective;
    const gap = Math.max(0, value - state.dualValue());
    if (gap < best.gap) best = { value, gap, iterations };
    if (best.gap <= enough || !state.step()) break;
    await turn();
  }
  return best;
}

class InteriorPoint {
  readonly #programme: CouplingProgramme;
  readonly #n: number;
  readonly #m: number;
  readonly #q: Float64Array;
  readonly #z: Float64Array;
  readonly #lambda: Float64Array;
  /** ln (q / s), the gradient of f. */
  readonly #gradient: Float64Array;
  readonly #matrix: Float64Array;
  #mu: number;

  constructor(programme: CouplingProgramme) {
    this.#programme = programme;
    this.#n = programme.pair.length;
    this.#m = programme.margins.length;
    this.#q = programme.independent.slice();
    this.#mu = 0.1 / this.#n;
    this.#z = this.#q.map((value) => this.#mu / value);
    this.#lambda = new Float64Array(this.#m);
    this.#gradient = new Float64Array(this.#n);
    this.#matrix = new Float64Array(this.#m * this.#m);
    this.#updateGradient();
  }

  get objective(): number {
    let sum = 0;
    for (let v = 0; v < this.#n; v += 1) sum += (this.#q[v] ?? 0) * (this.#gradient[v] ?? 0);
    return sum;
  }

  dualValue(): number {
    const { margins, members, from, pairs } = this.#programme;
    let value = 0;
    for (let c = 0; c < this.#m; c += 1) value += (margins[c] ?? 0) * (this.#lambda[c] ?? 0);
    let largest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < pairs; k += 1) {
      let top = Number.NEGATIVE_INFINITY;
      for (let at = from[k] ?? 0; at < (from[k + 1] ?? 0); at += 1) top = Math.max(top, this.#price(members[at] ?? 0));
      let sum = 0;
      for (let at = from[k] ?? 0; at < (from[k + 1] ?? 0); at += 1) sum += Math.exp(this.#price(members[at] ?? 0) - top);
      largest = Math.max(largest, top + Math.log(sum));
    }
    return value - largest;
  }

  /**
   * One step of Newton's method at the present μ, which shrinks when the whole step could be taken; false where none
   * makes progress any more. The barrier function f − μ Σ ln q falls with every step, so that none leads astray.
   */
  step(): boolean {
    const direction = this.#direction(this.#mu);
    const largest = Math.min(1, nearest * reach(this.#q, direction.q));
    const before = this.#barrier();
    const slope = this.#slope(direction.q);
    let size = largest;
    this.#moveVariables(direction.q, size);
    while (this.#barrier() > before + 1e-4 * size * slope + rounding) {
      this.#moveVariables(direction.q, -size);
      size /= 2;
      if (size < smallestStep) return false;
      this.#moveVariables(direction.q, size);
    }
    for (let c = 0; c < this.#m; c += 1) this.#lambda[c] = (this.#lambda[c] ?? 0) + (direction.lambda[c] ?? 0);
    const dualSize = Math.min(1, nearest * reach(this.#z, direction.z));
    for (let v = 0; v < this.#n; v += 1) {
      const centre = this.#mu / (this.#q[v] ?? 0);
      this.#z[v] = Math.min(spread * centre, Math.max(centre / spread, (this.#z[v] ?? 0) + dualSize * (direction.z[v] ?? 0)));
    }
    if (size > 0.9) this.#mu *= shrink;
    return true;
  }

  /** (Aᵀλ) of a variable. */
  #price(v: number): number {
    return (this.#lambda[this.#programme.xMargin[v] ?? 0] ?? 0) + (this.#lambda[this.#programme.yMargin[v] ?? 0] ?? 0);
  }

  #barrier(): number {
    let logs = 0;
    for (let v = 0; v < this.#n; v += 1) logs += Math.log(this.#q[v] ?? 0);
    return this.objective - this.#mu * logs;
  }

  /** How fast the barrier function changes along a direction. */
  #slope(direction: Float64Array): number {
    let slope = 0;
    for (let v = 0; v < this.#n; v += 1) slope += (direction[v] ?? 0) * ((this.#gradient[v] ?? 0) - this.#mu / (this.#q[v] ?? 0));
    return slope;
  }

  #moveVariables(by: Float64Array, size: number): void {
    for (let v = 0; v < this.#n; v += 1) this.#q[v] = (this.#q[v] ?? 0) + size * (by[v] ?? 0);
    this.#updateGradient();
  }

  #updateGradient(): void {
    const { members, from, pairs } = this.#programme;
    for (let k = 0; k < pairs; k += 1) {
      let sum = 0;
      for (let at = from[k] ?? 0; at < (from[k + 1] ?? 0); at += 1) sum += this.#q[members[at] ?? 0] ?? 0;
      for (let at = from[k] ?? 0; at < (from[k + 1] ?? 0); at += 1) {
        const v = members[at] ?? 0;
        this.#gradient[v] = Math.log((this.#q[v] ?? 0) / sum);
      }
    }
  }

  #direction(mu: number): Direction {
    const { xMargin, yMargin, margins, implied } = this.#programme;
    const [q, z] = [this.#q, this.#z];
    const d = Float64Array.from({ length: this.#n }, (_, v) => (q[v] ?? 0) / (1 + (z[v] ?? 0)));
    const sigma = this.#sigmas(d);
    const g = Float64Array.from({ length: this.#n }, (_, v) => (this.#gradient[v] ?? 0) - this.#price(v) - mu / (q[v] ?? 0));
    // A H⁻¹ Aᵀ Δλ = b − A q + A H⁻¹ g
    this.#fillMatrix(d, sigma);
    const lambda = margins.slice();
    const scaled = this.#inverse(d, sigma, g);
    for (let v = 0; v < this.#n; v += 1) {
      const change = (scaled[v] ?? 0) - (q[v] ?? 0);
      lambda[xMargin[v] ?? 0] = (lambda[xMargin[v] ?? 0] ?? 0) + change;
      lambda[yMargin[v] ?? 0] = (lambda[yMargin[v] ?? 0] ?? 0) + change;
    }
    for (let c = 0; c < this.#m; c += 1) if (implied[c] === 1) lambda[c] = 0;
    factorise(this.#matrix, this.#m);
    solve(this.#matrix, this.#m, lambda);
    const right = Float64Array.from({ length: this.#n }, (_, v) => (lambda[xMargin[v] ?? 0] ?? 0) + (lambda[yMargin[v] ?? 0] ?? 0) - (g[v] ?? 0));
    const dq = this.#inverse(d, sigma, right);
    const dz = Float64Array.from({ length: this.#n }, (_, v) => mu / (q[v] ?? 0) - (z[v] ?? 0) - ((z[v] ?? 0) * (dq[v] ?? 0)) / (q[v] ?? 0));
    return { q: dq, z: dz, lambda };
  }

  #sigmas(d: Float64Array): Float64Array {
    const { pair, pairs } = this.#programme;
    const sigma = new Float64Array(pairs);
    for (let v = 0; v < this.#n; v += 1) sigma[pair[v] ?? 0] = (sigma[pair[v] ?? 0] ?? 0) + (d[v] ?? 0) * (this.#z[v] ?? 0);
    return sigma;
  }

  /** H⁻¹ of a vector over the variables. */
  #inverse(d: Float64Array, sigma: Float64Array, vector: Float64Array): Float64Array {
    const { pair, pairs } = this.#programme;
    const along = new Float64Array(pairs);
    for (let v = 0; v < this.#n; v += 1) along[pair[v] ?? 0] = (along[pair[v] ?? 0] ?? 0) + (d[v] ?? 0) * (vector[v] ?? 0);
    return Float64Array.from({ length: this.#n }, (_, v) => (d[v] ?? 0) * ((vector[v] ?? 0) + (along[pair[v] ?? 0] ?? 0) / (sigma[pair[v] ?? 0] ?? 1)));
  }

  /** The lower triangle of A H⁻¹ Aᵀ, with the identity in the rows of margins that follow from others. */
  #fillMatrix(d: Float64Array, sigma: Float64Array): void {
    const { xMargin, yMargin, members, from, pairs, implied } = this.#programme;
    const [m, matrix] = [this.#m, this.#matrix];
    matrix.fill(0);
    const add = (a: number, b: number, value: number): void => {
      if (implied[a] === 1 || implied[b] === 1 || a < b) return;
      matrix[a * m + b] = (matrix[a * m + b] ?? 0) + value;
    };
    for (let c = 0; c < m; c += 1) if (implied[c] === 1) matrix[c * m + c] = 1;
    for (let k = 0; k < pairs; k += 1) {
      for (let at = from[k] ?? 0; at < (from[k + 1] ?? 0); at += 1) {
        const v = members[at] ?? 0;
        const [x, y, own] = [xMargin[v] ?? 0, yMargin[v] ?? 0, d[v] ?? 0];
        add(x, x, own);
        add(y, y, own);
        add(y, x, own);
        for (let other = from[k] ?? 0; other < (from[k + 1] ?? 0); other += 1) {
          const w = members[other] ?? 0;
          const value = (own * (d[w] ?? 0)) / (sigma[k] ?? 1);
          add(x, xMargin[w] ?? 0, value);
          add(y, yMargin[w] ?? 0, value);
          add(y, xMargin[w] ?? 0, value);
        }
      }
    }
  }
}

interface Direction {
  readonly q: Float64Array;
  readonly z: Float64Array;
  readonly lambda: Float64Array;
}

/** The largest step along the direction that leaves every value at least 0. */
function reach(values: Float64Array, direction: Float64Array): number {
  let size = Number.POSITIVE_INFINITY;
  for (let i = 0; i < values.length; i += 1) if ((direction[i] ?? 0) < 0) size = Math.min(size, -(values[i] ?? 0) / (direction[i] ?? 0));
  return size;
}
