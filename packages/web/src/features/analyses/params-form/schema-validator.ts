/**
 * What the form library asks of a validator, over zod: it decides between the variants of a union. The values
 * themselves are checked by the server, whose errors are shown at the fields. Makes no code at run time, which the
 * content security policy forbids.
 */
import type { RJSFSchema, ValidationData, ValidatorType } from '@rjsf/utils';
import { fromJSONSchema } from 'zod';

export const schemaValidator: ValidatorType = {
  isValid: (schema: RJSFSchema, formData: unknown) => parse(schema, formData)?.success ?? false,
  // The library leaves the form of an error to the validator.
  rawValidation: (schema: RJSFSchema, formData?: unknown) => ({ errors: (parse(schema, formData)?.error?.issues ?? []) as never[] }),
  validateFormData: (formData: unknown, schema: RJSFSchema): ValidationData<unknown> => ({
    errors: (parse(schema, formData)?.error?.issues ?? []).map((issue) => ({ message: issue.message, stack: issue.message, property: `.${issue.path.join('.')}` })),
    errorSchema: {},
  }),
};

/** Null where the schema is one that zod cannot read. */
function parse(schema: RJSFSchema, formData: unknown) {
  try {
    return fromJSONSchema(schema as Parameters<typeof fromJSONSchema>[0]).safeParse(formData);
  } catch {
    return null;
  }
}
