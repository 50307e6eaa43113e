import { Fieldset, SimpleGrid, Text } from '@mantine/core';
import { errorId, type FieldErrorProps, type FieldTemplateProps, type ObjectFieldTemplateProps } from '@rjsf/utils';
import { BaseInput } from './widgets.tsx';

/** The inputs carry their own labels and help. */
function FieldTemplate({ hidden, children, errors }: FieldTemplateProps) {
  if (hidden === true) return null;
  return (
    <div>
      {children}
      {errors}
    </div>
  );
}

function FieldErrorTemplate({ errors = [], fieldPathId }: FieldErrorProps) {
  if (errors.length === 0) return null;
  return (
    <Text id={errorId(fieldPathId)} size="xs" c="var(--mantine-color-error)" mt={4} role="alert">
      {errors.map((error) => (typeof error === 'string' ? sentence(error) : error))}
    </Text>
  );
}

function sentence(text: string): string {
  return text === '' ? '' : `${text[0]!.toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? ' ' : '. '}`;
}

/** The parameters side by side; a parameter that has parameters of its own is a group. */
function ObjectFieldTemplate({ title, description, properties, fieldPathId }: ObjectFieldTemplateProps) {
  const grid = (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="lg" verticalSpacing="md">
      {properties.filter((property) => !property.hidden).map((property) => (
        <div key={property.name}>{property.content}</div>
      ))}
    </SimpleGrid>
  );
  if (fieldPathId.path.length === 0) return grid;
  return (
    <Fieldset legend={title}>
      {description !== undefined && <Text size="xs" c="dimmed" mb="xs">{description}</Text>}
      {grid}
    </Fieldset>
  );
}

export const templates = { FieldTemplate, FieldErrorTemplate, ObjectFieldTemplate, BaseInputTemplate: BaseInput };
