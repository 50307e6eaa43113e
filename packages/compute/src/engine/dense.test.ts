/** Dense linear algebra beside numpy's, and the same bits on any number of threads. */
import { describe, expect, it } from 'vitest';
import { assertClose, assertSameBits } from '../../test/oracle/compare.ts';
import { askPython, hasPython } from '../../test/python.ts';
import { gaussian } from '../../test/series/random.ts';
import type { Eigensystem, OpOptions } from './contract.ts';
import { cpuEngine } from './cpu.ts';
import { freshCpuEngine } from './cpu.testing.ts';
import { portableEngine } from './portable.ts';

const options: OpOptions = { precision: 'f64' };
const { available } = cpuEngine().info();

/** A covariance of n series over `length` rows, positive definite where these are more. */
function covarianceOf(n: number, length: number): Float64Array<ArrayBuffer> {
  const x = Array.from({ length: n }, (_, s) => Float64Array.from({ length }, (_unused, t) => gaussian(s, t)));
  return Float64Array.from({ length: n * n }, (_, at) => (x[Math.floor(at / n)] ?? new Float64Array(0)).reduce((sum, value, t) => sum + value * (x[at % n]?.[t] ?? 0), 0) / length);
}

interface DenseEngine {
  symmetricEigen(matrix: Float64Array, n: number, given: OpOptions): Promise<Eigensystem>;
  invertSymmetric(matrix: Float64Array, n: number, given: OpOptions): Promise<Float64Array<ArrayBuffer> | null>;
}

const engines: ReadonlyArray<readonly [string, DenseEngine]> = [['portable', portableEngine()], ...(available ? [['cpu', cpuEngine()] as const] : [])];
const list = (value: unknown): number[] => (Array.isArray(value) ? value.map(Number) : []);

describe.skipIf(!hasPython('numpy'))('beside numpy (needs python3 with numpy)', () => {
  it.each(engines)('%s has the eigenvalues of eigh, and its vectors but for their sign', async (_, engine) => {
    const n = 60;
    const matrix = covarianceOf(n, 90);
    const answer = askPython('values, vectors = np.linalg.eigh(np.array(data["matrix"]).reshape(data["n"], -1))\nresult = [values, vectors.T.ravel()]', { n, matrix: Array.from(matrix) });
    const [values, vectors] = Array.isArray(answer) ? answer.map(list) : [];
    const system = await engine.symmetricEigen(matrix, n, options);
    assertClose(system.values, values ?? [], { tolerance: () => 1e-13, place: (k) => `eigenvalue ${k}` });
    for (let k = 0; k < n; k++) {
      const along = system.vectors.subarray(k * n, (k + 1) * n).reduce((sum, component, i) => sum + component * (vectors?.[k * n + i] ?? Number.NaN), 0);
      expect(Math.abs(along)).toBeCloseTo(1, 10);
    }
  });

  it.each(engines)('%s has the inverse of inv', async (_, engine) => {
    const n = 70;
    const matrix = covarianceOf(n, 200);
    const expected = list(askPython('result = np.linalg.inv(np.array(data["matrix"]).reshape(data["n"], -1)).ravel()', { n, matrix: Array.from(matrix) }));
    const scale = Math.max(...expected.map(Math.abs));
    assertClose((await engine.invertSymmetric(matrix, n, options)) ?? [], expected, { tolerance: () => 1e-13 * scale, place: (at) => `row ${Math.floor(at / n)}, column ${at % n}` });
  });
});

describe.skipIf(!available)('on the CPU engine', () => {
  it('the bits are the same on 1, 2 and 3 threads', async () => {
    const n = 210;
    const matrix = covarianceOf(n, 240);
    const first = { system: await cpuEngine().symmetricEigen(matrix, n, options), inverse: await cpuEngine().invertSymmetric(matrix, n, options) };
    for (const threads of [1, 2, 3]) {
      const engine = freshCpuEngine({ threads });
      const { device } = engine.info();
      const system = await engine.symmetricEigen(matrix, n, options);
      assertSameBits(system.values, first.system.values, (k) => `eigenvalue ${k} on ${device}`);
      assertSameBits(system.vectors, first.system.vectors, (at) => `component ${at} on ${device}`);
      assertSameBits((await engine.invertSymmetric(matrix, n, options)) ?? [], first.inverse ?? [], (at) => `value ${at} of the inverse on ${device}`);
    }
  });
});
