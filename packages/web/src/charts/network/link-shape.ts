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
  /** How far beside the line its label stands: (0, 0) on a straight one, which it interrupts. */
  readonly aside: Point;
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
  // On the outer side of a bend.
  const outwards = bend === 0 ? 0 : (4 + width / 2) / length;
  return {
    start: moved(from, away, fromRadius + gap),
    control,
    end,
    head: [tip, { x: end.x + towards.y * half, y: end.y - towards.x * half }, { x: end.x - towards.y * half, y: end.y + towards.x * half }],
    aside: { x: dy * outwards, y: -dx * outwards },
  };
}

/** Where a label stands `t` of the way from the source (0) to the target (1). */
export function labelAt({ start, control, end, aside }: LinkShape, t: number): Point {
  const at = curveAt(start, control, end, t);
  return { x: at.x + aside.x, y: at.y + aside.y };
}

function curveAt(start: Point, control: Point, end: Point, t: number): Point {
  const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t * t];
  return { x: a * start.x + b * control.x + c * end.x, y: a * start.y + b * control.y + c * end.y };
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
    const at = curveAt(start, control, end, i / chords);
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
