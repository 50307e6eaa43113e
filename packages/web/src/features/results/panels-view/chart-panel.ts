/** Which columns of a table share a chart. */
export interface ChartPanel {
  readonly title: string;
  readonly columns: readonly string[];
  /** Whether the columns have the scale of the job's own field, and are drawn over it. */
  readonly overField: boolean;
}

/** As many lines over the field, and panels below it, as are told apart at a glance. */
const [mostLines, mostPanels] = [8, 6];

/** The columns that are drawn until others are chosen. */
export function shownAtFirst(panels: readonly ChartPanel[]): ReadonlySet<string> {
  const below = panels.filter((panel) => !panel.overField).slice(0, mostPanels);
  const over = panels.filter((panel) => panel.overField);
  return new Set([...over, ...below].flatMap(({ columns }) => columns.slice(0, mostLines)));
}

/** The panels with the columns that are chosen only; those of which none is left only where the field is drawn in them. */
export function panelsWith(panels: readonly ChartPanel[], shown: ReadonlySet<string>, hasField: boolean): ChartPanel[] {
  return panels.map((panel) => ({ ...panel, columns: panel.columns.filter((column) => shown.has(column)) })).filter(({ columns, overField }) => columns.length > 0 || (overField && hasField));
}
