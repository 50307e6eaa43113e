/** Who leads whom: the strongest pairs as bars with their lag in words, and how many pairs have each lag. */
import { Group, Input, SegmentedControl, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { Bars } from '../../../charts/bars/bars.tsx';
import { Empty } from '../../../components/page.tsx';
import { SeriesSelect } from '../../../components/series-select.tsx';
import { formatCoefficient, formatCount, plural } from '../../../lib/format.ts';
import { NoRows } from '../no-rows.tsx';
import type { ArrivingTable } from '../use-result-table.ts';
import type { TableStore } from '../table-store.ts';
import { LagCounts } from './lag-counts.tsx';
import { laggedPairs, lagWords, type LagChoice } from './lead-lag.ts';
import classes from './lead-lag-view.module.css';

export interface LeadLagViewProps {
  readonly store: TableStore;
  readonly version: number;
  readonly state: ArrivingTable['state'];
  /** The longest lag that was looked at, in rows. */
  readonly longest: number;
}

const mostBars = 100;
const significance = 0.05;
const choices: readonly { readonly value: LagChoice; readonly label: string }[] = [{ value: 'all', label: 'All' }, { value: 'apart', label: 'One leads' }, { value: 'together', label: 'Together' }];

export function LeadLagView({ store, version, state, longest }: LeadLagViewProps) {
  // The store grows in place; its version tells
  const names = useMemo(() => [...new Set(['a', 'b'].flatMap((name) => store.texts(store.columnNamed(name))))].filter((name) => name !== null), [store, version]);
  const [chosen, setChosen] = useState<number | null>(null);
  const [picked, setPicked] = useState<LagChoice | null>(null);
  const series = chosen === null ? null : (names[chosen] ?? null);
  // Who leads is what was asked for: pairs at lag 0 come first only where there is no other.
  const one = useMemo(() => laggedPairs(store, { series, lags: picked ?? 'apart', most: mostBars, longest }), [store, version, series, picked, longest]);
  const none = picked === null && one.total === 0;
  const all = useMemo(() => (none ? laggedPairs(store, { series, lags: 'all', most: mostBars, longest }) : null), [none, store, version, series, longest]);
  const { strongest, total, counts } = all ?? one;
  const lags = picked ?? (none ? 'all' : 'apart');
  const bars = useMemo(() => strongest.map((pair) => ({ key: `${pair.a}\n${pair.b}`, name: lagWords(pair), value: pair.r, figure: formatCoefficient(pair.r), note: formatCount(pair.n), hollow: pair.p > significance })), [strongest]);

  if (store.rows === 0) return state === 'complete' ? <Empty title="The table is empty">No pair met what the parameters ask for.</Empty> : <NoRows state={state} />;
  return (
    <div>
      <Group align="flex-end" gap="md" className={classes['choices']}>
        <SeriesSelect label="Series" names={names} value={chosen} onChange={setChosen} w={180} />
        <Input.Wrapper label="Lag" size="xs" labelElement="div">
          <SegmentedControl size="xs" display="flex" aria-label="Lag" data={[...choices]} value={lags} onChange={(value) => setPicked(choices.find((choice) => choice.value === value)?.value ?? 'all')} />
        </Input.Wrapper>
        <Text size="xs" c="dimmed" ml="auto">{total > mostBars ? `The strongest ${mostBars} of ${formatCount(total)} pairs` : plural(total, 'pair')}</Text>
      </Group>
      <LagCounts counts={counts} series={series} />
      {bars.length === 0 ? <Empty title="No pair is so">None of the pairs here has such a lag.</Empty> : <Bars label="Strongest pairs" bars={bars} heads={{ name: 'Pair', figure: 'r', note: 'rows' }} />}
      {bars.some(({ hollow }) => hollow) && <Text size="xs" c="dimmed" className={classes['foot']}>Dashed bars may be chance: p, for all the lags that were looked at, is above {significance}.</Text>}
    </div>
  );
}
