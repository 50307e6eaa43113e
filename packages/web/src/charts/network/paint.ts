/** Paints the links of a scene on a canvas. */
import type { Scheme } from '../heatmap/diverging-scale.ts';
import { networkInks } from './inks.ts';
import type { Room } from './view.ts';
import { linkStyle } from './link-style.ts';
import type { Scene, SceneLink } from './scene.ts';

export function paintLinks(canvas: HTMLCanvasElement, scene: Scene, room: Room, scheme: Scheme, ratio: number): void {
  const [width, height] = [Math.round(room.width * ratio), Math.round(room.height * ratio)];
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, room.width, room.height);
  const crowded = scene.links.length > 400;
  for (const link of scene.links) paintLink(context, link, scheme, crowded);
  context.globalAlpha = 1;
  context.setLineDash([]);
  context.font = "600 11px 'IBM Plex Sans Variable', system-ui, sans-serif";
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  for (const link of scene.links) paintLabel(context, link, scheme);
}

function paintLink(context: CanvasRenderingContext2D, link: SceneLink, scheme: Scheme, crowded: boolean): void {
  const { start, control, end, head } = link.shape;
  const { colour, opacity, dash } = linkStyle(link, scheme, crowded);
  context.globalAlpha = opacity;
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineWidth = link.width;
  context.setLineDash([...dash]);
  context.beginPath();
  context.moveTo(start.x, start.y);
  context.quadraticCurveTo(control.x, control.y, end.x, end.y);
  context.stroke();
  context.beginPath();
  context.moveTo(head[0].x, head[0].y);
  context.lineTo(head[1].x, head[1].y);
  context.lineTo(head[2].x, head[2].y);
  context.fill();
}

/** The text with a rim in the colour of the ground, so that it reads on its own line and on others'. */
function paintLabel(context: CanvasRenderingContext2D, link: SceneLink, scheme: Scheme): void {
  if (link.label === null) return;
  const { x, y, text } = link.label;
  context.lineWidth = 4;
  context.strokeStyle = networkInks[scheme].surface;
  context.strokeText(text, x, y);
  context.fillStyle = linkStyle(link, scheme, false).text;
  context.fillText(text, x, y);
}
