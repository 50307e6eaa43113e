import { analyses, describeAnalysis, parseParams } from '@corrente/shared/contract/analyses/index';
import { describe, expect, it } from 'vitest';
import { formSchema, isJson } from '../form-schema.ts';
import { applicableParams, hintsFor } from './form-hints.ts';

const hinted = ['correlation', 'network-inference', 'information-measure', 'network-comparison', 'partial-information', 'indicators', 'moving-average', 'forecast', 'learn', 'predict', 'cluster', 'pca', 'anomaly'];

/** What a choice, or any choice of a parameter, cannot do without. */
const needed: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { form: { model: 'ets' }, tfjs: { topology: { class_name: 'Sequential' } }, 'matrix-profile': { window: 100 } };

/** Every path of an analysis's parameters, those of groups with their own names after a dot; and the values of each choice. */
function pathsOf(analysis: string): Map<string, readonly unknown[]> {
  const paths = new Map<string, readonly unknown[]>();
  const walk = (properties: unknown, prefix: string) => {
    for (const [name, property] of Object.entries(isJson(properties) ? properties : {})) {
      if (!isJson(property)) continue;
      paths.set(prefix + name, Array.isArray(property['enum']) ? property['enum'] : []);
      walk(property['properties'], `${prefix}${name}.`);
    }
  };
  walk(formSchema(describeAnalysis(analyses.get(analysis)!).params).properties, '');
  return paths;
}

describe.each(hinted)('the hints of %s', (analysis) => {
  const { groups, applies, choices, help, series } = hintsFor(analysis);
  const paths = pathsOf(analysis);

  it('name only parameters that there are, and put none into two groups', () => {
    const grouped = groups.flatMap(({ names }) => names);
    for (const path of [...grouped, ...Object.keys(applies), ...Object.keys(choices), ...Object.keys(help), ...Object.keys(series)]) expect([...paths.keys()]).toContain(path);
    expect(new Set(grouped).size).toBe(grouped.length);
  });

  it('have words for exactly the choices that there are', () => {
    for (const [path, words] of Object.entries(choices)) expect(Object.keys(words).sort((a, b) => a.localeCompare(b)), path).toEqual(paths.get(path)!.map(String).sort((a, b) => a.localeCompare(b)));
  });

  it('leave parameters that the contract still takes, whatever is chosen', () => {
    const contract = analyses.get(analysis)!;
    for (const [path, values] of paths) {
      if (path.includes('.')) continue;
      for (const value of values) {
        const all = contract.params.parse({ [path]: value, ...needed[path], ...needed[String(value)] }) as Record<string, unknown>;
        expect(() => parseParams(contract, applicableParams(analysis, all)), `${path} ${String(value)}`).not.toThrow();
      }
    }
  });
});

