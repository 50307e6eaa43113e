/** Result tables, streamed as they are stored, in the format that is asked for. */
import type { Platform } from '@corrente/platform/platform';
import { convert } from '@corrente/platform/results/convert';
import { analysisNamed } from '@corrente/shared/contract/analyses/index';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { chooseFormat } from '@corrente/shared/contract/http';
import { finalStates, type Job } from '@corrente/shared/contract/job';
import { resultFormats, type ResultFormat } from '@corrente/shared/contract/result';
import type { Handlers } from '../../mount.ts';
import type { ApiOptions } from '../../options.ts';
import { goneSignal, sendAll } from '../../stream.ts';
import { normalise, shapeOf } from '../jobs/admission.ts';

const formats = Object.keys(resultFormats) as ResultFormat[];

export function resultRoutes(platform: Platform, options: ApiOptions): Pick<Handlers, 'getResult'> {
  return {
    getResult: async ({ params: { id, table }, query, request, response }) => {
      const format = chooseFormat(formats, query.format, (types) => request.accepts(types));
      if (format === null) throw new CorrenteError('not-acceptable', `The format was ${query.format ?? request.headers.accept}; one of ${formats.join(', ')} was expected.`);
      const job = await platform.jobs.getBatched(id);
      if (job === null) throw new CorrenteError('job-not-found', `There is no job ${id}.`);
      if (job.share) throw new CorrenteError('table-not-found', `${id} is a share of ${job.share.parent}, which holds its rows.`);
      const names = await tablesOf(platform, job);
      if (!names.includes(table)) {
        throw new CorrenteError('table-not-found', `The table was "${table}"; ${id} (${job.state}) ${names.length === 0 ? 'has none' : `has ${names.join(', ')}`}.`);
      }

      response.setHeader('content-type', resultFormats[format]);
      response.setHeader('cache-control', 'no-store');
      response.setHeader('x-accel-buffering', 'no');
      response.setHeader('vary', 'accept');
      if (query.download) response.setHeader('content-disposition', `attachment; filename="${job.analysis}-${table}-${id}.${format}"`);
      if (request.method === 'HEAD') return { status: 200 };

      const signal = goneSignal(response, options.closing);
      const arrow = platform.results.readArrow(id, table, { follow: query.follow, signal });
      // While the job runs the first piece may be long in coming; that the table is there is known now.
      if (query.follow && !finalStates.has(job.state)) response.flushHeaders();
      await sendAll(response, convert(format, arrow), signal);
    },
  };
}

/** Names of the job's tables: those it has declared or, before it began, those its analysis will make. */
async function tablesOf(platform: Platform, job: Job): Promise<string[]> {
  if (job.tables.length > 0 || finalStates.has(job.state)) return job.tables.map(({ name }) => name);
  const spec = normalise(job.spec);
  return analysisNamed(spec.analysis).tables(spec.params, await shapeOf(platform, spec)).map(({ name }) => name);
}
