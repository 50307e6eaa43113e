/** Tiles of a matrix that has to be computed as a whole: shrunk, denoised, detoned, partial. */
import type { CorrelationParams } from '@corrente/shared/contract/analyses/correlation';
import type { Precision } from '@corrente/shared/contract/engine';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Columns, Engine, OpOptions, Reals } from '../../engine/contract.ts';
import { correlationP } from '../../statistics/correlation-p.ts';
import { standardDeviations, toCorrelation, toPartialCorrelation } from '../../statistics/correlation-matrix.ts';
import { cleanCorrelation, noiseBound } from '../../statistics/marchenko-pastur.ts';
import { ledoitWolf, oracleApproximating, shrink } from '../../statistics/shrinkage.ts';
import type { PairP } from './pair-p.ts';
import { rowsPerTile, tileBounds, type TileBounds, type Tiles, type UpperTile } from './tiles.ts';

/** Shares of progress: the tiles, then the linear algebra. */
const ofTiles = 0.4;

interface Whole {
  /** [series × series]; NaN in the rows and columns of series that do not vary. */
  readonly r: Float64Array;
  /** Series that vary, and so are part of the whole. */
  readonly series: number;
}

/** Always in float64, over the rows where every series is present; rounded to the precision in the end. */
export class WholeMatrixTiles implements Tiles {
  readonly series: number;
  readonly #rows: Columns;
  readonly #params: CorrelationParams;
  readonly #engine: Engine;
  readonly #precision: Precision;
  /** What a person may want to know of how the matrix came about; filled while it is computed. */
  readonly notes: string[] = [];
  #whole: Whole | null = null;

  constructor(rows: Columns, params: CorrelationParams, engine: Engine, precision: Precision) {
    this.series = rows.series;
    this.#rows = rows;
    this.#params = params;
    this.#engine = engine;
    this.#precision = precision;
  }

  /** Computes the matrix, where it is not there yet. */
  async prepare(options: OpOptions): Promise<void> {
    await this.#computed(options);
  }

  /** Rows where every series is present. */
  get rows(): number {
    return this.#rows.length;
  }

