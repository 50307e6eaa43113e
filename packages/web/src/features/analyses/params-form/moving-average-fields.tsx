/** The kinds of moving averages, chosen by their groups, and their windows, in rows or in time. */
import { MultiSelect, TagsInput, Text } from '@mantine/core';
import type { FieldProps } from '@rjsf/utils';
import { kindGroups, kindMeaning } from './kind-options.ts';
import { explained } from './option-text.tsx';
import { helpOf } from './series-fields.tsx';
import { windowEntries, wrongWindows } from './window-entries.ts';

const data = kindGroups.map(({ group, items }) => ({ group, items: [...items] }));

export function KindsField(field: FieldProps) {
  const value: unknown = field.formData;
  const chosen = Array.isArray(value) ? value.filter((kind) => typeof kind === 'string') : [];
  return (
    <MultiSelect
      label={field.schema.title ?? field.name}
      description={helpOf(field)}
      error={(field.rawErrors?.length ?? 0) > 0}
      data={data}
      value={chosen}
      onChange={(kinds) => field.onChange(kinds, field.fieldPathId.path)}
      renderOption={explained(kindMeaning)}
      placeholder={chosen.length === 0 ? 'Choose averages and statistics' : ''}
      searchable
      clearable
      maxDropdownHeight={340}
      nothingFoundMessage="There is no kind of this name"
      size="sm"
    />
  );
}

export function WindowsField(field: FieldProps) {
  const value: unknown[] = Array.isArray(field.formData) ? field.formData : [];
  const wrong = wrongWindows(value);
  return (
    <>
      <TagsInput
        label={field.schema.title ?? field.name}
        description={helpOf(field)}
        error={wrong.length > 0 || (field.rawErrors?.length ?? 0) > 0}
        value={value.map(String)}
        onChange={(typed) => field.onChange(windowEntries(typed), field.fieldPathId.path)}
        splitChars={[',', ';']}
        acceptValueOnBlur
        clearable
        placeholder={value.length === 0 ? 'Type, then Enter' : ''}
        size="sm"
      />
      {wrong.length > 0 && (field.rawErrors?.length ?? 0) === 0 && (
        <Text size="xs" c="var(--mantine-color-error)" mt={4} role="alert">
          {wrong.join(', ')} {wrong.length === 1 ? 'is no window' : 'are no windows'}: expected a number of rows, such as 20, or a length of time, such as 5d.
        </Text>
      )}
    </>
  );
}

export const movingAverageFields = { kinds: KindsField, windows: WindowsField };
