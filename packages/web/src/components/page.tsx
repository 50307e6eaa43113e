/** The parts every page is made of. */
import { Group, Stack, Text, Title } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import classes from './page.module.css';

export interface PageProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** Names the document after the page, too: tabs and the history tell pages apart. */
export function Page({ title, lead, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Corrente`;
  }, [title]);
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start" gap="md">
        <div className={classes['heading']}>
          <Title order={1}>{title}</Title>
          {lead !== undefined && <Text c="dimmed" size="sm" component="div" mt={2}>{lead}</Text>}
        </div>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}

export interface PanelProps {
  readonly title?: string;
  /** Its name where it has no visible title. */
  readonly label?: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  /** Without padding: for tables and lists that reach the border. */
  readonly flush?: boolean;
}

/** A region with a hairline around it. */
export function Panel({ title, label = title, aside, children, flush = false }: PanelProps) {
  return (
    <section className={classes['panel']} aria-label={label}>
      {title !== undefined && (
        <header className={classes['panelHead']}>
          <Title order={2}>{title}</Title>
          {aside}
        </header>
      )}
      <div className={flush ? undefined : classes['panelBody']}>{children}</div>
    </section>
  );
}

/** What stands where a list is empty: what would be here, and how it comes to be. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={classes['empty']}>
      <Text fw={500}>{title}</Text>
      {children !== undefined && <Text size="sm" c="dimmed" component="div">{children}</Text>}
    </div>
  );
}

export interface Figure {
  readonly label: string;
  readonly value: ReactNode;
  readonly note?: ReactNode;
}

/** Headline figures side by side. */
export function Figures({ items }: { items: readonly Figure[] }) {
  return (
    <dl className={classes['figures']}>
      {items.map(({ label, value, note }) => (
        <div key={label} className={classes['figure']}>
          <dt>{label}</dt>
          <dd>{value}</dd>
          {note !== undefined && <dd className={classes['note']}>{note}</dd>}
        </div>
      ))}
    </dl>
  );
}
