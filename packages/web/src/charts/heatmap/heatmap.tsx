/**
 * A correlation matrix on a canvas. One canvas holds the cells and their labels and is painted when the matrix, its
 * order or the viewport changes; a second one above it holds the cursor, so that pointing never repaints the cells.
 */
import { useElementSize } from '@mantine/hooks';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { divergingScale, type Scheme } from './diverging-scale.ts';
import { drawCells, drawCursor, plotArea, type Frame } from './draw.ts';
import type { GrowingMatrix } from './growing-matrix.ts';
import classes from './heatmap.module.css';
import { cellAt, panViewport, revealCell, zoomViewport, type Viewport } from './viewport.ts';

/** Two series of the matrix, by their indices in it (not by their positions in the order). */
export interface Cell {
  readonly row: number;
  readonly column: number;
}

export interface HeatmapProps {
  /** What the picture is of, read aloud; a correlation heatmap where not given. */
  readonly label?: string | undefined;
  readonly matrix: GrowingMatrix;
  /** Raised whenever rows were appended to the matrix. */
  readonly version: number;
  readonly order: Uint32Array;
  /** Colours run from -limit to limit. */
  readonly limit: number;
  readonly scheme: Scheme;
  readonly view: Viewport;
  readonly onView: (view: Viewport) => void;
  readonly cell: Cell | null;
  readonly onCell: (cell: Cell | null) => void;
  /** A series whose row and column stand out. */
  readonly pinned: number | null;
  readonly onPin: (index: number | null) => void;
}

const wheelStep = 1.0018;
const keyStep = 1.6;

