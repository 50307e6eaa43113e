/** Parameters that name one series, or series each with a lag of its own. */
import { Group, NumberInput, Select } from '@mantine/core';
import type { FieldProps } from '@rjsf/utils';
import { formContextOf } from './form-context.ts';
import { sourceRows, sourcesOf, type SourceRow } from './lagged-sources.ts';
import { Add, helpOf, Labelled, Remove, SeriesOf } from './series-fields.tsx';

/** One series by its name, or null. */
function OneField(field: FieldProps) {
  const { series } = formContextOf(field);
  const value = typeof field.formData === 'string' ? field.formData : null;
  return (
    <Select
      label={field.schema.title ?? field.name}
      description={helpOf(field)}
      error={(field.rawErrors?.length ?? 0) > 0}
      data={value === null || series.includes(value) ? [...series] : [...series, value]}
      value={value}
      onChange={(name) => field.onChange(name, field.fieldPathId.path)}
      placeholder="Not named"
      searchable
      clearable
      limit={60}
      nothingFoundMessage="No series has this name"
      size="sm"
    />
  );
}

/** Sources, each with a lag or without one; null for all others. */
function LaggedField(field: FieldProps) {
  const { series } = formContextOf(field);
  const rows = sourceRows(field.formData);
  const set = (next: readonly SourceRow[]) => field.onChange(sourcesOf(next), field.fieldPathId.path);
  const fresh: SourceRow = { series: series.find((name) => rows.every((row) => row.series !== name)) ?? series[0] ?? '', lag: null };
  return (
    <Labelled field={field}>
      {rows.map((row, i) => (
        <Group key={i} gap="xs" mt={6} wrap="nowrap">
          <SeriesOf series={series} label={`Series of source ${i + 1}`} value={row.series} onChange={(name) => set(rows.with(i, { ...row, series: name }))} />
          <NumberInput size="xs" w={92} aria-label={`Lag of source ${i + 1}`} prefix="lag " placeholder="as delay" min={0} allowDecimal={false} value={row.lag ?? ''} onChange={(lag) => set(rows.with(i, { ...row, lag: typeof lag === 'number' ? lag : null }))} />
          <Remove label={`Remove source ${i + 1}`} onClick={() => set(rows.toSpliced(i, 1))} />
        </Group>
      ))}
      <div><Add label={rows.length === 0 ? 'Name a source' : 'Another source'} onClick={() => set([...rows, fresh])} /></div>
    </Labelled>
  );
}

export const laggedFields = { one: OneField, lagged: LaggedField };
