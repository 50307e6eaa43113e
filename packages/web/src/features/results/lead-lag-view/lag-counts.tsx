import { formatCount, plural } from '../../../lib/format.ts';
import classes from './lead-lag-view.module.css';

export interface LagCountsProps {
  readonly counts: readonly { readonly lag: number; readonly pairs: number }[];
  /** Whose leads are counted; null where those of the first of each pair are. */
  readonly series: string | null;
}

/** How many pairs are strongest at each lag, as columns; those at lag 0, often nearly all, only in words. */
export function LagCounts({ counts, series }: LagCountsProps) {
  const apart = counts.filter(({ lag, pairs }) => lag !== 0 && pairs > 0);
  const most = apart.reduce((so, { pairs }) => Math.max(so, pairs), 1);
  const [first, last] = [counts[0]?.lag ?? 0, counts.at(-1)?.lag ?? 0];
  const total = counts.reduce((sum, { pairs }) => sum + pairs, 0);
  const together = counts.find(({ lag }) => lag === 0)?.pairs ?? 0;
  return (
    <figure className={classes['counts']} aria-label="Pairs by lag">
      <svg viewBox={`0 0 ${counts.length} 40`} preserveAspectRatio="none" role="img" aria-label={`${plural(total, 'pair')}: ${formatCount(together)} at lag 0, ${formatCount(total - together)} where one leads.`}>
        {apart.map(({ lag, pairs }) => {
          const height = Math.max(0.6, (39 * pairs) / most);
          return (
            <rect key={lag} x={lag - first + 0.06} width={0.88} y={40 - height} height={height}>
              <title>{`lag ${lag}: ${plural(pairs, 'pair')}`.replace('-', '−')}</title>
            </rect>
          );
        })}
      </svg>
      <figcaption>
        <span>{series === null ? 'second leads' : `${series} is led`} by {formatCount(-first)}</span>
        <span>{formatCount(together)} together</span>
        <span>{series === null ? 'first leads' : `${series} leads`} by {formatCount(last)}</span>
      </figcaption>
    </figure>
  );
}
