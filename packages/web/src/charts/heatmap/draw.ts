/** Draws a matrix, its labels and its cursor on canvases of `side` CSS pixels. */
import type { DivergingScale, Scheme } from './diverging-scale.ts';
import type { GrowingMatrix } from './growing-matrix.ts';
import { paintMatrix } from './raster.ts';
import type { Viewport } from './viewport.ts';

export interface Frame {
  readonly matrix: GrowingMatrix;
  readonly order: Uint32Array;
  readonly view: Viewport;
  readonly limit: number;
  readonly scheme: Scheme;
  readonly colours: DivergingScale;
  /** CSS pixels, and device pixels per CSS pixel. */
  readonly side: number;
  readonly ratio: number;
}

/** Room for labels on the left and on top, in CSS pixels: less of it on a narrow screen. */
function gutter(side: number): number {
  return side < 480 ? 46 : 64;
}

/** Where the cells lie within the canvas, in CSS pixels. */
export function plotArea(side: number): { left: number; top: number; size: number } {
  const room = gutter(side);
  return { left: room, top: room, size: Math.max(1, side - room) };
}

const inks: Record<Scheme, { label: string; strong: string; cursor: string; halo: string; chip: string }> = {
  light: { label: '#5b646d', strong: '#101418', cursor: 'rgb(16 20 24 / 0.75)', halo: 'rgb(255 255 255 / 0.8)', chip: '#ffffff' },
  dark: { label: '#98a1a9', strong: '#f3f5f7', cursor: 'rgb(255 255 255 / 0.85)', halo: 'rgb(0 0 0 / 0.65)', chip: '#171b1f' },
};
const labelPixels = 11;

export function drawCells(canvas: HTMLCanvasElement, frame: Frame): void {
  const context = prepare(canvas, frame);
  if (context === null) return;
  const { left, top, size } = plotArea(frame.side);
  const pixels = Math.round(size * frame.ratio);
  const image = context.createImageData(pixels, pixels);
  paintMatrix({ pixels: new Uint32Array(image.data.buffer), width: pixels, height: pixels }, frame.view, frame.matrix, frame.order, frame.colours, frame.limit);
  context.putImageData(image, Math.round(left * frame.ratio), Math.round(top * frame.ratio));
  drawLabels(context, frame);
}

/** As many names as there is room for: every one, or every second, fifth, tenth … in the order. */
function drawLabels(context: CanvasRenderingContext2D, frame: Frame): void {
  const { view, matrix, order, scheme, side } = frame;
  const { left, top, size } = plotArea(side);
  const cell = size / view.span;
  const stride = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].find((n) => n * cell >= labelPixels + 2) ?? 10_000;
  context.fillStyle = inks[scheme].label;
  for (let position = Math.ceil(view.left / stride) * stride; position < Math.min(matrix.size, view.left + view.span); position += stride) {
    const x = left + (position + 0.5 - view.left) * cell;
    if (x > left && x < left + size) drawTopLabel(context, matrix.names[order[position]!]!, x, top);
  }
  for (let position = Math.ceil(view.top / stride) * stride; position < Math.min(matrix.size, view.top + view.span); position += stride) {
    const y = top + (position + 0.5 - view.top) * cell;
    if (y > top && y < top + size) drawLeftLabel(context, matrix.names[order[position]!]!, y, left);
  }
}