describe('applicableParams', () => {
  it('leaves out what another choice has made meaningless, also within a group', () => {
    const params = { estimator: 'gaussian', neighbours: 7, nullDistribution: 'permutation', surrogates: { method: 'circular', maxShift: 20, blockSize: 5 }, alpha: 0.01 };
    expect(applicableParams('network-inference', params)).toEqual({ estimator: 'gaussian', nullDistribution: 'permutation', surrogates: { method: 'circular', maxShift: 20 }, alpha: 0.01 });
  });

  it('keeps everything of an analysis that it knows nothing of', () => {
    const params = { anything: { at: ['all'] } };
    expect(applicableParams('an-analysis-without-hints', params)).toEqual(params);
    expect(applicableParams(null, params)).toEqual(params);
  });

  it('hides the sources of a measure of one process, and shows the neighbours that Ragwitz needs', () => {
    expect(applicableParams('information-measure', { measure: 'entropy', source: 'a', target: 'b', permutations: 100 })).toEqual({ measure: 'entropy', target: 'b' });
    expect(applicableParams('information-measure', { measure: 'ais', estimator: 'gaussian', embedding: 'ragwitz', neighbours: 6, targetHistory: 3, maxHistory: 8 })).toEqual({ measure: 'ais', estimator: 'gaussian', embedding: 'ragwitz', neighbours: 6, maxHistory: 8 });
  });

  it('shows of the moving averages what their kinds take, and nothing else', () => {
    const all = { windows: [20], ddof: 0, minPeriods: 5, quantiles: [0.1], lag: 2, almaOffset: 0.9, almaSigma: 5, volume: 'volume' };
    const left = (...kinds: string[]) => Object.keys(applicableParams('moving-average', { kinds, ...all })).slice(2);
    expect(left('sma')).toEqual(['minPeriods']);
    expect(left('ema')).toEqual([]);
    expect(left('std', 'quantile')).toEqual(['ddof', 'minPeriods', 'quantiles']);
    expect(left('std', 'autocorrelation')).toEqual(['ddof', 'lag']);
    expect(left('alma', 'vwma')).toEqual(['almaOffset', 'almaSigma', 'volume']);
    expect(Object.keys(applicableParams('moving-average', all))).toEqual(['windows', 'minPeriods']);
    const averages = analyses.get('moving-average')!;
    for (const kinds of [['sma'], ['ema'], ['std', 'quantile'], ['std', 'autocorrelation'], ['alma', 'vwma']]) expect(() => parseParams(averages, applicableParams('moving-average', { kinds, ...all })), kinds.join()).not.toThrow();
  });

  it('leaves no two choices of correlation that exclude each other', () => {
    const correlation = analyses.get('correlation')!;
    const all = { method: 'pearson', window: 20, maxLag: 5, step: 3, partial: true, shrinkage: 'oas', denoise: 'marchenko-pastur', detone: 1, fdr: true, top: 5, output: 'both' };
    for (const without of [[''], ['window'], ['window', 'maxLag'], ['window', 'maxLag', 'shrinkage'], ['window', 'maxLag', 'shrinkage', 'partial']]) {
      for (const method of ['pearson', 'spearman', 'kendall', 'distance', 'covariance']) {
        const typed = Object.fromEntries(Object.entries({ ...all, method }).filter(([name]) => !without.includes(name)));
        expect(() => parseParams(correlation, applicableParams('correlation', typed)), JSON.stringify(typed)).not.toThrow();
      }
    }
  });

  it('shows of a forecast what its model takes, and nothing that another one left behind', () => {
    const forecast = analyses.get('forecast')!;
    const all = { horizon: 12, lookback: 24, mode: 'joint', exogenous: ['a'], season: 12, form: 'AAN', units: 8, topology: { class_name: 'Sequential' }, epochs: 3 };
    const left = (model: string) => Object.keys(applicableParams('forecast', { model, ...all })).slice(1);
    expect(left('theta')).toEqual(['horizon', 'season']);
    expect(left('ets')).toEqual(['horizon', 'season', 'form']);
    expect(left('nlinear')).toEqual(['horizon', 'lookback', 'mode', 'exogenous', 'epochs']);
    expect(left('lstm')).toEqual(['horizon', 'lookback', 'mode', 'exogenous', 'units', 'epochs']);
    for (const model of ['naive', 'theta', 'ets', 'nlinear', 'lstm', 'tfjs']) expect(() => parseParams(forecast, applicableParams('forecast', { model, ...all })), model).not.toThrow();
  });

  it('offers calibration where classes are learnt, and held-out rows where something is chosen by them', () => {
    const all = { alpha: 1, heldOut: 0.2, calibration: 'platt', forest: { trees: 5 }, boosting: { patience: 0 } };
    const left = (more: Record<string, unknown>) => Object.keys(applicableParams('learn', { ...all, ...more })).filter((name) => name in all);
    expect(left({})).toEqual(['alpha']);
    expect(left({ target: { kind: 'sign' } })).toEqual(['alpha', 'heldOut', 'calibration']);
    expect(left({ model: 'gradient-boosting', task: 'regression' })).toEqual(['boosting']);
    expect(left({ model: 'gradient-boosting', task: 'regression', boosting: {} })).toEqual(['heldOut', 'boosting']);
  });

  it('cuts a tree by a number or by a height, and tries numbers only where neither is told', () => {
    const all = { clusters: null, height: 0.5, fewest: 2, most: 5 };
    expect(Object.keys(applicableParams('cluster', { method: 'hierarchical', ...all }))).toEqual(['method', 'clusters', 'height']);
    expect(Object.keys(applicableParams('cluster', { method: 'hierarchical', ...all, clusters: 4 }))).toEqual(['method', 'clusters']);
    expect(Object.keys(applicableParams('cluster', { method: 'k-means', ...all }))).toEqual(['method', 'clusters', 'fewest', 'most']);
  });
});
