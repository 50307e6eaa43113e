import { Text } from '@mantine/core';
import { useMemo } from 'react';
import { cssColour, divergingScale, pixelOf, type Scheme } from '../../../charts/heatmap/diverging-scale.ts';
import { neighbours, type GrowingMatrix, type Neighbour } from '../../../charts/heatmap/growing-matrix.ts';
import classes from './matrix-view.module.css';
import type { MatrixWords } from './matrix-words.ts';

export interface NeighboursProps {
  readonly matrix: GrowingMatrix;
  readonly version: number;
  readonly pinned: number | null;
  readonly limit: number;
  readonly scheme: Scheme;
  readonly words: MatrixWords;
  /** The size that fills the meter. */
  readonly full: number;
  readonly onPin: (index: number) => void;
}

const shown = 8;

/** What moves most and least with the marked series. */
export function Neighbours({ matrix, version, pinned, limit, scheme, words, full, onPin }: NeighboursProps) {
  // The matrix grows in place; its version tells
  const list = useMemo(() => (pinned === null ? [] : neighbours(matrix, pinned)), [matrix, version, pinned]);
  const scale = useMemo(() => divergingScale(scheme), [scheme]);
  if (pinned === null) return <Text size="xs" c="dimmed">Click a row or find a series to see what moves with it.</Text>;
  const highest = list.slice(0, shown);
  const lowest = list.slice(Math.max(shown, list.length - 4));
  const row = ({ index, r }: Neighbour) => (
    <tr key={index}>
      <td>
        <button type="button" className={classes['name']} onClick={() => onPin(index)}>
          {matrix.names[index]}
        </button>
      </td>
      <td className={classes['track']}>
        <div className={classes['meter']} style={{ width: `${Math.min(1, Math.abs(r) / full) * 100}%`, background: cssColour(pixelOf(scale, r, limit)) }} />
      </td>
      <td>{words.figure(r, 4)}</td>
    </tr>
  );
  return (
    <div>
      <Text size="sm" fw={500} mb={4}>With {matrix.names[pinned]}</Text>
      <table className={classes['neighbours']} aria-label={`${words.plural} with ${matrix.names[pinned]}`}>
        <tbody>
          {highest.map(row)}
          {lowest.length > 0 && <tr><td colSpan={3}><Text size="xs" c="dimmed" component="span">least</Text></td></tr>}
          {lowest.map(row)}
        </tbody>
      </table>
    </div>
  );
}
