import { Select, SimpleGrid, TagsInput, TextInput } from '@mantine/core';
import type { ImportMapping } from '@corrente/shared/contract/dataset';

export interface MappingFormProps {
  readonly mapping: Partial<ImportMapping>;
  readonly onChange: (mapping: Partial<ImportMapping>) => void;
}

/** What is left alone is detected. */
export function MappingForm({ mapping, onChange }: MappingFormProps) {
  const set = <K extends keyof ImportMapping>(key: K, value: ImportMapping[K] | undefined) => {
    const { [key]: _before, ...rest } = mapping;
    onChange(value === undefined ? rest : { ...rest, [key]: value });
  };
  const choice = <K extends 'format' | 'shape' | 'delimiter' | 'decimal' | 'duplicates' | 'badRows'>(key: K, label: string, options: readonly { value: string & ImportMapping[K]; label: string }[]) => (
    <Select label={label} placeholder="Detected" clearable size="xs" data={[...options]} value={mapping[key] ?? null} onChange={(value) => set(key, options.find((option) => option.value === value)?.value)} />
  );
  const text = (key: 'time' | 'key' | 'trial', label: string, description: string, placeholder = 'Detected') => (
    <TextInput label={label} description={description} placeholder={placeholder} size="xs" value={mapping[key] ?? ''} onChange={(event) => set(key, event.currentTarget.value === '' ? undefined : event.currentTarget.value)} />
  );
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="sm" pt="sm" style={{ alignItems: 'end' }}>
      {choice('format', 'Format', [{ value: 'csv', label: 'CSV or other text' }, { value: 'parquet', label: 'Parquet' }, { value: 'arrow', label: 'Arrow' }])}
      {choice('shape', 'Shape', [{ value: 'wide', label: 'Wide: one column per series' }, { value: 'long', label: 'Long: time, name, values' }])}
      <Select label="Header" placeholder="Detected" clearable size="xs" data={[{ value: 'yes', label: 'The first line names the columns' }, { value: 'no', label: 'There is none' }]} value={mapping.header === undefined ? null : mapping.header ? 'yes' : 'no'} onChange={(value) => set('header', value === null ? undefined : value === 'yes')} />
      {text('time', 'Time column', 'Its name, or none')}
      {text('key', 'Name column', 'Long files: what names the series')}
      {text('trial', 'Trial column', 'What tells replications apart', 'No trials')}
      <TagsInput label="Columns to keep" description="Enter after each name" placeholder={mapping.fields === undefined ? 'All numeric ones' : ''} size="xs" value={mapping.fields ?? []} onChange={(value) => set('fields', value.length === 0 ? undefined : value)} />
      {choice('delimiter', 'Delimiter', [{ value: ',', label: 'Comma' }, { value: ';', label: 'Semicolon' }, { value: '\t', label: 'Tab' }, { value: '|', label: 'Bar' }, { value: 'whitespace', label: 'Whitespace' }])}
      {choice('decimal', 'Decimal sign', [{ value: '.', label: 'Point' }, { value: ',', label: 'Comma' }])}
      {choice('duplicates', 'A time that occurs twice', [{ value: 'last', label: 'Keep the last' }, { value: 'first', label: 'Keep the first' }, { value: 'mean', label: 'Keep the mean' }, { value: 'refuse', label: 'Refuse the file' }])}
      {choice('badRows', 'Rows of another length', [{ value: 'refuse', label: 'Refuse the file' }, { value: 'skip', label: 'Skip the rows' }])}
    </SimpleGrid>
  );
}
