/**
 * Training: the LSTM of 32 units that the issue names, against TensorFlow.js on WebAssembly and PyTorch on two threads;
 * 50,000 sequences for ten epochs; and NLinear on windows of a block. Whole epochs are timed, with the windows read from
 * the block each time; PyTorch has its sequences laid out beforehand.
 */
import type { LayeredModel } from '@corrente/shared/portable/trainer/layers';
import { initialParameters } from '@corrente/shared/portable/trainer/layers';
import { permutation } from '@corrente/shared/portable/random';
import { cpuEngine } from '../packages/compute/src/engine/cpu.ts';
import type { TrainingWindows } from '../packages/compute/src/engine/contract.trainer.ts';
import { inTurn, timed, type Benchmark, type Case } from './benchmark.ts';
import { gaussianColumns } from './columns.ts';
import { startPythonPeer } from './peers/python-peer.ts';
import { startTfjsLstm } from './peers/tfjs-peer.ts';

const [units, steps, features, batch] = [32, 60, 8, 64];
const sequences = 160 * batch;
const [manySequences, manyEpochs] = [50_000, 10];
/** Multiplications and additions of a sequence's products: forward, back through the states, and for the weights. */
const operations = 2 * steps * 4 * units * (2 * (features + units) + units);

/** The windows of NLinear: ETTh1's train rows and its seven columns. */
const [lookback, horizon, channels, origins, originsOfBatch] = [336, 96, 7, 8209, 32];

const threads = 2;

const lstmModel: LayeredModel = { steps, features, anchored: false, layers: [{ kind: 'lstm', units, sequences: false }, { kind: 'dense', units: 1, activation: 'linear' }] };
const nlinearModel: LayeredModel = { steps: lookback, features: 1, anchored: true, layers: [{ kind: 'flatten' }, { kind: 'dense', units: horizon, activation: 'linear' }] };

const adam = `
def adam(parameters):
    return torch.optim.Adam(parameters, lr=0.001)
def versions():
    return {"torch": torch.__version__}
def check(loss):
    return loss
`;

const torchLstm = `
import torch
torch.set_num_threads(${threads})
${adam}
def setup():
    torch.manual_seed(1)
    x, y = torch.randn(${sequences}, ${steps}, ${features}), torch.randn(${sequences}, 1)
    lstm, dense = torch.nn.LSTM(${features}, ${units}, batch_first=True), torch.nn.Linear(${units}, 1)
    return x, y, lstm, dense, adam([*lstm.parameters(), *dense.parameters()])
def run(state):
    x, y, lstm, dense, optimiser = state
    total = 0.0
    for order in torch.randperm(len(x)).split(${batch}):
        optimiser.zero_grad()
        loss = torch.nn.functional.mse_loss(dense(lstm(x[order])[0][:, -1]), y[order])
        loss.backward()
        optimiser.step()
        total += loss.item()
    return total
`;

const torchNlinear = `
import torch
torch.set_num_threads(${threads})
${adam}
def setup():
    torch.manual_seed(1)
    columns = torch.randn(${channels}, ${origins + lookback + horizon - 1})
    windows = columns.unfold(1, ${lookback + horizon}, 1)
    dense = torch.nn.Linear(${lookback}, ${horizon})
    return windows, dense, adam(dense.parameters())
def run(state):
    windows, dense, optimiser = state
    total = 0.0
    for order in torch.randperm(windows.shape[1]).split(${originsOfBatch}):
        some = windows[:, order]
        x, y = some[..., :${lookback}], some[..., ${lookback}:]
        last = x[..., -1:]
        optimiser.zero_grad()
        loss = torch.nn.functional.mse_loss(dense(x - last) + last, y)
        loss.backward()
        optimiser.step()
        total += loss.item()
    return total
`;

/** A session, and what an epoch over its origins takes: another order, and another stream, each time. */
async function openEpochs(windows: TrainingWindows, model: LayeredModel, count: number, batchSize: number) {
  const engine = cpuEngine();
  const precision = 'f32';
  const session = await engine.openTrainer(windows, { model, loss: 'mse', parameters: initialParameters(model, [1, 0, 0, 0]) }, { precision });
  let epoch = 0;
  return {
    versions: { engine: engine.info().device },
    epoch: async (): Promise<number> => {
      epoch += 1;
      const stream = [1, 2, 3, epoch] as const;
      const order = permutation(stream, 0, count).map((i) => model.steps + i);
      return await timed(() => session.epoch({ origins: order, batchSize, learningRate: 0.001, clipNorm: 0, stream }, { precision }));
    },
    close: () => session.close(),
  };
}

