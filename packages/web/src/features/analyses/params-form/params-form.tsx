/** A form for an analysis's parameters, generated from its JSON Schema. */
import Form from '@rjsf/core';
import type { ErrorSchema } from '@rjsf/utils';
import type { AnalysisInfo } from '@corrente/shared/contract/analysis';
import { useMemo } from 'react';
import { formSchema, isJson, uiSchemaOf } from './form-schema.ts';
import { schemaValidator } from './schema-validator.ts';
import { templates } from './templates.tsx';
import { widgets } from './widgets.tsx';

export interface ParamsFormProps {
  readonly analysis: AnalysisInfo;
  readonly params: Record<string, unknown>;
  readonly onChange: (params: Record<string, unknown>) => void;
  readonly errors: ErrorSchema;
}

export function ParamsForm({ analysis, params, onChange, errors }: ParamsFormProps) {
  const schema = useMemo(() => formSchema(analysis.params), [analysis]);
  const uiSchema = useMemo(() => ({ ...uiSchemaOf(schema), 'ui:submitButtonOptions': { norender: true } }), [schema]);
  return (
    <Form
      key={analysis.name}
      tagName="div"
      idPrefix="params"
      schema={schema}
      uiSchema={uiSchema}
      formData={params}
      onChange={({ formData }) => {
        const next: unknown = formData;
        onChange(isJson(next) ? { ...next } : {});
      }}
      extraErrors={errors}
      validator={schemaValidator}
      templates={templates}
      widgets={widgets}
      showErrorList={false}
      noValidate
    />
  );
}
