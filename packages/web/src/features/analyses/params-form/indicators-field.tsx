/** Indicators, chosen from the catalogue by its groups, each with its numbers below. */
import { Group, MultiSelect, NumberInput, Text } from '@mantine/core';
import type { FieldProps } from '@rjsf/utils';
import { useState } from 'react';
import { formulaOf, indicatorOptions, numbersOf, withNumber } from './indicator-options.ts';
import { explained } from './option-text.tsx';
import { helpOf } from './series-fields.tsx';

export function IndicatorsField(field: FieldProps) {
  const [typed, setTyped] = useState('');
  const value: unknown = field.formData;
  const chosen = Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
  const set = (names: string[]) => field.onChange(names, field.fieldPathId.path);
  /** Two of the same would make two columns of one name. */
  const replace = (place: number, name: string) => !chosen.includes(name) && set(chosen.with(place, name));
  return (
    <>
      <MultiSelect
        label={field.schema.title ?? field.name}
        description={helpOf(field)}
        error={(field.rawErrors?.length ?? 0) > 0}
        data={indicatorOptions(chosen, typed)}
        value={chosen}
        onChange={set}
        searchValue={typed}
        onSearchChange={setTyped}
        renderOption={explained(formulaOf)}
        placeholder={chosen.length === 0 ? 'Choose indicators' : ''}
        searchable
        clearable
        maxDropdownHeight={360}
        nothingFoundMessage="There is no indicator of this name"
        size="sm"
      />
      {chosen.map((name, place) => (
        <IndicatorNumbers key={place} name={name} onChange={(next) => replace(place, next)} />
      ))}
    </>
  );
}

function IndicatorNumbers({ name, onChange }: { name: string; onChange: (name: string) => void }) {
  const numbers = numbersOf(name);
  const plain = name.replace(/\(.*$/, '');
  if (numbers.length === 0) return null;
  return (
    <Group gap="xs" mt={6} wrap="wrap" align="end">
      <Text size="sm" w="9rem">{plain}</Text>
      {numbers.map(({ parameter, value }, i) => (
        <NumberInput
          key={parameter.name}
          size="xs"
          w="7.5rem"
          label={parameter.title}
          aria-label={`${parameter.title} of ${plain}`}
          min={parameter.min}
          max={parameter.max}
          step={parameter.integer ? 1 : 0.1}
          allowDecimal={!parameter.integer}
          clampBehavior="blur"
          value={value}
          onChange={(next) => typeof next === 'number' && next >= parameter.min && next <= parameter.max && onChange(withNumber(name, i, next))}
        />
      ))}
    </Group>
  );
}

export const indicatorFields = { indicators: IndicatorsField };
