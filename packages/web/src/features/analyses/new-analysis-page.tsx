/** A job put together: data set, analysis, input, parameters, and an estimate of it as one goes. */
import { Accordion, Select, SimpleGrid, Skeleton, NumberInput, Switch, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { InputResultIds, Job, JobSpecInput } from '@corrente/shared/contract/job';
import { useEffect, useMemo, useState, type FormEvent } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { corrente } from '../../app/client.ts';
import { Empty, Page, Panel } from '../../components/page.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { datasetQuery, datasetsQuery } from '../datasets/queries.ts';
import { jobQuery } from '../jobs/queries.ts';
import { AnalysisCards } from './analysis-cards.tsx';
import { addressedDraft } from './draft-address.ts';
import { draftOf, emptyDraft, specOf, withAnalysis, withDataset, type Draft } from './draft.ts';
import { placeErrors } from './error-places.ts';
import { EstimatePanel } from './estimate-panel.tsx';
import { InputFields } from './input-fields.tsx';
import classes from './new-analysis.module.css';
import { applicableParams } from './params-form/hints/form-hints.ts';
import { ParamsForm } from './params-form/params-form.tsx';
import { analysesQuery, enginesQuery } from './queries.ts';
import { ResultsFields } from './results-input/results-fields.tsx';
import { compares, comparisonDraft } from './results-input/taken-results.ts';

const noSeries: readonly string[] = [];
const noResults: InputResultIds = { a: [], b: [] };

/** From the address: a data set, an analysis and settings of it; `job`, to be changed and run again; or `a`, whose result is to be compared. */
export function NewAnalysisPage() {
  const [search] = useSearchParams();
  const jobId = search.get('job') ?? search.get('a');
  const { data: job, error } = useQuery({ ...jobQuery(jobId ?? ''), enabled: jobId !== null });
  if (jobId !== null && error !== null) return <Page title="New analysis"><ProblemAlert error={error} /></Page>;
  if (jobId !== null && job === undefined) return <Page title="New analysis"><Skeleton h={400} /></Page>;
  return <NewAnalysis key={search.toString()} initial={firstDraft(search, job)} />;
}

function firstDraft(search: URLSearchParams, job: Job | undefined): Draft {
  const analysis = search.get('analysis');
  if (job === undefined) return addressedDraft(search);
  return search.has('a') && !search.has('job') && analysis !== null ? comparisonDraft(emptyDraft, job, analysis) : draftOf(job.spec);
}

function NewAnalysis({ initial }: { initial: Draft }) {
  const [draft, setDraft] = useState(initial);
  const { data: analyses, error: catalogueError } = useQuery(analysesQuery);
  const { data: listed, error: listError, isPending: listPending } = useInfiniteQuery(datasetsQuery);
  const datasets = useMemo(() => listed?.pages.flatMap((page) => page.items) ?? [], [listed]);
  const { data: dataset, error: datasetError } = useQuery({ ...datasetQuery(draft.dataset ?? ''), enabled: draft.dataset !== null });
  const analysis = analyses?.find(({ name }) => name === draft.analysis);

  // One data set, one choice; and whichever is chosen, its own field and series.
  useEffect(() => {
    if (draft.dataset === null && datasets.length === 1) setDraft((now) => ({ ...now, dataset: datasets[0]!.id }));
  }, [datasets, draft.dataset]);
  useEffect(() => {
    if (dataset !== undefined) setDraft((now) => withDataset(now, dataset));
  }, [dataset]);

  const spec = useMemo(() => specOf({ ...draft, params: applicableParams(draft.analysis, draft.params) }), [draft]);
  const { estimate, estimateError, stale } = useEstimate(spec);
  const submit = useSubmit();
  const failure = submit.error ?? estimateError;
  const errors = useMemo(() => {
    const known = failure === null ? null : CorrenteError.from(failure);
    return placeErrors(known?.places ?? estimate?.refused?.errors ?? []);
  }, [failure, estimate]);

  const change = (changes: Partial<Draft>) => {
    submit.reset();
    setDraft((now) => ({ ...now, ...changes }));
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (spec !== null) submit.mutate(spec);
  };
  const hint = draft.analysis === 'correlation' && draft.input.transform === 'none' ? 'Series that only grow correlate by their trends; their log returns show more.' : undefined;
  const titleOf = (name: string | undefined) => analyses?.find((other) => other.name === name)?.title ?? name ?? '';
  const loadError = catalogueError ?? listError ?? datasetError;

  return (
    <Page title="New analysis">
      {loadError !== null && <ProblemAlert error={loadError} />}
      <form onSubmit={onSubmit} className={classes['layout']} noValidate>
        <div className={classes['main']}>
          <Panel title="Data set">
            {!listPending && datasets.length === 0 && listError === null ? (
              <Empty title="No data set yet"><Link to="/datasets">Import a file</Link> first.</Empty>
            ) : (
              <Select aria-label="Data set" placeholder="Choose a data set" searchable data={options(datasets, dataset)} value={draft.dataset} onChange={(value) => change({ dataset: value, input: { ...draft.input, from: null, to: null } })} allowDeselect={false} limit={60} error={errors.input.get('dataset')?.join('. ')} />
            )}
          </Panel>
          <Panel title="Analysis">
            {analyses === undefined ? <Skeleton h={72} /> : <AnalysisCards analyses={analyses} value={draft.analysis} onChange={(name) => change(withAnalysis(draft, name))} />}
          </Panel>
          {analysis?.inputResults !== undefined && (
            <Panel title={compares(analysis) ? 'Results to compare' : 'Model'}>
              <ResultsFields compared={compares(analysis)} analyses={analysis.inputResults} title={analysis.inputResults.map(titleOf).join(' or ')} results={draft.input.results ?? noResults} onChange={(results) => change({ input: { ...draft.input, results } })} errors={errors.input} />
            </Panel>
          )}
          {dataset !== undefined && (
            <Panel title="Input">
              {draft.analysis === 'network-comparison' && <Text size="sm" c="dimmed" mb="md">Each result is compared with the data that it was found in, prepared as they were then: what is chosen here does not change it.</Text>}
              <InputFields dataset={dataset} input={draft.input} onChange={(input) => change({ input })} errors={errors.input} transformHint={hint} />
            </Panel>
          )}
          {analysis !== undefined && (
            <Panel title="Parameters">
              <ParamsForm analysis={analysis} params={draft.params} onChange={(params) => change({ params })} errors={errors.params} series={draft.input.series ?? dataset?.series ?? noSeries} />
            </Panel>
          )}
          <Advanced draft={draft} onChange={change} errors={errors.spec} />
        </div>
        <div className={classes['aside']}>
          <EstimatePanel estimate={estimate} stale={stale} error={failure} submitting={submit.isPending} ready={spec !== null} />
        </div>
      </form>
    </Page>
  );
}

function options(datasets: readonly { id: string; name: string }[], chosen: { id: string; name: string } | undefined) {
  const all = chosen === undefined || datasets.some(({ id }) => id === chosen.id) ? datasets : [chosen, ...datasets];
  return all.map(({ id, name }) => ({ value: id, label: name }));
}

/** The estimate of the spec as it stands, asked for once typing pauses. */
function useEstimate(spec: JobSpecInput | null) {
  const [settled] = useDebouncedValue(spec, 300);
  const { data, error, isFetching } = useQuery({
    queryKey: ['estimate', settled],
    queryFn: ({ signal }) => (settled === null ? null : corrente().estimate(settled, { signal })),
    enabled: settled !== null,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    retry: false,
  });
  return { estimate: data ?? undefined, estimateError: error, stale: isFetching || settled !== spec };
}

function useSubmit() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (spec: JobSpecInput) => corrente().submit(spec),
    onSuccess: (job) => {
      queries.setQueryData(['job', job.id], job);
      void queries.invalidateQueries({ queryKey: ['jobs'] });
      return navigate(`/jobs/${job.id}`);
    },
  });
}

