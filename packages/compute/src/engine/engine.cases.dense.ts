/** Cases of dense linear algebra: what an eigensystem and an inverse are, whatever computed them. */
import { assertClose } from '../../test/oracle/compare.ts';
import { gaussian, gaussians } from '../../test/series/random.ts';
import type { Eigensystem, Engine, OpOptions } from './contract.ts';
import { assertRejects, checkAbortInMidst, checkProgress } from './engine.cases.control.ts';
import type { EngineCase } from './engine.cases.ts';

const options: OpOptions = { precision: 'f64' };

/** [n × n] of a function of row and column. */
const matrixOf = (n: number, value: (i: number, j: number) => number): Float64Array => Float64Array.from({ length: n * n }, (_, at) => value(Math.floor(at / n), at % n));

/** X Xᵀ of n Gaussian series of `length` values: of rank `length` where that is less than n. */
function gram(n: number, length: number, seed: number, scale = 1): Float64Array {
  const x = Array.from({ length: n }, (_, s) => gaussians(seed + 1000 * s, length));
  return matrixOf(n, (i, j) => scale * dot(x[i], x[j]));
}

function dot(a: Float64Array = new Float64Array(0), b: Float64Array = new Float64Array(0)): number {
  return a.reduce((sum, value, t) => sum + value * (b[t] ?? Number.NaN), 0);
}

const symmetric = (n: number, seed: number): Float64Array => matrixOf(n, (i, j) => gaussian(seed, Math.min(i, j) * n + Math.max(i, j)));

/** Tridiagonal with known eigenvalues 2 - 2 cos(k π / (n + 1)). */
const laplacian = (n: number): Float64Array => matrixOf(n, (i, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0));

const rowOf = (matrix: Float64Array, n: number, i: number): Float64Array => matrix.subarray(i * n, (i + 1) * n);
const largestOf = (matrix: Float64Array): number => matrix.reduce((largest, value) => Math.max(largest, Math.abs(value)), Number.MIN_VALUE);

function assertBelow(what: string, difference: number, allowed: number): void {
  if (!(difference <= allowed)) throw new Error(`${what}: got ${difference}, expected at most ${allowed}`);
}

/** A v = λ v, orthonormal vectors, ascending values, and each vector's largest component positive. */
async function checkEigen(engine: Engine, matrix: Float64Array, n: number): Promise<Eigensystem> {
  const before = matrix.slice();
  const system = await engine.symmetricEigen(matrix, n, options);
  const { values, vectors } = system;
  assertClose(matrix, before, { tolerance: () => 0, place: (at) => `the matrix, value ${at}` });
  if (values.length !== n || vectors.length !== n * n) throw new Error(`got ${values.length} values and vectors of ${vectors.length} components, expected ${n} and ${n * n}`);
  const allowed = 4e-15 * Math.max(8, n);
  const scale = largestOf(matrix) * Math.max(1, Math.sqrt(n));
  for (let k = 0; k < n; k++) {
    const vector = rowOf(vectors, n, k);
    const value = values[k] ?? Number.NaN;
    if (k > 0) assertBelow(`value ${k - 1} above value ${k}`, (values[k - 1] ?? Number.NaN) - value, 0);
    for (let other = 0; other <= k; other++) assertBelow(`vector ${k} with vector ${other}`, Math.abs(dot(vector, rowOf(vectors, n, other)) - (other === k ? 1 : 0)), allowed);
    for (let i = 0; i < n; i++) assertBelow(`row ${i} of A v - λ v for value ${k}`, Math.abs(dot(rowOf(matrix, n, i), vector) - value * (vector[i] ?? Number.NaN)) / scale, allowed);
    const largest = vector.reduce((most, component) => (Math.abs(component) > Math.abs(most) ? component : most), 0);
    if (!(largest > 0)) throw new Error(`the largest component of vector ${k} is ${largest}, expected it to be positive`);
  }
  return system;
}

async function checkInverse(engine: Engine, matrix: Float64Array, n: number, allowed: number): Promise<void> {
  const inverse = await engine.invertSymmetric(matrix, n, options);
  if (inverse === null) throw new Error('got null, expected the inverse of a positive definite matrix');
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (!Object.is(inverse[i * n + j], inverse[j * n + i])) throw new Error(`row ${i}, column ${j} is ${inverse[i * n + j]}, its mirror ${inverse[j * n + i]}`);
      assertBelow(`A A⁻¹ at row ${i}, column ${j}`, Math.abs(dot(rowOf(matrix, n, i), rowOf(inverse, n, j)) - (i === j ? 1 : 0)), allowed);
    }
  }
}

async function checkIndefinite(engine: Engine, matrix: Float64Array, n: number): Promise<void> {
  const inverse = await engine.invertSymmetric(matrix, n, options);
  if (inverse !== null) throw new Error(`got an inverse that begins with ${inverse[0]}, expected null`);
}

