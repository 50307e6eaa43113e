import type { Scheme } from '../../../charts/heatmap/diverging-scale.ts';
import { networkInks } from '../../../charts/network/inks.ts';
import { lineWidth } from '../../../charts/network/link-shape.ts';
import type { Network } from '../../../charts/network/network.ts';
import { formatNumber } from '../../../lib/format.ts';
import classes from './network-view.module.css';

export interface NetworkLegendProps {
  readonly network: Network;
  readonly strongest: number;
  readonly unit: string;
  readonly scheme: Scheme;
}

/** What widths, dashes, colours and figures mean; only what occurs. */
export function NetworkLegend({ network, strongest, unit, scheme }: NetworkLegendProps) {
  const inks = networkInks[scheme];
  const any = (significant: boolean | null) => network.links.some((link) => link.significant === significant);
  const width = (te: number) => lineWidth(te, strongest, network.links.length);
  return (
    <ul className={classes['legend']} aria-label="Legend">
      <li><Line colour={inks.link} width={width(strongest / 10)} /> te {figure(strongest / 10)} <Line colour={inks.link} width={width(strongest)} /> {figure(strongest)} {unit}</li>
      {any(null) && <li><Line colour={inks.link} width={2} dash="6 4" /> provisional</li>}
      {any(false) && <li><Line colour={inks.refused} width={2} dash="1.5 4" /> not significant</li>}
      <li><Line colour={inks.into} width={2.5} /> drives the series pointed at</li>
      <li><Line colour={inks.outOf} width={2.5} /> driven by it</li>
      <li><b>2</b> lag in samples</li>
    </ul>
  );
}

/** A piece of a line as it is drawn in the network. */
export function Line({ colour, width, dash }: { colour: string; width: number; dash?: string }) {
  return (
    <svg width="26" height="8" aria-hidden="true">
      <line x1="0" x2="26" y1="4" y2="4" stroke={colour} strokeWidth={width} strokeDasharray={dash} />
    </svg>
  );
}

function figure(value: number): string {
  return formatNumber(Number(value.toPrecision(2)));
}
