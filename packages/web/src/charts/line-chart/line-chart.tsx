/**
 * Lines over time or over row numbers, drawn by uPlot: dragging zooms, a double click shows everything again, and the
 * read-out below tells the values at the cursor.
 */
import { useElementSize } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatNumber } from '../../lib/format.ts';
import type { Scheme } from '../heatmap/diverging-scale.ts';
import type { ChartLink, Range } from './chart-link.ts';
import { drawMarks, drawSpans, type AnnotationInks, type Annotations, type Mark, type Span } from './annotations.ts';
import { chartKey } from './keyboard.ts';
import classes from './line-chart.module.css';

export interface Line {
  readonly name: string;
  /** Thin and grey: what the other lines are drawn over. */
  readonly quiet?: boolean;
  /** Its points only, without a line between them. */
  readonly dots?: boolean;
  /** An end of the band about the line before it: two of them in a row, and what lies between them is shaded. */
  readonly edge?: boolean;
}

export interface LineChartProps {
  readonly label: string;
  /** Shared abscissa (seconds since 1970, or row numbers), then one array per line; null is a gap, undefined no point. */
  readonly data: uPlot.AlignedData;
  readonly lines: readonly Line[];
  readonly time: 'timestamp' | 'index';
  readonly scheme: Scheme;
  readonly height?: number;
  /** Charts of the same abscissa that show one cursor and one zoom. */
  readonly link?: ChartLink;
  /** Without the labels of the abscissa, where another chart with the same one stands below. */
  readonly bare?: boolean;
  /** Ends of the ordinate; by the values shown where not given. */
  readonly limits?: readonly [number, number] | undefined;
  /** What a row number counts, for the read-out: "row" where it does not say. */
  readonly abscissa?: string;
  readonly marks?: readonly Mark[];
  readonly spans?: readonly Span[];
}

/** Colours that are told apart, in the order in which lines take them. */
export const palette: Readonly<Record<Scheme, readonly string[]>> = {
  light: ['#0f6f77', '#c2571a', '#5a4fb0', '#b0305c', '#3f7d20', '#8a6d00', '#1f66c1', '#7a4a2b'],
  dark: ['#4fc3c9', '#f0964f', '#a99df5', '#f2779f', '#8ccb62', '#dbb73c', '#6fb1ff', '#d6a17c'],
};
const quietInk: Record<Scheme, string> = { light: '#8b949c', dark: '#7d868e' };
const axisInk: Record<Scheme, string> = { light: '#5b646d', dark: '#98a1a9' };
const gridInk: Record<Scheme, string> = { light: '#e8ebed', dark: '#252b30' };
const annotationInks: Record<Scheme, AnnotationInks> = { light: { mark: '#5b646d', span: '#c2571a33' }, dark: { mark: '#98a1a9', span: '#f0964f40' } };
/** Of a band between two edges, behind the digits of a colour. */
const bandOpacity = '2e';

/**
 * How times are written below the chart, by the distance of the ticks in seconds: the format, then what a second line
 * says at the first tick of a new year, day or minute (uPlot's table of formats).
 */
const timeLabels: uPlot.Axis.Values = [
  [365 * 86_400, '{YYYY}', null, null, null, null, null, null, 1],
  [28 * 86_400, '{MMM}', '\n{YYYY}', null, null, null, null, null, 1],
  [86_400, '{D} {MMM}', '\n{YYYY}', null, null, null, null, null, 1],
  [60, '{HH}:{mm}', '\n{D} {MMM} {YYYY}', null, '\n{D} {MMM}', null, null, null, 1],
  [1, '{HH}:{mm}:{ss}', '\n{D} {MMM} {YYYY}', null, '\n{D} {MMM}', null, null, null, 1],
  [0.001, ':{ss}.{fff}', '\n{D} {MMM} {YYYY} {HH}:{mm}', null, '\n{D} {MMM} {HH}:{mm}', null, '\n{HH}:{mm}', null, 1],
];

