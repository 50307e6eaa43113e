/** The chart by keys: arrows move the cursor, with Shift by twenty points; plus and minus zoom about it, 0 shows all. */
import type uPlot from 'uplot';

const zoomStep = 1.6;

/** Whether the key meant something here. */
export function chartKey(chart: uPlot, key: string, shift: boolean, showAll: () => void): boolean {
  const xs = chart.data[0];
  const { min, max } = chart.scales['x'] ?? {};
  if (xs.length === 0 || min === undefined || min === null || max === undefined || max === null) return false;
  const at = chart.cursor.idx ?? xs.length - 1;
  if (key === 'ArrowLeft' || key === 'ArrowRight') {
    const next = Math.max(0, Math.min(xs.length - 1, at + (key === 'ArrowLeft' ? -1 : 1) * (shift ? 20 : 1)));
    chart.setCursor({ left: chart.valToPos(xs[next]!, 'x'), top: chart.over.clientHeight / 2 });
    return true;
  }
  if (key === '0') {
    showAll();
    return true;
  }
  if (key !== '+' && key !== '=' && key !== '-') return false;
  const factor = key === '-' ? zoomStep : 1 / zoomStep;
  const middle = xs[at]!;
  const [from, to] = [Math.max(xs[0]!, middle - (middle - min) * factor), Math.min(xs.at(-1)!, middle + (max - middle) * factor)];
  if (to > from) chart.setScale('x', { min: from, max: to });
  return true;
}
