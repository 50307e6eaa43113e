/** Values as horizontal bars, one row each with its figure: a table to a screen reader. */
import type { ReactNode } from 'react';
import { barOf, barScale, placeOf, zeroOf } from './bar-scale.ts';
import classes from './bars.module.css';

export interface Bar {
  readonly key: string;
  readonly name: ReactNode;
  /** NaN where there is none. */
  readonly value: number;
  /** The value as it is written. */
  readonly figure: string;
  /** What is said after it. */
  readonly note?: string;
  /** Drawn hollow: a value that is not to be relied on. */
  readonly hollow?: boolean;
  /** A value beside which this one is held, as an upright stroke on the axis; NaN where there is none. */
  readonly mark?: number;
}

export interface BarsProps {
  readonly label: string;
  readonly bars: readonly Bar[];
  /** What the names and the figures are, as heads of their columns. */
  readonly heads: { readonly name: string; readonly figure: string; readonly note?: string };
}

export function Bars({ label, bars, heads }: BarsProps) {
  const scale = barScale(bars.flatMap(({ value, mark }) => [value, mark ?? Number.NaN]));
  const marked = bars.some(({ mark }) => mark !== undefined && Number.isFinite(mark));
  return (
    <div className={classes['scroller']} tabIndex={0} role="group" aria-label={`${label}, as bars`}>
      <table className={classes['bars']} aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{heads.name}</th>
            <td aria-hidden="true" />
            <th scope="col">{heads.figure}</th>
            {heads.note !== undefined && <th scope="col">{marked && <span className={classes['sample']} aria-hidden="true" />}{heads.note}</th>}
          </tr>
        </thead>
        <tbody>
          {bars.map(({ key, name, value, figure, note, hollow, mark = Number.NaN }) => {
            const bar = barOf(scale, value);
            const stroke = placeOf(scale, mark);
            return (
              <tr key={key}>
                <th scope="row">{name}</th>
                <td className={classes['axis']} aria-hidden="true">
                  <div>
                    {bar !== null && <span className={classes['bar']} data-negative={value < 0} data-hollow={hollow === true} style={{ left: percent(bar.left), width: percent(bar.width) }} />}
                    {stroke !== null && <span className={classes['mark']} style={{ left: percent(stroke) }} />}
                    <span className={classes['zero']} style={{ left: percent(zeroOf(scale)) }} />
                  </div>
                </td>
                <td>{figure}</td>
                {heads.note !== undefined && <td>{note}</td>}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function percent(share: number): string {
  return `${Math.round(share * 1e5) / 1e3}%`;
}
