/** Parameters of a forecast that are more than a number or a word: how the rows are split, and layers as a document. */
import { Button, FileButton, Group, NumberInput, SegmentedControl, Textarea, TextInput } from '@mantine/core';
import type { FieldProps } from '@rjsf/utils';
import { useState } from 'react';
import { helpOf, Labelled } from './series-fields.tsx';
import { firstSplit, partOf, splitKind, splitParts, type SplitKind, type SplitPart } from './split-value.ts';

const kinds: readonly { readonly value: SplitKind; readonly label: string }[] = [
  { value: 'shares', label: 'Shares' },
  { value: 'rows', label: 'Rows' },
  { value: 'dates', label: 'Last dates' },
];
const words: Readonly<Record<SplitPart, string>> = { train: 'Train', validation: 'Validation', test: 'Test' };

function SplitField(field: FieldProps) {
  const value: unknown = field.formData;
  const kind = splitKind(value);
  const set = (next: unknown) => field.onChange(next, field.fieldPathId.path);
  const setPart = (part: SplitPart, next: unknown) => set({ ...Object.fromEntries(splitParts.map((one) => [one, partOf(value, one) === '' ? (one === 'test' ? null : '') : partOf(value, one)])), [part]: next });
  return (
    <Labelled field={field}>
      <SegmentedControl size="xs" mt={4} display="flex" maw="20rem" aria-label="Kind of split" data={[...kinds]} value={kind} onChange={(next) => set(firstSplit(kinds.find((one) => one.value === next)?.value ?? 'shares'))} />
      <Group gap="xs" mt={6} wrap="nowrap">
        {splitParts.map((part) =>
          kind === 'dates' ? (
            <TextInput key={part} type="date" size="xs" flex={1} label={words[part]} value={String(partOf(value, part))} onChange={(event) => setPart(part, event.currentTarget.value === '' && part === 'test' ? null : event.currentTarget.value)} />
          ) : (
            <NumberInput key={part} size="xs" flex={1} label={words[part]} value={partOf(value, part)} min={0} step={kind === 'shares' ? 0.05 : 100} allowDecimal={kind === 'shares'} onChange={(next) => setPart(part, next)} />
          ),
        )}
      </Group>
    </Labelled>
  );
}

/** A JSON document, typed or read from a file; what is no JSON yet stays as it was typed, and is refused as such. */
function JsonField(field: FieldProps) {
  const value: unknown = field.formData;
  const [text, setText] = useState(() => (value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value, null, 1)));
  const change = (typed: string) => {
    setText(typed);
    field.onChange(typed.trim() === '' ? undefined : parsed(typed), field.fieldPathId.path);
  };
  return (
    <>
      <Textarea label={field.schema.title ?? field.name} description={helpOf(field)} error={(field.rawErrors?.length ?? 0) > 0} value={text} onChange={(event) => change(event.currentTarget.value)} rows={8} size="sm" styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 'var(--mantine-font-size-xs)' } }} spellCheck={false} />
      <FileButton accept="application/json,.json" onChange={(file) => void file?.text().then(change)}>
        {(props) => <Button {...props} size="compact-xs" variant="default" mt={6}>From a file</Button>}
      </FileButton>
    </>
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

/** By the names that the hints give them. */
export const forecastFields = { split: SplitField, json: JsonField };
