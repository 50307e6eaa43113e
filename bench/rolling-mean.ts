import { rollingBenchmark } from './rolling.ts';

export const benchmark = rollingBenchmark('mean', 'bottleneck.move_mean(x, 50)', 'at least twice as fast as Bottleneck, within 2.5 times of a warm copy of the same memory');
