/** A tree of merges, its leaves on the left with a colour for each group, the distance growing to the right. */
import { useElementSize } from '@mantine/hooks';
import { formatShort } from '../../lib/format.ts';
import classes from './dendrogram.module.css';
import type { Dendrogram } from './dendrogram-layout.ts';

export interface DendrogramChartProps {
  readonly label: string;
  readonly tree: Dendrogram;
  /** The colour of a leaf's dot, and the words for its group; null where it has none. */
  readonly groupOf: (leaf: string) => { readonly colour: string; readonly name: string } | null;
}

/** Pixels of a row and of the margin; of the whole at least and at most; a narrow one has less room for names. */
const [row, margin] = [18, 10];
const [narrowest, widest, wideFrom] = [260, 760, 480];

export function DendrogramChart({ label, tree: { leaves, joints, height }, groupOf }: DendrogramChartProps) {
  const { ref, width: room } = useElementSize();
  const width = Math.max(narrowest, Math.min(widest, room));
  const names = width < wideFrom ? 84 : 130;
  const x = (at: number) => names + (height === 0 ? 0 : (at / height) * (width - names - margin));
  const y = (at: number) => (at + 0.5) * row;
  const bottom = leaves.length * row;
  const ticks = [0, height / 2, height];
  return (
    <div ref={ref} className={classes['scroller']} tabIndex={0} role="group" aria-label={label}>
      <svg width={width} height={bottom + 22} role="img" aria-label={`${label}: ${leaves.join(', ')}`}>
        {leaves.map((leaf, i) => {
          const group = groupOf(leaf);
          return (
            <g key={leaf}>
              {group !== null && <circle cx={names - 8} cy={y(i)} r={4} fill={group.colour} />}
              <text x={names - 18} y={y(i)} className={classes['name']}>{leaf}</text>
              <title>{group === null ? leaf : `${leaf}: ${group.name}`}</title>
            </g>
          );
        })}
        {joints.map((joint, i) => (
          <path key={i} className={classes['branch']} d={`M${x(joint.fromTop)},${y(joint.top)}H${x(joint.height)}V${y(joint.bottom)}H${x(joint.fromBottom)}`}>
            <title>{`distance ${formatShort(joint.height)}`}</title>
          </path>
        ))}
        {ticks.map((at, i) => (
          <text key={i} x={x(at)} y={bottom + 15} className={classes['tick']} data-end={i === ticks.length - 1}>{formatShort(at)}</text>
        ))}
      </svg>
    </div>
  );
}
