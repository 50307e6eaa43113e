/** What the notebooks show: small SVG drawings, and lines of text. */

export interface Picture {
  readonly svg: string;
}

/**
 * Shows a picture or text below the cell, and returns when it was sent. What the kernel itself shows (the last value of
 * a cell, console.log) may come after it has told that the cell is done, and is then lost to nbconvert.
 */
export async function show(what: Picture | string): Promise<void> {
  const data = typeof what === 'string' ? { 'text/plain': what } : { 'image/svg+xml': what.svg };
  await Deno.jupyter.broadcast('display_data', { data, metadata: {}, transient: {} });
}

export interface Line {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  /** The widest is the strongest. */
  readonly weight: number;
  /** Stands on the edge. */
  readonly label?: string;
}

const colours = ['#2166ac', '#d6604d', '#4d9221', '#762a83', '#8c6d31', '#35978f', '#555555'];
const ink = '#333';

/** Lines over one horizontal axis, each named where it ends. */
export function lineChart({ title, x, y, lines }: { readonly title: string; readonly x: string; readonly y: string; readonly lines: readonly Line[] }): Picture {
  const [width, height, left, right, top, bottom] = [720, 280, 64, 110, 34, 46];
  const [low, high] = extent(lines.flatMap((line) => [...line.x]));
  const [least, most] = extent(lines.flatMap((line) => [...line.y]), 0);
  const atX = (value: number): number => left + ((value - low) / (high - low || 1)) * (width - left - right);
  const atY = (value: number): number => height - bottom - ((value - least) / (most - least || 1)) * (height - top - bottom);
  const parts = [text(left, 20, title, { size: 14, weight: 'bold' }), text((left + width - right) / 2, height - 10, x, { anchor: 'middle' }), text(14, (top + height - bottom) / 2, y, { anchor: 'middle', turn: -90 })];
  for (const tick of ticks(least, most)) parts.push(`<line x1="${left}" x2="${width - right}" y1="${round(atY(tick))}" y2="${round(atY(tick))}" stroke="#ddd"/>`, text(left - 6, atY(tick) + 4, short(tick), { anchor: 'end' }));
  for (const tick of ticks(low, high)) parts.push(text(atX(tick), height - bottom + 18, short(tick), { anchor: 'middle' }));
  for (const [index, line] of lines.entries()) {
    const colour = colours[index % colours.length] ?? ink;
    const points = line.x.map((value, place) => `${round(atX(value))},${round(atY(line.y[place] ?? 0))}`).join(' ');
    parts.push(`<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="1.5"/>`);
    // A few points are told one by one; many would hide the line.
    if (line.x.length <= 40) parts.push(...line.x.map((value, place) => `<circle cx="${round(atX(value))}" cy="${round(atY(line.y[place] ?? 0))}" r="2.5" fill="${colour}"/>`));
  }
  // Names stand beside the lines' ends, from the top down, none over another.
  let lowest = -Infinity;
  const named = lines.map((line, index) => ({ name: line.name, colour: colours[index % colours.length] ?? ink, y: atY(line.y.at(-1) ?? 0) + 4 }));
  for (const { name, colour, y: end } of named.sort((a, b) => a.y - b.y)) {
    lowest = Math.max(end, lowest + 15);
    parts.push(text(width - right + 8, lowest, name, { colour }));
  }
  return picture(width, height, title, parts);
}

/** Processes round a circle, in their order, coloured by group, and an arrow (or, undirected, a line) for each edge. */
export function networkGraph({ title, groups, edges, directed = true }: { readonly title: string; readonly groups: Readonly<Record<string, readonly string[]>>; readonly edges: readonly Edge[]; readonly directed?: boolean }): Picture {
  const [width, height, radius, size] = [560, 500, 180, 16];
  const nodes = Object.entries(groups).flatMap(([, names], group) => names.map((name) => ({ name, colour: colours[group % colours.length] ?? ink })));
  const places = new Map(nodes.map(({ name }, index) => [name, { x: 240 + radius * Math.sin((2 * Math.PI * index) / nodes.length), y: 260 - radius * Math.cos((2 * Math.PI * index) / nodes.length) }]));
  const strongest = edges.reduce((most, { weight }) => Math.max(most, weight), 0);
  const parts = [text(20, 24, title, { size: 14, weight: 'bold' })];
  for (const { from, to, weight, label } of edges) {
    const [a, b] = [places.get(from), places.get(to)];
    if (a === undefined || b === undefined) continue;
    const length = Math.hypot(b.x - a.x, b.y - a.y);
    const [dx, dy] = [(b.x - a.x) / length, (b.y - a.y) / length];
    const stroke = 1 + 6 * Math.sqrt(weight / strongest);
    const head = directed ? 6 + 1.5 * stroke : 0;
    const end = { x: b.x - dx * (size + head), y: b.y - dy * (size + head) };
    parts.push(`<line x1="${round(a.x + dx * size)}" y1="${round(a.y + dy * size)}" x2="${round(end.x)}" y2="${round(end.y)}" stroke="#888" stroke-width="${round(stroke)}" stroke-opacity="0.7"/>`);
    if (directed) parts.push(`<polygon points="${[[b.x - dx * size, b.y - dy * size], [end.x - (dy * head) / 2, end.y + (dx * head) / 2], [end.x + (dy * head) / 2, end.y - (dx * head) / 2]].map(([px = 0, py = 0]) => `${round(px)},${round(py)}`).join(' ')}" fill="#888"/>`);
    if (label !== undefined) parts.push(text(a.x + dx * length * 0.4 - dy * 10, a.y + dy * length * 0.4 + dx * 10 + 4, label, { anchor: 'middle' }));
  }
  for (const { name, colour } of nodes) {
    const { x = 0, y = 0 } = places.get(name) ?? {};
    parts.push(`<circle cx="${round(x)}" cy="${round(y)}" r="${size}" fill="${colour}"/>`, text(x, y + 3.5, name, { anchor: 'middle', size: 9, colour: '#fff', weight: 'bold' }));
  }
  for (const [index, group] of Object.keys(groups).entries()) {
    parts.push(`<circle cx="${width - 100}" cy="${60 + 20 * index}" r="6" fill="${colours[index % colours.length] ?? ink}"/>`, text(width - 88, 64 + 20 * index, group));
  }
  return picture(width, height, title, parts);
}

function picture(width: number, height: number, title: string, parts: readonly string[]): Picture {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="sans-serif"><title>${escaped(title)}</title><rect width="100%" height="100%" fill="#fff"/>${parts.join('')}</svg>`;
  return { svg };
}

interface TextStyle {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly size?: number;
  readonly colour?: string;
  readonly weight?: string;
  /** Degrees. */
  readonly turn?: number;
}

function text(x: number, y: number, words: string, { anchor = 'start', size = 12, colour = ink, weight = 'normal', turn = 0 }: TextStyle = {}): string {
  const turned = turn === 0 ? '' : ` transform="rotate(${turn} ${round(x)} ${round(y)})"`;
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" font-size="${size}" font-weight="${weight}" fill="${colour}"${turned}>${escaped(words)}</text>`;
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function extent(values: readonly number[], ...also: readonly number[]): [number, number] {
  return [...values, ...also].reduce<[number, number]>(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}

/** Round numbers inside a range, some five of them. */
function ticks(low: number, high: number): number[] {
  const rough = (high - low) / 5 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? rough;
  return Array.from({ length: Math.floor(high / step) - Math.ceil(low / step) + 1 }, (_, index) => (Math.ceil(low / step) + index) * step);
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
