/**
 * I(X; Y | Z) of jointly normal variables, in nats: ½ ln(|Σxz| |Σyz| / (|Σxyz| |Σz|)). Of X nothing but what Z leaves
 * of it takes part, so with A the covariance of X given Z and B that given Y and Z it is ½ (ln |A| − ln |B|): Z and Y
 * are factorised once, and X or a permutation of it costs its products with them.
 *
 * Linearly redundant variables (of Z, of Y given Z, of X given Z) are left out. X that Y and Z determine has infinite
 * information. Where X and Y are independent given Z, 2 N I tends to a chi-square distribution with d_x d_y degrees of
 * freedom (Barnett and Bossomaier, Phys. Rev. Lett. 109, 138105, 2012).
 */
import { CorrenteError } from '@corrente/shared/contract/errors';
import { Pace } from '@corrente/shared/portable/pace';
import type { Columns, OpOptions } from '../engine/contract.ts';
import { chiSquareQuantile, chiSquareTail } from '../statistics/chi-square.ts';
import { cholesky, type CholeskyFactor, forwardSolve } from './cholesky.ts';
import { orderingOf, uniformDraw } from './draws.ts';
import type { ConditionalEstimator, ConditionalSession, EstimateRequest } from './estimator.ts';

/** With `biasCorrection`, the mean of the value under the null hypothesis, d_x d_y / 2N, is subtracted. */
export function gaussianEstimator({ biasCorrection }: { readonly biasCorrection: boolean }): ConditionalEstimator {
  return { unit: 'nats', analytic: true, open: (target, condition) => Promise.resolve(new GaussianSession(target, condition, biasCorrection)) };
}

