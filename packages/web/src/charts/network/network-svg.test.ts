import { describe, expect, it } from 'vitest';
import { circularLayout } from './layout.ts';
import type { Network, NetworkLink } from './network.ts';
import { networkSvg } from './network-svg.ts';
import { sceneOf } from './scene.ts';

const link = (source: number, target: number, changes: Partial<NetworkLink> = {}): NetworkLink => ({ source, target, lag: 3, te: 0.5, p: 0.01, significant: true, ...changes });
const network: Network = { names: ['heart', 'breath & "air"', '<blood>'], links: [link(0, 1), link(1, 0, { te: 1, significant: false }), link(1, 2, { lag: Number.NaN, significant: null })] };
const points = circularLayout(3);

describe('sceneOf', () => {
  const screen = points.map(({ x, y }) => ({ x: x * 3, y: y * 3 }));

  it('tells the links into and out of the process that is looked at, and puts them on top', () => {
    const { links, faded } = sceneOf({ network, points: screen, strongest: 1, focus: 0 });
    expect(links.map(({ role }) => role)).toEqual(['aside', 'into', 'out-of']);
    expect([...faded]).toEqual([2]);
  });

  it('writes the lag where there is one, and all lags only of a small network', () => {
    const { links } = sceneOf({ network, points: screen, strongest: 1, focus: null });
    expect(links.map(({ place, label }) => [place, label?.text ?? null])).toEqual(expect.arrayContaining([[0, '3'], [1, '3'], [2, null]]));
    const many = { names: network.names, links: Array.from({ length: 100 }, () => link(0, 2)) };
    expect(sceneOf({ network: many, points: screen, strongest: 1, focus: null }).links.every(({ label }) => label === null)).toBe(true);
    expect(sceneOf({ network: many, points: screen, strongest: 1, focus: 2 }).links.every(({ label }) => label?.text === '3')).toBe(true);
  });

  it('writes lags apart where links cross in their middle', () => {
    const square = [{ x: 0, y: 0 }, { x: 200, y: 200 }, { x: 200, y: 0 }, { x: 0, y: 200 }];
    const { links } = sceneOf({ network: { names: ['a', 'b', 'c', 'd'], links: [link(0, 1), link(2, 3)] }, points: square, strongest: 1, focus: null });
    const [one, other] = links.map(({ label }) => label!);
    expect(Math.hypot(one!.x - other!.x, one!.y - other!.y)).toBeGreaterThan(13);
  });

  it('writes a name on the side where fewer links come in', () => {
    const column = [{ x: 0, y: 0 }, { x: 0, y: 100 }, { x: 0, y: 200 }];
    const { names } = sceneOf({ network: { names: ['a', 'b', 'c'], links: [link(0, 1), link(0, 2)] }, points: column, strongest: 1, focus: null });
    expect(names[0]!.y).toBeLessThan(0);
    expect(names[2]!.y).toBeGreaterThan(200);
  });

  it('puts a link that is pointed at on top of all others, whatever is looked at', () => {
    const { links } = sceneOf({ network, points: screen, strongest: 1, focus: 0, marked: 2 });
    expect(links.at(-1)).toMatchObject({ place: 2, role: 'marked' });
  });

  it('has names outside of a circle on the side where their process stands', () => {
    const outside = sceneOf({ network, points: screen, strongest: 1, focus: null, centre: { x: 0, y: 0 } }).names;
    expect(outside.map(({ anchor }) => anchor)).toEqual(['middle', 'start', 'end']);
    expect(outside[0]!.y).toBeLessThan(screen[0]!.y);
    expect(sceneOf({ network, points: screen, strongest: 1, focus: null }).names.map(({ anchor }) => anchor)).toEqual(['middle', 'middle', 'middle']);
  });

  it('turns the names round a large circle so that none stands on its head', () => {
    const many = { names: Array.from({ length: 60 }, (_, i) => `s${i}`), links: [] };
    const { names } = sceneOf({ network: many, points: circularLayout(60), strongest: 1, focus: null, centre: { x: 0, y: 0 } });
    const upright = names.map(({ turn }) => Math.cos((turn * Math.PI) / 180));
    expect(Math.min(...upright)).toBeGreaterThan(-1e-9);
    expect(new Set(names.map(({ turn }) => Math.round(turn))).size).toBeGreaterThan(20);
  });

  it('draws a process that drives others larger', () => {
    const { radii } = sceneOf({ network, points: screen, strongest: 1, focus: null });
    expect(radii[1]).toBeGreaterThan(radii[0]!);
    expect(radii[0]).toBeGreaterThan(radii[2]!);
  });
});

describe('networkSvg', () => {
  const { svg, width, height } = networkSvg({ title: 'A & B', network, points, layout: 'circular', strongest: 1, scheme: 'light', room: { width: 600, height: 400 } });

  it('has every link with its arrow, every process with its escaped name, and nothing that is not a number', () => {
    expect(svg.match(/<path /g)).toHaveLength(6);
    expect(svg.match(/<circle /g)).toHaveLength(3);
    expect(svg).toContain('>breath &amp; &quot;air&quot;</text>');
    expect(svg).toContain('>&lt;blood&gt;</text>');
    expect(svg).toContain('<title>A &amp; B</title>');
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('is no larger than what is in it', () => {
    expect(width).toBeLessThan(600);
    expect(height).toBeLessThan(400);
    const places = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [Number(x), Number(y)]);
    for (const [x, y] of places) expect(x! > 10 && x! < width - 10 && y! > 10 && y! < height - 10).toBe(true);
  });

  it('dashes links that are not certain', () => {
    expect(svg.match(/stroke-dasharray/g)).toHaveLength(2);
  });
});
