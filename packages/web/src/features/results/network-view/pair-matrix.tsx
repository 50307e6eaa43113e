/** Values of ordered pairs, source by target: a table with what stands in each cell where it is small, else a heatmap. */
import { ActionIcon, Group, Tooltip } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import { FitIcon, MinusIcon, PlusIcon } from '../../../app/icons.tsx';
import { cssColour, divergingScale, pixelOf, type Scheme } from '../../../charts/heatmap/diverging-scale.ts';
import { Heatmap, type Cell } from '../../../charts/heatmap/heatmap.tsx';
import { identity } from '../../../charts/heatmap/orders.ts';
import { wholeMatrix, zoomViewport, type Viewport } from '../../../charts/heatmap/viewport.ts';
import { formatNumber } from '../../../lib/format.ts';
import classes from './pair-matrix.module.css';
import { largestSize, luminance, pairMatrix, type PairCell } from './pairs.ts';

export interface PairMatrixProps {
  readonly label: string;
  readonly names: readonly string[];
  /** The same array as long as nothing changes. */
  readonly cells: readonly PairCell[];
  /** What stands in a cell of a small matrix; its value where not given. */
  readonly text?: (cell: PairCell) => string;
  /** A cell in words, for the read-out; null where the pair has no value. */
  readonly words: (cell: PairCell) => string | null;
  /** What is coloured where a pair has no value; missing where not given. */
  readonly absent?: number;
  /** What a click on a series or a cell does, in words; it does nothing where not given. */
  readonly hint?: string;
  readonly unit: string;
  readonly scheme: Scheme;
  readonly selected: number | null;
  readonly onSelect?: (place: number | null) => void;
}

/** Up to this many series every cell has room for its text. */
export const mostWritten = 32;

export function PairMatrix(props: PairMatrixProps) {
  const largest = useMemo(() => largestSize(props.cells) || 1, [props.cells]);
  const signed = useMemo(() => props.cells.some(({ value }) => value < 0), [props.cells]);
  return (
    <div className={classes['matrix']}>
      {props.names.length <= mostWritten ? <Grid {...props} limit={largest} /> : <LargeMatrix {...props} limit={largest} />}
      <Scale limit={largest} signed={signed} unit={props.unit} scheme={props.scheme} />
    </div>
  );
}

function Grid({ label, names, cells, text, words, limit, scheme, selected, onSelect }: PairMatrixProps & { limit: number }) {
  const scale = useMemo(() => divergingScale(scheme), [scheme]);
  const byPlace = useMemo(() => new Map(cells.map((cell) => [cell.source * names.length + cell.target, cell])), [cells, names]);
  // Two digits of the largest value, and as many decimals of all others.
  const decimals = Math.min(12, Math.max(0, 1 - Math.floor(Math.log10(limit))));
  return (
    <div className={classes['scroller']}>
      <table className={classes['grid']} aria-label={label}>
        <thead>
          <tr>
            <td className={classes['corner']}>source ↓ target →</td>
            {names.map((name, place) => (
              <th key={name} scope="col" data-selected={place === selected}>
                {onSelect === undefined ? <span>{name}</span> : <button type="button" onClick={() => onSelect(place === selected ? null : place)} aria-pressed={place === selected}>{name}</button>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {names.map((source, row) => (
            <tr key={source}>
              <th scope="row" data-selected={row === selected}>{source}</th>
              {names.map((target, column) => {
                const cell = byPlace.get(row * names.length + column);
                if (cell === undefined) return <td key={target} className={row === column ? classes['self'] : undefined} />;
                const pixel = pixelOf(scale, cell.value, limit);
                return (
                  <td key={target} style={{ background: cssColour(pixel), color: luminance(pixel) > 0.3 ? '#101418' : '#ffffff' }} title={words(cell) ?? undefined}>
                    {text === undefined ? figure(cell.value, decimals) : text(cell)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function figure(value: number, decimals: number): string {
  return Number.isNaN(value) ? '' : value.toFixed(decimals).replace('-', '−');
}

function LargeMatrix({ label, names, cells, words, hint, absent, limit, scheme, selected, onSelect }: PairMatrixProps & { limit: number }) {
  const matrix = useMemo(() => pairMatrix(names, cells, absent), [names, cells, absent]);
  const [pinned, setPinned] = useState<number | null>(null);
  const order = useMemo(() => identity(names.length), [names]);
  const [view, setView] = useState<Viewport>(() => wholeMatrix(names.length));
  useEffect(() => setView(wholeMatrix(names.length)), [names.length]);
  const [at, setAt] = useState<Cell | null>(null);
  const value = at === null ? Number.NaN : matrix.at(at.row, at.column);
  const zoom = (factor: number) => setView(zoomViewport(view, factor, 0.5, 0.5, names.length));
  return (
    <div className={classes['large']}>
      <Group gap="sm" justify="space-between" mb={4}>
        <output className={classes['readout']} aria-label="Cell under the cursor">
          {at === null ? <span className={classes['hint']}>Rows are sources, columns targets. {hint}</span> : (words({ source: at.row, target: at.column, value }) ?? `${names[at.row] ?? ''} → ${names[at.column] ?? ''}: none`)}
        </output>
        <Group gap={4}>
          {[
            { title: 'Zoom in', icon: <PlusIcon />, run: () => zoom(2), off: view.span <= 4 },
            { title: 'Zoom out', icon: <MinusIcon />, run: () => zoom(0.5), off: view.span >= names.length },
            { title: 'Show the whole matrix', icon: <FitIcon />, run: () => setView(wholeMatrix(names.length)), off: view.span >= names.length },
          ].map(({ title, icon, run, off }) => (
            <Tooltip key={title} label={title}>
              <ActionIcon variant="default" aria-label={title} onClick={run} disabled={off}>{icon}</ActionIcon>
            </Tooltip>
          ))}
        </Group>
      </Group>
      <Heatmap label={label} matrix={matrix} version={0} order={order} limit={limit} scheme={scheme} view={view} onView={setView} cell={at} onCell={setAt} pinned={onSelect === undefined ? pinned : selected} onPin={(row) => (onSelect === undefined ? setPinned(row) : onSelect(row === null ? null : (at?.column ?? row)))} />
    </div>
  );
}

const stops = 16;

function Scale({ limit, signed, unit, scheme }: { limit: number; signed: boolean; unit: string; scheme: Scheme }) {
  const scale = useMemo(() => divergingScale(scheme), [scheme]);
  const lowest = signed ? -limit : 0;
  const gradient = Array.from({ length: stops + 1 }, (_, i) => cssColour(pixelOf(scale, lowest + ((limit - lowest) * i) / stops, limit))).join(', ');
  return (
    <div className={classes['scale']} aria-hidden="true">
      <span>{formatNumber(Number(lowest.toPrecision(3)))}</span>
      <span className={classes['bar']} style={{ background: `linear-gradient(90deg, ${gradient})` }} />
      <span>{formatNumber(Number(limit.toPrecision(3)))} {unit}</span>
    </div>
  );
}
