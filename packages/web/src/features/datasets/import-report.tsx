import { Table, Text, UnstyledButton } from '@mantine/core';
import type { ImportReport as Report } from '@corrente/shared/contract/dataset';
import { useState } from 'react';
import { CheckIcon, ChevronIcon, InfoIcon, WarningIcon } from '../../app/icons.tsx';
import { formatCount, formatMilliseconds } from '../../lib/format.ts';
import { findings, reading, type Finding } from './findings.ts';
import classes from './import-report.module.css';

/** What the import found: how the file was read, then each finding with its places. */
export function ImportReport({ report }: { report: Report }) {
  const found = findings(report);
  const { total, read, check, store } = report.milliseconds;
  return (
    <div>
      <Text size="sm" c="dimmed" px="md" py="sm">
        {reading(report)} Read in {formatMilliseconds(total)}: reading {formatMilliseconds(read)}, checking {formatMilliseconds(check)}, storing {formatMilliseconds(store)}.
      </Text>
      <ul className={classes['list']} aria-label="Findings">
        {found.length === 0 && (
          <li className={classes['clean']}>
            <CheckIcon /> Nothing to remark: no missing cells, duplicates, gaps or rows out of order.
          </li>
        )}
        {found.map((finding) => (
          <FindingItem key={finding.title} finding={finding} />
        ))}
      </ul>
    </div>
  );
}

function FindingItem({ finding }: { finding: Finding }) {
  const [open, setOpen] = useState(false);
  const { columns, rows, total } = finding.places;
  const head = (
    <>
      <span className={classes['icon']} data-severity={finding.severity}>{finding.severity === 'warning' ? <WarningIcon /> : <InfoIcon />}</span>
      <span className={classes['words']}>
        <b>{finding.title}</b> <span className={classes['detail']}>{finding.detail}</span>
      </span>
      {rows.length > 0 && <span className={classes['chevron']} data-open={open}><ChevronIcon size={13} /></span>}
    </>
  );
  if (rows.length === 0) return <li className={classes['finding']}><div className={classes['head']}>{head}</div></li>;
  return (
    <li className={classes['finding']}>
      <UnstyledButton className={classes['head']} aria-expanded={open} onClick={() => setOpen(!open)}>
        {head}
      </UnstyledButton>
      {open && (
        <div className={classes['places']}>
          <Table aria-label={finding.title} verticalSpacing={3} fz="xs" withRowBorders={false} stickyHeader>
            <Table.Thead>
              <Table.Tr>{columns.map((column) => <Table.Th key={column}>{column}</Table.Th>)}</Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row) => (
                <Table.Tr key={row.join('\u0000')}>
                  {row.map((cell, i) => <Table.Td key={columns[i]}>{cell}</Table.Td>)}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          {total > rows.length && <Text size="xs" c="dimmed" p="xs">The first {formatCount(rows.length)} of {formatCount(total)}.</Text>}
        </div>
      )}
    </li>
  );
}
