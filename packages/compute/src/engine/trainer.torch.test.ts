/**
 * Forecasts and gradients against PyTorch, which orders an LSTM's gates i, f, g, o as we do i, f, c, o, and has weights
 * transposed and two biases. Its GRU multiplies the state before r is applied, ours after; only its LSTM is compared.
 */
import { describe, expect, it } from 'vitest';
import { initialParameters, parameterBlocks, type LayeredModel } from '@corrente/shared/portable/trainer/layers';
import { assertClose } from '../../test/oracle/compare.ts';
import { askPython, hasPython } from '../../test/python.ts';
import { gaussianColumns, seriesOf } from '../../test/series/columns.ts';
import { cpuEngine } from './cpu.ts';

const engine = cpuEngine();
const missing = engine.info().available ? (hasPython('torch') ? null : 'python3 has no torch') : 'the CPU engine is not built';

const script = `
import torch
torch.set_num_threads(1)
columns = torch.tensor(data["columns"], dtype=torch.float64)
x = torch.stack([columns[:, t - data["steps"]:t].T for t in data["origins"]])
y = torch.stack([columns[0, t:t + 1] for t in data["origins"]])
blocks = [torch.tensor(block, dtype=torch.float64).reshape(shape) for block, shape in data["blocks"]]
lstm = torch.nn.LSTM(x.shape[2], data["units"], num_layers=2, batch_first=True).double()
dense = torch.nn.Linear(data["units"], 1).double()
with torch.no_grad():
    for layer in range(2):
        kernel, recurrent, bias = blocks[3 * layer:3 * layer + 3]
        getattr(lstm, f"weight_ih_l{layer}").copy_(kernel.T)
        getattr(lstm, f"weight_hh_l{layer}").copy_(recurrent.T)
        getattr(lstm, f"bias_ih_l{layer}").copy_(bias)
        getattr(lstm, f"bias_hh_l{layer}").zero_()
    dense.weight.copy_(blocks[6].T)
    dense.bias.copy_(blocks[7])
forecast = dense(lstm(x)[0][:, -1])
torch.nn.functional.mse_loss(forecast, y).backward()
gradient = []
for layer in range(2):
    gradient += [getattr(lstm, f"weight_ih_l{layer}").grad.T, getattr(lstm, f"weight_hh_l{layer}").grad.T, getattr(lstm, f"bias_ih_l{layer}").grad]
gradient += [dense.weight.grad.T, dense.bias.grad]
result = {"forecast": forecast.detach().reshape(-1).tolist(), "gradient": torch.cat([g.reshape(-1) for g in gradient]).tolist()}
`;

const isAnswer = (value: unknown): value is { forecast: number[]; gradient: number[] } => typeof value === 'object' && value !== null && 'forecast' in value && 'gradient' in value;

describe(`training beside PyTorch${missing === null ? '' : ` (${missing})`}`, () => {
  it.skipIf(missing !== null).each([['f64', 1e-12], ['f32', 2e-5]] as const)('two LSTMs forecast and have gradients as those of PyTorch (%s)', { timeout: 60_000 }, async (precision, tolerance) => {
    const units = 13;
    const columns = gaussianColumns(3, 100, { seed: 321 });
    const model: LayeredModel = {
      steps: 20,
      features: 3,
      anchored: false,
      layers: [{ kind: 'lstm', units, sequences: true }, { kind: 'lstm', units, sequences: false }, { kind: 'dense', units: 1, activation: 'linear' }],
    };
    const parameters = initialParameters(model, [9, 8, 7, 6]);
    const origins = Int32Array.from({ length: 40 }, (_, i) => 20 + 2 * i);
    const blocks = parameterBlocks(model).map(({ from, count, shape }) => [Array.from(parameters.subarray(from, from + count)), shape]);
    const answer = askPython(script, { columns: [0, 1, 2].map((s) => Array.from(seriesOf(columns, s))), origins: Array.from(origins), steps: 20, units, blocks });
    if (!isAnswer(answer)) throw new Error(`PyTorch answered ${JSON.stringify(answer)}`);

    const session = await engine.openTrainer({ columns, horizon: 1, groups: [{ inputs: Int32Array.of(0, 1, 2), targets: Int32Array.of(0) }] }, { model, loss: 'mse', parameters }, { precision });
    try {
      const near = { tolerance: () => tolerance, place: (i: number) => `value ${i}` };
      assertClose(await session.forecast(origins, { precision }), answer.forecast, near);
      assertClose((await session.gradient(origins, { precision })).gradient, answer.gradient, near);
      expect(answer.forecast).toHaveLength(40);
    } finally {
      session.close();
    }
  });
});