/** The cell under the cursor with its row and column, and the lines of the pinned series. */
export function drawCursor(canvas: HTMLCanvasElement, frame: Frame, at: { row: number; column: number } | null, pinned: number | null): void {
  const context = prepare(canvas, frame);
  if (context === null) return;
  const { left, top, size } = plotArea(frame.side);
  const cell = size / frame.view.span;
  const x = (position: number) => left + (position - frame.view.left) * cell;
  const y = (position: number) => top + (position - frame.view.top) * cell;
  context.save();
  context.beginPath();
  context.rect(left, top, size, size);
  context.clip();
  if (pinned !== null) {
    band(context, frame.scheme, x(pinned), top - 2, cell, size + 4);
    band(context, frame.scheme, left - 2, y(pinned), size + 4, cell);
  }
  if (at !== null) outline(context, frame.scheme, x(at.column), y(at.row), Math.max(cell, 3), Math.max(cell, 3));
  context.restore();
  const marked = [...(pinned === null ? [] : [{ row: pinned, column: pinned }]), ...(at === null ? [] : [at])];
  for (const { row, column } of marked) {
    const within = (position: number, start: number) => position + 1 > start && position < start + frame.view.span;
    if (within(column, frame.view.left)) chip(context, frame.scheme, () => drawTopLabel(context, nameAt(frame, column), x(column + 0.5), top), { x: x(column + 0.5) - 8, y: 0, width: 16, height: top - 1 });
    if (within(row, frame.view.top)) chip(context, frame.scheme, () => drawLeftLabel(context, nameAt(frame, row), y(row + 0.5), left), { x: 0, y: y(row + 0.5) - 8, width: left - 1, height: 16 });
  }
}

function nameAt(frame: Frame, position: number): string {
  return frame.matrix.names[frame.order[position]!] ?? '';
}

/** A label that covers those beneath it. */
function chip(context: CanvasRenderingContext2D, scheme: Scheme, draw: () => void, box: { x: number; y: number; width: number; height: number }): void {
  context.fillStyle = inks[scheme].chip;
  context.fillRect(box.x, box.y, box.width, box.height);
  context.fillStyle = inks[scheme].strong;
  draw();
}

/** A row or a column made to stand out: around its cells or, where they are thinner than the outline, a line through them. */
function band(context: CanvasRenderingContext2D, scheme: Scheme, x: number, y: number, width: number, height: number): void {
  if (Math.min(width, height) >= 4) return outline(context, scheme, x, y, width, height);
  const upright = width < height;
  const middle = Math.round((upright ? x + width / 2 : y + height / 2) - 0.5);
  const strip = (thickness: number) => (upright ? context.fillRect(middle - (thickness - 1) / 2, y, thickness, height) : context.fillRect(x, middle - (thickness - 1) / 2, width, thickness));
  context.fillStyle = inks[scheme].halo;
  strip(3);
  context.fillStyle = inks[scheme].cursor;
  strip(1);
}

function outline(context: CanvasRenderingContext2D, scheme: Scheme, x: number, y: number, width: number, height: number): void {
  context.lineWidth = 3;
  context.strokeStyle = inks[scheme].halo;
  context.strokeRect(x - 0.5, y - 0.5, width + 1, height + 1);
  context.lineWidth = 1;
  context.strokeStyle = inks[scheme].cursor;
  context.strokeRect(x - 0.5, y - 0.5, width + 1, height + 1);
}

function prepare(canvas: HTMLCanvasElement, { side, ratio }: Frame): CanvasRenderingContext2D | null {
  const pixels = Math.round(side * ratio);
  if (canvas.width !== pixels || canvas.height !== pixels) [canvas.width, canvas.height] = [pixels, pixels];
  const context = canvas.getContext('2d');
  if (context === null) return null;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, pixels, pixels);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.font = `${labelPixels}px 'IBM Plex Sans Variable', system-ui, sans-serif`;
  context.textBaseline = 'middle';
  return context;
}

function drawLeftLabel(context: CanvasRenderingContext2D, name: string, y: number, left: number): void {
  context.textAlign = 'right';
  context.fillText(fitted(context, name, left - 8), left - 5, y);
}

function drawTopLabel(context: CanvasRenderingContext2D, name: string, x: number, top: number): void {
  context.save();
  context.translate(x, top - 5);
  context.rotate(-Math.PI / 2);
  context.textAlign = 'left';
  context.fillText(fitted(context, name, top - 8), 0, 0);
  context.restore();
}

/** The name, cut with an ellipsis where it is wider than there is room. */
function fitted(context: CanvasRenderingContext2D, name: string, room: number): string {
  if (context.measureText(name).width <= room) return name;
  let [short, long] = [0, name.length];
  while (short < long) {
    const middle = Math.ceil((short + long) / 2);
    if (context.measureText(`${name.slice(0, middle)}…`).width <= room) short = middle;
    else long = middle - 1;
  }
  return `${name.slice(0, short)}…`;
}
