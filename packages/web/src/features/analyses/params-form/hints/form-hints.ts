/** What a form knows of an analysis's parameters beyond their schema: which belong together, and when each applies. */
import { anomalyHints } from './anomaly.ts';
import { clusterHints } from './cluster.ts';
import { correlationHints } from './correlation.ts';
import { forecastHints } from './forecast.ts';
import { indicatorsHints } from './indicators.ts';
import { informationMeasureHints } from './information-measure.ts';
import { learnHints } from './learn.ts';
import { movingAverageHints } from './moving-average.ts';
import { networkComparisonHints } from './network-comparison.ts';
import { networkInferenceHints } from './network-inference.ts';
import { isParams, type Params } from './params.ts';
import { partialInformationHints } from './partial-information.ts';
import { pcaHints } from './pca.ts';
import { predictHints } from './predict.ts';

export type { Params };

export interface FormHints {
  /** Parameters that stand behind a heading of their own; all others come first. */
  readonly groups: readonly { readonly title: string; readonly names: readonly string[] }[];
  /** By path (`surrogates.blockSize`): whether the parameter means anything beside the others, defaults filled in. */
  readonly applies: Readonly<Record<string, (params: Params) => boolean>>;
  /** By path: each choice in words, and what it means. */
  readonly choices: Readonly<Record<string, Readonly<Record<string, Choice>>>>;
  /** By name: help in words of the form, where the schema speaks of what stands in JSON. */
  readonly help: Readonly<Record<string, string>>;
  /** Parameters that are not what their type alone tells: series of the data set in some form, indicators, kinds of averages with their windows, parts of the rows, a document; by path. */
  readonly series: Readonly<Record<string, 'names' | 'some-names' | 'one' | 'one-or-more' | 'pairs' | 'variables' | 'lagged' | 'indicators' | 'kinds' | 'windows' | 'split' | 'json'>>;
}

export interface Choice {
  readonly label: string;
  readonly meaning?: string;
}

const none: FormHints = { groups: [], applies: {}, choices: {}, help: {}, series: {} };
const hints: ReadonlyMap<string, FormHints> = new Map([
  ['correlation', correlationHints],
  ['moving-average', movingAverageHints],
  ['network-inference', networkInferenceHints],
  ['information-measure', informationMeasureHints],
  ['indicators', indicatorsHints],
  ['network-comparison', networkComparisonHints],
  ['partial-information', partialInformationHints],
  ['forecast', forecastHints],
  ['learn', learnHints],
  ['predict', predictHints],
  ['cluster', clusterHints],
  ['pca', pcaHints],
  ['anomaly', anomalyHints],
]);

export function hintsFor(analysis: string | null): FormHints {
  return hints.get(analysis ?? '') ?? none;
}

/** Whether the parameter at a path applies, given all parameters with their defaults. */
export function applies({ applies: rules }: FormHints, path: string, params: Params): boolean {
  return rules[path]?.(params) ?? true;
}

/** Parameters without those that do not apply: what was typed before another choice hid it is not submitted. */
export function applicableParams(analysis: string | null, params: Params): Record<string, unknown> {
  const known = hintsFor(analysis);
  const kept = (value: unknown, path: string): unknown =>
    isParams(value)
      ? Object.fromEntries(
          Object.entries(value)
            .filter(([name]) => applies(known, path + name, params))
            .map(([name, inner]) => [name, kept(inner, `${path}${name}.`)]),
        )
      : value;
  return Object.fromEntries(Object.entries(params).flatMap(([name, value]) => (applies(known, name, params) ? [[name, kept(value, `${name}.`)]] : [])));
}
