/** The window through which a network is seen: screen = layout · scale + (x, y), in CSS pixels. */
import type { Point } from './layout.ts';

export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Room {
  readonly width: number;
  readonly height: number;
}

const closest = 8;
const furthest = 0.05;
/** A small network is not blown up beyond this. */
const fitClosest = 2.2;
/** Around the processes, for their names, in pixels: at the sides and above and below. */
const usualMargin = { x: 56, y: 34 };

/** Everything in sight, in the middle. */
export function fitView(points: readonly Point[], { width, height }: Room, margin: Point = usualMargin): View {
  if (points.length === 0) return { scale: 1, x: width / 2, y: height / 2 };
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const scale = Math.min(fitClosest, inner(width, margin.x) / Math.max(1, right - left), inner(height, margin.y) / Math.max(1, bottom - top));
  return { scale, x: width / 2 - ((left + right) / 2) * scale, y: height / 2 - ((top + bottom) / 2) * scale };
}

function inner(outer: number, gap: number): number {
  return Math.max(outer * 0.4, outer - 2 * gap);
}

/** Closer by `factor` (above 1) or further; the point (x, y) of the screen stays where it is. */
export function zoomView(view: View, factor: number, x: number, y: number): View {
  const scale = Math.min(closest, Math.max(furthest, view.scale * factor));
  const change = scale / view.scale;
  return { scale, x: x - (x - view.x) * change, y: y - (y - view.y) * change };
}

export function panView(view: View, dx: number, dy: number): View {
  return { ...view, x: view.x + dx, y: view.y + dy };
}

export function onScreen(view: View, { x, y }: Point): Point {
  return { x: x * view.scale + view.x, y: y * view.scale + view.y };
}

/** The room that the points take in a view of themselves, with the margin; no more than they are given. */
export function usedRoom(points: readonly Point[], room: Room, margin: Point): Room {
  const view = fitView(points, room, margin);
  const [xs, ys] = [points.map(({ x }) => x * view.scale), points.map(({ y }) => y * view.scale)];
  const extent = (values: readonly number[]) => (values.length === 0 ? 0 : Math.max(...values) - Math.min(...values));
  return { width: Math.min(room.width, Math.ceil(extent(xs) + 2 * margin.x)), height: Math.min(room.height, Math.ceil(extent(ys) + 2 * margin.y)) };
}

/** Moved just so far that a point of the layout lies inside the room. */
export function revealPoint(view: View, point: Point, { width, height }: Room): View {
  const { x, y } = onScreen(view, point);
  return panView(view, into(x, width, usualMargin.x), into(y, height, usualMargin.y));
}

function into(at: number, size: number, gap: number): number {
  if (at < gap) return gap - at;
  return at > size - gap ? size - gap - at : 0;
}
