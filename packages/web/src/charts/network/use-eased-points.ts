import { useReducedMotion } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { between, type Point } from './layout.ts';

const durationMs = 450;

/**
 * The points on their way from where they were last to where they are to be; at once where motion is not wanted.
 * `key` tells which process each of them is: one that was not there before appears in its place.
 */
export function useEasedPoints(points: readonly Point[], keys: readonly string[]): readonly Point[] {
  const still = useReducedMotion();
  const [shown, setShown] = useState(points);
  const last = useRef<ReadonlyMap<string, Point>>(new Map());

  useEffect(() => {
    const remember = (now: readonly Point[]) => {
      last.current = new Map(keys.map((key, i) => [key, now[i]!]));
      setShown(now);
    };
    const from = points.map((point, i) => last.current.get(keys[i]!) ?? point);
    if (still || from.every(({ x, y }, i) => x === points[i]!.x && y === points[i]!.y)) {
      remember(points);
      return;
    }
    const begun = performance.now();
    let request = requestAnimationFrame(step);
    function step(now: number): void {
      const t = Math.min(1, Math.max(0, (now - begun) / durationMs));
      remember(between(from, points, 1 - (1 - t) ** 3));
      if (t < 1) request = requestAnimationFrame(step);
    }
    return () => cancelAnimationFrame(request);
  }, [points, keys, still]);

  // Until the effect has run, the points may be of other processes.
  return shown.length === points.length ? shown : points;
}
