/** A correlation matrix as it arrives: heatmap, read-out, orders, zoom, legend, and what is closest to one series. */
import { ActionIcon, Group, Input, SegmentedControl, Select, Tooltip } from '@mantine/core';
import { useMemo, useState } from 'react';
import { FitIcon, MinusIcon, PlusIcon } from '../../app/icons.tsx';
import { useScheme } from '../../app/use-scheme.ts';
import { Heatmap, type Cell } from '../../charts/heatmap/heatmap.tsx';
import { HeatmapLegend } from '../../charts/heatmap/legend.tsx';
import { summarise } from '../../charts/heatmap/growing-matrix.ts';
import { orderNames, orderTitles, type OrderName } from '../../charts/heatmap/orders.ts';
import { useOrder } from '../../charts/heatmap/use-order.ts';
import { revealCell, wholeMatrix, zoomViewport, type Viewport } from '../../charts/heatmap/viewport.ts';
import { Empty } from '../../components/page.tsx';
import { SeriesSelect } from '../../components/series-select.tsx';
import { formatCoefficient, formatCount, plural } from '../../lib/format.ts';
import classes from './matrix-view.module.css';
import { Neighbours } from './neighbours.tsx';
import type { TableStore } from './table-store.ts';
import { useMatrix } from './use-matrix.ts';

export function MatrixView({ store, version }: { store: TableStore; version: number }) {
  const scheme = useScheme();
  const matrix = useMatrix(store);
  const [orderName, setOrderName] = useState<OrderName>('file');
  const { order, pending } = useOrder(matrix, orderName, matrix.complete);
  const [view, setView] = useState<Viewport>(() => wholeMatrix(matrix.size));
  const [range, setRange] = useState<'full' | 'data'>('full');
  const [cell, setCell] = useState<Cell | null>(null);
  const [pinned, setPinned] = useState<number | null>(null);
  // The matrix grows in place; its version tells
  const summary = useMemo(() => summarise(matrix), [matrix, version]);
  const extreme = Math.max(Math.abs(summary.lowest?.r ?? 1), Math.abs(summary.highest?.r ?? 1));
  const limit = range === 'full' ? 1 : Math.max(0.05, extreme);
  const pin = (index: number | null) => {
    setPinned(index);
    const position = index === null ? -1 : order.indexOf(index);
    if (position !== -1) setView(revealCell(view, position, position, matrix.size));
  };
  const zoom = (factor: number) => setView(zoomViewport(view, factor, 0.5, 0.5, matrix.size));

  if (matrix.size === 0) return <Empty title="The matrix has no series" />;
  return (
    <div className={classes['layout']}>
      <div className={classes['map']}>
        <Group gap="sm" align="flex-start" mb="xs">
          <Select
            label="Order"
            size="xs"
            w={180}
            data={orderNames.map((name) => ({ value: name, label: orderTitles[name] }))}
            value={orderName}
            onChange={(value) => setOrderName(orderNames.find((name) => name === value) ?? 'file')}
            allowDeselect={false}
          />
          <Input.Wrapper label="Colours" size="xs" labelElement="div">
            <SegmentedControl size="xs" display="flex" aria-label="Colours" data={[{ value: 'full', label: '±1' }, { value: 'data', label: `±${formatCoefficient(extreme, 2)}` }]} value={range} onChange={(value) => setRange(value === 'data' ? 'data' : 'full')} />
          </Input.Wrapper>
          <Group gap={4} ml="auto" style={{ alignSelf: 'flex-end' }}>
            {[
              { label: 'Zoom in', icon: <PlusIcon />, run: () => zoom(2), off: view.span <= 4 },
              { label: 'Zoom out', icon: <MinusIcon />, run: () => zoom(0.5), off: view.span >= matrix.size },
              { label: 'Show the whole matrix', icon: <FitIcon />, run: () => setView(wholeMatrix(matrix.size)), off: view.span >= matrix.size },
            ].map(({ label, icon, run, off }) => (
              <Tooltip key={label} label={label}>
                <ActionIcon variant="default" aria-label={label} onClick={run} disabled={off}>
                  {icon}
                </ActionIcon>
              </Tooltip>
            ))}
          </Group>
        </Group>
        <Readout matrix={matrix} cell={cell} ordering={pending && orderName !== 'file' ? (matrix.complete ? 'Ordering …' : 'The order applies once the matrix is complete.') : null} />
        <Heatmap matrix={matrix} version={version} order={order} limit={limit} scheme={scheme} view={view} onView={setView} cell={cell} onCell={setCell} pinned={pinned} onPin={setPinned} />
      </div>
      <aside className={classes['aside']} aria-label="About the matrix">
        <dl className={classes['facts']}>
          <dt>Series</dt>
          <dd>{formatCount(matrix.size)}{!matrix.complete && `, ${plural(matrix.rows, 'row')} here`}</dd>
          <dt>Mean r</dt>
          <dd>{summary.pairs === 0 ? '–' : formatCoefficient(summary.mean, 6)}</dd>
          <dt>Highest</dt>
          <dd>{summary.highest === null ? '–' : `${formatCoefficient(summary.highest.r)} ${matrix.names[summary.highest.a]}–${matrix.names[summary.highest.b]}`}</dd>
          <dt>Lowest</dt>
          <dd>{summary.lowest === null ? '–' : `${formatCoefficient(summary.lowest.r)} ${matrix.names[summary.lowest.a]}–${matrix.names[summary.lowest.b]}`}</dd>
          {summary.missing > 0 && (
            <>
              <dt>No value</dt>
              <dd>{plural(summary.missing, 'pair')}</dd>
            </>
          )}
        </dl>
        <HeatmapLegend summary={summary} limit={limit} scheme={scheme} />
        <SeriesSelect label="Find a series" names={matrix.names} value={pinned} onChange={pin} />
        <Neighbours matrix={matrix} version={version} pinned={pinned} limit={limit} scheme={scheme} onPin={pin} />
      </aside>
    </div>
  );
}

function Readout({ matrix, cell, ordering }: { matrix: ReturnType<typeof useMatrix>; cell: Cell | null; ordering: string | null }) {
  return (
    <output className={classes['readout']} aria-label="Cell under the cursor">
      {cell === null ? (
        <span className={classes['hint']}>{ordering ?? 'Point at a cell. Drag to move, double click or Ctrl + wheel to zoom, click to mark a series.'}</span>
      ) : (
        <>
          <b>{matrix.names[cell.row]}</b> · <b>{matrix.names[cell.column]}</b>
          <span className={classes['value']}>r = {matrix.has(cell.row, cell.column) ? formatCoefficient(matrix.at(cell.row, cell.column), 6) : 'not here yet'}</span>
        </>
      )}
    </output>
  );
}
