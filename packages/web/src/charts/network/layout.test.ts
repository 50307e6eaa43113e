import { describe, expect, it } from 'vitest';
import { between, circularLayout, forceLayout, processTowards, type Point } from './layout.ts';
import type { Network, NetworkLink } from './network.ts';

const link = (source: number, target: number, te = 0.1): NetworkLink => ({ source, target, lag: 1, te, p: 0.01, significant: true });
const names = (count: number) => Array.from({ length: count }, (_, i) => `s${i}`);
const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);

/** Two groups that are linked within and hardly between. */
const twoGroups: Network = {
  names: names(12),
  links: [0, 6].flatMap((first) => [0, 1, 2, 3, 4, 5].flatMap((a) => [1, 2].map((step) => link(first + a, first + ((a + step) % 6))))).concat(link(0, 6)),
};

function nearestPair(points: readonly Point[]): number {
  return Math.min(...points.flatMap((a, i) => points.slice(i + 1).map((b) => distance(a, b))));
}

describe('forceLayout', () => {
  it('is the same every time, to the bit', () => {
    expect(forceLayout(twoGroups)).toEqual(forceLayout(structuredClone(twoGroups)));
  });

  it('puts linked processes closer together than others', () => {
    const points = forceLayout(twoGroups);
    const linked = twoGroups.links.slice(0, -1).map(({ source, target }) => distance(points[source]!, points[target]!));
    const across = [1, 2, 3, 4, 5].flatMap((a) => [7, 8, 9, 10, 11].map((b) => distance(points[a]!, points[b]!)));
    expect(Math.max(...linked)).toBeLessThan(across.reduce((sum, d) => sum + d, 0) / across.length);
  });

  it('leaves room between any two of a hundred processes with 2,000 links, and is finite', () => {
    const links = Array.from({ length: 2000 }, (_, i) => link((i * 7) % 100, (i * 31 + 11) % 100, (i % 10) / 10));
    const points = forceLayout({ names: names(100), links });
    expect(points.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true);
    expect(nearestPair(points)).toBeGreaterThan(30);
  });

  it('puts processes without a link below all others, in rows', () => {
    const alone = { names: [...twoGroups.names, ...names(30).map((name) => `alone ${name}`)], links: twoGroups.links };
    const points = forceLayout(alone);
    const lowest = Math.max(...points.slice(0, 12).map(({ y }) => y));
    expect(points.slice(12).every(({ y }) => y > lowest)).toBe(true);
    expect(new Set(points.slice(12).map(({ y }) => y)).size).toBeLessThan(8);
    expect(points.slice(0, 12)).toEqual(forceLayout(twoGroups));
  });

  it('takes links without a te, and networks of none, one and unlinked processes', () => {
    expect(forceLayout({ names: [], links: [] })).toEqual([]);
    expect(forceLayout({ names: ['a'], links: [] })).toHaveLength(1);
    expect(nearestPair(forceLayout({ names: names(40), links: [link(0, 1, Number.NaN)] }))).toBeGreaterThan(30);
  });
});

describe('circularLayout', () => {
  it('begins at the top and goes round clockwise', () => {
    const [top, right] = circularLayout(4);
    expect(top!.x).toBeCloseTo(0);
    expect(top!.y).toBeLessThan(0);
    expect(right!.x).toBeGreaterThan(0);
  });

  it('leaves as much room between neighbours of two hundred as of twenty', () => {
    for (const size of [20, 200]) expect(nearestPair(circularLayout(size))).toBeGreaterThan(28);
    expect(circularLayout(1)[0]).toEqual({ x: expect.closeTo(0), y: expect.closeTo(0) });
  });
});

it('goes from one layout to another, and puts a process that is new where it belongs', () => {
  const to = [{ x: 10, y: 0 }, { x: 5, y: 5 }];
  expect(between([{ x: 0, y: 0 }], to, 0.5)).toEqual([{ x: 5, y: 0 }, { x: 5, y: 5 }]);
  expect(between([{ x: 3, y: 1 }], to, 1)).toEqual(to);
});

describe('processTowards', () => {
  const cross = [{ x: 0, y: 0 }, { x: 50, y: 5 }, { x: -50, y: 0 }, { x: 0, y: 80 }, { x: 30, y: 40 }];

  it('finds the nearest process on that side', () => {
    expect(processTowards(cross, 0, 1, 0)).toBe(1);
    expect(processTowards(cross, 0, -1, 0)).toBe(2);
    expect(processTowards(cross, 0, 0, 1)).toBe(3);
  });

  it('finds none where there is none', () => {
    expect(processTowards(cross, 0, 0, -1)).toBeNull();
    expect(processTowards(cross, 9, 1, 0)).toBeNull();
  });
});
