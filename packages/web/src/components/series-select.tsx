import { Select } from '@mantine/core';
import { useMemo } from 'react';

export interface SeriesSelectProps {
  readonly label: string;
  readonly names: readonly string[];
  readonly value: number | null;
  readonly onChange: (index: number | null) => void;
  readonly clearable?: boolean;
  readonly w?: number | string;
}

/** One series by its name, searchable; however many there are, the list stays short. */
export function SeriesSelect({ label, names, value, onChange, clearable = true, w }: SeriesSelectProps) {
  const data = useMemo(() => names.map((name, index) => ({ value: String(index), label: name })), [names]);
  return (
    <Select label={label} size="xs" w={w} placeholder="Type a name" searchable clearable={clearable} allowDeselect={clearable} limit={60} data={data} value={value === null ? null : String(value)} onChange={(next) => onChange(next === null ? null : Number(next))} nothingFoundMessage="No series has this name" maxDropdownHeight={260} />
  );
}
