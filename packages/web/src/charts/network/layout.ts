/** Where the processes of a network stand. The same network stands the same way every time. */
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from 'd3-force';
import { subnetwork, type Network } from './network.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const layoutNames = ['force', 'circular'] as const;
export type LayoutName = (typeof layoutNames)[number];

/** Distance of linked processes, and half the least distance of any two, in units of the layout. */
const linkLength = 90;
const elbowRoom = 26;
const rowStep = { x: 84, y: 52 };

export function layoutOf(name: LayoutName, network: Network): Point[] {
  return name === 'force' ? forceLayout(network) : circularLayout(network.names.length);
}

/** What a picture of the layout leaves free on each side for the names, in pixels, by the longest of these. */
export function marginOf(name: LayoutName, names: readonly string[]): Point {
  const longest = 28 + 7 * Math.min(14, names.reduce((most, { length }) => Math.max(most, length), 0));
  return name === 'force' ? { x: Math.max(36, longest / 2), y: 32 } : { x: longest, y: names.length > 24 ? longest : 36 };
}

/** On a circle, clockwise from the top, in the order of the names. */
export function circularLayout(size: number): Point[] {
  const radius = size < 2 ? 0 : Math.max(linkLength, (size * elbowRoom) / Math.PI);
  return Array.from({ length: size }, (_, i) => {
    const angle = (2 * Math.PI * i) / size - Math.PI / 2;
    return { x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
  });
}

/**
 * Linked processes close together, all others apart: springs and repulsion (d3-force), from a start on a spiral and
 * with the simulation's own fixed random numbers. A strong link pulls harder than a weak one. Processes without any
 * link stand in rows below.
 */
export function forceLayout(network: Network): Point[] {
  const linked = new Set(network.links.flatMap(({ source, target }) => (source === target ? [] : [source, target])));
  const { places, ...part } = subnetwork(network, (place) => linked.has(place));
  const simulated = simulate(part);
  const points: Point[] = network.names.map(() => ({ x: 0, y: 0 }));
  places.forEach((place, i) => (points[place] = simulated[i]!));
  const rest = network.names.flatMap((_, place) => (linked.has(place) ? [] : [place]));
  inRows(rest.length, simulated).forEach((point, i) => (points[rest[i]!] = point));
  return points;
}

/** Places below what stands already, centred, in rows about as wide. */
function inRows(count: number, above: readonly Point[]): Point[] {
  const [xs, ys] = [above.map(({ x }) => x), above.map(({ y }) => y)];
  const width = above.length === 0 ? 0 : Math.max(...xs) - Math.min(...xs);
  const across = Math.max(Math.ceil(Math.sqrt(count * 3)), Math.floor(width / rowStep.x) + 1);
  const top = above.length === 0 ? 0 : Math.max(...ys) + 2 * rowStep.y;
  const middle = above.length === 0 ? 0 : (Math.max(...xs) + Math.min(...xs)) / 2;
  return Array.from({ length: count }, (_, i) => {
    const row = Math.floor(i / across);
    const inRow = Math.min(across, count - row * across);
    return { x: middle + ((i % across) - (inRow - 1) / 2) * rowStep.x, y: top + row * rowStep.y };
  });
}

function simulate({ names, links }: Network): Point[] {
  const nodes = names.map(() => ({ x: Number.NaN, y: Number.NaN }));
  const strongest = links.reduce((most, { te }) => Math.max(most, te || 0), 0);
  const degree = new Float64Array(names.length);
  for (const { source, target } of links) {
    degree[source]! += 1;
    degree[target]! += 1;
  }
  // A process of many links is not torn to all of them at once.
  const springs = links
    .filter(({ source, target }) => source !== target)
    .map(({ source, target, te }) => ({ source, target, pull: (strongest > 0 ? 0.4 + 0.6 * Math.max(0, te / strongest || 0) : 1) / Math.min(degree[source]!, degree[target]!) }));
  forceSimulation(nodes)
    .stop()
    .force('repulsion', forceManyBody().strength(-380).distanceMax(900))
    .force('springs', forceLink(springs).distance(linkLength).strength(({ pull }) => pull))
    .force('room', forceCollide(elbowRoom))
    // Wider than high, as the page is; and what hangs together with nothing else stays in sight.
    .force('x', forceX(0).strength(0.035))
    .force('y', forceY(0).strength(0.08))
    .tick(stepsFor(names.length));
  return nodes.map(({ x, y }) => ({ x, y }));
}

/** Enough for the simulation to cool down; fewer where one step takes long. */
function stepsFor(size: number): number {
  return size <= 150 ? 300 : Math.max(60, Math.round(45_000 / size));
}

/** Part of the way from one layout to another of as many processes; `way` from 0 to 1. */
export function between(from: readonly Point[], to: readonly Point[], way: number): Point[] {
  return to.map((end, i) => {
    const start = from[i] ?? end;
    return { x: start.x + (end.x - start.x) * way, y: start.y + (end.y - start.y) * way };
  });
}

/**
 * The process nearest in a direction (dx, dy), for the arrow keys: distance counts, and going astray from the
 * direction counts double. Null where there is none on that side.
 */
export function processTowards(points: readonly Point[], from: number, dx: number, dy: number): number | null {
  const origin = points[from];
  if (origin === undefined) return null;
  let best: { readonly place: number; readonly cost: number } | null = null;
  for (const [place, { x, y }] of points.entries()) {
    const along = (x - origin.x) * dx + (y - origin.y) * dy;
    const aside = Math.abs((x - origin.x) * dy - (y - origin.y) * dx);
    if (place === from || along <= 0 || aside > 2 * along) continue;
    const cost = along + 2 * aside;
    if (best === null || cost < best.cost) best = { place, cost };
  }
  return best?.place ?? null;
}
