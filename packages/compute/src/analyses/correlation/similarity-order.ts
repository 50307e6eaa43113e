/** The order of series for a heatmap: leaves of a tree by average linkage of correlation distances. */
import type { PaceOptions } from '@corrente/shared/portable/pace';
import { averageLinkage, condensedIndex, leafOrder } from '../../statistics/hierarchy.ts';
import type { PartColumn } from '../analysis.ts';
import type { TileBounds, UpperTile } from './tiles.ts';

/** Collects the distances of all pairs, tile by tile. */
export class SimilarityOrder {
  readonly #names: readonly string[];
  readonly #covariance: boolean;
  readonly #values: Float64Array;
  readonly #variances: Float64Array;
  readonly #taken = new Set<TileBounds>();

  /** @param covariance whether the tiles hold covariances, which are brought to correlations here. */
  constructor(names: readonly string[], covariance: boolean) {
    this.#names = names;
    this.#covariance = covariance;
    this.#values = new Float64Array((names.length * (names.length - 1)) / 2);
    this.#variances = new Float64Array(names.length);
  }

  has(tile: TileBounds): boolean {
    return this.#taken.has(tile);
  }

  take(bounds: TileBounds, tile: UpperTile): void {
    this.#taken.add(bounds);
    for (let i = tile.from; i < tile.to; i++) {
      const row = tile.r.subarray((i - tile.from) * tile.width + i - tile.from, (i - tile.from + 1) * tile.width);
      this.#variances[i] = row[0] ?? Number.NaN;
      if (row.length > 1) this.#values.set(row.subarray(1), condensedIndex(i, i + 1, this.#names.length));
    }
  }

  /**
   * The columns of the table `order`; all tiles must have been taken, and what was collected is used up. The distance of
   * two series is √((1 - r) / 2), from 0 (the same) to 1 (opposite), and 1 where r is missing.
   */
  async columns(options: PaceOptions): Promise<PartColumn[]> {
    const n = this.#names.length;
    const distances = this.#values;
    for (let i = 0, at = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++, at++) {
        const value = distances[at] ?? Number.NaN;
        const r = this.#covariance ? value / Math.sqrt((this.#variances[i] ?? Number.NaN) * (this.#variances[j] ?? Number.NaN)) : value;
        distances[at] = Number.isNaN(r) ? 1 : Math.sqrt((1 - Math.min(1, Math.max(-1, r))) / 2);
      }
    }
    const { leaves, heights } = leafOrder(await averageLinkage(distances, n, options), n);
    return [Int32Array.from(leaves, (_, place) => place + 1), { names: this.#names, indices: leaves }, heights];
  }
}
