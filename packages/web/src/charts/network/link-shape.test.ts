import { describe, expect, it } from 'vitest';
import { bends, distanceTo, labelAt, lineWidth, linkShape } from './link-shape.ts';
import type { NetworkLink } from './network.ts';

const ends = { from: { x: 0, y: 0 }, to: { x: 100, y: 0 }, fromRadius: 8, toRadius: 10, width: 2, bend: 0 };
const link = (source: number, target: number): NetworkLink => ({ source, target, lag: 1, te: 1, p: 0, significant: true });

describe('linkShape', () => {
  it('runs from rim to rim, and its arrow points at the target', () => {
    const shape = linkShape(ends)!;
    const { start, end, head } = shape;
    expect(start.x).toBeCloseTo(10);
    expect(head[0].x).toBeCloseTo(88);
    expect(end.x).toBeLessThan(head[0].x);
    expect(head[1].y).toBeCloseTo(-head[2].y);
    expect(labelAt(shape, 0)).toEqual(start);
    expect(labelAt(shape, 1)).toEqual(end);
    expect(labelAt(shape, 0.5).y).toBe(0);
  });

  it('touches both rims when it is bent, too', () => {
    const shape = linkShape({ ...ends, bend: 0.2 })!;
    const { start, head } = shape;
    expect(Math.hypot(start.x, start.y)).toBeCloseTo(10);
    expect(Math.hypot(head[0].x - 100, head[0].y)).toBeCloseTo(12);
    expect(labelAt(shape, 0.5).y).toBeLessThan(-10);
    expect(distanceTo(shape, labelAt(shape, 0.5))).toBeGreaterThan(4);
  });

  it('bends the two ways of a pair to different sides', () => {
    const there = linkShape({ ...ends, bend: 0.2 })!;
    const back = linkShape({ ...ends, from: ends.to, to: ends.from, bend: 0.2 })!;
    expect(there.control.y).toBeLessThan(0);
    expect(back.control.y).toBeGreaterThan(0);
  });

  it('is not drawn where there is no room for an arrow', () => {
    expect(linkShape({ ...ends, to: { x: 26, y: 0 } })).toBeNull();
    expect(linkShape({ ...ends, to: { x: Number.NaN, y: 0 } })).toBeNull();
  });
});

it('bends only the links of pairs that run both ways', () => {
  expect(bends([link(0, 1), link(1, 0), link(1, 2), link(11, 1)]).map((bend) => bend > 0)).toEqual([true, true, false, false]);
});

it('draws a stronger link wider, a missing te thinnest, and a dense network thinner', () => {
  expect(lineWidth(1, 1, 10)).toBeGreaterThan(lineWidth(0.5, 1, 10));
  expect(lineWidth(Number.NaN, 1, 10)).toBe(lineWidth(0, 1, 10));
  expect(lineWidth(-1, 1, 10)).toBe(lineWidth(0, 1, 10));
  expect(lineWidth(1, 1, 2000)).toBeLessThan(lineWidth(1, 1, 10));
  expect(lineWidth(1, 0, 10)).toBe(lineWidth(0, 1, 10));
});

it('measures the distance from a curve, not from its control point', () => {
  const shape = linkShape({ ...ends, bend: 0.2 })!;
  const middle = { x: (shape.start.x + 2 * shape.control.x + shape.end.x) / 4, y: (shape.start.y + 2 * shape.control.y + shape.end.y) / 4 };
  expect(distanceTo(shape, middle)).toBeLessThan(0.1);
  expect(distanceTo(shape, { x: middle.x, y: middle.y + 6 })).toBeCloseTo(6, 0);
  expect(distanceTo(shape, shape.control)).toBeGreaterThan(5);
});
