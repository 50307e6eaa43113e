/** Results as input: what is refused, what is held, what is read. */
import { analyses } from '@corrente/shared/contract/analyses/index';
import { correlation } from '@corrente/shared/contract/analyses/correlation';
import { jobSpec, type JobSpec } from '@corrente/shared/contract/job';
import { assert } from 'vitest';
import { addSampleDataset, sampleTable, succeedSample } from '../samples.ts';
import { claimSample, codeOfFailure, leaseMs, submitSample, type Case, type Context } from './case.ts';

/** An analysis that takes the results of correlations, in the catalogue of this process. */
const comparison = { ...correlation, name: 'test-comparison', inputResults: ['correlation'] };
if (analyses instanceof Map) analyses.set(comparison.name, comparison);

/** A spec on a data set of its own, which none of the results comes from. */
async function compare({ platform }: Context, a: string[], b: string[] = []): Promise<JobSpec> {
  const dataset = await addSampleDataset(platform, 'of the comparison');
  return jobSpec.parse({ analysis: comparison.name, input: { dataset: dataset.id, results: { a, b } } });
}

/** The id of a job that has succeeded with this identity. */
async function succeeded(context: Context, identity: string): Promise<string> {
  const claim = await claimSample(context);
  await succeedSample(context.platform, claim, identity);
  return claim.job.id;
}

const unknown = `job_${'0'.repeat(26)}`;

export const inputCases: readonly Case[] = [
  {
    name: 'results of jobs that are not there, have not succeeded, or are of another analysis are refused, with a pointer',
    async run(context) {
      const { platform } = context;
      const good = await succeeded(context, 'input 1');
      const other = await claimSample(context, leaseMs, { analysis: 'moving-average' });
      await succeedSample(platform, other);
      const queued = await submitSample(context);
      const refused = async (spec: JobSpec, code: string, pointer: string): Promise<void> => {
        for (const work of [() => platform.jobs.submit(spec), () => platform.jobs.checkInputs(spec)]) {
          const error: unknown = await work().then(() => null, (reason: unknown) => reason);
          assert.deepInclude(error, { code });
          assert.nestedPropertyVal(error, 'places[0].pointer', pointer);
        }
      };
      await refused(await compare(context, [good, unknown]), 'job-not-found', '/input/results/a/1');
      await refused(await compare(context, [good], [other.job.id]), 'unsuitable-result', '/input/results/b/0');
      await refused(await compare(context, [queued.id]), 'unsuitable-result', '/input/results/a/0');
      const without = await compare(context, [good]);
      await refused({ ...without, input: { dataset: without.input.dataset, fill: 'none', transform: 'none' } }, 'unsuitable-result', '/input/results');
      await refused({ ...without, analysis: 'correlation' }, 'unsuitable-result', '/input/results');
      assert.lengthOf((await platform.jobs.list({ analysis: comparison.name })).items, 0);
      await platform.jobs.cancel(queued.id);
    },
  },
  {
    name: 'a result that is read, and the data set it came from, are kept until the job that reads it has ended',
    async run(context) {
      const { platform } = context;
      const dataset = await addSampleDataset(platform, 'of a result that is read');
      const { job } = await platform.jobs.submit(jobSpec.parse({ analysis: 'correlation', input: { dataset: dataset.id } }));
      const claim = await platform.jobs.claim(job.id, 'worker-1', leaseMs);
      assert.isNotNull(claim);
      await succeedSample(platform, claim);
      const reader = (await platform.jobs.submit(await compare(context, [job.id, job.id], [job.id]))).job;
      assert.deepEqual(reader.spec.input.results, { a: [job.id, job.id], b: [job.id] });
      assert.equal(await codeOfFailure(platform.jobs.delete(job.id)), 'result-in-use');
      assert.equal(await codeOfFailure(platform.datasets.delete(dataset.id)), 'dataset-in-use');
      await platform.jobs.cancel(reader.id);
      await platform.jobs.delete(job.id);
      await platform.datasets.delete(dataset.id);
      assert.equal((await platform.jobs.get(reader.id))?.state, 'cancelled', 'it outlives what it was to read');
    },
  },
  {
    name: 'deleting a result while jobs that read it are submitted leaves no job without its result',
    async run(context) {
      const { platform, other } = context;
      for (let round = 0; round < 8; round++) {
        const id = await succeeded(context, `raced input ${round}`);
        const spec = await compare(context, [id]);
        const [submitted, deleted] = await Promise.allSettled([other.jobs.submit(spec), platform.jobs.delete(id)]);
        assert.notEqual(submitted.status, deleted.status);
        assert.equal((await platform.jobs.get(id)) !== null, submitted.status === 'fulfilled');
        if (submitted.status === 'fulfilled') await platform.jobs.cancel(submitted.value.job.id);
      }
    },
  },
  {
    name: 'a worker finds each result with its identity, its tables and their files, in the order of the spec',
    async run(context) {
      const { platform } = context;
      const [one, two] = [await succeeded(context, 'input one'), await succeeded(context, 'input two')];
      const inputs = await platform.jobs.inputs(await compare(context, [two, one], [one]));
      assert.deepEqual(inputs.a.map(({ id, identity }) => [id, identity]), [[two, 'input two'], [one, 'input one']]);
      assert.deepEqual(inputs.b[0], inputs.a[1]);
      assert.deepEqual(inputs.b[0]?.tables, [{ schema: sampleTable, parts: [`${one}/1/pairs-0`] }]);
      assert.equal(inputs.b[0]?.precision, 'f64');
      await platform.jobs.delete(one);
      assert.equal(await codeOfFailure(platform.jobs.inputs(await compare(context, [one]))), 'job-not-found');
    },
  },
];
