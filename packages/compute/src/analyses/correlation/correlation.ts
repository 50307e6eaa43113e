/** Pearson correlation of every pair of series: the matrix in tiles of rows, and the pairs. */
import { correlation as contract, type CorrelationParams, type correlationParams } from '@corrente/shared/contract/analyses/correlation';
import type { OpOptions } from '../../engine/contract.ts';
import type { Analysis, Plan, PlanInput, Step, StepContext } from '../analysis.ts';
import { listwiseRows } from './listwise.ts';
import { MatrixRows } from './matrix.ts';
import { firstPair, pairColumns, pairRows, pairsAbove, pairsOfTile, pValues } from './pairs.ts';
import { RankedPairs } from './ranked-pairs.ts';
import { rowsPerTile, tileBounds, TileSource, type TileBounds, type UpperTile } from './tiles.ts';

/** What a pair costs beside its sum of products (p, q, sorting), in operations. */
const pairOperations = 100;

export const correlation: Analysis<typeof correlationParams> = {
  contract,
  // Every frame has a defined result: one series is the matrix [[1]] and no pairs.
  validate() {},
  plan: planCorrelation,
};

async function planCorrelation(input: PlanInput<CorrelationParams>): Promise<Plan> {
  const { params, frame, engine, precision } = input;
  const columns = params.missing === 'listwise' ? listwiseRows(frame) : frame;
  const tiles = tileBounds(columns.series, rowsPerTile(columns.series, frame.length));
  const session = await engine.openCorrelation(columns, { method: 'pearson', ddof: 0 }, { precision });
  const source = new TileSource(session, columns.series, params.minPeriods);
  const ranked = params.output !== 'matrix' && (params.top !== null || params.fdr) ? new RankedPairs(columns.series, params, precision) : null;
  const steps = new CorrelationSteps(input, source, tiles, ranked);
  return { steps: [...steps.tileSteps(), ...steps.rankedSteps()], close: () => source.close() };
}

class CorrelationSteps {
  readonly #params: CorrelationParams;
  readonly #names: readonly string[];
  readonly #length: number;
  readonly #precision: PlanInput<CorrelationParams>['precision'];
  readonly #source: TileSource;
  readonly #tiles: readonly TileBounds[];
  readonly #matrix: MatrixRows | null;
  readonly #ranked: RankedPairs | null;

  constructor({ params, frame, precision }: PlanInput<CorrelationParams>, source: TileSource, tiles: readonly TileBounds[], ranked: RankedPairs | null) {
    this.#params = params;
    this.#names = frame.names;
    this.#length = frame.length;
    this.#precision = precision;
    this.#source = source;
    this.#tiles = tiles;
    this.#matrix = params.output === 'pairs' ? null : new MatrixRows(source, frame.names);
    this.#ranked = ranked;
  }

  /** One step for each tile: its rows of the matrix, its pairs where they are known by then. */
  tileSteps(): Step[] {
    if (this.#matrix === null && this.#ranked !== null) return [];
    return this.#tiles.map((tile) => ({
      title: `series ${tile.from + 1} to ${tile.to}`,
      work: this.#tileWork(tile),
      run: async (context) => {
        const upper = await this.#source.upper(tile, this.#options(context, 0, 1));
        if (this.#params.output !== 'matrix') this.#pairsOf(tile, upper, context);
        if (this.#matrix !== null) context.emit('matrix', await this.#matrix.columns(upper, this.#options(context, 1, 1)));
      },
    }));
  }

  /** Steps after all tiles: the strongest pairs in one, or the pairs with q tile by tile. */
  rankedSteps(): Step[] {
    const ranked = this.#ranked;
    if (ranked === null) return [];
    // Without a matrix no step comes before these: the first of them computes all tiles.
    const before = this.#matrix === null ? this.#tiles.reduce((sum, tile) => sum + this.#tileWork(tile), 0) : 0;
    const parts: ReadonlyArray<TileBounds | null> = this.#params.top === null ? this.#tiles : [null];
    return parts.map((tile, k) => ({
      title: tile === null ? 'strongest pairs' : `pairs of series ${tile.from + 1} to ${tile.to}`,
      work: (k === 0 ? before : 0) + pairOperations * this.#pairs(tile ?? { from: 0, to: this.#names.length }),
      run: async (context) => {
        await this.#takeAll(ranked, context);
        context.emit('pairs', pairColumns(this.#names, tile === null ? ranked.strongest() : ranked.ofTile(tile)));
      },
    }));
  }

  #pairsOf(tile: TileBounds, upper: UpperTile, context: StepContext): void {
    const run = pairsOfTile(upper);
    if (this.#ranked !== null) return this.#ranked.take(tile, run);
    context.emit('pairs', pairColumns(this.#names, pairRows(run, pairsAbove(run, this.#params.minAbs), pValues(run), null)));
  }

  /** Computes the tiles that no step of this attempt has computed: all, or those an earlier attempt had stored. */
  async #takeAll(ranked: RankedPairs, context: StepContext): Promise<void> {
    const missing = this.#tiles.filter((tile) => !ranked.has(tile));
    const total = missing.reduce((sum, tile) => sum + this.#tileWork(tile), 0);
    let done = 0;
    for (const tile of missing) {
      const share = this.#tileWork(tile) / total;
      ranked.take(tile, pairsOfTile(await this.#source.upper(tile, this.#options(context, done, share))));
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
