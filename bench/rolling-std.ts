import { rollingBenchmark } from './rolling.ts';

export const benchmark = rollingBenchmark('std', 'bottleneck.move_std(x, 50, ddof=1)', 'faster than Bottleneck');
