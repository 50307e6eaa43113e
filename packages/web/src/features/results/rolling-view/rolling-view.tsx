/** The correlation of pairs over time: a line for each pair that is chosen, at first those that vary most. */
import { Group, Input, MultiSelect, SegmentedControl, Text } from '@mantine/core';
import type { ResultTable } from '@corrente/shared/contract/result';
import { useMemo, useState } from 'react';
import { useScheme } from '../../../app/use-scheme.ts';
import { LineChart } from '../../../charts/line-chart/line-chart.tsx';
import { Empty } from '../../../components/page.tsx';
import { formatCoefficient, formatCount } from '../../../lib/format.ts';
import { alignLines } from '../align-lines.ts';
import { NoRows } from '../no-rows.tsx';
import type { ArrivingTable } from '../use-result-table.ts';
import type { TableStore } from '../table-store.ts';
import { keyOf, PairIndex, variation, type PairOverTime } from './pair-index.ts';
import classes from './rolling-view.module.css';

export interface RollingViewProps {
  readonly table: ResultTable;
  readonly store: TableStore;
  readonly version: number;
  readonly state: ArrivingTable['state'];
}

/** Lines that are told apart by their colours; as many at first as leave the chart legible. */
const [mostLines, atFirst] = [8, 4];
const listed = 12;

export function RollingView({ table, store, version, state }: RollingViewProps) {
  const scheme = useScheme();
  const index = useMemo(() => new PairIndex(store), [store]);
  // The store grows in place; its version tells
  const pairs = useMemo(() => index.update().byVariation(), [index, version]);
  const [picked, setPicked] = useState<readonly string[] | null>(null);
  const [scale, setScale] = useState<'data' | 'full'>('data');
  const keys = picked ?? pairs.slice(0, atFirst).map(({ a, b }) => keyOf(a, b));
  const chosen = keys.flatMap((key) => pairs.filter(({ a, b }) => keyOf(a, b) === key));
  const time = table.columns.find(({ name }) => name === 'time')?.type === 'index' ? 'index' : 'timestamp';
  const data = useMemo(() => alignLines(chosen.map((pair) => ({ x: index.numbers(pair, 'time'), y: index.numbers(pair, 'r') })), time), [index, version, keys.join('\r'), time]);

  if (pairs.length === 0) return state === 'complete' ? <Empty title="There is no window">The series are shorter than one window, or there is only one.</Empty> : <NoRows state={state} />;
  const toggle = (key: string) => setPicked(keys.includes(key) ? keys.filter((one) => one !== key) : [...keys, key].slice(-mostLines));
  return (
    <div className={classes['view']}>
      <Group align="flex-end" gap="md" mb="md">
        <PairSelect pairs={pairs} chosen={keys} onChange={setPicked} />
        <Input.Wrapper label="Scale" size="xs" labelElement="div">
          <SegmentedControl size="xs" display="flex" aria-label="Scale" data={[{ value: 'data', label: 'By the values' }, { value: 'full', label: '±1' }]} value={scale} onChange={(value) => setScale(value === 'full' ? 'full' : 'data')} />
        </Input.Wrapper>
        <Text size="xs" c="dimmed" ml="auto">Drag to zoom, double click for all.</Text>
      </Group>
      {chosen.length === 0 ? (
        <Empty title="No pair is chosen" />
      ) : (
        <LineChart label="Correlation over time" data={data} lines={chosen.map((pair) => ({ name: nameOf(pair) }))} time={time} scheme={scheme} height={380} limits={scale === 'full' ? [-1, 1] : undefined} />
      )}
      <Variations pairs={pairs.slice(0, listed)} total={pairs.length} chosen={keys} onToggle={toggle} />
    </div>
  );
}

function nameOf({ a, b }: PairOverTime): string {
  return `${a} – ${b}`;
}

/** As many as a list can show of the pairs that are looked for. */
const mostOptions = 60;

function PairSelect({ pairs, chosen, onChange }: { pairs: readonly PairOverTime[]; chosen: readonly string[]; onChange: (keys: string[]) => void }) {
  const [typed, setTyped] = useState('');
  const options = useMemo(() => {
    const words = typed.toLowerCase().split(/[\s–-]+/).filter((word) => word !== '');
    const matches: PairOverTime[] = [];
    for (const pair of pairs) {
      if (chosen.includes(keyOf(pair.a, pair.b)) || (matches.length < mostOptions && words.every((word) => nameOf(pair).toLowerCase().includes(word)))) matches.push(pair);
    }
    return matches.map((pair) => ({ value: keyOf(pair.a, pair.b), label: nameOf(pair) }));
  }, [pairs, chosen.join('\r'), typed]);
  return (
    <MultiSelect
      label="Pairs, those that vary most first"
      size="xs"
      flex="1 1 22rem"
      data={options}
      // What matches has been picked out already, of all pairs.
      filter={({ options: all }) => all}
      value={[...chosen]}
      onChange={onChange}
      maxValues={mostLines}
      searchable
      searchValue={typed}
      onSearchChange={setTyped}
      clearable
      placeholder={chosen.length === 0 ? 'Type the name of a series' : ''}
      nothingFoundMessage="No pair has this name"
      maxDropdownHeight={260}
    />
  );
}

function Variations({ pairs, total, chosen, onToggle }: { pairs: readonly PairOverTime[]; total: number; chosen: readonly string[]; onToggle: (key: string) => void }) {
  return (
    <div className={classes['scroller']}>
      <table className={classes['pairs']} aria-label="Pairs that vary most">
        <caption>{total <= listed ? 'How far each pair varies' : `The ${listed} pairs that vary most, of ${formatCount(total)}`}</caption>
        <thead>
          <tr>
            {['Pair', 'Lowest', 'Mean', 'Highest', 'Spread'].map((head) => <th key={head} scope="col">{head}</th>)}
          </tr>
        </thead>
        <tbody>
          {pairs.map((pair) => {
            const key = keyOf(pair.a, pair.b);
            return (
              <tr key={key} data-chosen={chosen.includes(key)}>
                <th scope="row"><button type="button" aria-pressed={chosen.includes(key)} onClick={() => onToggle(key)}>{nameOf(pair)}</button></th>
                <td>{figure(pair.lowest)}</td>
                <td>{pair.count === 0 ? '–' : figure(pair.mean)}</td>
                <td>{figure(pair.highest)}</td>
                <td>{pair.count === 0 ? '–' : figure(variation(pair))}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function figure(value: number): string {
  return Number.isNaN(value) ? '–' : formatCoefficient(value);
}
