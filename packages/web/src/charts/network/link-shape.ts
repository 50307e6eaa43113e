/** The geometry of a link on the screen: a curve from rim to rim, an arrow head, and the place of its label. */
import type { Point } from './layout.ts';
import type { NetworkLink } from './network.ts';

export interface LinkShape {
  /** A quadratic Bézier curve from `start` by `control` to `end`, the base of the arrow head. */
  readonly start: Point;
  readonly control: Point;
  readonly end: Point;
  /** Tip and the two corners of the base. */
  readonly head: readonly [Point, Point, Point];
  readonly label: Point;
}

export interface LinkEnds {
  readonly from: Point;
  readonly to: Point;
  readonly fromRadius: number;
  readonly toRadius: number;
  /** Of the line, in pixels. */
  readonly width: number;
  /** How far the curve's control point lies to the left of the way, as a share of its length; 0 is straight. */
  readonly bend: number;
}

/** Between the rim of a process and what touches it. */
const gap = 2;

/** Null where the two processes are so close that there is no room for an arrow. */
export function linkShape({ from, to, fromRadius, toRadius, width, bend }: LinkEnds): LinkShape | null {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy);
  const headLength = 5 + 1.7 * width;
  if (!(length > fromRadius + toRadius + 2 * gap + headLength)) return null;
  const control = { x: from.x + dx / 2 + dy * bend, y: from.y + dy / 2 - dx * bend };
  const [away, towards] = [direction(from, control), direction(control, to)];
  const tip = moved(to, towards, -(toRadius + gap));
  const end = moved(tip, towards, -headLength);
  const half = 2.2 + 1.15 * width;
  const start = moved(from, away, fromRadius + gap);
  const middle = bend === 0 ? { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 } : { x: (start.x + 2 * control.x + end.x) / 4, y: (start.y + 2 * control.y + end.y) / 4 };
  // Beside the line, on the outer side of a bend.
  const aside = { x: dy / length, y: -dx / length };
  return {
    start,
    control,
    end,
    head: [tip, { x: end.x + towards.y * half, y: end.y - towards.x * half }, { x: end.x - towards.y * half, y: end.y + towards.x * half }],
    label: bend === 0 ? middle : moved(middle, aside, 4 + width / 2),
  };
}

function direction(a: Point, b: Point): Point {
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  return { x: (b.x - a.x) / length, y: (b.y - a.y) / length };
}

function moved(point: Point, along: Point, by: number): Point {
  return { x: point.x + along.x * by, y: point.y + along.y * by };
}

const twoWayBend = 0.16;

/** For each link how far it is bent: links of a pair that run both ways are curved apart, all others are straight. */
export function bends(links: readonly NetworkLink[]): number[] {
  const ways = new Set(links.map(({ source, target }) => `${source} ${target}`));
  return links.map(({ source, target }) => (ways.has(`${target} ${source}`) ? twoWayBend : 0));
}

/** Width of a line in pixels, proportional to te above the thinnest; the most a dense network gets is less. */
export function lineWidth(te: number, strongest: number, links: number): number {
  const [thinnest, widest] = links > 400 ? [0.7, 3] : [1, 6];
  const share = strongest > 0 ? Math.max(0, Math.min(1, te / strongest)) : 0;
  return thinnest + (widest - thinnest) * (share || 0);
}

/** Distance of a point from the curve, by 12 chords. */
export function distanceTo({ start, control, end }: LinkShape, { x, y }: Point): number {
  const chords = 12;
  let nearest = Number.POSITIVE_INFINITY;
  let before = start;
  for (let i = 1; i <= chords; i++) {
    const t = i / chords;
    const at = { x: (1 - t) ** 2 * start.x + 2 * t * (1 - t) * control.x + t * t * end.x, y: (1 - t) ** 2 * start.y + 2 * t * (1 - t) * control.y + t * t * end.y };
    nearest = Math.min(nearest, distanceToChord(before, at, x, y));
    before = at;
  }
  return nearest;
}

function distanceToChord(a: Point, b: Point, x: number, y: number): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const squared = dx * dx + dy * dy;
  const along = squared === 0 ? 0 : Math.max(0, Math.min(1, ((x - a.x) * dx + (y - a.y) * dy) / squared));
  return Math.hypot(x - a.x - along * dx, y - a.y - along * dy);
}
