/** Distance correlation of every pair against its definition in numpy, in a loop over some of them. */
import { pairStatisticBenchmark } from './pair-statistic.ts';

export const benchmark = pairStatisticBenchmark({
  method: 'distance',
  target: 'at least 20 times as fast as the definition in numpy in a loop',
  peerName: 'numpy, both matrices of distances doubly centred',
  peer: 'distance(a, b)',
  imports: `
def centred(x):
    d = numpy.abs(x[:, None] - x[None, :])
    m = d.mean(axis=0)
    return d - m[:, None] - m[None, :] + m.mean()
def distance(a, b):
    a, b = centred(a), centred(b)
    return numpy.sqrt(max(0.0, (a * b).mean()) / numpy.sqrt((a * a).mean() * (b * b).mean()))`,
  versions: '',
  shapes: [
    { series: 300, length: 2500, peerPairs: 2 },
    { series: 300, length: 250, peerPairs: 60 },
    { series: 300, length: 2500, peerPairs: 2, missing: 0.05 },
  ],
});