interface AdvancedProps {
  readonly draft: Draft;
  readonly onChange: (changes: Partial<Draft>) => void;
  readonly errors: ReadonlyMap<string, readonly string[]>;
}

const precisions = [{ value: 'f64', label: 'Double (float64)' }, { value: 'f32', label: 'Single (float32)' }] as const;
const engineNames = ['auto', 'cuda', 'cpu', 'portable'] as const;

function Advanced({ draft, onChange, errors }: AdvancedProps) {
  const { data: engines } = useQuery(enginesQuery);
  const missing = (name: string) => name !== 'auto' && engines !== undefined && !engines.some((engine) => engine.name === name && engine.available);
  const error = (name: string) => errors.get(name)?.join('. ');
  return (
    <Accordion variant="contained" chevronPosition="left" classNames={{ item: classes['card'] }} styles={{ item: { display: 'block', padding: 0 } }}>
      <Accordion.Item value="advanced">
        <Accordion.Control>
          <Text size="sm" fw={550}>Advanced</Text>
        </Accordion.Control>
        <Accordion.Panel>
          <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="md">
            <Select label="Engine" data={engineNames.map((name) => ({ value: name, label: missing(name) ? `${name} (not available)` : name }))} value={draft.engine} onChange={(value) => onChange({ engine: engineNames.find((name) => name === value) ?? 'auto' })} allowDeselect={false} error={error('engine')} />
            <Select label="Precision" data={[...precisions]} value={draft.precision} onChange={(value) => onChange({ precision: value === 'f32' ? 'f32' : 'f64' })} allowDeselect={false} error={error('precision')} />
            <NumberInput label="Seed" value={draft.seed} onChange={(value) => onChange({ seed: typeof value === 'number' ? value : 1 })} min={0} max={2 ** 32 - 1} allowDecimal={false} error={error('seed')} />
            <NumberInput label="Workers" description="May share the independent steps of the job." value={draft.workers} onChange={(value) => onChange({ workers: typeof value === 'number' ? value : 1 })} min={1} max={64} allowDecimal={false} error={error('workers')} />
          </SimpleGrid>
          <Switch mt="md" label="Compute even where an identical result is stored" checked={draft.fresh} onChange={(event) => onChange({ fresh: event.currentTarget.checked })} />
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
