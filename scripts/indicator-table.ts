/**
 * Writes the catalogue of indicators into its place in docs/analyses/indicators.md:
 *
 *     node scripts/indicator-table.ts
 */
import { indicatorCatalogue } from '@corrente/shared/contract/indicators/catalogue';
import { indicatorGroups, type Indicator, type IndicatorGroup } from '@corrente/shared/contract/indicators/indicator';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const page = join(import.meta.dirname, '..', 'docs', 'analyses', 'indicators.md');
const [begin, end] = ['<!-- catalogue: written by scripts/indicator-table.ts -->', '<!-- end of the catalogue -->'];

const titles: Readonly<Record<IndicatorGroup, string>> = {
  average: 'Averages',
  band: 'Bands, channels and stops',
  trend: 'Trend',
  momentum: 'Momentum and oscillators',
  volatility: 'Volatility',
  volume: 'Volume',
  regression: 'Regression',
  price: 'Prices',
};

const letters = { value: 'x', open: 'o', high: 'h', low: 'l', close: 'c', volume: 'v' } as const;

function row({ name, title, inputs, parameters, outputs, formula, warmUp, source }: Indicator): string {
  const defaults = parameters.map((parameter) => parameter.default);
  const numbers = parameters.map((parameter) => `${parameter.name} ${parameter.default}`).join(', ') || 'none';
  const columns = outputs.map((output) => `\`${output.name === '' ? name : `${name}_${output.name}`}\``).join(', ');
  const rows = [...new Set(outputs.map((output) => (output.warmUp ?? warmUp)(defaults)))].join(', ');
  return `| \`${name}\` | ${[title, columns, inputs.map((input) => letters[input]).join(' '), numbers, formula.replaceAll('|', '\\|'), rows, source].join(' | ')} |`;
}

/** The catalogue as Markdown, a table for each group. */
export function indicatorTable(): string {
  return indicatorGroups
    .map((group) => {
      const rows = indicatorCatalogue.filter((indicator) => indicator.group === group).map(row);
      return [`### ${titles[group]}`, '', '| name | meaning | columns | reads | numbers | formula | rows before the first value | source |', '|---|---|---|---|---|---|---|---|', ...rows].join('\n');
    })
    .join('\n\n');
}

/** The page with the catalogue as it is now. */
export function withTable(text: string): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The page has no place for the catalogue: ${begin} … ${end}.`);
  return `${text.slice(0, from + begin.length)}\n\n${indicatorTable()}\n\n${text.slice(to)}`;
}

export const readPage = (): string => readFileSync(page, 'utf8');

if (import.meta.main) writeFileSync(page, withTable(readPage()));
