/** A network as an SVG document, for saving: the layout as it stands, all of it, in the colours of one scheme. */
import { escapeXml } from '@corrente/shared/network/escape-xml';
import type { Scheme } from '../heatmap/diverging-scale.ts';
import { networkInks } from './inks.ts';
import { marginOf, type LayoutName, type Point } from './layout.ts';
import type { Network } from './network.ts';
import { linkStyle } from './link-style.ts';
import { sceneOf, type NamePlace, type SceneLink } from './scene.ts';
import { fitView, onScreen, usedRoom, type Room } from './view.ts';

export interface NetworkSvgOptions {
  readonly title: string;
  readonly network: Network;
  /** In units of the layout. */
  readonly points: readonly Point[];
  readonly layout: LayoutName;
  readonly strongest: number;
  readonly scheme: Scheme;
  /** The most that the picture may take, in pixels; a small network takes less. */
  readonly room: Room;
}

export interface NetworkPicture extends Room {
  readonly svg: string;
}

export function networkSvg({ title, network, points, layout, strongest, scheme, room: most }: NetworkSvgOptions): NetworkPicture {
  const inks = networkInks[scheme];
  const margin = marginOf(layout, network.names);
  const room = usedRoom(points, most, margin);
  const view = fitView(points, room, margin);
  const places = points.map((point) => onScreen(view, point));
  const scene = sceneOf({ network, points: places, strongest, focus: null, centre: layout === 'circular' ? onScreen(view, { x: 0, y: 0 }) : undefined });
  const crowded = scene.links.length > 400;
  const halo = `stroke="${inks.surface}" stroke-width="4" stroke-linejoin="round" paint-order="stroke"`;
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${room.width}" height="${room.height}" viewBox="0 0 ${room.width} ${room.height}" font-family="'IBM Plex Sans', system-ui, sans-serif">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="100%" height="100%" fill="${inks.surface}"/>`,
    ...scene.links.map((link) => linkElements(link, scheme, crowded)),
    ...scene.links.flatMap(({ label }) => (label === null ? [] : [`<text x="${number(label.x)}" y="${number(label.y)}" dy="0.35em" text-anchor="middle" font-size="11" font-weight="600" fill="${inks.text}" ${halo}>${label.text}</text>`])),
    ...network.names.map((_, i) => `<circle cx="${number(places[i]!.x)}" cy="${number(places[i]!.y)}" r="${number(scene.radii[i]!)}" fill="${inks.process}" stroke="${inks.rim}" stroke-width="1.5"/>`),
    ...network.names.map((name, i) => nameElement(name, scene.names[i]!, `font-size="12" fill="${inks.text}" ${halo}`)),
    '</svg>',
    '',
  ].join('\n');
  return { svg, ...room };
}

function linkElements(link: SceneLink, scheme: Scheme, crowded: boolean): string {
  const { start, control, end, head } = link.shape;
  const { colour, opacity, dash } = linkStyle(link, scheme, crowded);
  const dashes = dash.length === 0 ? '' : ` stroke-dasharray="${dash.map(number).join(' ')}"`;
  const line = `<path d="M${pair(start)}Q${pair(control)} ${pair(end)}" fill="none" stroke="${colour}" stroke-width="${number(link.width)}"${dashes}/>`;
  return `<g opacity="${opacity}">${line}<path d="M${head.map(pair).join('L')}Z" fill="${colour}"/></g>`;
}

function nameElement(name: string, { x, y, anchor, turn }: NamePlace, look: string): string {
  const turned = turn === 0 ? '' : ` transform="rotate(${number(turn)} ${number(x)} ${number(y)})"`;
  return `<text x="${number(x)}" y="${number(y)}" dy="0.35em" text-anchor="${anchor}"${turned} ${look}>${escapeXml(name)}</text>`;
}

function pair({ x, y }: Point): string {
  return `${number(x)},${number(y)}`;
}

/** Hundredths of a pixel are more than can be seen. */
function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}
