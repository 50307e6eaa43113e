/** Which columns of a table of indicators share a chart: what is a price is drawn over the price. */
import { choicesOf, indicatorsParams } from '@corrente/shared/contract/analyses/indicators';
import type { Indicator } from '@corrente/shared/contract/indicators/indicator';
import type { ChartPanel } from './chart-panel.ts';

const fitted: ReadonlySet<string> = new Set(['linear-regression', 'time-series-forecast']);
const priceGroups: ReadonlySet<string> = new Set(['average', 'band', 'price']);

function isPrice({ name, group }: Indicator, output: string): boolean {
  return (priceGroups.has(group) || fitted.has(name)) && output !== 'direction';
}

/** First the field with what belongs over it, then a panel for each other indicator. `params` are those of the job. */
export function indicatorPanels(params: unknown): ChartPanel[] {
  const over: string[] = [];
  const others: ChartPanel[] = [];
  for (const { indicator, columns } of choicesOf(indicatorsParams.parse(params))) {
    const prices = indicator.outputs.map(({ name }) => isPrice(indicator, name));
    over.push(...columns.filter((_, i) => prices[i]));
    const own = columns.filter((_, i) => !prices[i]);
    if (own.length > 0) others.push({ title: titleOf(indicator, columns, prices), columns: own, overField: false });
  }
  return [{ title: 'values', columns: over, overField: true }, ...others];
}

/** The indicator in words, with its numbers where it has some of its own; what of it is drawn apart, where the rest is a price. */
function titleOf({ name, title, outputs }: Indicator, columns: readonly string[], prices: readonly boolean[]): string {
  const suffix = outputs[0]?.name ? `_${outputs[0].name}` : '';
  const numbers = (columns[0] ?? '').slice(name.length + 1, suffix === '' ? undefined : -suffix.length).split('_').filter((number) => number !== '');
  const whole = numbers.length === 0 ? title : `${title} (${numbers.join(', ')})`;
  const apart = prices.includes(true) ? outputs.filter((_, i) => prices[i] === false).map((output) => output.title.toLowerCase()) : [];
  return apart.length === 0 ? whole : `${whole}, ${apart.join(', ')}`;
}