const one = (name: string, run: (engine: Engine) => Promise<unknown>): EngineCase => ({ name: `dense: ${name}`, run: async (engine) => void (await run(engine)) });

const sizes = [1, 2, 3, 5, 17, 63, 64, 65, 130, 200];

export const denseCases: EngineCase[] = [
  ...sizes.map((n) => one(`a symmetric matrix of ${n} has an eigensystem`, (engine) => checkEigen(engine, symmetric(n, 11 + n), n))),
  ...sizes.map((n) => one(`a product of ${n} series with themselves has an inverse`, (engine) => checkInverse(engine, gram(n, 2 * n + 9, 21 + n), n, 1e-11))),
  one('nothing has an empty eigensystem and an empty inverse', async (engine) => {
    await checkEigen(engine, new Float64Array(0), 0);
    const inverse = await engine.invertSymmetric(new Float64Array(0), 0, options);
    if (inverse?.length !== 0) throw new Error(`got ${String(inverse)}, expected an empty matrix`);
  }),
  one('a second difference has the eigenvalues of its formula', async (engine) => {
    const n = 90;
    const { values } = await checkEigen(engine, laplacian(n), n);
    assertClose(values, Float64Array.from({ length: n }, (_, k) => 4 * Math.sin(((k + 1) * Math.PI) / (2 * (n + 1))) ** 2), { tolerance: () => 1e-14, place: (k) => `eigenvalue ${k}` });
  }),
  one('a diagonal matrix has its own values, sorted, and unit vectors', async (engine) => {
    const { values, vectors } = await checkEigen(engine, matrixOf(4, (i, j) => (i === j ? [3, -1, 2, 2][i] ?? 0 : 0)), 4);
    assertClose(values, [-1, 2, 2, 3], { tolerance: () => 0, place: (k) => `eigenvalue ${k}` });
    assertClose(vectors, [0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0], { tolerance: () => 0, place: (at) => `component ${at}` });
  }),
  one('repeated eigenvalues have orthonormal vectors', async (engine) => {
    await checkEigen(engine, new Float64Array(49), 7);
    const { values } = await checkEigen(engine, new Float64Array(140 * 140).fill(1), 140);
    assertClose(values, Float64Array.from({ length: 140 }, (_, k) => (k === 139 ? 140 : 0)), { tolerance: () => 1e-12, place: (k) => `eigenvalue ${k}` });
    await checkEigen(engine, matrixOf(90, (i, j) => (Math.floor(i / 9) === Math.floor(j / 9) ? 0.5 : 0) + (i === j ? 0.5 : 0)), 90);
  }),
  one('matrices of low rank have an eigensystem, whatever their scale', async (engine) => {
    for (const scale of [1, 2 ** -600, 2 ** 600]) await checkEigen(engine, gram(150, 20, 31, scale), 150);
    await checkEigen(engine, matrixOf(120, (i, j) => 10 ** (-(i + j) / 4)), 120);
    await checkEigen(engine, matrixOf(120, (i, j) => 10 ** ((i + j - 240) / 4)), 120);
  }),
  one('matrices that are not positive definite have no inverse', async (engine) => {
    await checkIndefinite(engine, new Float64Array(9).fill(1), 3);
    await checkIndefinite(engine, gram(150, 149, 41), 150);
    await checkIndefinite(engine, matrixOf(2, (i, j) => (i === j ? -1 : 0)), 2);
    await checkIndefinite(engine, new Float64Array(1), 1);
    await checkIndefinite(engine, matrixOf(70, (i, j) => (i === j ? (i === 69 ? -1 : 1) : 0)), 70);
  }),
  one('what does not fit, or is not finite, is an error', async (engine) => {
    for (const work of [engine.symmetricEigen.bind(engine), engine.invertSymmetric.bind(engine)]) {
      await assertRejects(() => work(new Float64Array(8), 3, options));
      await assertRejects(() => work(Float64Array.of(1, Number.NaN, Number.NaN, 1), 2, options), 'internal');
      await assertRejects(() => work(Float64Array.of(1), 1, { ...options, signal: AbortSignal.abort() }), 'cancelled');
    }
  }),
  one('progress climbs within [0, 1]', async (engine) => {
    const matrix = gram(150, 400, 51);
    await checkProgress((given) => engine.symmetricEigen(matrix, 150, given), 'f64');
    await checkProgress((given) => engine.invertSymmetric(matrix, 150, given), 'f64');
  }),
  one('work that is aborted in its midst rejects within a second', async (engine) => {
    const matrix = symmetric(500, 61);
    for (let i = 0; i < 500; i++) matrix[i * 501] = 1000;
    await checkAbortInMidst((given) => engine.symmetricEigen(matrix, 500, given), 'f64');
    await checkAbortInMidst((given) => engine.invertSymmetric(matrix, 500, given), 'f64');
  }),
];
