/** Parameters that name series of the data set: chosen from a list rather than typed as JSON. */
import { ActionIcon, Button, Group, Input, MultiSelect, NumberInput, SegmentedControl, Select, Text } from '@mantine/core';
import { errorId, type FieldProps } from '@rjsf/utils';
import type { ReactNode } from 'react';
import { MinusIcon, PlusIcon } from '../../../app/icons.tsx';
import { isJson } from './form-schema.ts';
import { formContextOf } from './form-context.ts';

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : typeof value === 'string' ? [value] : [];
}

/** In the form's own words where there are some. */
export function helpOf({ uiSchema, schema }: FieldProps): string | undefined {
  const words: unknown = uiSchema?.['ui:description'];
  return typeof words === 'string' ? words : schema.description;
}

/** Label, help and errors in the way of the other inputs. */
export function Labelled({ field, children }: { field: FieldProps; children: ReactNode }) {
  const wrong = (field.rawErrors?.length ?? 0) > 0;
  return (
    <Input.Wrapper label={field.schema.title ?? field.name} description={helpOf(field)} labelElement="div" error={wrong} size="sm" aria-errormessage={wrong ? errorId(field.fieldPathId) : undefined}>
      {children}
    </Input.Wrapper>
  );
}

interface NamesProps {
  readonly field: FieldProps;
  readonly value: readonly string[];
  readonly onChange: (names: string[]) => void;
  readonly placeholder: string;
}

function Names({ field, value, onChange, placeholder }: NamesProps) {
  const { series } = formContextOf(field);
  const known = new Set(series);
  return (
    <MultiSelect
      label={field.schema.title ?? field.name}
      description={helpOf(field)}
      error={(field.rawErrors?.length ?? 0) > 0}
      data={[...series, ...value.filter((name) => !known.has(name))]}
      value={[...value]}
      onChange={onChange}
      placeholder={value.length === 0 ? placeholder : ''}
      searchable
      clearable
      limit={60}
      maxDropdownHeight={260}
      nothingFoundMessage="No series has this name"
      size="sm"
    />
  );
}

/** A list of series, or null for all; a form that names sources target by target is kept as it is. */
export function SeriesNamesField(field: FieldProps) {
  const value: unknown = field.formData;
  const set = (next: unknown) => field.onChange(next, field.fieldPathId.path);
  if (isJson(value)) {
    return (
      <Labelled field={field}>
        <Group gap="xs" mt={6}>
          <Text size="sm">One list for each of {Object.keys(value).length} targets.</Text>
          <Button size="compact-xs" variant="default" onClick={() => set(null)}>One list for all</Button>
        </Group>
      </Labelled>
    );
  }
  return <Names field={field} value={strings(value)} onChange={(names) => set(names.length === 0 ? null : names)} placeholder="All" />;
}

/** A list of series, or null for none. */
export function SomeNamesField(field: FieldProps) {
  return <Names field={field} value={strings(field.formData)} onChange={(names) => field.onChange(names.length === 0 ? null : names, field.fieldPathId.path)} placeholder="None named" />;
}

/** One series by its name, several as a list, none as null. */
export function OneOrMoreField(field: FieldProps) {
  const set = (names: string[]) => field.onChange(names.length === 0 ? null : names.length === 1 ? names[0] : names, field.fieldPathId.path);
  return <Names field={field} value={strings(field.formData)} onChange={set} placeholder="None named" />;
}

