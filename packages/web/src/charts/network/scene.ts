/** What is drawn of a network for one view and one process that is looked at: the same on the screen and in a file. */
import type { Point } from './layout.ts';
import { bends, labelAt, lineWidth, linkShape, type LinkShape } from './link-shape.ts';
import { degrees, type Network, type NetworkLink } from './network.ts';

/** How a link stands to the process that is looked at; plain where none is. */
export type LinkRole = 'plain' | 'into' | 'out-of' | 'aside' | 'marked';

export interface SceneLink {
  readonly link: NetworkLink;
  /** Its place in the network's list. */
  readonly place: number;
  readonly shape: LinkShape;
  readonly width: number;
  readonly role: LinkRole;
  /** The lag, and where it stands; null where there is no room to write it. */
  readonly label: (Point & { readonly text: string }) | null;
}

/** Where the name of a process stands. */
export interface NamePlace extends Point {
  readonly anchor: 'start' | 'middle' | 'end';
  /** Degrees, clockwise, about the place. */
  readonly turn: number;
}

export interface Scene {
  /** What is to lie on top comes last. */
  readonly links: readonly SceneLink[];
  readonly radii: readonly number[];
  readonly names: readonly NamePlace[];
  /** Processes that are neither looked at nor linked with the one that is. */
  readonly faded: ReadonlySet<number>;
}

export interface SceneOptions {
  readonly network: Network;
  /** On the screen, in pixels. */
  readonly points: readonly Point[];
  /** The largest te of the whole network, so that a filter does not change widths. */
  readonly strongest: number;
  readonly focus: number | null;
  /** A link that is pointed at, by its place. */
  readonly marked?: number | null;
  /** The middle of a circle that names are to stand outside of; below their processes where not given. */
  readonly centre?: Point | undefined;
}

/** More lags than this are written only round the process that is looked at. */
const mostLabels = 60;

export function sceneOf({ network, points, strongest, focus, marked = null, centre }: SceneOptions): Scene {
  const radii = radiiOf(network);
  const bent = bends(network.links);
  const near = new Set<number>();
  const order: Record<LinkRole, number> = { aside: 0, plain: 1, into: 2, 'out-of': 3, marked: 4 };
  const drawn: (Omit<SceneLink, 'label'> & { readonly labelled: boolean })[] = [];
  for (const [place, link] of network.links.entries()) {
    const { source, target, te } = link;
    const width = lineWidth(te, strongest, network.links.length);
    const shape = linkShape({ from: points[source]!, to: points[target]!, fromRadius: radii[source]!, toRadius: radii[target]!, width, bend: bent[place]! });
    const role = place === marked ? 'marked' : focus === null ? 'plain' : target === focus ? 'into' : source === focus ? 'out-of' : 'aside';
    if (source === focus || target === focus) near.add(source).add(target);
    const labelled = !Number.isNaN(link.lag) && role !== 'aside' && (network.links.length <= mostLabels || role !== 'plain');
    if (shape !== null) drawn.push({ link, place, shape, width, role, labelled });
  }
  drawn.sort((a, b) => order[a.role] - order[b.role] || a.width - b.width || a.place - b.place);
  const taken = points.map(({ x, y }, i) => ({ x, y, room: radii[i]! + 6 }));
  const links = drawn.map(({ labelled, ...link }): SceneLink => ({ ...link, label: labelled ? labelFor(link.link.lag, link.shape, taken) : null }));
  const faded = new Set(focus === null ? [] : network.names.flatMap((_, place) => (place === focus || near.has(place) ? [] : [place])));
  return { links, radii, names: namePlaces(network, points, radii, centre), faded };
}

/** Shares of the way that are tried for a label, best first; and the room that a label takes, in pixels. */
const labelWays = [0.5, 0.4, 0.6, 0.3, 0.7];
const labelRoom = 7;

/** On the first place of the link where no process and no other label stands, or in its middle; the place is taken then. */
function labelFor(lag: number, shape: LinkShape, taken: { x: number; y: number; room: number }[]): SceneLink['label'] {
  const places = labelWays.map((way) => labelAt(shape, way));
  const free = places.find(({ x, y }) => taken.every((other) => Math.hypot(other.x - x, other.y - y) >= other.room + labelRoom)) ?? places[0]!;
  taken.push({ ...free, room: labelRoom });
  return { ...free, text: String(lag) };
}

/** In pixels: a process that drives many is drawn larger, and all are drawn smaller where they are many. */
function radiiOf(network: Network): number[] {
  const size = network.names.length;
  const [least, more] = size <= 20 ? [6, 6] : size <= 60 ? [5, 4] : [3.5, 2.5];
  const counts = degrees(network).out;
  const most = Math.max(4, ...counts);
  return Array.from(counts, (count) => least + more * Math.sqrt(count / most));
}

/** From this many on, names round a circle are turned to stand side by side. */
const turnedFrom = 25;

function namePlaces(network: Network, points: readonly Point[], radii: readonly number[], centre: Point | undefined): NamePlace[] {
  if (centre === undefined || points.length < 3) return aboveOrBelow(network, points, radii);
  return points.map(({ x, y }, i) => {
    const angle = Math.atan2(y - centre.y, x - centre.x);
    const far = radii[i]! + 6;
    const place = { x: x + far * Math.cos(angle), y: y + far * Math.sin(angle) };
    const left = Math.cos(angle) < 0;
    if (points.length >= turnedFrom) return { ...place, anchor: left ? 'end' : 'start', turn: (angle * 180) / Math.PI + (left ? 180 : 0) };
    if (Math.abs(Math.cos(angle)) < 0.2) return { x: place.x, y: place.y + (y < centre.y ? -6 : 6), anchor: 'middle', turn: 0 };
    return { ...place, anchor: left ? 'end' : 'start', turn: 0 };
  });
}

/** On the side where fewer links come in: arrow heads stay in sight. */
function aboveOrBelow({ links }: Network, points: readonly Point[], radii: readonly number[]): NamePlace[] {
  const pull = new Float64Array(points.length);
  for (const { source, target } of links) {
    const [from, to] = [points[source]!, points[target]!];
    const steep = (to.y - from.y) / (Math.hypot(to.x - from.x, to.y - from.y) || 1);
    pull[source]! += steep;
    pull[target]! -= steep;
  }
  return points.map(({ x, y }, i) => ({ x, y: y + (pull[i]! > 0.2 ? -1 : 1) * (radii[i]! + 10), anchor: 'middle', turn: 0 }));
}
