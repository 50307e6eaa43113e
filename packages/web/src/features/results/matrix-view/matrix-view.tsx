/** A matrix of correlations or covariances as it arrives: heatmap, read-out, orders, zoom, legend, and what is closest to one series. */
import { ActionIcon, Group, Input, SegmentedControl, Select, Tooltip } from '@mantine/core';
import type { Job } from '@corrente/shared/contract/job';
import { useMemo, useState } from 'react';
import { FitIcon, MinusIcon, PlusIcon } from '../../../app/icons.tsx';
import { useScheme } from '../../../app/use-scheme.ts';
import { Heatmap, type Cell } from '../../../charts/heatmap/heatmap.tsx';
import { HeatmapLegend } from '../../../charts/heatmap/legend.tsx';
import { summarise } from '../../../charts/heatmap/growing-matrix.ts';
import { orderNames, orderTitles, type OrderName } from '../../../charts/heatmap/orders.ts';
import { useOrder } from '../../../charts/heatmap/use-order.ts';
import { correlationRange, distanceRange, sizesOf } from '../../../charts/heatmap/value-range.ts';
import { revealCell, wholeMatrix, zoomViewport, type Viewport } from '../../../charts/heatmap/viewport.ts';
import { Facts, type Fact } from '../../../components/facts.tsx';
import { Empty } from '../../../components/page.tsx';
import { SeriesSelect } from '../../../components/series-select.tsx';
import { formatCount, plural } from '../../../lib/format.ts';
import type { TableStore } from '../table-store.ts';
import { matrixWords, type MatrixWords } from './matrix-words.ts';
import classes from './matrix-view.module.css';
import { Neighbours } from './neighbours.tsx';
import { useJobOrder } from './use-job-order.ts';
import { useMatrix } from './use-matrix.ts';

/** The orders worked out here, and that of the job's own tree of similarity. */
type ChosenOrder = OrderName | 'job';

