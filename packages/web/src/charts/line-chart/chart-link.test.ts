import { beforeEach, describe, expect, it } from 'vitest';
import { ChartLink, type LinkedChart } from './chart-link.ts';

/** A chart that remembers, and tells its link of every change as uPlot's hooks do. */
class Told implements LinkedChart {
  readonly data: LinkedChart['data'];
  readonly cursor: { idx: number | null; top: number } = { idx: null, top: 0 };
  readonly link: ChartLink;
  scale: { min: number; max: number } | null = null;
  zooms = 0;

  constructor(link: ChartLink, xs: number[]) {
    this.link = link;
    this.data = [xs, xs];
  }

  // Ten pixels for each unit.
  valToPos(value: number): number {
    return value * 10;
  }

  setCursor({ left }: { left: number }): void {
    const at = this.data[0].indexOf(left / 10);
    this.cursor.idx = at === -1 ? null : at;
    this.link.moveCursor(this);
  }

  setScale(_key: string, { min, max }: { min: number; max: number }): void {
    this.scale = { min, max };
    this.zooms++;
    const xs = this.data[0];
    this.link.zoom(this, min > xs[0]! || max < xs.at(-1)! ? { min, max } : null);
  }
}

describe('linked charts', () => {
  let link: ChartLink;
  let [a, b]: Told[] = [];
  beforeEach(() => {
    link = new ChartLink();
    [a, b] = [new Told(link, [1, 2, 3, 4]), new Told(link, [1, 2, 3, 4])];
    link.join(a);
    link.join(b);
  });

  it('show the cursor at one place, and none where it has left', () => {
    a!.setCursor({ left: 30 });
    expect(b!.cursor.idx).toBe(2);
    b!.setCursor({ left: -10 });
    expect(a!.cursor.idx).toBeNull();
  });

  it('zoom together, each once, and show everything together', () => {
    a!.setScale('x', { min: 2, max: 3 });
    expect([b!.scale, b!.zooms, a!.zooms]).toEqual([{ min: 2, max: 3 }, 1, 1]);
    b!.setScale('x', { min: 1, max: 4 });
    expect([a!.scale, a!.zooms]).toEqual([{ min: 1, max: 4 }, 2]);
  });

  it('are joined at the zoom of the others, and left alone once they have gone', () => {
    a!.setScale('x', { min: 2, max: 3 });
    const late = new Told(link, [1, 2, 3, 4]);
    const leave = link.join(late);
    expect(late.scale).toEqual({ min: 2, max: 3 });
    leave();
    a!.setScale('x', { min: 3, max: 4 });
    expect(late.scale).toEqual({ min: 2, max: 3 });
  });
});
