import { analyses, describeAnalysis } from '@corrente/shared/contract/analyses/index';
import { describe, expect, it } from 'vitest';
import { formSchema, uiSchemaOf } from './form-schema.ts';

describe('formSchema', () => {
  it('puts references in place and keeps titles, units and defaults', () => {
    const schema = formSchema(describeAnalysis(analyses.get('correlation')!).params);
    expect(schema.properties?.['minPeriods']).toMatchObject({ title: 'Least common rows', unit: 'rows', default: 2, type: 'integer', minimum: 2 });
  });

  it('makes an integer or null one optional integer', () => {
    const schema = formSchema(describeAnalysis(analyses.get('correlation')!).params);
    expect(schema.properties?.['top']).toMatchObject({ title: 'Top', default: null, type: ['integer', 'null'], minimum: 1 });
    expect(schema.properties?.['top']).not.toHaveProperty('anyOf');
  });

  it('leaves no reference in the schema of any analysis, so that every form can be drawn', () => {
    for (const contract of analyses.values()) {
      const schema = formSchema(describeAnalysis(contract).params);
      expect(JSON.stringify(schema)).not.toContain('$ref');
      expect(Object.keys(schema.properties ?? {}).length, contract.name).toBeGreaterThan(0);
    }
  });

  it('keeps a real choice between types as it is', () => {
    const choice = { anyOf: [{ type: 'integer' }, { type: 'string' }] };
    expect(formSchema({ type: 'object', properties: { window: choice } }).properties?.['window']).toEqual(choice);
  });
});

describe('uiSchemaOf', () => {
  it('draws arrays of names from a list as checkboxes and other arrays as lists', () => {
    const schema = formSchema(describeAnalysis(analyses.get('moving-average')!).params);
    expect(uiSchemaOf(schema)).toEqual({ kinds: { 'ui:widget': 'checkboxes' }, windows: { 'ui:widget': 'list' }, quantiles: { 'ui:widget': 'list' } });
  });

  it('lets a switch that may be left open be chosen from a list, and knows parameters of groups by their paths', () => {
    const schema = formSchema({ type: 'object', properties: { anchor: { anyOf: [{ type: 'boolean' }, { type: 'null' }] }, on: { type: 'boolean' }, group: { type: 'object', properties: { of: { type: 'array', items: { type: 'string' } } } } } });
    const hints = { groups: [], applies: {}, choices: {}, help: { 'group.of': 'Which.' }, series: { 'group.of': 'names' } } as const;
    expect(uiSchemaOf(schema, hints)).toEqual({ anchor: { 'ui:widget': 'select' }, group: { of: { 'ui:field': 'names', 'ui:fieldReplacesAnyOrOneOf': true, 'ui:description': 'Which.' } } });
  });
});