export function Heatmap(props: HeatmapProps) {
  const { label, matrix, version, order, limit, scheme, view, onView, cell, onCell, pinned, onPin } = props;
  const { ref, width } = useElementSize();
  const cells = useRef<HTMLCanvasElement>(null);
  const cursor = useRef<HTMLCanvasElement>(null);
  const colours = useMemo(() => divergingScale(scheme), [scheme]);
  const positions = useMemo(() => inverse(order), [order]);
  const [ratio] = useState(() => Math.min(globalThis.devicePixelRatio || 1, 2));
  const side = Math.floor(width);
  const frame: Frame = { matrix, order, view, limit, scheme, colours, side, ratio };
  const drag = useRef<{ x: number; y: number; moved: boolean } | null>(null);

  useEffect(() => {
    const canvas = cells.current;
    if (canvas === null || side === 0) return;
    const request = requestAnimationFrame(() => drawCells(canvas, frame));
    return () => cancelAnimationFrame(request);
    // The frame is made of exactly these
  }, [matrix, version, order, view, limit, scheme, colours, side, ratio]);

  const at = cell === null ? null : { row: positions[cell.row]!, column: positions[cell.column]! };
  const pinnedAt = pinned === null ? null : positions[pinned]!;
  useEffect(() => {
    if (cursor.current !== null && side > 0) drawCursor(cursor.current, frame, at, pinnedAt);
  }, [matrix, order, view, scheme, side, ratio, at?.row, at?.column, pinnedAt]);

  // React listens to wheels passively; zooming must keep the page from scrolling.
  useEffect(() => {
    const canvas = cursor.current;
    if (canvas === null || side === 0) return;
    const wheel = (event: WheelEvent) => {
      if (!(event.ctrlKey || event.metaKey || document.activeElement === canvas)) return;
      event.preventDefault();
      const { x, y } = fractions(event, canvas, side);
      onView(zoomViewport(view, wheelStep ** -event.deltaY, clamp01(x), clamp01(y), matrix.size));
    };
    canvas.addEventListener('wheel', wheel, { passive: false });
    return () => canvas.removeEventListener('wheel', wheel);
  }, [view, onView, side, matrix]);

  const pointed = (event: PointerEvent<HTMLCanvasElement>): Cell | null => {
    const { x, y } = fractions(event, event.currentTarget, side);
    if (x < 0 || y < 0 || x >= 1 || y >= 1) return null;
    const found = cellAt(view, x, y, matrix.size);
    return found === null ? null : { row: order[found.row]!, column: order[found.column]! };
  };

  const pointerMove = (event: PointerEvent<HTMLCanvasElement>) => {
    const start = drag.current;
    if (start !== null && event.buttons === 1) {
      const area = plotArea(side);
      const [dx, dy] = [(start.x - event.clientX) / area.size, (start.y - event.clientY) / area.size];
      if (start.moved || Math.abs(dx) + Math.abs(dy) > 0.006) {
        drag.current = { x: event.clientX, y: event.clientY, moved: true };
        onView(panViewport(view, dx, dy, matrix.size));
      }
      return;
    }
    const next = pointed(event);
    if (next?.row !== cell?.row || next?.column !== cell?.column) onCell(next);
  };

  const pointerUp = (event: PointerEvent<HTMLCanvasElement>) => {
    const moved = drag.current?.moved ?? true;
    drag.current = null;
    if (moved) return;
    const found = pointed(event);
    onCell(found);
    onPin(found === null || found.row === pinned ? null : found.row);
  };

  const keyDown = (event: KeyboardEvent<HTMLCanvasElement>) => {
    const steps: Record<string, readonly [number, number]> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const step = steps[event.key];
    if (step !== undefined) {
      const from = at ?? { row: Math.floor(view.top), column: Math.floor(view.left) };
      const stride = event.shiftKey ? 10 : 1;
      const row = Math.max(0, Math.min(matrix.size - 1, from.row + step[0] * stride));
      const column = Math.max(0, Math.min(matrix.size - 1, from.column + step[1] * stride));
      onCell({ row: order[row]!, column: order[column]! });
      onView(revealCell(view, row, column, matrix.size));
    } else if (event.key === '+' || event.key === '=') onView(zoomViewport(view, keyStep, 0.5, 0.5, matrix.size));
    else if (event.key === '-') onView(zoomViewport(view, 1 / keyStep, 0.5, 0.5, matrix.size));
    else if (event.key === '0') onView({ left: 0, top: 0, span: matrix.size });
    else if (event.key === 'Enter' && cell !== null) onPin(cell.row === pinned ? null : cell.row);
    else if (event.key === 'Escape') onPin(null);
    else return;
    event.preventDefault();
  };

  return (
    <div ref={ref} className={classes['square']}>
      <canvas ref={cells} className={classes['canvas']} aria-hidden="true" />
      <canvas
        ref={cursor}
        className={classes['canvas']}
        role="img"
        aria-label={label ?? `Correlation heatmap of ${matrix.size} series, ${matrix.rows} rows arrived`}
        aria-describedby="heatmap-help"
        tabIndex={0}
        data-zoomed={view.span < matrix.size}
        onPointerDown={(event) => {
          drag.current = { x: event.clientX, y: event.clientY, moved: false };
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={pointerMove}
        onPointerUp={pointerUp}
        onPointerCancel={() => (drag.current = null)}
        onPointerLeave={() => onCell(null)}
        onDoubleClick={(event) => {
          const { x, y } = fractions(event, event.currentTarget, side);
          onView(zoomViewport(view, 3, clamp01(x), clamp01(y), matrix.size));
        }}
        onKeyDown={keyDown}
      />
      <p id="heatmap-help" className="visually-hidden">
        Arrow keys move the cell cursor, with Shift by ten. Plus and minus zoom, 0 shows the whole. Enter keeps a series marked.
      </p>
    </div>
  );
}

/** Where each series stands: the inverse permutation. */
function inverse(order: Uint32Array): Uint32Array {
  const positions = new Uint32Array(order.length);
  order.forEach((series, position) => (positions[series] = position));
  return positions;
}

function fractions(event: { clientX: number; clientY: number }, canvas: HTMLCanvasElement, side: number): { x: number; y: number } {
  const box = canvas.getBoundingClientRect();
  const area = plotArea(side);
  return { x: (event.clientX - box.left - area.left) / area.size, y: (event.clientY - box.top - area.top) / area.size };
}

function clamp01(value: number): number {
  return Math.max(0, Math.min(1, value));
}
