/** Which columns of a table of indicators share a chart: what is a price is drawn over the price. */
import { choicesOf, indicatorsParams } from '@corrente/shared/contract/analyses/indicators';
import type { Indicator } from '@corrente/shared/contract/indicators/indicator';
import type { ChartPanel } from './chart-panel.ts';

const fitted: ReadonlySet<string> = new Set(['linear-regression', 'time-series-forecast']);
const prices: ReadonlySet<string> = new Set(['average', 'band', 'price']);

function isPrice({ name, group }: Indicator, output: string): boolean {
  return (prices.has(group) || fitted.has(name)) && output !== 'direction';
}

/** First the field with what belongs over it, then a panel for each other indicator. `params` are those of the job. */
export function indicatorPanels(params: unknown): ChartPanel[] {
  const over: string[] = [];
  const others: ChartPanel[] = [];
  for (const { indicator, columns } of choicesOf(indicatorsParams.parse(params))) {
    const own: string[] = [];
    for (const [i, column] of columns.entries()) (isPrice(indicator, indicator.outputs[i]?.name ?? '') ? over : own).push(column);
    if (own.length > 0) others.push({ title: own[0] ?? indicator.name, columns: own, overField: false });
  }
  return [{ title: 'values', columns: over, overField: true }, ...others];
}
