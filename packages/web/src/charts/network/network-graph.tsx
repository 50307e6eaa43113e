/**
 * A network on the page: links on a canvas, the processes above them as SVG that can be pointed at, focused and read
 * aloud. Dragging moves, Ctrl + wheel zooms, the arrow keys go from process to process.
 */
import { ActionIcon, Tooltip } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { FitIcon, MinusIcon, PlusIcon } from '../../app/icons.tsx';
import type { Scheme } from '../heatmap/diverging-scale.ts';
import { marginOf, processTowards, type LayoutName, type Point } from './layout.ts';
import { distanceTo } from './link-shape.ts';
import type { Network } from './network.ts';
import classes from './network-graph.module.css';
import { NetworkNodes } from './network-nodes.tsx';
import { paintLinks } from './paint.ts';
import { sceneOf, type Scene } from './scene.ts';
import { useEasedPoints } from './use-eased-points.ts';
import { fitView, onScreen, panView, revealPoint, zoomView, type View } from './view.ts';

/** What the cursor or the keyboard's focus is on, by its place in the network's lists. */
export type Pointed = { readonly kind: 'process' | 'link'; readonly place: number } | null;

export interface NetworkGraphProps {
  readonly label: string;
  readonly network: Network;
  /** In units of the layout; the same array as long as nothing moves. */
  readonly points: readonly Point[];
  readonly layout: LayoutName;
  readonly strongest: number;
  readonly scheme: Scheme;
  readonly pointed: Pointed;
  readonly onPointed: (pointed: Pointed) => void;
  readonly selected: number | null;
  readonly onSelect: (place: number | null) => void;
}

const wheelStep = 1.0018;
const keyStep = 1.5;
/** Pixels: nearer than this, a link is pointed at; further than that, a press becomes a drag. */
const reach = 6;
const dragFrom = 4;

