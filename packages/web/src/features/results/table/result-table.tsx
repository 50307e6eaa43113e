/** Any result table: rows and columns virtualised, sorted by a click on a column's head. */
import { Text } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { DownIcon, UpIcon } from '../../../app/icons.tsx';
import { Empty } from '../../../components/page.tsx';
import { formatCount } from '../../../lib/format.ts';
import { sortRows, type Sorting } from '../sort-rows.ts';
import type { TableStore } from '../table-store.ts';
import classes from './result-table.module.css';

const rowHeight = 28;
/** A browser's scroll area ends near 17 million pixels: further rows are reached by sorting, or in the download. */
const mostRows = 500_000;

export interface ResultTableProps {
  readonly label: string;
  readonly store: TableStore;
  readonly version: number;
  /** How it is sorted at first; the table's own order where not given. */
  readonly initialSorting?: Sorting | null;
}

export function ResultTable({ label, store, version, initialSorting = null }: ResultTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [sorting, setSorting] = useState<Sorting | null>(initialSorting);
  // The store grows in place; its version tells
  const order = useMemo(() => (sorting === null ? null : sortRows(store, sorting)), [store, version, sorting]);
  const { fields } = store.schema;
  const widths = useMemo(() => fields.map((field, i) => columnWidth(field.name, store, i)), [fields, store]);
  const shown = Math.min(store.rows, mostRows);

  const rows = useVirtualizer({ count: shown, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 12 });
  const columns = useVirtualizer({ horizontal: true, count: fields.length, getScrollElement: () => scroller.current, estimateSize: (i) => widths[i]!, overscan: 4 });
  const visible = columns.getVirtualItems();
  const unit = (column: number) => fields[column]!.metadata.get('unit');

  const toggle = (column: number) =>
    setSorting((now) => {
      const first = { column, descending: store.isNumeric(column) };
      if (now?.column !== column) return first;
      return now.descending === first.descending ? { column, descending: !first.descending } : null;
    });

  if (fields.length === 0) return <Empty title="The table has no columns" />;
  return (
    <div className={classes['frame']}>
      <div ref={scroller} className={classes['scroller']} role="table" aria-label={label} aria-rowcount={store.rows + 1} aria-colcount={fields.length} tabIndex={0}>
        <div role="rowgroup" className={classes['head']} style={{ width: columns.getTotalSize() }}>
          <div role="row" aria-rowindex={1} className={classes['row']}>
            {visible.map(({ index, start, size }) => {
              const sorted = sorting?.column === index ? (sorting.descending ? 'descending' : 'ascending') : 'none';
              const title = unit(index) === undefined || unit(index) === '1' ? undefined : unit(index);
              return (
                <div key={index} role="columnheader" aria-sort={sorted} aria-colindex={index + 1} className={classes['cell']} style={{ left: start, width: size }} data-numeric={store.isNumeric(index)}>
                  <button type="button" className={classes['sorter']} onClick={() => toggle(index)} title={title === undefined ? undefined : `${fields[index]!.name}, ${title}`}>
                    <span className={classes['name']}>{fields[index]!.name}</span>
                    {sorted !== 'none' && (sorted === 'descending' ? <DownIcon size={12} /> : <UpIcon size={12} />)}
                  </button>
                </div>
              );
            })}
          </div>
        </div>
        <div role="rowgroup" style={{ height: rows.getTotalSize(), width: columns.getTotalSize(), position: 'relative' }}>
          {rows.getVirtualItems().map((item) => {
            const row = order === null ? item.index : order[item.index]!;
            return (
              <div key={item.index} role="row" aria-rowindex={item.index + 2} className={classes['row']} style={{ transform: `translateY(${item.start}px)` }} data-odd={item.index % 2 === 1}>
                {visible.map(({ index, start, size }) => (
                  <div key={index} role="cell" aria-colindex={index + 1} className={classes['cell']} style={{ left: start, width: size }} data-numeric={store.isNumeric(index)}>
                    {row < store.rows ? store.text(index, row) || <span className={classes['missing']} title="missing">–</span> : ''}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
      <Text size="xs" c="dimmed" className={classes['foot']} role="status">
        {formatCount(store.rows)} rows, {formatCount(fields.length)} columns
        {store.rows > mostRows && `; the first ${formatCount(mostRows)} of this order are shown, all are in the download`}
      </Text>
    </div>
  );
}

/** From the head and the first rows, in pixels. */
function columnWidth(name: string, store: TableStore, column: number): number {
  let longest = name.length + 2;
  for (let row = 0; row < Math.min(store.rows, 12); row++) longest = Math.max(longest, store.text(column, row).length);
  // Measured numbers vary more than the first ones show: a p-value may need an exponent further down.
  const least = store.isNumeric(column) ? 104 : 76;
  return Math.max(least, Math.min(260, 22 + longest * 8));
}
