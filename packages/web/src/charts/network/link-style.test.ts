import { expect, it } from 'vitest';
import { networkInks } from './inks.ts';
import { linkStyle } from './link-style.ts';
import { sceneOf, type LinkRole, type SceneLink } from './scene.ts';

const [drawn] = sceneOf({ network: { names: ['x', 'y'], links: [{ source: 0, target: 1, lag: 1, te: 0.2, p: 0.01, significant: true }] }, points: [{ x: 0, y: 0 }, { x: 200, y: 0 }], strongest: 0.2, focus: null }).links;
const styled = (side: 'a' | 'b' | undefined, role: LinkRole, significant = true) => {
  const link: SceneLink = { ...drawn!, role, link: { ...drawn!.link, significant, ...(side === undefined ? {} : { side }) } };
  return linkStyle(link, 'light', false);
};

it('colours a difference by the side that it is greater in, whatever is pointed at', () => {
  for (const role of ['plain', 'into', 'out-of', 'marked', 'aside'] as const) {
    expect(styled('a', role).colour).toBe(networkInks.light.side.a);
    expect(styled('b', role).colour).toBe(networkInks.light.side.b);
  }
});

it('colours a link of one network by what it is to the process that is looked at', () => {
  expect([styled(undefined, 'plain').colour, styled(undefined, 'into').colour, styled(undefined, 'out-of').colour]).toEqual([networkInks.light.link, networkInks.light.into, networkInks.light.outOf]);
});

it('lets a difference that does not stand recede, without losing its colour', () => {
  expect(styled('a', 'plain', false).opacity).toBeLessThan(styled('a', 'plain').opacity);
  expect(styled('a', 'plain', false).dash).not.toEqual([]);
});
