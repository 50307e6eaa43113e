/**
 * Dense linear algebra in float64, plain TypeScript: what native/kernels/common/dense does on threads and vectors. Long
 * work gives way to the event loop.
 */
import { CorrenteError } from '../contract/errors.ts';
import { Pace, type PaceOptions } from './pace.ts';

/** Eigenvalues ascending, and eigenvector k in row k of `vectors` [n × n], its largest component positive. */
export interface PortableEigensystem {
  readonly values: Float64Array<ArrayBuffer>;
  readonly vectors: Float64Array<ArrayBuffer>;
}

/** QL takes fewer than two sweeps for an eigenvalue on average; this many say that it will not converge. */
const mostSweeps = 60;

/** Throws `internal` unless the matrix [n × n] is there and finite. */
function checkMatrix(operation: string, matrix: Float64Array, n: number): void {
  if (!Number.isInteger(n) || n < 0 || matrix.length < n * n) throw new CorrenteError('internal', `${operation}: n is ${n} and the matrix has ${matrix.length} values, expected at least n² of them.`);
  for (let i = 0; i < n * n; i++) {
    if (!Number.isFinite(matrix[i])) throw new CorrenteError('internal', `${operation}: row ${Math.floor(i / n)}, column ${i % n} is ${matrix[i]}, expected a finite value.`);
  }
}

/**
 * The eigensystem of a symmetric matrix: Householder reduction to a tridiagonal one (Golub and Van Loan, algorithm
 * 8.3.1), then the implicit QL algorithm (Dubrulle, Martin and Wilkinson 1968).
 */
export async function symmetricEigen(matrix: Float64Array, n: number, options: PaceOptions): Promise<PortableEigensystem> {
  const operation = 'symmetric eigensystem';
  checkMatrix(operation, matrix, n);
  const pace = new Pace(operation, n * n * n, options);
  await pace.start();
  const scale = powerOfTwo(matrix.subarray(0, n * n));
  const work = Float64Array.from(matrix.subarray(0, n * n), (value) => value / scale);
  const reduced = await reduceToTridiagonal(work, n, pace);
  const rows = await formTransposedQ(work, n, reduced.tau, pace);
  await diagonalise(reduced.diagonal, reduced.beside, rows, n, pace);
  return sorted(reduced.diagonal, scale, rows, n);
}

/** The power of two just below the largest value, so that no square leaves the range of numbers; 1 where all are 0. */
function powerOfTwo(values: Float64Array): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest > 0 ? 2 ** Math.max(-1000, Math.min(1000, Math.floor(Math.log2(largest)))) : 1;
}

interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** beside[k] couples k and k + 1. */
  readonly beside: Float64Array;
  readonly tau: Float64Array;
}

/** Takes the matrix apart in place: the vector of reflection k is left in row k, from column k + 1 on. */
async function reduceToTridiagonal(a: Float64Array, n: number, pace: Pace): Promise<Tridiagonal> {
  const [diagonal, beside, tau] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  const [v, w] = [new Float64Array(n), new Float64Array(n)];
  for (let k = 0; k < n; k++) {
    const row = k * n;
    diagonal[k] = a[row + k]!;
    const first = k + 1;
    if (first === n) break;
    let rest = 0;
    for (let j = first + 1; j < n; j++) rest += a[row + j]! * a[row + j]!;
    const head = a[row + first]!;
    beside[k] = head;
    if (rest > 0) {
      const norm = Math.sqrt(head * head + rest);
      const alpha = head > 0 ? -norm : norm;
      beside[k] = alpha;
      a[row + first] = head - alpha;
      tau[k] = 2 / ((head - alpha) * (head - alpha) + rest);
      for (let j = first; j < n; j++) v[j] = a[row + j]!;
      let inner = 0;
      for (let i = first; i < n; i++) {
        w[i] = tau[k]! * product(a, i * n, v, first, n);
        inner += w[i]! * v[i]!;
        if (pace.due) await pace.turn();
      }
      for (let i = first; i < n; i++) w[i] = w[i]! - 0.5 * tau[k]! * inner * v[i]!;
      for (let i = first; i < n; i++) {
        const [vi, wi] = [v[i]!, w[i]!];
        for (let j = first; j < n; j++) a[i * n + j]! -= vi * w[j]! + wi * v[j]!;
        if (pace.due) await pace.turn();
      }
    }
    pace.count((n - k) * (n - k));
  }
  return { diagonal, beside, tau };
}

