/** Rules of recurrent layers. */
import { isRecord, type LayerConfig, sizeOf } from './layer-config.ts';
import { inputOf, type LayerRule } from './layer-cost.ts';

/** Units whose recurrent weights TensorFlow.js makes orthogonal in seconds; its time grows with their third power. */
const mostOrthogonal = 256;

/** Whether the layer leaves the choice to Keras, or names the one that Keras takes. */
function startsOrthogonal(config: LayerConfig): boolean {
  const given = config.value('recurrent_initializer') ?? 'orthogonal';
  const name = isRecord(given) ? (given['class_name'] ?? given['className']) : given;
  return typeof name === 'string' && name.toLowerCase() === 'orthogonal';
}

/**
 * `gates`: products of each step, so many times the units. `perUnit`: values of each unit that are held at each step,
 * counted in the steps that TensorFlow.js's cells take.
 */
const recurrent = (gates: number, perUnit: number): LayerRule => (config, inputs) => {
  const input = inputOf(config, inputs, 2, ' (steps, features); the layer before it may need return_sequences');
  const [steps = 1, features = 1] = input;
  const units = config.whole('units');
  for (const key of ['dropout', 'recurrent_dropout']) config.share(key);
  config.checkActivation('recurrent_activation');
  if (config.flag('stateful', false)) config.fail('is stateful; expected stateful false, since batches of windows do not follow each other in time.');
  if (config.flag('return_state', false)) config.fail('returns its state; expected return_state false.');
  if (config.flag('reset_after', false)) config.fail('has reset_after true, which TensorFlow.js does not compute; expected false.');
  const weights = gates * units * (features + units);
  return {
    output: config.flag('return_sequences', false) ? [steps, units] : [units],
    parameters: weights + (config.flag('use_bias', true) ? gates * units : 0),
    held: steps * (perUnit * units + 2 * features) + sizeOf(input),
    operations: steps * (2 * weights + perUnit * units),
    settings: units > mostOrthogonal && startsOrthogonal(config) ? { recurrent_initializer: { class_name: 'GlorotUniform', config: {} } } : {},
  };
};

export const recurrentRules = {
  SimpleRNN: recurrent(1, 10),
  GRU: recurrent(3, 42),
  LSTM: recurrent(4, 48),
} as const satisfies Record<string, LayerRule>;