export function NetworkGraph(props: NetworkGraphProps) {
  const { label, network, layout, strongest, scheme, pointed, onPointed, selected, onSelect } = props;
  const { ref: sizeRef, width, height } = useElementSize<HTMLDivElement>();
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [ratio] = useState(() => Math.min(globalThis.devicePixelRatio || 1, 2));
  const room = useMemo(() => ({ width: Math.floor(width), height: Math.floor(height) }), [width, height]);
  const eased = useEasedPoints(props.points, network.names);
  const fitted = useMemo(() => fitView(props.points, room, marginOf(layout, network.names)), [props.points, room, layout, network.names]);
  // Until it is moved by hand, the view follows the layout.
  const [moved, setMoved] = useState<View | null>(null);
  useEffect(() => setMoved(null), [layout]);
  const view = moved ?? fitted;

  const focus = pointed?.kind === 'process' ? pointed.place : selected;
  const marked = pointed?.kind === 'link' ? pointed.place : null;
  const points = useMemo(() => eased.map((point) => onScreen(view, point)), [eased, view]);
  const centre = useMemo(() => (layout === 'circular' ? onScreen(view, { x: 0, y: 0 }) : undefined), [layout, view]);
  const scene = useMemo(() => sceneOf({ network, points, strongest, focus, marked, centre }), [network, points, strongest, focus, marked, centre]);

  useEffect(() => {
    const target = canvas.current;
    if (target === null || room.width === 0) return;
    const request = requestAnimationFrame(() => paintLinks(target, scene, room, scheme, ratio));
    return () => cancelAnimationFrame(request);
  }, [scene, room, scheme, ratio]);

  // React listens to wheels passively; zooming must keep the page from scrolling.
  useEffect(() => {
    const element = stage.current;
    if (element === null) return;
    const wheel = (event: WheelEvent) => {
      if (!(event.ctrlKey || event.metaKey || element.contains(document.activeElement))) return;
      event.preventDefault();
      const at = placeIn(element, event);
      setMoved(zoomView(view, wheelStep ** -event.deltaY, at.x, at.y));
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, [view]);

  const drag = useRef<{ readonly id: number; readonly x: number; readonly y: number; moved: boolean } | null>(null);
  const pointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const start = drag.current;
    if (start === null || event.buttons !== 1) {
      if (event.target instanceof Element && event.target.closest('[data-process]') !== null) return;
      const place = linkAt(scene, placeIn(event.currentTarget, event));
      if (pointed?.kind !== 'link' || pointed.place !== place) onPointed(place === null ? null : { kind: 'link', place });
      return;
    }
    const [dx, dy] = [event.clientX - start.x, event.clientY - start.y];
    if (!start.moved && Math.hypot(dx, dy) < dragFrom) return;
    if (!start.moved) event.currentTarget.setPointerCapture(start.id);
    drag.current = { id: start.id, x: event.clientX, y: event.clientY, moved: true };
    setMoved(panView(view, dx, dy));
  };
  const click = () => {
    const dragged = drag.current?.moved ?? false;
    drag.current = null;
    if (!dragged) onSelect(pointed?.kind === 'link' ? (network.links[pointed.place]?.target ?? null) : null);
  };

  const zoomBy = (factor: number) => setMoved(zoomView(view, factor, room.width / 2, room.height / 2));
  const keyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const directions: Record<string, readonly [number, number]> = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
    const direction = directions[event.key];
    if (direction !== undefined) {
      const next = processTowards(points, focus ?? 0, ...direction);
      if (next !== null) {
        setMoved(revealPoint(view, eased[next]!, room));
        stage.current?.querySelector<SVGElement>(`[data-process="${next}"]`)?.focus();
      }
    } else if (event.key === '+' || event.key === '=') zoomBy(keyStep);
    else if (event.key === '-') zoomBy(1 / keyStep);
    else if (event.key === '0') setMoved(null);
    else if (event.key === 'Escape') onSelect(null);
    else return;
    event.preventDefault();
  };

  return (
    <div className={classes['frame']}>
      <div
        ref={(element) => {
          stage.current = element;
          sizeRef(element);
        }}
        className={classes['stage']}
        data-moved={moved !== null}
        onPointerDown={(event) => {
          if (event.button === 0) drag.current = { id: event.pointerId, x: event.clientX, y: event.clientY, moved: false };
        }}
        onPointerMove={pointerMove}
        onPointerCancel={() => (drag.current = null)}
        onPointerLeave={() => onPointed(null)}
        onClick={click}
        onKeyDown={keyDown}
      >
        <canvas ref={canvas} className={classes['links']} aria-hidden="true" />
        {room.width > 0 && <NetworkNodes label={label} network={network} points={points} scene={scene} scheme={scheme} scale={view.scale} focus={focus} selected={selected} onPointed={onPointed} onSelect={onSelect} />}
      </div>
      <p id="network-help" className="visually-hidden">
        Arrow keys go from process to process, Enter opens one. Plus and minus zoom, 0 shows the whole network.
      </p>
      <div className={classes['tools']}>
        {[
          { title: 'Zoom in', icon: <PlusIcon />, run: () => zoomBy(keyStep), off: false },
          { title: 'Zoom out', icon: <MinusIcon />, run: () => zoomBy(1 / keyStep), off: false },
          { title: 'Show the whole network', icon: <FitIcon />, run: () => setMoved(null), off: moved === null },
        ].map(({ title, icon, run, off }) => (
          <Tooltip key={title} label={title} position="left">
            <ActionIcon variant="default" aria-label={title} onClick={run} disabled={off}>
              {icon}
            </ActionIcon>
          </Tooltip>
        ))}
      </div>
    </div>
  );
}

function placeIn(element: Element, { clientX, clientY }: { clientX: number; clientY: number }): Point {
  const box = element.getBoundingClientRect();
  return { x: clientX - box.left, y: clientY - box.top };
}

/** The link nearest to a point of the screen, within reach; one that lies above another where they are as near. */
function linkAt(scene: Scene, at: Point): number | null {
  let best: { readonly place: number; readonly distance: number } | null = null;
  for (const { place, shape, width } of scene.links) {
    const distance = Math.max(0, distanceTo(shape, at) - width / 2);
    if (distance <= reach && (best === null || distance <= best.distance)) best = { place, distance };
  }
  return best?.place ?? null;
}