export function MatrixView({ job, store, version }: { job: Job; store: TableStore; version: number }) {
  const scheme = useScheme();
  const matrix = useMatrix(store);
  const words = matrixWords(job.spec.params);
  const ordered = job.spec.params['order'] === 'hierarchical';
  const [chosenOrder, setChosenOrder] = useState<ChosenOrder>(ordered ? 'job' : 'file');
  const jobOrder = useJobOrder(job, store, version);
  const worked = useOrder(matrix, chosenOrder === 'job' ? 'file' : chosenOrder, matrix.complete, words.kind === 'covariance');
  const order = chosenOrder === 'job' && jobOrder !== null ? jobOrder : worked.order;
  const pending = chosenOrder === 'job' ? jobOrder === null : worked.pending && chosenOrder !== 'file';
  const [view, setView] = useState<Viewport>(() => wholeMatrix(matrix.size));
  const [colours, setColours] = useState<'first' | 'second'>('first');
  const [cell, setCell] = useState<Cell | null>(null);
  const [pinned, setPinned] = useState<number | null>(null);
  // The matrix grows in place; its version tells
  const sizes = useMemo(() => (words.kind === 'covariance' ? sizesOf(matrix) : null), [matrix, version, words.kind]);
  const range = sizes === null ? (words.kind === 'distance' ? distanceRange : correlationRange) : { from: -sizes.usual, to: sizes.usual };
  const summary = useMemo(() => summarise(matrix, 80, range), [matrix, version, range.from, range.to]);
  const extreme = Math.max(0.05, Math.abs(summary.lowest?.r ?? 1), Math.abs(summary.highest?.r ?? 1));
  /** The widest range of colours, and the narrower one. */
  const limits = sizes === null ? { first: 1, second: extreme } : { first: sizes.usual, second: sizes.largest };
  const limit = limits[colours];
  const orders = orderNames.filter((name) => !ordered || name !== 'cluster').map((name) => ({ value: name, label: orderTitles[name] }));
  const pin = (index: number | null) => {
    setPinned(index);
    const position = index === null ? -1 : order.indexOf(index);
    if (position !== -1) setView(revealCell(view, position, position, matrix.size));
  };
  const zoom = (factor: number) => setView(zoomViewport(view, factor, 0.5, 0.5, matrix.size));

  const extremeWords = (pair: { readonly r: number; readonly a: number; readonly b: number } | null): string => (pair === null ? '–' : `${words.figure(pair.r, 4)} ${matrix.names[pair.a]}–${matrix.names[pair.b]}`);
  const facts: readonly Fact[] = [
    ['Series', `${formatCount(matrix.size)}${matrix.complete ? '' : `, ${plural(matrix.rows, 'row')} here`}`],
    [`Mean ${words.symbol}`, summary.pairs === 0 ? '–' : words.figure(summary.mean, 6)],
    ['Highest', extremeWords(summary.highest)],
    ['Lowest', extremeWords(summary.lowest)],
    ...(summary.missing > 0 ? [['No value', plural(summary.missing, 'pair')] as const] : []),
  ];

  if (matrix.size === 0) return <Empty title="The matrix has no series" />;
  return (
    <div className={classes['layout']}>
      <div className={classes['map']}>
        <Group gap="sm" align="flex-start" mb="xs">
          <Select
            label="Order"
            size="xs"
            w={180}
            data={ordered ? [{ value: 'job', label: 'Clusters' }, ...orders] : orders}
            value={chosenOrder}
            onChange={(value) => setChosenOrder(value === 'job' ? 'job' : (orderNames.find((name) => name === value) ?? 'file'))}
            allowDeselect={false}
          />
          <Input.Wrapper label="Colours" size="xs" labelElement="div">
            <SegmentedControl size="xs" display="flex" aria-label="Colours" data={(['first', 'second'] as const).map((value) => ({ value, label: words.colours(limits[value]) }))} value={colours} onChange={(value) => setColours(value === 'second' ? 'second' : 'first')} />
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
        <Readout matrix={matrix} words={words} cell={cell} ordering={pending ? orderingWords(job, matrix.complete) : null} />
        <Heatmap label={`${words.singular} heatmap of ${matrix.size} series, ${matrix.rows} rows arrived`} matrix={matrix} version={version} order={order} limit={limit} scheme={scheme} view={view} onView={setView} cell={cell} onCell={setCell} pinned={pinned} onPin={setPinned} />
      </div>
      <aside className={classes['aside']} aria-label="About the matrix">
        <Facts facts={facts} />
        <HeatmapLegend summary={summary} range={range} limit={limit} scheme={scheme} />
        <SeriesSelect label="Find a series" names={matrix.names} value={pinned} onChange={pin} />
        <Neighbours matrix={matrix} version={version} pinned={pinned} limit={limit} scheme={scheme} words={words} full={limits.first} onPin={pin} />
      </aside>
    </div>
  );
}

function orderingWords({ state }: Job, complete: boolean): string {
  if (state === 'failed' || state === 'cancelled') return 'The job ended before its order was made.';
  return complete ? 'Ordering …' : 'The order applies once the matrix is complete.';
}

function Readout({ matrix, words, cell, ordering }: { matrix: ReturnType<typeof useMatrix>; words: MatrixWords; cell: Cell | null; ordering: string | null }) {
  return (
    <output className={classes['readout']} aria-label="Cell under the cursor">
      {cell === null ? (
        <span className={classes['hint']}>{ordering ?? 'Point at a cell. Drag to move, double click or Ctrl + wheel to zoom, click to mark a series.'}</span>
      ) : (
        <>
          <b>{matrix.names[cell.row]}</b> · <b>{matrix.names[cell.column]}</b>
          <span className={classes['value']}>{words.symbol} = {matrix.has(cell.row, cell.column) ? words.figure(matrix.at(cell.row, cell.column), 6) : 'not here yet'}</span>
        </>
      )}
    </output>
  );
}
