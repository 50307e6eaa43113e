import { describe, expect, it } from 'vitest';
import { cellAt, panViewport, revealCell, wholeMatrix, zoomViewport } from './viewport.ts';

describe('viewport', () => {
  it('keeps the point under the pointer where it is while zooming', () => {
    const before = { left: 20, top: 40, span: 200 };
    const after = zoomViewport(before, 2, 0.25, 0.75, 470);
    expect(after.span).toBe(100);
    expect(after.left + 0.25 * after.span).toBeCloseTo(before.left + 0.25 * before.span, 9);
    expect(after.top + 0.75 * after.span).toBeCloseTo(before.top + 0.75 * before.span, 9);
  });

  it('never leaves the matrix, and never comes closer than four cells', () => {
    expect(panViewport({ left: 0, top: 0, span: 100 }, 9, -9, 470)).toEqual({ left: 370, top: 0, span: 100 });
    expect(zoomViewport({ left: 10, top: 10, span: 5 }, 100, 0.5, 0.5, 470).span).toBe(4);
    expect(zoomViewport({ left: 10, top: 10, span: 5 }, 0.001, 0.5, 0.5, 470)).toEqual(wholeMatrix(470));
    expect(zoomViewport(wholeMatrix(3), 10, 0.5, 0.5, 3)).toEqual({ left: 0, top: 0, span: 3 });
  });

  it('finds the cell under a point, and none outside', () => {
    const view = { left: 10, top: 20, span: 10 };
    expect(cellAt(view, 0.05, 0.95, 470)).toEqual({ row: 29, column: 10 });
    expect(cellAt(wholeMatrix(4), 1, 0, 4)).toBeNull();
  });

  it('moves no further than it must to show a cell', () => {
    const view = { left: 100, top: 100, span: 50 };
    expect(revealCell(view, 120, 120, 470)).toEqual(view);
    expect(revealCell(view, 99, 150, 470)).toEqual({ left: 101, top: 99, span: 50 });
  });
});
