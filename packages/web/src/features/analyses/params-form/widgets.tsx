/** The form's inputs in Mantine: label with its unit, help with the default, the value. Errors stand below them. */
import { Checkbox, Group, NumberInput, Select, Switch, TagsInput, TextInput } from '@mantine/core';
import type { Choice } from './hints/form-hints.ts';
import { errorId, type BaseInputTemplateProps, type RJSFSchema, type WidgetProps } from '@rjsf/utils';

function labelled(props: WidgetProps) {
  const { id, label, schema, rawErrors, disabled, readonly } = props;
  const unit: unknown = (schema as Record<string, unknown>)['unit'];
  const help = [schema.description, defaultText(schema)].filter((text) => text !== undefined).join(' ');
  return {
    id,
    label: typeof unit === 'string' ? `${label} (${unit})` : label,
    description: help === '' ? undefined : help,
    error: (rawErrors?.length ?? 0) > 0,
    disabled: disabled === true || readonly === true,
    size: 'sm' as const,
    'aria-errormessage': (rawErrors?.length ?? 0) > 0 ? errorId(id) : undefined,
  };
}

/** Nothing for a switch that is off and an optional value that is left out. */
function defaultText(schema: RJSFSchema): string | undefined {
  const value = schema.default;
  if (value === undefined || value === null || typeof value === 'boolean' || (Array.isArray(value) && value.length === 0)) return undefined;
  return `Default: ${Array.isArray(value) ? value.join(', ') : typeof value === 'object' ? JSON.stringify(value) : value}.`;
}

export function BaseInput(props: BaseInputTemplateProps) {
  const { schema, value, onChange, onBlur, onFocus, id } = props;
  const types = new Set([schema.type].flat());
  const empty = types.has('null') ? null : undefined;
  const touched = { onBlur: () => onBlur(id, value), onFocus: () => onFocus(id, value) };
  if (types.has('number') || types.has('integer')) {
    return (
      <NumberInput
        {...labelled(props)}
        {...touched}
        value={typeof value === 'number' ? value : ''}
        onChange={(next) => onChange(typeof next === 'number' ? next : next === '' ? empty : Number(next))}
        allowDecimal={!types.has('integer')}
        step={types.has('integer') ? 1 : 0.05}
        min={schema.minimum}
        max={schema.maximum}
        clampBehavior="none"
        placeholder={empty === null ? 'None' : undefined}
      />
    );
  }
  return <TextInput {...labelled(props)} {...touched} value={typeof value === 'string' ? value : ''} onChange={(event) => onChange(event.currentTarget.value === '' ? empty : event.currentTarget.value)} />;
}

/** A choice in the words that the hints have for it; what the chosen one means stands below. */
function SelectWidget(props: WidgetProps) {
  const options = props.options.enumOptions ?? [];
  const index = options.findIndex((option) => option.value === props.value);
  const choices = props.options['choices'];
  const words = (value: unknown): Choice | undefined => (isChoices(choices) ? choices[String(value)] : undefined);
  const { help } = props.options;
  const { description, ...usual } = labelled(props);
  return (
    <Select
      {...usual}
      description={words(props.value)?.meaning ?? (typeof help === 'string' ? help : isChoices(choices) ? props.schema.description : description)}
      data={options.map((option, i) => ({ value: String(i), label: words(option.value)?.label ?? option.label }))}
      value={index === -1 ? null : String(index)}
      onChange={(next) => props.onChange(next === null ? null : options[Number(next)]?.value)}
      allowDeselect={false}
      clearable={[props.schema.type].flat().includes('null')}
      placeholder="Left to the analysis"
    />
  );
}

function isChoices(value: unknown): value is Readonly<Record<string, Choice>> {
  return typeof value === 'object' && value !== null;
}

function SwitchWidget(props: WidgetProps) {
  const { id, label, description, error, disabled } = labelled(props);
  return <Switch id={id} label={label} description={description} error={error} disabled={disabled} checked={props.value === true} onChange={(event) => props.onChange(event.currentTarget.checked)} mt={4} />;
}

function CheckboxesWidget(props: WidgetProps) {
  const { label, description, error, disabled } = labelled(props);
  const options = props.options.enumOptions ?? [];
  const chosen: unknown[] = Array.isArray(props.value) ? props.value : [];
  return (
    <Checkbox.Group
      label={label}
      description={description}
      error={error}
      value={options.flatMap((option, i) => (chosen.includes(option.value) ? [String(i)] : []))}
      onChange={(next) => props.onChange(options.filter((_, i) => next.includes(String(i))).map((option) => option.value))}
    >
      <Group gap="md" my={6}>
        {options.map((option, i) => (
          <Checkbox key={option.label} value={String(i)} label={option.label} disabled={disabled} size="sm" />
        ))}
      </Group>
    </Checkbox.Group>
  );
}

/** A list of numbers or words, typed one after the other. */
function ListWidget(props: WidgetProps) {
  const items = props.schema.items;
  const itemType = typeof items === 'object' && !Array.isArray(items) ? items.type : undefined;
  const numeric = itemType === 'number' || itemType === 'integer';
  const value: unknown[] = Array.isArray(props.value) ? props.value : [];
  const parse = (text: string) => {
    const number = Number(text);
    return numeric && text.trim() !== '' && Number.isFinite(number) ? number : text;
  };
  return (
    <TagsInput
      {...labelled(props)}
      value={value.map(String)}
      onChange={(next) => props.onChange(next.map(parse))}
      splitChars={[',', ';', ' ']}
      acceptValueOnBlur
      clearable
      placeholder={value.length === 0 ? 'Type, then Enter' : ''}
      inputMode={numeric ? 'numeric' : undefined}
    />
  );
}

export const widgets = { SelectWidget, CheckboxWidget: SwitchWidget, CheckboxesWidget, list: ListWidget };