function product(a: Float64Array, row: number, v: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let j = from; j < to; j++) sum += a[row + j]! * v[j]!;
  return sum;
}

/** Qᵀ, row j of which is Q times the j-th unit vector. */
async function formTransposedQ(a: Float64Array, n: number, tau: Float64Array, pace: Pace): Promise<Float64Array<ArrayBuffer>> {
  const q = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    const column = q.subarray(j * n, (j + 1) * n);
    column[j] = 1;
    for (let k = Math.min(j, n - 1) - 1; k >= 0; k--) {
      if (tau[k] === 0) continue;
      const vector = a.subarray(k * n, (k + 1) * n);
      const along = tau[k]! * product(column, 0, vector, k + 1, n);
      for (let i = k + 1; i < n; i++) column[i]! -= along * vector[i]!;
      if (pace.due) await pace.turn();
    }
    pace.count((n * n) / 3);
  }
  return q;
}

/** Diagonalises the tridiagonal matrix part by part (parts that nothing couples), and rotates `rows` along. */
async function diagonalise(diagonal: Float64Array, beside: Float64Array, rows: Float64Array, n: number, pace: Pace): Promise<void> {
  for (let begin = 0, end = 0; begin < n; begin = ++end) {
    while (end + 1 < n && !negligible(diagonal, beside, end)) end++;
    // QL finds what stands first, and would take long with the small values at the other end.
    const upwards = Math.abs(diagonal[begin]!) <= Math.abs(diagonal[end]!);
    const rowOf = (i: number): number => (upwards ? begin + i : end - i);
    const size = end - begin + 1;
    const d = Float64Array.from({ length: size }, (_, i) => diagonal[rowOf(i)]!);
    const e = Float64Array.from({ length: size }, (_, i) => (i + 1 === size ? 0 : beside[upwards ? begin + i : end - i - 1]!));
    for (let l = 0; l < size; l++) {
      for (let sweep = 0; ; sweep++) {
        let m = l;
        while (m + 1 < size && !negligible(d, e, m)) m++;
        if (m === l) break;
        if (sweep === mostSweeps) throw new CorrenteError('internal', `symmetric eigensystem: eigenvalue ${rowOf(l)} of ${n} did not converge in ${mostSweeps} sweeps.`);
        qlSweep(d, e, l, m, (i, c, s) => rotate(rows, n, rowOf(i), rowOf(i + 1), c, s));
        if (pace.due) await pace.turn();
      }
      pace.count((n * n) / 3);
    }
    for (let i = 0; i < size; i++) diagonal[rowOf(i)] = d[i]!;
  }
}

function negligible(d: Float64Array, e: Float64Array, i: number): boolean {
  return Math.abs(e[i]!) <= Number.EPSILON * (Math.abs(d[i]!) + Math.abs(d[i + 1]!));
}

/** One sweep of QL over rows [l, m], from m up, with the shift of the two by two corner at l. */
function qlSweep(d: Float64Array, e: Float64Array, l: number, m: number, rotateRows: (i: number, c: number, s: number) => void): void {
  let g = (d[l + 1]! - d[l]!) / (2 * e[l]!);
  g = d[m]! - d[l]! + e[l]! / (g + (g < 0 ? -1 : 1) * Math.hypot(g, 1));
  let [s, c, p] = [1, 1, 0];
  for (let i = m - 1; i >= l; i--) {
    const [f, b] = [s * e[i]!, c * e[i]!];
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      // The matrix has come apart at i + 1; the rows before it stay as they are.
      d[i + 1]! -= p;
      e[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1]! - p;
    const t = (d[i]! - g) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = g + p;
    g = c * t - b;
    rotateRows(i, c, s);
  }
  d[l]! -= p;
  e[l] = g;
  e[m] = 0;
}

