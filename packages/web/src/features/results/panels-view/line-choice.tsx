import { Chip, Group, MultiSelect } from '@mantine/core';

/** More than these are chosen from a list. */
const mostChips = 16;

export interface LineChoiceProps {
  readonly columns: readonly string[];
  readonly shown: ReadonlySet<string>;
  readonly onChange: (shown: ReadonlySet<string>) => void;
}

/** Which lines are drawn: chips to switch, or a list to search where there are many. */
export function LineChoice({ columns, shown, onChange }: LineChoiceProps) {
  if (columns.length > mostChips) {
    return <MultiSelect label="Lines" size="xs" flex="1 1 20rem" data={[...columns]} value={columns.filter((column) => shown.has(column))} onChange={(chosen) => onChange(new Set(chosen))} searchable clearable limit={100} nothingFoundMessage="No line has this name" maxDropdownHeight={260} />;
  }
  return (
    <Group gap={6} role="group" aria-label="Lines">
      {columns.map((column) => (
        <Chip key={column} size="xs" checked={shown.has(column)} onChange={(checked) => onChange(new Set(columns.filter((one) => (one === column ? checked : shown.has(one)))))}>
          {column}
        </Chip>
      ))}
    </Group>
  );
}