export function lineColour(lines: readonly Line[], index: number, scheme: Scheme): string {
  const line = lines[index];
  if (line?.quiet === true) return quietInk[scheme];
  const place = lines.slice(0, index).filter((other) => other.quiet !== true && other.edge !== true).length - (line?.edge === true ? 1 : 0);
  return palette[scheme][Math.max(0, place) % palette[scheme].length]!;
}

/** Places of the two ends of each band, the first of each pair being that of the first edge. */
export function bandsOf(lines: readonly Line[]): [number, number][] {
  return lines.flatMap((line, i): [number, number][] => {
    const edgesBefore = lines.slice(0, i).findLastIndex((other) => other.edge !== true);
    return line.edge === true && lines[i + 1]?.edge === true && (i - edgesBefore) % 2 === 1 ? [[i, i + 1]] : [];
  });
}

const nothing: readonly never[] = [];
/** Distances of ticks on an abscissa that counts: 1, 2, 5, 10, … */
const wholeSteps = Array.from({ length: 13 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat();

export function LineChart({ label, data, lines, time, scheme, height = 340, link, bare = false, limits, abscissa = 'row', marks = nothing, spans = nothing }: LineChartProps) {
  const { ref, width } = useElementSize();
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const [zoomed, setZoomed] = useState(false);
  const names = lines.map((line) => `${line.quiet === true}:${line.dots === true}:${line.edge === true}:${line.name}`).join("\n");
  const annotations = useRef<Annotations>({ marks, spans });
  annotations.current = { marks, spans };

  useEffect(() => {
    if (host.current === null || width === 0) return;
    const hooks = {
      cursor: (from: uPlot) => {
        setCursor(from.cursor.idx ?? null);
        link?.moveCursor(from);
      },
      zoom: (from: uPlot, range: Range | null) => {
        setZoomed(range !== null);
        link?.zoom(from, range);
      },
      behind: (from: uPlot) => drawSpans(from, annotations.current, annotationInks[scheme]),
      over: (from: uPlot) => drawMarks(from, annotations.current, annotationInks[scheme]),
    };
    const made = new uPlot(options({ lines, time, scheme, width, height, bare, limits, whole: data[0].every((at) => Number.isInteger(at)) }, hooks), data, host.current);
    const leave = link?.join(made);
    chart.current = made;
    return () => {
      leave?.();
      chart.current = null;
      setCursor(null);
      setZoomed(false);
      made.destroy();
    };
    // The chart is made anew when its lines or colours change; size and data are handed to the one there is.
  }, [names, time, scheme, link, bare, limits?.join(), width > 0]);

  useEffect(() => {
    if (width > 0) chart.current?.setSize({ width, height });
  }, [width, height]);
  useEffect(() => {
    const current = chart.current;
    if (current !== null && current.data !== data) current.setData(data, !zoomed);
  }, [data]);
  useEffect(() => chart.current?.redraw(false), [marks, spans]);

  const at = cursor !== null && cursor < data[0].length ? cursor : data[0].length - 1;
  const place = data[0][at];
  const showAll = () => {
    const xs = data[0];
    if (xs.length > 0) chart.current?.setScale('x', { min: xs[0]!, max: xs.at(-1)! });
  };

  return (
    <figure className={classes['figure']} aria-label={label}>
      <figcaption className={classes['readout']}>
        <span className={classes['moment']}>{place === undefined || place === null ? '' : placeText(place, time, abscissa)}</span>
        {lines.map((line, i) => (
          <span key={line.name} className={classes['entry']}>
            {line.edge !== true && <span className={classes[line.dots === true ? 'dot' : 'swatch']} style={{ background: lineColour(lines, i, scheme) }} />}
            {line.name} <b>{valueText(data[i + 1]?.[at])}</b>
          </span>
        ))}
        {zoomed && (
          <button type="button" className={classes['all']} onClick={showAll}>
            Show all
          </button>
        )}
      </figcaption>
      <div ref={ref} style={{ height }}>
        <div
          ref={host}
          className={classes['plot']}
          role="img"
          aria-label={`${label}. Arrow keys read it, plus and minus zoom, 0 shows all.`}
          tabIndex={0}
          onDoubleClick={showAll}
          onKeyDown={(event) => {
            if (chart.current !== null && !event.ctrlKey && !event.metaKey && chartKey(chart.current, event.key, event.shiftKey, showAll)) event.preventDefault();
          }}
        />
      </div>
    </figure>
  );
}

interface Drawn {
  readonly lines: readonly Line[];
  readonly time: 'timestamp' | 'index';
  readonly scheme: Scheme;
  readonly width: number;
  readonly height: number;
  readonly bare: boolean;
  readonly limits: readonly [number, number] | undefined;
  /** Whether the abscissa counts: then no tick stands between two numbers. */
  readonly whole: boolean;
}

interface Hooks {
  readonly cursor: (chart: uPlot) => void;
  /** The range that is shown; null where it is everything. */
  readonly zoom: (chart: uPlot, range: Range | null) => void;
  /** Draws behind the lines, and over them. */
  readonly behind: (chart: uPlot) => void;
  readonly over: (chart: uPlot) => void;
}

function options({ lines, time, scheme, width, height, bare, limits, whole }: Drawn, hooks: Hooks): uPlot.Options {
  const axis: uPlot.Axis = { stroke: axisInk[scheme], grid: { stroke: gridInk[scheme], width: 1 }, ticks: { stroke: gridInk[scheme], width: 1 }, font: "11px 'IBM Plex Sans Variable', sans-serif" };
  const abscissa: uPlot.Axis = bare ? { ...axis, size: 10, ticks: { show: false }, values: () => [] } : { ...axis, ...(time === 'timestamp' ? { values: timeLabels } : whole ? { incrs: wholeSteps } : {}) };
  return {
    width,
    height,
    legend: { show: false },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1e3), 'Etc/UTC'),
    scales: { x: { time: time === 'timestamp' }, ...(limits === undefined ? {} : { y: { range: [...limits] as [number, number] } }) },
    cursor: { drag: { x: true, y: false }, points: { size: 6 } },
    axes: [abscissa, { ...axis, size: 64, space: height < 200 ? 20 : 30, values: (_chart, splits) => splits.map((value) => (value === null ? '' : tickText(value))) }],
    series: [{}, ...lines.map((line, i) => seriesOf(line, lineColour(lines, i, scheme)))],
    bands: bandsOf(lines).map(([a, b]) => ({ series: [b + 1, a + 1] as [number, number], fill: `${lineColour(lines, a, scheme)}${bandOpacity}` })),
    hooks: {
      drawClear: [hooks.behind],
      draw: [hooks.over],
      setCursor: [hooks.cursor],
      setScale: [
        (chart, key) => {
          if (key !== 'x') return;
          const [xs, { min, max }] = [chart.data[0], chart.scales['x']!];
          if (xs.length > 0 && min !== null && min !== undefined && max !== null && max !== undefined) hooks.zoom(chart, min > xs[0]! || max < xs.at(-1)! ? { min, max } : null);
        },
      ],
    },
  };
}

function seriesOf({ name, quiet, dots, edge }: Line, colour: string): uPlot.Series {
  const usual: uPlot.Series = { label: name, stroke: colour, width: quiet === true ? 1 : 1.4, points: { show: false }, spanGaps: false };
  if (dots === true) return { ...usual, paths: () => null, points: { show: true, size: 5, width: 0, fill: colour } };
  return edge === true ? { ...usual, stroke: `${colour}66`, width: 0.6 } : usual;
}

const shortNumber = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 4 });

/** As short as the room beside the chart: 250M. */
function tickText(value: number): string {
  return Math.abs(value) >= 1e6 ? shortNumber.format(value).replace('-', '−') : formatNumber(value);
}

function placeText(value: number, time: 'timestamp' | 'index', abscissa: string): string {
  if (time === 'index') return `${abscissa} ${formatNumber(value)}`;
  const iso = new Date(value * 1000).toISOString();
  return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
}

function valueText(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : formatNumber(value);
}
