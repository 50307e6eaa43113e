import { Group, Input, NumberInput, RangeSlider, SegmentedControl, Slider, Switch } from '@mantine/core';
import type { LayoutName } from '../../../charts/network/layout.ts';
import type { LinkFilter } from '../../../charts/network/network.ts';
import { formatNumber } from '../../../lib/format.ts';
import classes from './network-view.module.css';

export interface NetworkFiltersProps {
  readonly filter: LinkFilter;
  readonly onFilter: (filter: LinkFilter) => void;
  /** The lags that occur and the largest te. */
  readonly ranges: { readonly lags: readonly [number, number]; readonly te: number };
  readonly unit: string;
  /** null where the links are not drawn as a graph. */
  readonly layout: LayoutName | null;
  readonly onLayout: (layout: LayoutName) => void;
  readonly linkedOnly: boolean;
  readonly onLinkedOnly: (linkedOnly: boolean) => void;
  /** What a link's size is called; te where not given. */
  readonly size?: string;
}

const teSteps = 100;

export function NetworkFilters({ filter, onFilter, ranges, unit, layout, onLayout, linkedOnly, onLinkedOnly, size = 'te' }: NetworkFiltersProps) {
  const set = (changes: Partial<LinkFilter>) => onFilter({ ...filter, ...changes });
  const [firstLag, lastLag] = ranges.lags;
  const lags: [number, number] = [Math.max(firstLag, filter.lags[0]), Math.min(lastLag, filter.lags[1])];
  const te = (step: number) => (step / teSteps) * ranges.te;
  return (
    <Group className={classes['filters']} gap="lg" align="flex-start">
      {layout !== null && (
        <Input.Wrapper label="Layout" size="xs" labelElement="div">
          <SegmentedControl size="xs" display="flex" aria-label="Layout" data={[{ value: 'force', label: 'Force' }, { value: 'circular', label: 'Circle' }]} value={layout} onChange={(value) => onLayout(value === 'circular' ? 'circular' : 'force')} />
        </Input.Wrapper>
      )}
      <NumberInput label="Largest p" size="xs" w={92} min={0} max={1} step={0.01} clampBehavior="strict" value={filter.maxP} onChange={(value) => set({ maxP: typeof value === 'number' ? value : 1 })} />
      <Input.Wrapper label={`Smallest ${size}: ${filter.minTe === 0 ? 'any' : `${formatNumber(Number(filter.minTe.toPrecision(3)))} ${unit}`}`} size="xs" labelElement="div">
        <Slider className={classes['slider']} size="sm" label={null} thumbLabel={`Smallest ${size}, in ${unit}`} min={0} max={teSteps} value={ranges.te > 0 ? Math.round((filter.minTe / ranges.te) * teSteps) : 0} onChange={(step) => set({ minTe: te(step) })} disabled={ranges.te === 0} />
      </Input.Wrapper>
      <Input.Wrapper label={lags[0] === lags[1] ? `Lag: ${lags[0]}` : `Lags: ${lags[0]} to ${lags[1]}`} size="xs" labelElement="div">
        <RangeSlider
          className={classes['slider']}
          size="sm"
          label={null}
          thumbFromLabel="First lag"
          thumbToLabel="Last lag"
          min={firstLag}
          max={Math.max(lastLag, firstLag + 1)}
          minRange={0}
          value={lags}
          onChange={([from, to]) => set({ lags: [from <= firstLag ? 0 : from, to >= lastLag ? Number.POSITIVE_INFINITY : to] })}
          disabled={firstLag === lastLag}
        />
      </Input.Wrapper>
      <div className={classes['switches']}>
        <Switch size="xs" label="Significant only" checked={filter.significantOnly} onChange={(event) => set({ significantOnly: event.currentTarget.checked })} />
        <Switch size="xs" label="Linked series only" checked={linkedOnly} onChange={(event) => onLinkedOnly(event.currentTarget.checked)} />
      </div>
    </Group>
  );
}
