/** A form for an analysis's parameters, generated from its JSON Schema. */
import Form from '@rjsf/core';
import type { ErrorSchema } from '@rjsf/utils';
import type { AnalysisInfo } from '@corrente/shared/contract/analysis';
import { useMemo } from 'react';
import { forecastFields } from './forecast-fields.tsx';
import { formSchema, isJson, uiSchemaOf } from './form-schema.ts';
import type { FormContext } from './form-context.ts';
import { hintsFor } from './hints/form-hints.ts';
import { indicatorFields } from './indicators-field.tsx';
import { laggedFields } from './lagged-field.tsx';
import { movingAverageFields } from './moving-average-fields.tsx';
import { schemaValidator } from './schema-validator.ts';
import { seriesFields } from './series-fields.tsx';
import { templates } from './templates.tsx';
import { widgets } from './widgets.tsx';

export interface ParamsFormProps {
  readonly analysis: AnalysisInfo;
  readonly params: Record<string, unknown>;
  readonly onChange: (params: Record<string, unknown>) => void;
  readonly errors: ErrorSchema;
  /** Names of the series that the analysis is given, to choose from. */
  readonly series: readonly string[];
}

const fields = { ...seriesFields, ...forecastFields, ...laggedFields, ...indicatorFields, ...movingAverageFields };

export function ParamsForm({ analysis, params, onChange, errors, series }: ParamsFormProps) {
  const schema = useMemo(() => formSchema(analysis.params), [analysis]);
  const hints = hintsFor(analysis.name);
  const uiSchema = useMemo(() => ({ ...uiSchemaOf(schema, hints, params), 'ui:submitButtonOptions': { norender: true } }), [schema, hints, params]);
  const formContext = useMemo<FormContext>(() => ({ series, groups: hints.groups }), [series, hints]);
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
      fields={fields}
      formContext={formContext}
      // An optional list that must not be empty is not there, rather than there with nothing in it.
      experimental_defaultFormStateBehavior={{ arrayMinItems: { populate: 'never' } }}
      showErrorList={false}
      noValidate
    />
  );
}
