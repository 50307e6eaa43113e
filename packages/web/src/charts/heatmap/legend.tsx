import { useMemo } from 'react';
import { cssColour, divergingScale, pixelOf, type Scheme } from './diverging-scale.ts';
import type { MatrixSummary } from './growing-matrix.ts';
import type { ValueRange } from './value-range.ts';
import classes from './legend.module.css';

const stops = 24;

export interface HeatmapLegendProps {
  /** Made over `range`. */
  readonly summary: MatrixSummary;
  readonly range: ValueRange;
  /** Colours run from -limit to limit. */
  readonly limit: number;
  readonly scheme: Scheme;
}

/** The colour bar, below the distribution of the values over their range. */
export function HeatmapLegend({ summary, range: { from, to }, limit, scheme }: HeatmapLegendProps) {
  const scale = useMemo(() => divergingScale(scheme), [scheme]);
  const bins = summary.histogram;
  const tallest = Math.max(1, ...bins);
  const gradient = Array.from({ length: stops + 1 }, (_, i) => cssColour(pixelOf(scale, from + ((to - from) * i) / stops, limit))).join(', ');
  return (
    <figure className={classes['legend']}>
      <svg viewBox={`0 0 ${bins.length} 30`} preserveAspectRatio="none" className={classes['bars']} aria-hidden="true">
        {Array.from(bins, (count, i) =>
          count === 0 ? null : <rect key={i} x={i + 0.08} width={0.84} y={30 - (29 * count) / tallest - 0.6} height={(29 * count) / tallest + 0.6} fill="currentColor" />,
        )}
      </svg>
      <div className={classes['bar']} style={{ background: `linear-gradient(90deg, ${gradient})` }} />
      <div className={classes['ticks']} aria-hidden="true">
        {[0, 0.25, 0.5, 0.75, 1].map((share) => tickText(from + (to - from) * share)).map((tick) => (
          <span key={tick}>{tick}</span>
        ))}
      </div>
      <figcaption className={classes['caption']}>
        <span className={classes['key']} style={{ background: cssColour(scale.missing) }} /> no value
      </figcaption>
    </figure>
  );
}

function tickText(value: number): string {
  return String(Number(value.toPrecision(2))).replaceAll('-', '−');
}
