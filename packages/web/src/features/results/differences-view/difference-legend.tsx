import type { Scheme } from '../../../charts/heatmap/diverging-scale.ts';
import { networkInks } from '../../../charts/network/inks.ts';
import { lineWidth } from '../../../charts/network/link-shape.ts';
import type { Network } from '../../../charts/network/network.ts';
import { formatNumber } from '../../../lib/format.ts';
import { Line } from '../network-view/network-legend.tsx';
import network from '../network-view/network-view.module.css';

export interface DifferenceLegendProps {
  readonly network: Network;
  readonly strongest: number;
  readonly unit: string;
  readonly scheme: Scheme;
}

/** What widths and dashes mean; only what occurs. Colours are told where a and b are. */
export function DifferenceLegend({ network: { links }, strongest, unit, scheme }: DifferenceLegendProps) {
  const inks = networkInks[scheme];
  const width = (difference: number) => lineWidth(difference, strongest, links.length);
  return (
    <ul className={network['legend']} aria-label="Legend">
      <li><Line colour={inks.link} width={width(strongest / 10)} /> difference {figure(strongest / 10)} <Line colour={inks.link} width={width(strongest)} /> {figure(strongest)} {unit}</li>
      {links.some(({ significant }) => significant === false) && <li><Line colour={inks.refused} width={2} dash="1.5 4" /> not significant</li>}
      {links.some(({ significant }) => significant === null) && <li><Line colour={inks.link} width={2} dash="6 4" /> provisional</li>}
      <li><b>2</b> lag in samples</li>
    </ul>
  );
}

function figure(value: number): string {
  return formatNumber(Number(value.toPrecision(2)));
}
