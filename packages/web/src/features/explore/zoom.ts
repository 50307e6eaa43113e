/** The zoom of linked charts as state. */
import { useEffect, useMemo, useRef, useState } from 'react';
import { ChartLink, type LinkedChart, type Range } from '../../charts/line-chart/chart-link.ts';

/** A link to hand to charts over `abscissas`, and the range that they show. */
export function useZoom(abscissas: readonly number[]): { readonly link: ChartLink; readonly range: Range | null } {
  const link = useMemo(() => new ChartLink(), [abscissas]);
  const [zoomed, setZoomed] = useState<{ readonly link: ChartLink; readonly range: Range } | null>(null);
  const known = useRef(abscissas);
  known.current = abscissas;
  useEffect(() => {
    const listener: LinkedChart = {
      get data(): LinkedChart['data'] {
        return [[...known.current]];
      },
      cursor: {},
      setCursor: () => {},
      setScale: (_key, { min, max }) => setZoomed({ link, range: { min, max } }),
      valToPos: () => 0,
    };
    return link.join(listener);
  }, [link]);
  return { link, range: zoomed?.link === link ? zoomed.range : null };
}
