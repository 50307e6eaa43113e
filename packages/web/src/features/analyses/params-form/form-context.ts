/** What the form's parts know besides their own value. */
import type { FormHints } from './hints/form-hints.ts';

export interface FormContext {
  /** Names of the series that the analysis is given. */
  readonly series: readonly string[];
  readonly groups: FormHints['groups'];
}

const nothing: FormContext = { series: [], groups: [] };

/** The form library hands its context on untyped. */
export function formContextOf({ registry }: { registry: { formContext: unknown } }): FormContext {
  const { formContext } = registry;
  return isFormContext(formContext) ? formContext : nothing;
}

function isFormContext(value: unknown): value is FormContext {
  return typeof value === 'object' && value !== null && 'series' in value && 'groups' in value;
}
