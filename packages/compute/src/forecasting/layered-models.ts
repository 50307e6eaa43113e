/** The built-in trained models as chains of layers. */
import type { ForecastParams, TrainedModelName, TrainingSettings } from '@corrente/shared/contract/analyses/forecast';
import type { Layer, LayeredModel } from '@corrente/shared/portable/trainer/layers';

/** The centred moving average of DLinear (Zeng et al. 2023). */
const trendWindow = 25;
/** Steps that a convolution of a TCN looks at. */
const tcnKernel = 3;

export type LayeredModelName = Exclude<TrainedModelName, 'tfjs'>;

export interface ModelShape {
  readonly features: number;
  readonly targets: number;
}

/**
 * linear: one weight for each row of the look-back and each step ahead. nlinear: the same on differences to the last
 * value. dlinear: of the remainder and of the trend (Zeng et al., "Are Transformers effective for time series
 * forecasting?", 2023). mlp: hidden layers with relu. lstm, gru: the last state of the last layer. tcn: residual blocks
 * of causal convolutions, each looking twice as far back as the one before.
 */
export function layeredModel(name: LayeredModelName, { features, targets }: ModelShape, params: Pick<ForecastParams, 'horizon' | 'units' | 'dropout'>, settings: Pick<TrainingSettings, 'lookback' | 'layers' | 'anchored'>): LayeredModel {
  const { lookback: steps, anchored } = settings;
  return { steps, features, anchored, layers: [...body(name, params, settings), { kind: 'dense', units: targets * params.horizon, activation: 'linear', ...(name === 'dlinear' ? { fanIn: steps * features } : {}) }] };
}

function body(name: LayeredModelName, { units, dropout }: Pick<ForecastParams, 'units' | 'dropout'>, { layers }: Pick<TrainingSettings, 'layers'>): Layer[] {
  const dropped: Layer[] = dropout > 0 ? [{ kind: 'dropout', rate: dropout }] : [];
  const repeated = (layer: (k: number) => Layer[]): Layer[] => Array.from({ length: layers }, (_, k) => layer(k)).flat();
  switch (name) {
    case 'linear':
    case 'nlinear':
      return [{ kind: 'flatten' }];
    case 'dlinear':
      return [{ kind: 'decompose', window: trendWindow }, { kind: 'flatten' }];
    case 'mlp':
      return [{ kind: 'flatten' }, ...repeated(() => [{ kind: 'dense', units, activation: 'relu' }, ...dropped])];
    case 'lstm':
    case 'gru':
      return repeated((k) => [{ kind: name, units, sequences: k < layers - 1 }, ...dropped]);
    case 'tcn':
      return [...repeated((k) => [{ kind: 'tcn', filters: units, kernel: tcnKernel, dilation: 2 ** k, dropout }]), { kind: 'last' }];
  }
}