/** null, 'all', or a list of [source, target]. */
export function PairsField(field: FieldProps) {
  const { series } = formContextOf(field);
  const value: unknown = field.formData;
  const rows = Array.isArray(value) ? value.map(strings) : [];
  const set = (next: unknown) => field.onChange(next, field.fieldPathId.path);
  const mode = value === 'all' ? 'all' : Array.isArray(value) ? 'list' : 'none';
  const first: [string, string] = [series[0] ?? '', series[1] ?? series[0] ?? ''];
  return (
    <Labelled field={field}>
      <SegmentedControl size="xs" mt={4} display="flex" aria-label="Pairs" data={[{ value: 'none', label: 'Source and target' }, { value: 'all', label: 'All' }, { value: 'list', label: 'A list' }]} value={mode} onChange={(next) => set(next === 'all' ? 'all' : next === 'list' ? [first] : null)} />
      {rows.map(([source, target], i) => (
        <Group key={i} gap="xs" mt={6} wrap="nowrap">
          <SeriesOf series={series} label={`Source of pair ${i + 1}`} value={source} onChange={(name) => set(rows.with(i, [name, target ?? '']))} />
          <span aria-hidden="true">→</span>
          <SeriesOf series={series} label={`Target of pair ${i + 1}`} value={target} onChange={(name) => set(rows.with(i, [source ?? '', name]))} />
          <Remove label={`Remove pair ${i + 1}`} onClick={() => set(rows.length === 1 ? null : rows.toSpliced(i, 1))} />
        </Group>
      ))}
      {mode === 'list' && <Add label="Another pair" onClick={() => set([...rows, first])} />}
    </Labelled>
  );
}

/** null, 'faes' (the present of every source), or a list of processes with their lags. */
export function VariablesField(field: FieldProps) {
  const { series } = formContextOf(field);
  const value: unknown = field.formData;
  const rows = Array.isArray(value) ? value.filter(isJson) : [];
  const set = (next: unknown) => field.onChange(next, field.fieldPathId.path);
  const mode = value === 'faes' ? 'faes' : Array.isArray(value) ? 'list' : 'none';
  const first = { process: series[0] ?? '', lag: 1 };
  return (
    <Labelled field={field}>
      <SegmentedControl size="xs" mt={4} display="flex" aria-label="Forced conditions" data={[{ value: 'none', label: 'None' }, { value: 'faes', label: 'Present of sources' }, { value: 'list', label: 'A list' }]} value={mode} onChange={(next) => set(next === 'faes' ? 'faes' : next === 'list' ? [first] : null)} />
      {rows.map((row, i) => (
        <Group key={i} gap="xs" mt={6} wrap="nowrap">
          <SeriesOf series={series} label={`Series of condition ${i + 1}`} value={typeof row['process'] === 'string' ? row['process'] : undefined} onChange={(process) => set(rows.with(i, { ...row, process }))} />
          <NumberInput size="xs" w={92} aria-label={`Lag of condition ${i + 1}`} prefix="lag " min={0} allowDecimal={false} value={typeof row['lag'] === 'number' ? row['lag'] : ''} onChange={(lag) => set(rows.with(i, { ...row, lag: typeof lag === 'number' ? lag : 0 }))} />
          <Remove label={`Remove condition ${i + 1}`} onClick={() => set(rows.length === 1 ? null : rows.toSpliced(i, 1))} />
        </Group>
      ))}
      {mode === 'list' && <Add label="Another condition" onClick={() => set([...rows, first])} />}
    </Labelled>
  );
}

export function SeriesOf({ series, label, value, onChange }: { series: readonly string[]; label: string; value: string | undefined; onChange: (name: string) => void }) {
  const data = value === undefined || value === '' || series.includes(value) ? [...series] : [...series, value];
  return <Select size="xs" aria-label={label} searchable allowDeselect={false} limit={60} data={data} value={value ?? null} onChange={(name) => onChange(name ?? '')} style={{ flex: '1 1 6rem', minWidth: 0 }} />;
}

export function Remove({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={onClick}>
      <MinusIcon />
    </ActionIcon>
  );
}

export function Add({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Button size="compact-xs" variant="default" mt={6} leftSection={<PlusIcon size={12} />} onClick={onClick}>
      {label}
    </Button>
  );
}

/** By the names that the hints give them. */
export const seriesFields = { names: SeriesNamesField, 'some-names': SomeNamesField, 'one-or-more': OneOrMoreField, pairs: PairsField, variables: VariablesField };
