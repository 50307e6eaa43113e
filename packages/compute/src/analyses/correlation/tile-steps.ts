/** The steps of a correlation whose matrix is computed tile by tile: the matrix, the pairs, the order. */
import type { CorrelationParams } from '@corrente/shared/contract/analyses/correlation';
import type { OpOptions } from '../../engine/contract.ts';
import type { PlanInput, Step, StepContext } from '../analysis.ts';
import { MatrixRows } from './matrix.ts';
import { firstPair, pairColumns, pairRows, pairsAbove, pairsOfTile, pOfRows } from './pairs.ts';
import { RankedPairs } from './ranked-pairs.ts';
import { SimilarityOrder } from './similarity-order.ts';
import type { TileBounds, Tiles, UpperTile } from './tiles.ts';

/** What a pair costs beside its sum of products (p, q, sorting), in operations. */
const pairOperations = 100;

export class TileSteps {
  readonly #params: CorrelationParams;
  readonly #names: readonly string[];
  readonly #length: number;
  readonly #precision: PlanInput<CorrelationParams>['precision'];
  readonly #source: Tiles;
  readonly #tiles: readonly TileBounds[];
  readonly #matrix: MatrixRows | null;
  readonly #ranked: RankedPairs | null;
  readonly #order: SimilarityOrder | null;
  /** What has to see every tile. */
  readonly #collectors: ReadonlyArray<RankedPairs | SimilarityOrder>;

  constructor({ params, frame, precision }: PlanInput<CorrelationParams>, source: Tiles, tiles: readonly TileBounds[]) {
    this.#params = params;
    this.#names = frame.names;
    this.#length = frame.length;
    this.#precision = precision;
    this.#source = source;
    this.#tiles = tiles;
    this.#matrix = params.output === 'pairs' ? null : new MatrixRows(source, frame.names);
    this.#ranked = params.output !== 'matrix' && (params.top !== null || params.fdr) ? new RankedPairs(frame.names, params, precision, (a, b, r, n) => source.p(a, b, r, n)) : null;
    this.#order = params.order === 'none' ? null : new SimilarityOrder(frame.names, params.method === 'covariance');
    this.#collectors = [this.#ranked, this.#order].filter((collector) => collector !== null);
  }

  steps(): Step[] {
    return [...this.#tileSteps(), ...this.#rankedSteps(), ...this.#orderSteps()];
  }

  /** One step for each tile: its rows of the matrix, its pairs where they are known by then. */
  #tileSteps(): Step[] {
    if (this.#matrix === null && this.#ranked !== null) return [];
    // The rows of a matrix are mirrored from those before them, and what is told of all pairs collects every tile.
    const independent = this.#matrix === null && this.#order === null;
    return this.#tiles.map((tile) => ({
      title: `series ${tile.from + 1} to ${tile.to}`,
      work: this.#tileWork(tile),
      independent,
      run: async (context) => {
        const upper = await this.#source.upper(tile, this.#options(context, 0, 1));
        this.#collect(tile, upper);
        if (this.#params.output !== 'matrix' && this.#ranked === null) this.#emitPairs(upper, context);
        if (this.#matrix !== null) context.emit('matrix', await this.#matrix.columns(upper, this.#options(context, 1, 1)));
      },
    }));
  }

  /** Steps after all tiles: the strongest pairs in one, or the pairs with q tile by tile. */
  #rankedSteps(): Step[] {
    const ranked = this.#ranked;
    if (ranked === null) return [];
    // Without a matrix no step comes before these: the first of them computes all tiles.
    const before = this.#matrix === null ? this.#allWork() : 0;
    const parts: ReadonlyArray<TileBounds | null> = this.#params.top === null ? this.#tiles : [null];
    return parts.map((tile, k) => ({
      title: tile === null ? 'strongest pairs' : `pairs of series ${tile.from + 1} to ${tile.to}`,
      work: (k === 0 ? before : 0) + pairOperations * this.#pairs(tile ?? { from: 0, to: this.#names.length }),
      run: async (context) => {
        await this.#takeAll(context);
        context.emit('pairs', tile === null ? ranked.strongest() : ranked.ofTile(tile));
      },
    }));
  }

  #orderSteps(): Step[] {
    const order = this.#order;
    if (order === null) return [];
    return [
      {
        title: 'order of similarity',
        work: 10 * this.#names.length ** 2,
        run: async (context) => {
          await this.#takeAll(context);
          context.emit('order', await order.columns({ signal: context.signal, onProgress: (fraction) => context.progress(fraction) }));
        },
      },
    ];
  }

  #emitPairs(upper: UpperTile, context: StepContext): void {
    const run = pairsOfTile(upper);
    const rows = pairRows(run, pairsAbove(run, this.#params.minAbs), this.#names.length);
    context.emit('pairs', pairColumns(this.#names, rows, pOfRows(rows, (a, b, r, n) => this.#source.p(a, b, r, n)), null));
  }

  #collect(tile: TileBounds, upper: UpperTile): void {
    for (const collector of this.#collectors) if (!collector.has(tile)) collector.take(tile, upper);
  }

  /** Computes the tiles that no step of this attempt has computed: all, or those an earlier attempt had stored. */
  async #takeAll(context: StepContext): Promise<void> {
    const missing = this.#tiles.filter((tile) => this.#collectors.some((collector) => !collector.has(tile)));
    const total = missing.reduce((sum, tile) => sum + this.#tileWork(tile), 0);
    let done = 0;
    for (const tile of missing) {
      const share = this.#tileWork(tile) / total;
      const upper = await this.#source.upper(tile, this.#options(context, done, share));
      this.#collect(tile, upper);
      done += share;
      await breathe(context.signal);
    }
  }

  #options(context: StepContext, done: number, share: number): OpOptions {
    return { precision: this.#precision, signal: context.signal, onProgress: (fraction) => context.progress(Math.min(1, done + fraction * share)) };
  }

  #tileWork({ from, to }: TileBounds): number {
    return (to - from) * (this.#names.length - from) * (2 * this.#length + pairOperations);
  }

  #allWork(): number {
    return this.#tiles.reduce((sum, tile) => sum + this.#tileWork(tile), 0);
  }

  #pairs({ from, to }: TileBounds): number {
    return firstPair(to, this.#names.length) - firstPair(from, this.#names.length);
  }
}

/** Lets messages in between two stretches of work on this thread; throws where the work was cancelled meanwhile. */
async function breathe(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  signal.throwIfAborted();
}
