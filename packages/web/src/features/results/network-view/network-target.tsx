/** What is known of one process: what drives it and at which lags, its own past, what it drives, and its tests. */
import { Accordion, CloseButton, Text } from '@mantine/core';
import type { Job } from '@corrente/shared/contract/job';
import { useMemo } from 'react';
import type { Network } from '../../../charts/network/network.ts';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import { formatCount, formatReal, plural } from '../../../lib/format.ts';
import { useSnapshotTable } from '../use-snapshot-table.ts';
import { targetRows, testRows, testsByStage, variableRows, type TestRow, type VariableRow } from './network-tables.ts';
import classes from './network-target.module.css';

const stageTitles: Readonly<Record<string, string>> = {
  'target-past': 'Own past, chosen',
  sources: 'Sources, chosen',
  prune: 'Sources, pruned',
  omnibus: 'All sources together',
  sequential: 'Each source, last test',
};

export interface NetworkTargetProps {
  readonly job: Job;
  /** With every link, whatever the filters. */
  readonly network: Network;
  readonly place: number;
  readonly unit: string;
  readonly onSelect: (place: number | null) => void;
}

export function NetworkTarget({ job, network, place, unit, onSelect }: NetworkTargetProps) {
  const name = network.names[place]!;
  const variablesTable = useSnapshotTable(job, 'variables');
  const targetsTable = useSnapshotTable(job, 'targets');
  const testsTable = useSnapshotTable(job, 'tests');
  const variables = useMemo(() => (variablesTable.store === null ? [] : variableRows(variablesTable.store)).filter((row) => row.target === name), [variablesTable.store, name]);
  const target = useMemo(() => (targetsTable.store === null ? [] : targetRows(targetsTable.store)).findLast((row) => row.target === name), [targetsTable.store, name]);
  const stages = useMemo(() => [...testsByStage(testsTable.store === null ? [] : testRows(testsTable.store), name)], [testsTable.store, name]);
  const error = variablesTable.error ?? targetsTable.error ?? testsTable.error;
  const [into, outOf] = [network.links.filter((link) => link.target === place), network.links.filter((link) => link.source === place)];
  const own = variables.filter(({ kind }) => kind === 'target');
  const forced = variables.filter(({ kind }) => kind === 'conditional');
  const process = (at: number) => (
    <button type="button" className={classes['name']} onClick={() => onSelect(at)}>
      {network.names[at]}
    </button>
  );

  return (
    <aside className={classes['panel']} aria-label={`About ${name}`}>
      <div className={classes['head']}>
        <h3>{name}</h3>
        <CloseButton size="sm" aria-label={`Close ${name}`} onClick={() => onSelect(null)} />
      </div>
      {error !== null && <ProblemAlert error={error} />}
      <section>
        <h4>Driven by {into.length === 0 && <span className={classes['none']}>none</span>}</h4>
        {into.length > 0 && (
          <table className={classes['rows']} aria-label={`What drives ${name}`}>
            <thead>
              <tr>
                <th scope="col">source</th>
                <th scope="col">lag</th>
                <th scope="col">te ({unit})</th>
                <th scope="col">p</th>
              </tr>
            </thead>
            <tbody>
              {into.toSorted((a, b) => b.te - a.te).map((link) => {
                const lags = variables.filter((row) => row.kind === 'source' && row.process === network.names[link.source]);
                return [
                  <tr key={link.source} data-refused={link.significant === false}>
                    <td>{process(link.source)}</td>
                    <td>{lags.length > 1 ? 'all' : lagText(link.lag)}</td>
                    <td>{formatReal(link.te)}</td>
                    <td>{pText(link.p)}{link.significant === false && <span title="Not significant after the control of false discoveries"> n.s.</span>}</td>
                  </tr>,
                  ...(lags.length > 1 ? lags.map((row) => <tr key={`${link.source} ${row.lag}`} className={classes['part']}><td /><td>{row.lag}</td><td>{formatReal(row.te)}</td><td>{pText(row.p)}</td></tr>) : []),
                ];
              })}
            </tbody>
          </table>
        )}
        {target !== undefined && into.length > 0 && <Text size="xs" c="dimmed" mt={2}>All together {formatReal(target.omnibusTe)} {unit}, p {pText(target.omnibusP)}{target.significant === false && '; not significant after the control of false discoveries'}</Text>}
      </section>
      <section>
        <h4>Drives {outOf.length === 0 && <span className={classes['none']}>none</span>}</h4>
        <ul className={classes['driven']}>
          {outOf.toSorted((a, b) => b.te - a.te).map((link) => (
            <li key={link.target}>{process(link.target)} <span className={classes['quiet']}>lag {lagText(link.lag)}, te {formatReal(link.te)}</span></li>
          ))}
        </ul>
      </section>
      {own.length > 0 && <Past title="Its own past" rows={own} />}
      {forced.length > 0 && <Past title="Forced conditions" rows={forced} named />}
      {stages.length > 0 && (
        <section>
          <h4>Tests {target !== undefined && <span className={classes['none']}>{formatCount(target.estimates)} estimates</span>}</h4>
          <Accordion variant="contained" chevronPosition="left" classNames={{ control: classes['control'], content: classes['content'], label: classes['stage'] }}>
            {stages.map(([stage, tests]) => (
              <Accordion.Item key={stage} value={stage}>
                <Accordion.Control>{stageTitles[stage] ?? stage} <span className={classes['quiet']}>{plural(tests.length, 'test')}</span></Accordion.Control>
                <Accordion.Panel><Tests tests={tests} title={stageTitles[stage] ?? stage} /></Accordion.Panel>
              </Accordion.Item>
            ))}
          </Accordion>
        </section>
      )}
    </aside>
  );
}

function Past({ title, rows, named = false }: { title: string; rows: readonly VariableRow[]; named?: boolean }) {
  return (
    <section>
      <h4>{title}</h4>
      <ul className={classes['lags']}>
        {rows.map((row) => (
          <li key={`${row.process} ${row.lag}`} title={Number.isNaN(row.te) ? undefined : `te ${formatReal(row.te)}, p ${pText(row.p)}`}>{named ? `${row.process}, ` : ''}lag {row.lag}</li>
        ))}
      </ul>
    </section>
  );
}

function Tests({ tests, title }: { tests: readonly TestRow[]; title: string }) {
  return (
    <table className={classes['rows']} aria-label={title}>
      <thead>
        <tr>
          <th scope="col">variable</th>
          <th scope="col">lag</th>
          <th scope="col">statistic</th>
          <th scope="col">p</th>
        </tr>
      </thead>
      <tbody>
        {tests.map((test, i) => (
          <tr key={i} data-refused={test.significant === false} title={Number.isNaN(test.permutations) ? undefined : `${formatCount(test.permutations)} surrogates`}>
            <td>{test.candidate ?? 'all'}</td>
            <td>{lagText(test.lag)}</td>
            <td>{formatReal(test.statistic)}</td>
            <td>{pText(test.p)}{test.significant === false && <span title="Not significant"> n.s.</span>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function lagText(lag: number): string {
  return Number.isNaN(lag) ? '–' : String(lag);
}

function pText(p: number): string {
  return Number.isNaN(p) ? '–' : p >= 1e-4 || p === 0 ? String(Number(p.toPrecision(3))) : p.toExponential(1).replace('-', '−');
}
