/** A draft in the address of the page for new analyses: what another page has set already is filled in there. */
import { jobInput, type JobSpecInput } from '@corrente/shared/contract/job';
import { z } from 'zod';
import { emptyDraft, type Draft } from './draft.ts';

const settings = z.object({ input: jobInput.omit({ dataset: true }), params: z.record(z.string(), z.unknown()) });

export interface DraftSettings {
  readonly dataset: string;
  readonly analysis: string;
  readonly input: Omit<JobSpecInput['input'], 'dataset'>;
  readonly params: Record<string, unknown>;
}

export function draftAddress({ dataset, analysis, input, params }: DraftSettings): string {
  return `/new?${new URLSearchParams({ dataset, analysis, settings: JSON.stringify({ input, params }) }).toString()}`;
}

/** The draft that an address tells of. Settings that are none, as of an address cut short, are left out. */
export function addressedDraft(search: URLSearchParams): Draft {
  const draft: Draft = { ...emptyDraft, dataset: search.get('dataset'), analysis: search.get('analysis') };
  const found = settings.safeParse(parsed(search.get('settings')));
  return found.success ? { ...draft, input: found.data.input, params: found.data.params } : draft;
}

function parsed(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
