import { Accordion, Fieldset, SimpleGrid, Text } from '@mantine/core';
import { errorId, type ErrorSchema, type FieldErrorProps, type FieldTemplateProps, type ObjectFieldTemplateProps } from '@rjsf/utils';
import { useState } from 'react';
import { formContextOf, type FormContext } from './form-context.ts';
import { isJson } from './form-schema.ts';
import classes from './templates.module.css';
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
function ObjectFieldTemplate(props: ObjectFieldTemplateProps) {
  const { title, description, properties, fieldPathId, registry } = props;
  const shown = properties.filter((property) => !property.hidden);
  if (fieldPathId.path.length === 0) return <Grouped properties={shown} groups={formContextOf({ registry }).groups} errors={props.errorSchema} />;
  return (
    <Fieldset legend={title}>
      {description !== undefined && <Text size="xs" c="dimmed" mb="xs">{description}</Text>}
      <Properties properties={shown} />
    </Fieldset>
  );
}

type Property = ObjectFieldTemplateProps['properties'][number];

function Properties({ properties }: { properties: readonly Property[] }) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="lg" verticalSpacing="md">
      {properties.map((property) => (
        <div key={property.name} className={isWide(property) ? classes['wide'] : undefined}>{property.content}</div>
      ))}
    </SimpleGrid>
  );
}

const wideFields: ReadonlySet<unknown> = new Set(['indicators', 'kinds', 'split', 'json']);

/** Whether the property takes the whole width: it has properties of its own, or is a long list to choose from. */
function isWide({ content }: Property): boolean {
  const { schema, uiSchema } = content.props as { schema?: { type?: unknown }; uiSchema?: Record<string, unknown> };
  return schema?.type === 'object' || wideFields.has(uiSchema?.['ui:field']);
}

/** What matters most, then the groups, closed until they are opened or hold an error. */
function Grouped({ properties, groups, errors }: { properties: readonly Property[]; groups: FormContext['groups']; errors: ErrorSchema | undefined }) {
  const [opened, setOpened] = useState<string[]>([]);
  const grouped = new Set(groups.flatMap(({ names }) => names));
  const filled = groups.flatMap(({ title, names }) => {
    const inside = names.flatMap((name) => properties.filter((property) => property.name === name));
    return inside.length === 0 ? [] : [{ title, inside, wrong: inside.some(({ name }) => holdsErrors(errors?.[name])) }];
  });
  return (
    <>
      <Properties properties={properties.filter(({ name }) => !grouped.has(name))} />
      {filled.length > 0 && (
        <Accordion multiple chevronPosition="left" mt="md" value={filled.filter((group) => group.wrong || opened.includes(group.title)).map(({ title }) => title)} onChange={setOpened} classNames={{ item: classes['group'], content: classes['content'] }}>
          {filled.map(({ title, inside }) => (
            <Accordion.Item key={title} value={title}>
              <Accordion.Control>
                <Text size="sm" fw={550}>{title}</Text>
              </Accordion.Control>
              <Accordion.Panel>
                <Properties properties={inside} />
              </Accordion.Panel>
            </Accordion.Item>
          ))}
        </Accordion>
      )}
    </>
  );
}

/** The library keeps empty places for what has no error. */
function holdsErrors(place: unknown): boolean {
  if (!isJson(place)) return false;
  return Object.entries(place).some(([name, inner]) => (name === '__errors' ? Array.isArray(inner) && inner.length > 0 : holdsErrors(inner)));
}

export const templates = { FieldTemplate, FieldErrorTemplate, ObjectFieldTemplate, BaseInputTemplate: BaseInput };
