import type { Scheme } from '../heatmap/diverging-scale.ts';
import { networkInks } from './inks.ts';
import type { Point } from './layout.ts';
import { degrees, type Network } from './network.ts';
import type { Pointed } from './network-graph.tsx';
import classes from './network-graph.module.css';
import type { Scene } from './scene.ts';

export interface NetworkNodesProps {
  readonly label: string;
  readonly network: Network;
  readonly points: readonly Point[];
  readonly scene: Scene;
  readonly scheme: Scheme;
  /** Of the view: names of a large network are written once it is looked at closely. */
  readonly scale: number;
  readonly focus: number | null;
  readonly selected: number | null;
  readonly onPointed: (pointed: Pointed) => void;
  readonly onSelect: (place: number | null) => void;
}

/** More names than this are written only close by, and round the process that is looked at. */
const mostNames = 140;
const namesFrom = 0.9;

/** The processes: one stop of the Tab key, from which the arrow keys go on. */
export function NetworkNodes({ label, network, points, scene, scheme, scale, focus, selected, onPointed, onSelect }: NetworkNodesProps) {
  const inks = networkInks[scheme];
  const counts = degrees(network);
  const stop = focus !== null && focus < network.names.length ? focus : 0;
  const named = (place: number) => network.names.length <= mostNames || scale >= namesFrom || (focus !== null && !scene.faded.has(place));
  return (
    <svg className={classes['nodes']} role="group" aria-label={label} aria-describedby="network-help">
      {network.names.map((name, place) => {
        const [at, written, radius] = [points[place]!, scene.names[place]!, scene.radii[place]!];
        return (
          <g
            key={name}
            data-process={place}
            className={classes['node']}
            role="button"
            tabIndex={place === stop ? 0 : -1}
            aria-label={`${name}: drives ${counts.out[place]!}, driven by ${counts.in[place]!}`}
            aria-pressed={place === selected}
            opacity={scene.faded.has(place) ? 0.3 : 1}
            onPointerEnter={() => onPointed({ kind: 'process', place })}
            onPointerLeave={() => onPointed(null)}
            onFocus={(event) => event.currentTarget.matches(':focus-visible') && onPointed({ kind: 'process', place })}
            onBlur={() => onPointed(null)}
            onClick={(event) => {
              event.stopPropagation();
              onSelect(place === selected ? null : place);
            }}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' && event.key !== ' ') return;
              event.preventDefault();
              onSelect(place === selected ? null : place);
            }}
          >
            <circle cx={at.x} cy={at.y} r={radius + 8} fill="transparent" />
            {place === selected && <circle cx={at.x} cy={at.y} r={radius + 4} fill="none" stroke={inks.process} strokeWidth={2} />}
            <circle className={classes['dot']} cx={at.x} cy={at.y} r={radius} fill={inks.process} stroke={inks.rim} strokeWidth={1.5} />
            {named(place) && (
              <text className={classes['name']} x={written.x} y={written.y} dy="0.35em" textAnchor={written.anchor} transform={written.turn === 0 ? undefined : `rotate(${written.turn} ${written.x} ${written.y})`} fill={inks.text} stroke={inks.surface} fontWeight={place === focus ? 600 : 450}>
                {name}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}
