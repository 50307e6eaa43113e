/** The colours of a network in both schemes; they read at 3:1 and more on the page's own ground. */
import type { Scheme } from '../heatmap/diverging-scale.ts';

export interface NetworkInks {
  readonly surface: string;
  readonly text: string;
  readonly quiet: string;
  readonly link: string;
  /** Links into and out of the process that is looked at. */
  readonly into: string;
  readonly outOf: string;
  /** Links that did not stand the control of false discoveries. */
  readonly refused: string;
  /** Links that are stronger in one of two networks than in the other, as red and blue are in a heatmap of differences. */
  readonly side: { readonly a: string; readonly b: string };
  readonly process: string;
  readonly rim: string;
}

export const networkInks: Record<Scheme, NetworkInks> = {
  light: { surface: '#ffffff', text: '#101418', quiet: '#5b646d', link: '#56626c', into: '#1f66c1', outOf: '#c2571a', refused: '#9aa3ab', side: { a: '#c94a45', b: '#2f78b7' }, process: '#177077', rim: '#ffffff' },
  dark: { surface: '#171b1f', text: '#eef1f3', quiet: '#98a1a9', link: '#a3adb6', into: '#6fb1ff', outOf: '#f0964f', refused: '#6d767e', side: { a: '#dd6450', b: '#3f8ed6' }, process: '#3aa5aa', rim: '#171b1f' },
};