  async upper({ from, to }: TileBounds, options: OpOptions): Promise<UpperTile> {
    return { from, to, width: this.series - from, lag: null, n: this.#rows.length, r: await this.#cut(from, to, from, this.series, options) };
  }

  async left({ from, to }: TileBounds, columns: number, options: OpOptions): Promise<Reals> {
    return this.#cut(from, to, 0, columns, options);
  }

  /** Of partial correlations: Student's t with as many degrees of freedom as there are more rows than series. */
  readonly p: PairP = (_a, _b, r, n) => {
    const { partial, shrinkage, denoise, detone } = this.#params;
    if (!partial || shrinkage !== 'none' || denoise !== 'none' || detone > 0) return Number.NaN;
    return correlationP(r, n - Math.max(0, (this.#whole?.series ?? 0) - 2));
  };

  close(): void {
    this.#whole = null;
  }

  async #cut(rowFrom: number, rowTo: number, colFrom: number, colTo: number, options: OpOptions): Promise<Reals> {
    const { r } = await this.#computed(options);
    const width = colTo - colFrom;
    const count = (rowTo - rowFrom) * width;
    const cut = this.#precision === 'f32' ? new Float32Array(count) : new Float64Array(count);
    for (let i = rowFrom; i < rowTo; i++) cut.set(r.subarray(i * this.series + colFrom, i * this.series + colTo), (i - rowFrom) * width);
    return cut;
  }

  async #computed(options: OpOptions): Promise<Whole> {
    this.#whole ??= await this.#compute(options);
    return this.#whole;
  }

  async #compute(given: OpOptions): Promise<Whole> {
    const { method, minPeriods, shrinkage, denoise, detone, partial } = this.#params;
    const options: OpOptions = { ...given, precision: 'f64' };
    const within = (from: number, share: number): OpOptions => ({ ...options, onProgress: (fraction) => given.onProgress?.(from + share * fraction) });
    const size = this.series;
    const r = await this.#plain(within(0, ofTiles));
    if (this.#rows.length < Math.max(2, minPeriods)) return { r: r.fill(Number.NaN), series: 0 };
    // A shrunk covariance gives a variance to a series that has none; a correlation is of those that vary.
    const every = shrinkage !== 'none' && method === 'covariance';
    const varying = Int32Array.from({ length: size }, (_, i) => i).filter((i) => every || varies(r[i * size + i]));
    const matrix = selected(r, size, varying);
    const n = varying.length;
    if (shrinkage !== 'none') this.#shrink(matrix, n);
    const clean = denoise !== 'none' || detone > 0;
    const deviations = standardDeviations(matrix, n);
    // A shrunk covariance is asked for as a correlation; and a covariance is cleaned as one, and gets its variances back.
    if ((method === 'pearson' && shrinkage !== 'none') || (method === 'covariance' && clean)) toCorrelation(matrix, n, deviations);
    if (clean) await this.#clean(matrix, n, within(ofTiles, 0.5));
    if (method === 'covariance' && clean) rescale(matrix, n, deviations);
    const final = partial ? await this.#partial(matrix, n, within(0.9, 0.1)) : matrix;
    return { r: spread(final, size, varying), series: n };
  }

  /** The full matrix of the method; covariances (divided by the number of rows) for a shrinkage. */
  async #plain(options: OpOptions): Promise<Float64Array> {
    const { method, ddof, shrinkage } = this.#params;
    const request = shrinkage === 'none' ? { method, ddof } : { method: 'covariance' as const, ddof: 0 };
    const size = this.series;
    const r = new Float64Array(size * size);
    const session = await this.#engine.openCorrelation(this.#rows, request, options);
    try {
      for (const { from, to } of tileBounds(size, rowsPerTile(size, this.#rows.length))) {
        const share = (to - from) / size;
        const tile = await session.tile(from, to, from, size, { ...options, onProgress: (fraction) => options.onProgress?.(from / size + share * fraction) });
        const width = size - from;
        for (let i = from; i < to; i++) {
          const row = tile.r.subarray((i - from) * width, (i - from + 1) * width);
          r.set(row, i * size + from);
          for (let j = to; j < size; j++) r[j * size + i] = row[j - from] ?? Number.NaN;
        }
      }
    } finally {
      session.close();
    }
    return r;
  }

  #shrink(covariance: Float64Array, size: number): void {
    const rows = this.#rows.length;
    const shrinkage = this.#params.shrinkage === 'oas' ? oracleApproximating(covariance, size, rows) : ledoitWolf(covariance, size, squaredDeviations(this.#rows));
    this.notes.push(`shrinkage ${this.#params.shrinkage}: intensity ${shrinkage.intensity.toPrecision(6)} over ${rows} rows`);
    shrink(covariance, size, shrinkage);
  }

  async #clean(matrix: Float64Array, n: number, options: OpOptions): Promise<void> {
    const half = (from: number): OpOptions => ({ ...options, onProgress: (fraction) => options.onProgress?.(from + fraction / 2) });
    const spectrum = await this.#engine.symmetricEigen(matrix, n, half(0));
    const { denoise, detone } = this.#params;
    const { noise, bound } = denoise === 'none' ? { noise: 0, bound: 0 } : noiseBound(spectrum.values, this.#rows.length);
    if (denoise !== 'none') this.notes.push(`denoise: ${noise} of ${n} eigenvalues lie at or below ${bound.toPrecision(6)}`);
    await cleanCorrelation(matrix, spectrum, { noise, detone }, half(0.5));
  }

  async #partial(matrix: Float64Array, n: number, options: OpOptions): Promise<Float64Array> {
    const inverse = await this.#engine.invertSymmetric(matrix, n, options);
    if (inverse === null) {
      throw new CorrenteError('too-few-samples', `The correlation matrix of ${n} series over the ${this.#rows.length} rows where all are present has no inverse: there are too few rows, or a series is a combination of others. A shrinkage gives it one.`, {
        places: [{ pointer: '/params/partial', detail: `needs an inverse of the correlation matrix of ${n} series, and over ${this.#rows.length} rows it has none` }],
      });
    }
    toPartialCorrelation(inverse, n);
    return inverse;
  }
}

const varies = (diagonal: number | undefined): boolean => diagonal !== undefined && Number.isFinite(diagonal) && diagonal > 0;

/** The rows and columns of some of the variables. */
function selected(matrix: Float64Array, size: number, kept: Int32Array): Float64Array {
  if (kept.length === size) return matrix;
  const n = kept.length;
  return Float64Array.from({ length: n * n }, (_, at) => matrix[(kept[Math.floor(at / n)] ?? 0) * size + (kept[at % n] ?? 0)] ?? Number.NaN);
}

/** The same rows and columns put back among the others, which are missing. */
function spread(matrix: Float64Array, size: number, kept: Int32Array): Float64Array {
  if (kept.length === size) return matrix;
  const whole = new Float64Array(size * size).fill(Number.NaN);
  for (const [i, row] of kept.entries()) for (const [j, column] of kept.entries()) whole[row * size + column] = matrix[i * kept.length + j] ?? Number.NaN;
  return whole;
}

function rescale(matrix: Float64Array, n: number, deviations: Float64Array): void {
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) matrix[i * n + j] = (matrix[i * n + j] ?? Number.NaN) * (deviations[i] ?? Number.NaN) * (deviations[j] ?? Number.NaN);
}

/** For each row, the sum over series of the squared deviations from the means of the series. */
function squaredDeviations({ values, series, length, stride }: Columns): Float64Array {
  const squares = new Float64Array(length);
  for (let s = 0; s < series; s++) {
    const row = values.subarray(s * stride, s * stride + length);
    // About the first value, so that a large level costs no digits.
    const origin = row[0] ?? Number.NaN;
    let mean = 0;
    for (let t = 0; t < length; t++) mean += (row[t] ?? Number.NaN) - origin;
    mean = origin + mean / length;
    for (let t = 0; t < length; t++) squares[t] = (squares[t] ?? 0) + ((row[t] ?? Number.NaN) - mean) ** 2;
  }
  return squares;
}
