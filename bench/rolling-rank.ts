import { rollingBenchmark } from './rolling.ts';

export const benchmark = rollingBenchmark('rank', 'bottleneck.move_rank(x, 50)', 'at least three times as fast as Bottleneck');
