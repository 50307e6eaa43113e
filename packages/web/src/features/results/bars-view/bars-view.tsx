/** A table with one value for each row, drawn as bars. */
import { Text } from '@mantine/core';
import type { ResultTable } from '@corrente/shared/contract/result';
import { useMemo } from 'react';
import { Bars } from '../../../charts/bars/bars.tsx';
import { Empty } from '../../../components/page.tsx';
import type { TableStore } from '../table-store.ts';
import { atomBars, storageBars } from './bars-of.ts';
import classes from './bars-view.module.css';

export interface BarsViewProps {
  readonly of: 'atoms' | 'storage';
  readonly table: ResultTable;
  readonly store: TableStore;
  readonly version: number;
}

const kinds = {
  atoms: { bars: atomBars, value: 'bits', name: 'Atom', label: 'Atoms' },
  storage: { bars: storageBars, value: 'omnibus_te', name: 'Process', label: 'Active information storage' },
} as const;

export function BarsView({ of, table, store, version }: BarsViewProps) {
  const kind = kinds[of];
  // The store grows in place; its version tells
  const bars = useMemo(() => kind.bars(store), [kind, store, version]);
  if (bars.length === 0) return <Empty title="No rows have arrived yet" />;
  const unit = table.columns.find(({ name }) => name === kind.value)?.unit ?? '';
  const judged = bars.some(({ note }) => note !== '');
  return (
    <>
      <Bars label={kind.label} bars={bars} heads={{ name: kind.name, figure: unit, ...(judged ? { note: 'test' } : {}) }} />
      {bars.some(({ hollow }) => hollow === true) && <Text size="xs" c="dimmed" className={classes['foot']}>Dashed bars are not significant.</Text>}
    </>
  );
}