/** The columns centred and of length 1; null for one that is constant. */
export function unitColumns({ values, series, length, stride }: Columns): Array<Float64Array | null> {
  return Array.from({ length: series }, (_, s) => {
    const column = values.slice(s * stride, s * stride + length);
    let [sum, largest] = [0, 0];
    for (const value of column) {
      sum += value;
      largest = Math.max(largest, Math.abs(value));
    }
    const mean = sum / length;
    let squares = 0;
    for (let i = 0; i < length; i += 1) {
      const centred = (column[i] ?? 0) - mean;
      column[i] = centred;
      squares += centred * centred;
    }
    if (Math.sqrt(squares / length) <= 1e-14 * largest) return null;
    const scale = 1 / Math.sqrt(squares);
    for (let i = 0; i < length; i += 1) column[i] = (column[i] ?? 0) * scale;
    return column;
  });
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

export const gram = (columns: readonly Float64Array[]): Float64Array[] => columns.map((a) => Float64Array.from(columns, (b) => dot(a, b)));

const present = (columns: ReadonlyArray<Float64Array | null>): Float64Array[] => columns.filter((column) => column !== null);

/** What a source and its products with the base give. */
interface Split {
  /** Factor of X given Z, and given Z and Y; over the variables of X that Z leaves. */
  readonly given: CholeskyFactor;
  readonly givenBoth: CholeskyFactor;
  /** For each variable of X, its coefficients in the orthonormal base of Z and Y. */
  readonly coefficients: readonly Float64Array[];
  readonly information: number;
}

/** X without constant columns, its correlations, and what it gives with the base. */
interface PreparedSource {
  readonly columns: readonly Float64Array[];
  readonly correlations: readonly Float64Array[];
  readonly split: Split;
}

class GaussianSession implements ConditionalSession {
  readonly #length: number;
  readonly #biasCorrection: boolean;
  /** Columns of Z, then of Y, without those that are redundant, and the factor of their correlations. */
  readonly #base: readonly Float64Array[];
  readonly #factor: CholeskyFactor;
  readonly #conditions: number;
  /** A value and its p are asked for one after the other. */
  readonly #prepared = new WeakMap<Columns, PreparedSource>();

  constructor(target: Columns, condition: Columns, biasCorrection: boolean) {
    if (condition.series > 0 && condition.length !== target.length) throw new CorrenteError('internal', `The target has ${target.length} realisations, the condition ${condition.length}.`);
    this.#length = target.length;
    this.#biasCorrection = biasCorrection;
    const conditions = present(unitColumns(condition));
    const all = [...conditions, ...present(unitColumns(target))];
    this.#factor = cholesky(gram(all));
    this.#base = this.#factor.kept.flatMap((i) => all[i] ?? []);
    this.#conditions = this.#factor.kept.filter((i) => i < conditions.length).length;
  }

  async estimate(requests: readonly EstimateRequest[], options: OpOptions): Promise<Array<Float64Array<ArrayBuffer>>> {
    const pace = new Pace('gaussian', requests.reduce((sum, { surrogates }) => sum + surrogates + 1, 0), options);
    const answers: Array<Float64Array<ArrayBuffer>> = [];
    for (const request of requests) {
      if (pace.due) await pace.turn();
      const { columns, correlations, split } = this.#prepare(request.source);
      const dof = this.#degrees(split);
      const bias = this.#biasCorrection ? dof / (2 * this.#length) : 0;
      const values = new Float64Array(1 + request.surrogates);
      values[0] = split.information - bias;
      for (let draw = 0; draw < request.surrogates; draw += 1) {
        if (pace.due) await pace.turn();
        values[draw + 1] = this.#surrogate(request, draw, columns, correlations, dof) - bias;
        pace.count(1);
      }
      pace.count(1);
      answers.push(values);
    }
    return answers;
  }

  #surrogate(request: EstimateRequest, draw: number, columns: readonly Float64Array[], correlations: readonly Float64Array[], dof: number): number {
    if (request.null.kind === 'analytic') return chiSquareQuantile(uniformDraw(request.null.stream, draw), dof) / (2 * this.#length);
    const ordering = orderingOf(request, draw);
    const permuted = columns.map((column) => {
      const values = new Float64Array(ordering.length);
      for (let i = 0; i < ordering.length; i += 1) values[i] = column[ordering[i] ?? 0] ?? 0;
      return values;
    });
    return this.#split(permuted, correlations).information;
  }

  #prepare(source: Columns): PreparedSource {
    const known = this.#prepared.get(source);
    if (known !== undefined) return known;
    const columns = present(unitColumns(source));
    const correlations = gram(columns);
    const prepared = { columns, correlations, split: this.#split(columns, correlations) };
    this.#prepared.set(source, prepared);
    return prepared;
  }

  #split(columns: readonly Float64Array[], correlations: readonly Float64Array[]): Split {
    const coefficients = columns.map((column) => forwardSolve(this.#factor.rows, Float64Array.from(this.#base, (base) => dot(column, base))));
    const rest = (from: readonly Float64Array[], variables: readonly number[], first: number, last: number): Float64Array[] =>
      variables.map((i, row) => Float64Array.from(variables, (j, column) => (from[row]?.[column] ?? 0) - dot((coefficients[i] ?? new Float64Array(0)).subarray(first, last), (coefficients[j] ?? new Float64Array(0)).subarray(first, last))));
    const every = columns.map((_, i) => i);
    const givenZ = rest(correlations, every, 0, this.#conditions);
    const given = cholesky(givenZ);
    const keptGivenZ = given.kept.map((i) => Float64Array.from(given.kept, (j) => givenZ[i]?.[j] ?? 0));
    const givenBoth = cholesky(rest(keptGivenZ, given.kept, this.#conditions, this.#base.length), (i) => keptGivenZ[i]?.[i] ?? 1);
    const determined = givenBoth.kept.length < given.kept.length;
    return { given, givenBoth, coefficients, information: determined ? Number.POSITIVE_INFINITY : 0.5 * (given.logDeterminant - givenBoth.logDeterminant) };
  }

  #degrees({ given }: Split): number {
    return given.kept.length * (this.#base.length - this.#conditions);
  }

  locals(source: Columns): Promise<Float64Array<ArrayBuffer>> {
    const { columns, split } = this.#prepare(source);
    if (split.information === Number.POSITIVE_INFINITY) return Promise.resolve(new Float64Array(this.#length).fill(Number.POSITIVE_INFINITY));
    const bias = this.#biasCorrection ? this.#degrees(split) / (2 * this.#length) : 0;
    const locals = new Float64Array(this.#length);
    for (let t = 0; t < this.#length; t += 1) {
      const base = forwardSolve(this.#factor.rows, Float64Array.from(this.#base, (column) => column[t] ?? 0));
      const left = (last: number): Float64Array => Float64Array.from(split.given.kept, (i) => (columns[i]?.[t] ?? 0) - dot((split.coefficients[i] ?? new Float64Array(0)).subarray(0, last), base.subarray(0, last)));
      const [before, after] = [forwardSolve(split.given.rows, left(this.#conditions)), forwardSolve(split.givenBoth.rows, left(this.#base.length))];
      // The columns have length 1: their variance is 1 / (N − 1).
      locals[t] = split.information - bias + 0.5 * (this.#length - 1) * (dot(before, before) - dot(after, after));
    }
    return Promise.resolve(locals);
  }

  analyticP(source: Columns, value: number): number {
    const dof = this.#degrees(this.#prepare(source).split);
    const bias = this.#biasCorrection ? dof / (2 * this.#length) : 0;
    return chiSquareTail(2 * this.#length * (value + bias), dof);
  }

  bias(source: Columns): number {
    if (this.#biasCorrection) return 0;
    return this.#degrees(this.#prepare(source).split) / (2 * this.#length);
  }

  close(): void {}
}