/** Rows x and y become c x - s y and s x + c y. */
function rotate(rows: Float64Array, n: number, x: number, y: number, c: number, s: number): void {
  const [atX, atY] = [x * n, y * n];
  for (let k = 0; k < n; k++) {
    const [one, other] = [rows[atX + k]!, rows[atY + k]!];
    rows[atX + k] = c * one - s * other;
    rows[atY + k] = s * one + c * other;
  }
}

/** Ascending values with their vectors, each with its largest component (the first of equal ones) positive. */
function sorted(d: Float64Array, scale: number, rows: Float64Array, n: number): PortableEigensystem {
  const order = Array.from(d, (_, k) => k).sort((a, b) => d[a]! - d[b]!);
  const vectors = new Float64Array(n * n);
  for (const [k, from] of order.entries()) {
    const row = rows.subarray(from * n, (from + 1) * n);
    let largest = 0;
    for (let i = 1; i < n; i++) if (Math.abs(row[i]!) > Math.abs(row[largest]!)) largest = i;
    const sign = row[largest]! < 0 ? -1 : 1;
    for (let i = 0; i < n; i++) vectors[k * n + i] = sign * row[i]!;
  }
  return { values: Float64Array.from(order, (k) => d[k]! * scale), vectors };
}

/**
 * The inverse of a symmetric positive definite matrix by its Cholesky factor; null where a pivot is lost in the
 * rounding of its own row (at most n ε of the diagonal), so that the variable is a linear combination of others.
 */
export async function invertSymmetric(matrix: Float64Array, n: number, options: PaceOptions): Promise<Float64Array<ArrayBuffer> | null> {
  const operation = 'symmetric inverse';
  checkMatrix(operation, matrix, n);
  const pace = new Pace(operation, n * n * n, options);
  await pace.start();
  const factor = await choleskyFactor(matrix, n, pace);
  if (factor === null) return null;
  // U = L⁻ᵀ, row i of which begins at i; the inverse is U Uᵀ.
  const u = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    u[i * n + i] = 1 / factor[i * n + i]!;
    for (let k = i + 1; k < n; k++) u[i * n + k] = -rowProduct(factor, k * n, u, i * n, i, k) / factor[k * n + k]!;
    pace.count((n * n) / 3);
    if (pace.due) await pace.turn();
  }
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const value = rowProduct(u, i * n, u, j * n, i, n);
      inverse[i * n + j] = value;
      inverse[j * n + i] = value;
    }
    pace.count((n * n) / 3);
    if (pace.due) await pace.turn();
  }
  return inverse;
}

async function choleskyFactor(matrix: Float64Array, n: number, pace: Pace): Promise<Float64Array | null> {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) l[i * n + j] = (matrix[i * n + j]! - rowProduct(l, i * n, l, j * n, 0, j)) / l[j * n + j]!;
    const diagonal = matrix[i * n + i]!;
    const pivot = diagonal - rowProduct(l, i * n, l, i * n, 0, i);
    if (!(pivot > n * Number.EPSILON * diagonal)) return null;
    l[i * n + i] = Math.sqrt(pivot);
    pace.count((n * n) / 3);
    if (pace.due) await pace.turn();
  }
  return l;
}

function rowProduct(a: Float64Array, rowA: number, b: Float64Array, rowB: number, from: number, to: number): number {
  let sum = 0;
  for (let k = from; k < to; k++) sum += a[rowA + k]! * b[rowB + k]!;
  return sum;
}
