/** Options of a list with what they mean below their names. */
import { CheckIcon, Group, Text, type ComboboxItem, type MultiSelectProps } from '@mantine/core';

/** Draws an option with what `meaning` says of its value, and a tick where it is chosen. */
export function explained(meaning: (value: string) => string): NonNullable<MultiSelectProps['renderOption']> {
  return ({ option, checked }: { option: ComboboxItem; checked?: boolean }) => (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <span style={{ width: 12, flex: 'none', paddingTop: 2 }}>{checked === true && <CheckIcon size={11} />}</span>
      <div>
        <Text size="sm">{option.label}</Text>
        <Text size="xs" c="dimmed">{meaning(option.value)}</Text>
      </div>
    </Group>
  );
}
