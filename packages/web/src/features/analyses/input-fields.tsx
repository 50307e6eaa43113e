/** What of the data set goes into the analysis: field, series, time range, resampling, fill, transform. */
import { Autocomplete, NumberInput, Select, SimpleGrid, TagsInput, TextInput } from '@mantine/core';
import type { Dataset } from '@corrente/shared/contract/dataset';
import type { JobInput } from '@corrente/shared/contract/job';
import type { ReactNode } from 'react';
import { formatBound, formatCount } from '../../lib/format.ts';
import type { PlacedErrors } from './error-places.ts';
import classes from './new-analysis.module.css';

type Input = Omit<JobInput, 'dataset'>;

export interface InputFieldsProps {
  readonly dataset: Dataset;
  readonly input: Input;
  readonly onChange: (input: Input) => void;
  readonly errors: PlacedErrors['input'];
  /** A word of advice below the transform. */
  readonly transformHint?: string | undefined;
}

const fills = [
  { value: 'none', label: 'Leave missing values missing' },
  { value: 'forward', label: 'Carry the last value forward' },
  { value: 'linear', label: 'Interpolate between neighbours' },
] as const;
const transforms = [
  { value: 'none', label: 'None' },
  { value: 'log-return', label: 'Log return' },
  { value: 'return', label: 'Return' },
  { value: 'difference', label: 'Difference' },
  { value: 'zscore', label: 'Standardised (z-score)' },
  { value: 'rank', label: 'Ranks' },
] as const;
const aggregates = ['last', 'first', 'mean', 'sum', 'min', 'max', 'median', 'count'] as const;
const steps = ['1min', '5min', '15min', '1h', '4h', '1d', '1w', '1mo', '1q', '1y'];

export function InputFields({ dataset, input, onChange, errors, transformHint }: InputFieldsProps) {
  const set = (changes: Partial<Input>) => onChange({ ...input, ...changes });
  const error = (name: string): ReactNode => errors.get(name)?.slice(0, 4).join('. ');
  const chosen = input.series ?? [];
  return (
    <>
      <TagsInput
        label="Series"
        description={chosen.length === 0 ? `All ${formatCount(dataset.series.length)} series, unless some are named here. A list can be pasted.` : `${formatCount(chosen.length)} of ${formatCount(dataset.series.length)} series, in this order.`}
        placeholder={chosen.length === 0 ? 'All series' : ''}
        data={[...dataset.series]}
        limit={60}
        value={chosen}
        onChange={(series) => set({ series: series.length === 0 ? undefined : series })}
        splitChars={[',', ';', '\t', '\n']}
        clearable
        maxDropdownHeight={260}
        error={error('series')}
        classNames={{ pillsList: classes['pills'] }}
      />
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="md" mt="md">
        {dataset.fields.length > 1 && <Select label="Field" data={dataset.fields} value={input.field ?? null} onChange={(field) => set({ field: field ?? undefined })} allowDeselect={false} error={error('field')} />}
        <Bound label="From" dataset={dataset} value={input.from ?? null} placeholder={dataset.from} onChange={(from) => set({ from })} error={error('from')} />
        <Bound label="To" dataset={dataset} value={input.to ?? null} placeholder={dataset.to} onChange={(to) => set({ to })} error={error('to')} />
        {dataset.timeKind === 'timestamp' && (
          <>
            <Autocomplete label="Resample to" placeholder="As it is" data={steps} value={input.resample?.every ?? ''} onChange={(every) => set({ resample: every === '' ? null : { every, aggregate: input.resample?.aggregate ?? 'last' } })} clearable error={error('resample')} />
            <Select label="Value of each step" data={[...aggregates]} disabled={input.resample === null || input.resample === undefined} value={input.resample?.aggregate ?? 'last'} onChange={(value) => set({ resample: { every: input.resample?.every ?? '1d', aggregate: aggregates.find((name) => name === value) ?? 'last' } })} allowDeselect={false} />
          </>
        )}
        <Select label="Fill" data={[...fills]} value={input.fill} onChange={(value) => set({ fill: fills.find((fill) => fill.value === value)?.value ?? 'none' })} allowDeselect={false} error={error('fill')} />
        <Select label="Transform" description={transformHint} inputWrapperOrder={['label', 'input', 'description', 'error']} data={[...transforms]} value={input.transform} onChange={(value) => set({ transform: transforms.find((transform) => transform.value === value)?.value ?? 'none' })} allowDeselect={false} error={error('transform')} />
      </SimpleGrid>
    </>
  );
}

interface BoundProps {
  readonly label: string;
  readonly dataset: Dataset;
  readonly value: string | number | null;
  readonly placeholder: string | null;
  readonly onChange: (value: string | number | null) => void;
  readonly error: ReactNode;
}

/** A row number, a date, or a date with its time where the data has steps shorter than a day. */
function Bound({ label, dataset, value, placeholder, onChange, error }: BoundProps) {
  const help = placeholder === null ? undefined : `${label === 'From' ? 'First' : 'Last'}: ${formatBound(placeholder)}`;
  if (dataset.timeKind === 'index') {
    return <NumberInput label={`${label} row`} description={help} value={typeof value === 'number' ? value : ''} onChange={(next) => onChange(typeof next === 'number' ? next : null)} allowDecimal={false} min={0} error={error} inputWrapperOrder={['label', 'input', 'description', 'error']} />;
  }
  const timed = /\d(ms|s|min|h)$/.test(dataset.report.frequency?.every ?? '');
  return <TextInput label={label} description={help} inputWrapperOrder={['label', 'input', 'description', 'error']} type={timed ? 'datetime-local' : 'date'} step={timed ? 1 : undefined} value={typeof value === 'string' ? value : ''} onChange={(event) => onChange(event.currentTarget.value === '' ? null : withSeconds(event.currentTarget.value))} error={error} />;
}

/** A browser leaves out seconds that are zero. */
function withSeconds(moment: string): string {
  return /T\d\d:\d\d$/.test(moment) ? `${moment}:00` : moment;
}
