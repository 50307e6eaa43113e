import { describe, expect, it } from 'vitest';
import { fitView, onScreen, panView, revealPoint, usedRoom, zoomView } from './view.ts';

const room = { width: 800, height: 500 };
const corners = [{ x: -300, y: -100 }, { x: 500, y: 700 }];

describe('fitView', () => {
  it('has everything inside the room, in its middle', () => {
    const view = fitView(corners, room);
    const [a, b] = corners.map((point) => onScreen(view, point));
    expect(Math.min(a!.x, a!.y)).toBeGreaterThan(20);
    expect(b!.y).toBeLessThan(room.height - 20);
    expect((a!.x + b!.x) / 2).toBeCloseTo(400);
    expect((a!.y + b!.y) / 2).toBeCloseTo(250);
  });

  it('puts a single process into the middle without blowing it up', () => {
    expect(onScreen(fitView([{ x: 7, y: 7 }], room), { x: 7, y: 7 })).toEqual({ x: 400, y: 250 });
    expect(fitView([], room)).toEqual({ scale: 1, x: 400, y: 250 });
  });

  it('stays a view in a room narrower than its margins', () => {
    const { scale } = fitView(corners, { width: 60, height: 40 });
    expect(scale).toBeGreaterThan(0);
  });
});

describe('zoomView', () => {
  it('keeps the point under the cursor where it is', () => {
    const view = zoomView({ scale: 1, x: 10, y: 20 }, 2, 110, 220);
    expect(onScreen(view, { x: 100, y: 200 })).toEqual({ x: 110, y: 220 });
    expect(view.scale).toBe(2);
  });

  it('ends at its bounds and moves nothing there', () => {
    const far = zoomView({ scale: 1, x: 0, y: 0 }, 1e9, 50, 50);
    expect(zoomView(far, 2, 50, 50)).toEqual(far);
  });
});

it('moves only as far as a point needs to be seen', () => {
  const view = { scale: 1, x: 0, y: 0 };
  expect(revealPoint(view, { x: 400, y: 250 }, room)).toEqual(view);
  const moved = onScreen(revealPoint(view, { x: 1000, y: -50 }, room), { x: 1000, y: -50 });
  expect(moved.x).toBeLessThan(800);
  expect(moved.y).toBeGreaterThan(0);
  expect(panView(view, 3, -4)).toEqual({ scale: 1, x: 3, y: -4 });
});

it('takes no more room than the points and the margin need', () => {
  const margin = { x: 50, y: 30 };
  expect(usedRoom([{ x: 0, y: 0 }, { x: 100, y: 0 }], room, margin)).toEqual({ width: 320, height: 60 });
  expect(usedRoom(corners, room, margin).height).toBe(500);
  expect(usedRoom([], room, margin)).toEqual({ width: 100, height: 60 });
});
