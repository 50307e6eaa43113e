import { rollingBenchmark } from './rolling.ts';

export const benchmark = rollingBenchmark('median', 'bottleneck.move_median(x, 50)', 'at least three times as fast as Bottleneck');
