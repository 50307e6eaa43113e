/** The loss of a training epoch by epoch, of its train and its validation windows, as it comes. */
import { Group, SegmentedControl, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useScheme } from '../../../app/use-scheme.ts';
import { LineChart, type Line } from '../../../charts/line-chart/line-chart.tsx';
import { formatMilliseconds, formatShort, plural } from '../../../lib/format.ts';
import { alignLines } from '../align-lines.ts';
import { NoRows } from '../no-rows.tsx';
import classes from '../panels-view/panels-view.module.css';
import type { TableStore } from '../table-store.ts';
import type { ArrivingTable } from '../use-result-table.ts';
import { lossCurves, type LossCurve } from './loss-curves.ts';

const lines: readonly Line[] = [{ name: 'train loss' }, { name: 'validation loss' }];

export function LossView({ store, version, state }: { store: TableStore; version: number; state: ArrivingTable['state'] }) {
  const scheme = useScheme();
  // The store grows in place; its version tells
  const curves = useMemo(() => lossCurves(store), [store, version]);
  const [chosen, setChosen] = useState<number | null>(null);
  // Until one is chosen, that which is being trained.
  const curve = curves.find(({ fold }) => fold === chosen) ?? curves.at(-1);
  const data = useMemo(() => (curve === undefined ? null : alignLines([{ x: curve.epochs, y: curve.train }, { x: curve.epochs, y: curve.validation }], 'index')), [curve]);
  const marks = useMemo(() => (curve === undefined || curve.best === -1 ? [] : [{ at: curve.epochs[curve.best]!, label: 'best' }]), [curve]);
  if (curve === undefined || data === null) return <NoRows state={state} />;
  return (
    <div className={classes['view']}>
      <Group align="flex-end" gap="md" mb="md">
        {curves.length > 1 && <SegmentedControl size="xs" aria-label="Fold" data={curves.map(({ fold }) => ({ value: String(fold), label: `Fold ${fold}` }))} value={String(curve.fold)} onChange={(value) => setChosen(Number(value))} />}
        <Text size="sm" role="status" aria-label="Training">{words(curve)}</Text>
      </Group>
      <LineChart label="Loss by epoch" data={data} lines={lines} time="index" scheme={scheme} height={340} abscissa="epoch" marks={marks} />
    </div>
  );
}

function words({ epochs, validation, best, seconds }: LossCurve): string {
  const took = `${plural(epochs.length, 'epoch')} in ${formatMilliseconds(seconds * 1000)}`;
  return best === -1 ? `${took}.` : `${took}; the best is epoch ${epochs[best]!}, with a validation loss of ${formatShort(validation[best]!)}.`;
}
