/**
 * Tiles of the matrix of every method. Pearson, and Spearman and covariance of complete series, are products of unit
 * columns, under f32 on gpu.js; everything else is computed pair by pair in float64, and rounded under f32.
 */
import { placeIn, type Block, type Rectangle } from './block.ts';
import { covarianceOfPair, standardDeviations } from './covariance.ts';
import { distanceOfPair } from './distance.ts';
import type { Gpu } from './gpu.ts';
import { gpuPearsonTile, prepareGpuPearson } from './gpu-pearson.ts';
import { kendallOfPair } from './kendall.ts';
import { Pace, type PaceOptions } from './pace.ts';
import { pairTile, type PairOf } from './pair-tile.ts';
import { pearsonTile, preparePearson, type PearsonTile } from './pearson.ts';
import { rankBlock, rankColumns } from './ranks.ts';
import { spearmanOfPair } from './spearman.ts';
import { maskColumns } from './standardise.ts';

/** What `CorrelationMethod` and `CorrelationRequest` of the engines' contract define. */
export type CorrelationMethod = 'pearson' | 'spearman' | 'kendall' | 'distance' | 'covariance';

export interface CorrelationRequest {
  readonly method: CorrelationMethod;
  readonly ddof: number;
}

export type Tile = PearsonTile<Float64Array<ArrayBuffer> | Float32Array<ArrayBuffer>>;
export type TileOf = (rectangle: Rectangle, options: PaceOptions) => Promise<Tile>;

export interface CorrelationTiles {
  readonly tile: TileOf;
  /** The rows of every pair, where no series has a missing value; null otherwise. */
  readonly uniform: number | null;
}

/** Prepares the columns for any number of tiles: in float32 where a `gpu` is given, otherwise in float64. */
export async function correlationTiles(block: Block, { method, ddof }: CorrelationRequest, gpu: Gpu | null, options: PaceOptions): Promise<CorrelationTiles> {
  switch (method) {
    case 'pearson':
      return pearsonTiles(block, gpu, options);
    case 'spearman':
    case 'kendall': {
      const pace = new Pace('correlation', block.series * block.length, options);
      await pace.start();
      const ranked = await rankColumns(block, pace);
      if (method === 'kendall') return pairTiles(kendallOfPair(ranked), ranked.complete ? block.length : null, true, gpu);
      return ranked.complete ? pearsonTiles(rankBlock(ranked), gpu, options) : pairTiles(spearmanOfPair(ranked), null, true, gpu);
    }
    case 'distance':
    case 'covariance': {
      const pace = new Pace('correlation', block.series * block.length, options);
      await pace.start();
      const { masked, scales } = await maskColumns(block, pace);
      const complete = masked.present.every((one) => one === 1);
      if (method === 'distance') return pairTiles(distanceOfPair(masked), complete ? block.length : null, true, gpu);
      return complete ? covarianceTiles(block, ddof, gpu, options) : pairTiles(covarianceOfPair(masked, scales, ddof), null, false, gpu);
    }
  }
}

async function pearsonTiles(block: Block, gpu: Gpu | null, options: PaceOptions): Promise<CorrelationTiles> {
  if (gpu === null) {
    const prepared = await preparePearson(block, options);
    return { tile: (rectangle, tileOptions) => pearsonTile(prepared, rectangle, tileOptions), uniform: prepared.masked === null ? block.length : null };
  }
  const prepared = await prepareGpuPearson(block, options);
  return { tile: (rectangle, tileOptions) => gpuPearsonTile(gpu, prepared, rectangle, tileOptions), uniform: prepared.masked === null ? block.length : null };
}

const pairTiles = (pairOf: PairOf, uniform: number | null, normalised: boolean, gpu: Gpu | null): CorrelationTiles => ({
  uniform,
  async tile(rectangle, options) {
    const tile = await pairTile(pairOf, rectangle, { uniform, normalised }, options);
    return gpu === null ? tile : { r: Float32Array.from(tile.r), n: tile.n };
  },
});

/** Of complete series: r times both standard deviations; 0 where one of them is 0, whatever r is. */
async function covarianceTiles(block: Block, ddof: number, gpu: Gpu | null, options: PaceOptions): Promise<CorrelationTiles> {
  const deviations = standardDeviations(block, ddof);
  const { tile: correlations, uniform } = await pearsonTiles(block, gpu, options);
  return {
    uniform,
    async tile(rectangle, tileOptions) {
      const tile = await correlations(rectangle, tileOptions);
      for (let row = rectangle.rowFrom; row < rectangle.rowTo; row++) {
        for (let col = rectangle.colFrom; col < rectangle.colTo; col++) {
          const product = deviations[row]! * deviations[col]!;
          const place = placeIn(rectangle, row, col);
          tile.r[place] = product === 0 ? 0 : tile.r[place]! * product;
        }
      }
      return tile;
    },
  };
}
