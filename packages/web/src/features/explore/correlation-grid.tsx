/** A small correlation matrix, each coefficient written in its cell. */
import { useMemo } from 'react';
import { cssColour, divergingScale, pixelOf, type Pixel, type Scheme } from '../../charts/heatmap/diverging-scale.ts';
import { formatCoefficient } from '../../lib/format.ts';
import classes from './explore.module.css';

export function CorrelationGrid({ label, names, r, scheme }: { label: string; names: readonly string[]; r: Float32Array; scheme: Scheme }) {
  const scale = useMemo(() => divergingScale(scheme), [scheme]);
  return (
    <div className={classes['gridFrame']}>
      <table className={classes['grid']} aria-label={label}>
        <thead>
          <tr>
            <td />
            {names.map((name) => (
              <th key={name} scope="col" title={name}>
                <span>{name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {names.map((name, row) => (
            <tr key={name}>
              <th scope="row" title={name}>{name}</th>
              {names.map((other, col) => {
                const value = r[row * names.length + col]!;
                const pixel = pixelOf(scale, value, 1);
                return (
                  <td key={other} title={`${name} and ${other}: ${formatCoefficient(value, 6)}`} data-r={value} style={{ background: cssColour(pixel), color: isDark(pixel) ? '#fff' : '#15181b' }}>
                    {Number.isNaN(value) ? '–' : formatCoefficient(value, 2)}
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

/** Whether white stands out on it more than black: by the relative luminance of WCAG, channels raised to 2.2. */
function isDark(pixel: Pixel): boolean {
  const channel = (shift: number): number => (((pixel >> shift) & 255) / 255) ** 2.2;
  return 0.2126 * channel(0) + 0.7152 * channel(8) + 0.0722 * channel(16) < 0.2;
}
