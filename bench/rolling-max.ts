import { rollingBenchmark } from './rolling.ts';

export const benchmark = rollingBenchmark('max', 'bottleneck.move_max(x, 50)', 'faster than Bottleneck');
