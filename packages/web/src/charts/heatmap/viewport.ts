/**
 * The square window through which a matrix is seen, in cells: the cell position of its upper left corner and how many
 * cells it is wide and high.
 */
export interface Viewport {
  readonly left: number;
  readonly top: number;
  readonly span: number;
}

/** The closest one can look: this many cells across. */
const closest = 4;

export function wholeMatrix(size: number): Viewport {
  return { left: 0, top: 0, span: Math.max(size, 1) };
}

/** Inside the matrix, and neither closer than a few cells nor wider than the whole. */
export function clampViewport(view: Viewport, size: number): Viewport {
  const span = Math.min(Math.max(view.span, Math.min(closest, size)), Math.max(size, 1));
  const within = (start: number) => Math.max(0, Math.min(start, size - span));
  return { left: within(view.left), top: within(view.top), span };
}

/** Closer by `factor` (above 1) or further; the point at (x, y), as fractions of the window, stays where it is. */
export function zoomViewport(view: Viewport, factor: number, x: number, y: number, size: number): Viewport {
  const span = clampViewport({ ...view, span: view.span / factor }, size).span;
  return clampViewport({ left: view.left + x * (view.span - span), top: view.top + y * (view.span - span), span }, size);
}

/** Moved by fractions of the window. */
export function panViewport(view: Viewport, dx: number, dy: number, size: number): Viewport {
  return clampViewport({ ...view, left: view.left + dx * view.span, top: view.top + dy * view.span }, size);
}

/** The cell under a point given as fractions of the window; null outside the matrix. */
export function cellAt(view: Viewport, x: number, y: number, size: number): { row: number; column: number } | null {
  const column = Math.floor(view.left + x * view.span);
  const row = Math.floor(view.top + y * view.span);
  return column >= 0 && row >= 0 && column < size && row < size ? { row, column } : null;
}

/** Moved just so far that the cell can be seen. */
export function revealCell(view: Viewport, row: number, column: number, size: number): Viewport {
  const into = (start: number, cell: number) => Math.max(Math.min(start, cell), cell + 1 - view.span);
  return clampViewport({ ...view, left: into(view.left, column), top: into(view.top, row) }, size);
}