const openLstm = (count: number) => {
  const windows = { columns: gaussianColumns(features, steps + count, 1), horizon: 1, groups: [{ inputs: Int32Array.from({ length: features }, (_, i) => i), targets: Int32Array.of(0) }] };
  return openEpochs(windows, lstmModel, count, batch);
};

const openNlinear = () => {
  const groups = Array.from({ length: channels }, (_, i) => ({ inputs: Int32Array.of(i), targets: Int32Array.of(i) }));
  return openEpochs({ columns: gaussianColumns(channels, origins + lookback + horizon - 1, 2), horizon, groups }, nlinearModel, origins, originsOfBatch);
};

const name = `LSTM ${units}, ${steps} × ${features}, batch ${batch}, float32`;
const figuresOf = (milliseconds: number, peer: number): Record<string, number> => ({
  sequencesPerSecond: (1000 * sequences) / milliseconds,
  peerSequencesPerSecond: (1000 * sequences) / peer,
  gigaflops: (operations * sequences) / milliseconds / 1e6,
});

async function besideTfjs(versions: Record<string, string>): Promise<Case> {
  const ours = await openLstm(sequences);
  const peer = await startTfjsLstm({ units, steps, features, batch });
  Object.assign(versions, ours.versions, peer.versions);
  // A few batches of the peer stand for all, after one that compiles.
  const peerEpoch = async (): Promise<number> => ((await peer.run()) + (await peer.run())) * (sequences / (2 * batch));
  const times = await inTurn(ours.epoch, peerEpoch, { rounds: 5, warmup: 1 });
  ours.close();
  return { case: `${name}, an epoch of ${sequences}`, ...times, unit: 'ms', peerName: 'TensorFlow.js, trainOnBatch', figures: { ...figuresOf(times.ours, times.peer), wanted: 50 } };
}

async function besideTorch(versions: Record<string, string>): Promise<Case> {
  const ours = await openLstm(sequences);
  await using peer = await startPythonPeer(torchLstm);
  Object.assign(versions, peer.versions);
  const times = await inTurn(ours.epoch, async () => (await peer.run()).ms, { rounds: 5, warmup: 1 });
  ours.close();
  return { case: `${name}, an epoch of ${sequences}`, ...times, unit: 'ms', peerName: `PyTorch on ${threads} threads`, figures: { ...figuresOf(times.ours, times.peer), wanted: 1.5 } };
}

/** The peer's time is that of its rate in the case before. */
async function manyTimes(torch: Case): Promise<Case> {
  const ours = await openLstm(manySequences);
  const all = await timed(async () => {
    for (let epoch = 0; epoch < manyEpochs; epoch++) await ours.epoch();
  });
  ours.close();
  const peer = torch.peer * ((manySequences * manyEpochs) / sequences);
  return { case: `${name}, ${manySequences} sequences, ${manyEpochs} epochs`, ratio: peer / all, ours: all, peer, unit: 'ms', peerName: `${torch.peerName}, at its rate above`, rounds: 1, figures: { wantedMilliseconds: 30_000 } };
}

async function nlinear(): Promise<Case> {
  const ours = await openNlinear();
  await using peer = await startPythonPeer(torchNlinear);
  const times = await inTurn(ours.epoch, async () => (await peer.run()).ms, { rounds: 7, warmup: 1 });
  ours.close();
  const products = 4 * lookback * horizon * channels * origins;
  return {
    case: `NLinear ${lookback} → ${horizon}, ${channels} channels × ${origins} windows, batch ${originsOfBatch} origins, an epoch, float32`,
    ...times,
    unit: 'ms',
    peerName: `PyTorch on ${threads} threads`,
    figures: { gigaflops: products / times.ours / 1e6, windowsPerSecond: (1000 * channels * origins) / times.ours },
  };
}

export const benchmark: Benchmark = {
  summary: 'training an LSTM of 32 units on sequences of 60 × 8 in batches of 64, float32; NLinear',
  target: 'at least 50 times the sequences/s of TensorFlow.js on WebAssembly, 1.5 times those of PyTorch on two threads; 50,000 sequences for 10 epochs under 30 s on two cores',
  async run(log) {
    const versions: Record<string, string> = {};
    log('TensorFlow.js …');
    const tfjs = await besideTfjs(versions);
    log('PyTorch …');
    const torch = await besideTorch(versions);
    log('50,000 sequences …');
    const many = await manyTimes(torch);
    log('NLinear …');
    return { cases: [tfjs, torch, many, await nlinear()], versions };
  },
};
