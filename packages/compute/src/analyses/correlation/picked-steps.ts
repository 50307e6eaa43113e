/** The steps of a correlation of which some pairs are wanted: picked band by band of rows, without any matrix being held. */
import { correlationMode, rowsPerBand, type CorrelationParams } from '@corrente/shared/contract/analyses/correlation';
import { z } from 'zod';
import type { OpOptions } from '../../engine/contract.ts';
import type { JsonValue, PlanInput, Step, StepContext } from '../analysis.ts';
import { firstPair, pairColumns, pairRows, pairsAbove, pairsOfTile, pOfRows, type PairRows } from './pairs.ts';
import { SessionTiles } from './session-tiles.ts';
import { StrongestPairs } from './strongest.ts';
import { rowsPerTile, tileBounds, type TileBounds, type Tiles } from './tiles.ts';

/** The most pairs that a band returns, to be stored with its step: larger tops are computed anew after a loss. */
const mostReturned = 20_000;

const numbers = z.array(z.number());
const returnedPairs = z.object({ a: numbers, b: numbers, lag: numbers, r: numbers, n: numbers });

export class PickedSteps {
  readonly #input: PlanInput<CorrelationParams>;
  readonly #source: Tiles;
  readonly #bands: readonly TileBounds[];
  /** The strongest of the bands so far; null where every pair above minAbs is wanted. */
  readonly #best: StrongestPairs | null;
  readonly #taken = new Set<number>();

  constructor(input: PlanInput<CorrelationParams>, source: Tiles) {
    const { params, frame, stored } = input;
    const series = frame.series;
    this.#input = input;
    this.#source = source;
    const rows = source instanceof SessionTiles ? rowsPerBand(series, frame.length) : rowsPerTile(series, frame.length);
    this.#bands = tileBounds(series, rows);
    this.#best = params.top === null ? null : new StrongestPairs(series, Math.min(params.top, firstPair(series, series)));
    for (const [band, returned] of stored) this.#takeReturned(band, returned);
  }

  steps(): Step[] {
    const { params } = this.#input;
    // A matrix that is computed as a whole would be computed by every worker.
    const independent = correlationMode(params) !== 'whole-matrix' && (params.top === null || params.top <= mostReturned);
    const bands = this.#bands.map((bounds, band): Step => ({
      title: `series ${bounds.from + 1} to ${bounds.to}`,
      work: this.#work(bounds),
      independent,
      run: (context) => this.#runBand(band, bounds, context),
    }));
    return this.#best === null ? bands : [...bands, { title: 'strongest pairs', work: 100 * Math.min(params.top ?? 0, this.#input.frame.series ** 2), run: (context) => this.#runStrongest(context) }];
  }

  async #runBand(band: number, bounds: TileBounds, context: StepContext): Promise<JsonValue | void> {
    const rows = await this.#pick(bounds, this.#options(context, 0, 1));
    if (this.#best === null) return context.emit('pairs', this.#columns(rows));
    const kept = this.#take(band, rows, this.#best);
    context.emitProvisional('pairs', this.#columns(kept));
    const { top } = this.#input.params;
    if (top === null || top > mostReturned) return undefined;
    return { a: [...kept.a], b: [...kept.b], lag: [...kept.lag], r: [...kept.r], n: [...kept.n] };
  }

  async #runStrongest(context: StepContext): Promise<void> {
    const best = this.#best;
    if (best === null) return;
    const missing = [...this.#bands.entries()].filter(([band]) => !this.#taken.has(band));
    const total = missing.reduce((sum, [, bounds]) => sum + this.#work(bounds), 0);
    let done = 0;
    for (const [band, bounds] of missing) {
      const share = this.#work(bounds) / total;
      this.#take(band, await this.#pick(bounds, this.#options(context, done, share)), best);
      done += share;
    }
    context.emit('pairs', this.#columns(best.sorted(this.#input.precision)));
  }

  /** Offers the pairs of a band, and gives back those of them that are among the strongest so far. */
  #take(band: number, rows: PairRows, best: StrongestPairs): PairRows {
    this.#taken.add(band);
    best.offer(rows);
    const kept = Int32Array.from(rows.r.keys()).filter((k) => Math.abs(rows.r[k] ?? Number.NaN) >= best.threshold);
    const of = (values: Int32Array): Int32Array => Int32Array.from(kept, (k) => values[k] ?? 0);
    const r = Float64Array.from(kept, (k) => rows.r[k] ?? Number.NaN);
    return { a: of(rows.a), b: of(rows.b), lag: of(rows.lag), n: of(rows.n), r: rows.r instanceof Float32Array ? Float32Array.from(r) : r };
  }

  #takeReturned(band: number, returned: JsonValue): void {
    if (this.#best === null || returned === null || band >= this.#bands.length) return;
    const { a, b, lag, r, n } = returnedPairs.parse(returned);
    this.#taken.add(band);
    this.#best.offer({ a: Int32Array.from(a), b: Int32Array.from(b), lag: Int32Array.from(lag), r: Float64Array.from(r), n: Int32Array.from(n) });
  }

  /** The pairs of a band that can still be among those wanted. */
  async #pick(bounds: TileBounds, options: OpOptions): Promise<PairRows> {
    const { params, frame } = this.#input;
    const minAbs = Math.max(params.minAbs, this.#best?.threshold ?? 0);
    if (!(this.#source instanceof SessionTiles)) {
      const run = pairsOfTile(await this.#source.upper(bounds, options));
      return pairRows(run, pairsAbove(run, minAbs), frame.series);
    }
    const selection = { minAbs, minPeriods: params.minPeriods, top: params.top };
    const { a, b, r, n } = await this.#source.session.strongest(bounds.from, bounds.to, bounds.from, frame.series, selection, options);
    return { a, b, r, n: typeof n === 'number' ? new Int32Array(a.length).fill(n) : n, lag: new Int32Array(a.length) };
  }

  #columns(rows: PairRows): ReturnType<typeof pairColumns> {
    return pairColumns(this.#input.frame.names, rows, pOfRows(rows, (a, b, r, n) => this.#source.p(a, b, r, n)), null);
  }

  #options(context: StepContext, done: number, share: number): OpOptions {
    return { precision: this.#input.precision, signal: context.signal, onProgress: (fraction) => context.progress(Math.min(1, done + fraction * share)) };
  }

  #work({ from, to }: TileBounds): number {
    return (to - from) * (this.#input.frame.series - from) * 2 * Math.max(1, this.#input.frame.length);
  }
}
