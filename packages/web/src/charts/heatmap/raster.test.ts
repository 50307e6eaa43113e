import { describe, expect, it } from 'vitest';
import { divergingScale, pixelOf } from './diverging-scale.ts';
import { GrowingMatrix } from './growing-matrix.ts';
import { identity } from './orders.ts';
import { paintMatrix } from './raster.ts';
import { wholeMatrix } from './viewport.ts';

const scale = divergingScale('light');
const r = [
  [1, 0.5, -0.25, Number.NaN],
  [0.5, 1, 0.75, 0],
  [-0.25, 0.75, 1, 0.1],
  [Number.NaN, 0, 0.1, 1],
];

function matrixOf(rows: number): GrowingMatrix {
  const matrix = new GrowingMatrix(['a', 'b', 'c', 'd']);
  matrix.append(r.map((_, j) => r.slice(0, rows).map((row) => row[j]!)), rows);
  return matrix;
}

function paint(matrix: GrowingMatrix, size: number, view = wholeMatrix(4), order = identity(4)): number[] {
  const pixels = new Uint32Array(size * size);
  paintMatrix({ pixels, width: size, height: size }, view, matrix, order, scale, 1);
  return [...pixels];
}
const colour = (value: number) => pixelOf(scale, value, 1);

describe('paintMatrix', () => {
  it('gives every cell a block of pixels of its colour', () => {
    const pixels = paint(matrixOf(4), 8);
    r.forEach((row, i) => row.forEach((value, j) => {
      for (const [dy, dx] of [[0, 0], [0, 1], [1, 0], [1, 1]] as const) expect(pixels[(2 * i + dy) * 8 + 2 * j + dx]).toBe(colour(value));
    }));
  });

  it('stands in the order asked for', () => {
    const order = Uint32Array.from([2, 0, 3, 1]);
    expect(paint(matrixOf(4), 4, wholeMatrix(4), order)).toEqual([...order].flatMap((i) => [...order].map((j) => colour(r[i]![j]!))));
  });

  it('shows the mean where a pixel covers several cells, missing ones left out', () => {
    expect(paint(matrixOf(4), 2)).toEqual([colour(0.75), colour((-0.25 + 0.75 + 0) / 3), colour((-0.25 + 0.75 + 0) / 3), colour(0.55)]);
  });

  it('tells cells that have not arrived from those that are missing', () => {
    const pixels = paint(matrixOf(1), 4);
    expect(pixels[3]).toBe(scale.missing);
    expect(pixels[4]).toBe(colour(0.5));
    expect(pixels[5]).toBe(scale.pending);
  });

  it('shows only what the viewport holds', () => {
    expect(paint(matrixOf(4), 2, { left: 1, top: 0, span: 2 })).toEqual([colour(0.5), colour(-0.25), colour(1), colour(0.75)]);
  });
});
