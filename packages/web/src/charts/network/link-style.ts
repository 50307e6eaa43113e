/** Colour, strength and dashes of a link: what it is to the process that is looked at, and how sure it is. In a crowd the weak ones recede. */
import type { Scheme } from '../heatmap/diverging-scale.ts';
import { networkInks } from './inks.ts';
import type { SceneLink } from './scene.ts';

export interface LinkStyle {
  readonly colour: string;
  readonly opacity: number;
  /** Lengths of dash and space in pixels; empty for a full line. */
  readonly dash: readonly number[];
  /** Of its label. */
  readonly text: string;
}

export function linkStyle({ link, role, width }: SceneLink, scheme: Scheme, crowded: boolean): LinkStyle {
  const inks = networkInks[scheme];
  const dash = link.significant === true ? [] : link.significant === null ? [5 + width, 3 + width] : [1.5, 3 + width];
  if (link.side !== undefined) return { colour: inks.side[link.side], opacity: role === 'aside' ? 0.1 : link.significant === false ? 0.5 : 0.9, dash, text: inks.text };
  if (role === 'into') return { colour: inks.into, opacity: 1, dash, text: inks.into };
  if (role === 'out-of') return { colour: inks.outOf, opacity: 1, dash, text: inks.outOf };
  if (role === 'marked') return { colour: inks.text, opacity: 1, dash, text: inks.text };
  const colour = link.significant === false ? inks.refused : inks.link;
  return { colour, opacity: role === 'aside' ? 0.1 : crowded ? Math.min(0.85, 0.06 + 0.2 * width) : 0.85, dash, text: inks.text };
}
