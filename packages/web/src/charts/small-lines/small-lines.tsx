/** A small chart of many lines with their mean over them: to be compared with others of its kind at a glance. */
import classes from './small-lines.module.css';

export interface SmallLinesProps {
  readonly label: string;
  /** All on one grid; NaN is a gap. */
  readonly lines: readonly Float64Array[];
  readonly mean: Float64Array;
  readonly colour: string;
  /** Ends of the ordinate, the same in all charts that are compared. */
  readonly limits: readonly [number, number];
}

const [width, height] = [300, 110];

export function SmallLines({ label, lines, mean, colour, limits }: SmallLinesProps) {
  return (
    <svg className={classes['chart']} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <line className={classes['zero']} x1={0} x2={width} y1={place(0, limits)} y2={place(0, limits)} />
      {lines.map((line, i) => <path key={i} className={classes['member']} d={linePath(line, limits)} stroke={colour} />)}
      <path className={classes['mean']} d={linePath(mean, limits)} stroke={colour} />
    </svg>
  );
}

function place(value: number, [least, largest]: readonly [number, number]): number {
  return Math.round((1 - (value - least) / (largest - least || 1)) * height * 10) / 10;
}

/** The path of a line over the width of the chart, broken where a value is missing. */
export function linePath(line: Float64Array, limits: readonly [number, number]): string {
  let [path, drawing] = ['', false];
  for (const [i, value] of line.entries()) {
    const known = !Number.isNaN(value);
    if (known) path += `${drawing ? 'L' : 'M'}${Math.round((i / Math.max(1, line.length - 1)) * width * 10) / 10},${place(value, limits)}`;
    drawing = known;
  }
  return path;
}
