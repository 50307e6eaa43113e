/**
 * Paints the visible part of a matrix into pixels. Where a pixel covers several cells it shows their mean, so that a
 * large matrix seen whole does not flicker with what happens to be sampled.
 */
import { pixelOf, type DivergingScale } from './diverging-scale.ts';
import type { GrowingMatrix } from './growing-matrix.ts';
import type { Viewport } from './viewport.ts';

export interface Raster {
  /** Row-major, width × height packed pixels. */
  readonly pixels: Uint32Array;
  readonly width: number;
  readonly height: number;
}

export function paintMatrix(raster: Raster, view: Viewport, matrix: GrowingMatrix, order: Uint32Array, scale: DivergingScale, limit: number): void {
  const columns = cellRanges(view.left, view.span, raster.width, matrix.size);
  const rows = cellRanges(view.top, view.span, raster.height, matrix.size);
  for (let y = 0; y < raster.height; y++) {
    const [top, bottom] = [rows[2 * y]!, rows[2 * y + 1]!];
    // Cells larger than a pixel: a line equals the one above as long as it stays in the same row of cells.
    if (y > 0 && bottom - top === 1 && rows[2 * y - 2] === top && rows[2 * y - 1] === bottom) {
      raster.pixels.copyWithin(y * raster.width, (y - 1) * raster.width, y * raster.width);
      continue;
    }
    for (let x = 0; x < raster.width; x++) {
      raster.pixels[y * raster.width + x] = blockPixel(matrix, order, top, bottom, columns[2 * x]!, columns[2 * x + 1]!, scale, limit);
    }
  }
}

/** For each pixel the cells [from, to) that it covers, at least one. */
function cellRanges(start: number, span: number, pixels: number, size: number): Uint32Array {
  const ranges = new Uint32Array(pixels * 2);
  for (let p = 0; p < pixels; p++) {
    const from = Math.min(size - 1, Math.floor(start + (p / pixels) * span));
    const to = Math.floor(start + ((p + 1) / pixels) * span);
    ranges[2 * p] = from;
    ranges[2 * p + 1] = Math.min(size, Math.max(from + 1, to));
  }
  return ranges;
}

function blockPixel(matrix: GrowingMatrix, order: Uint32Array, top: number, bottom: number, left: number, right: number, scale: DivergingScale, limit: number): number {
  let [sum, count, arrived] = [0, 0, false];
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) {
      const [i, j] = [order[row]!, order[column]!];
      if (!matrix.has(i, j)) continue;
      arrived = true;
      const r = matrix.at(i, j);
      if (!Number.isNaN(r)) {
        sum += r;
        count += 1;
      }
    }
  }
  if (!arrived) return scale.pending;
  return count === 0 ? scale.missing : pixelOf(scale, sum / count, limit);
}
