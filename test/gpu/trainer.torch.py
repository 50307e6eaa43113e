"""Sequences a second that PyTorch trains on the device: the LSTM of trainer.benchmarks.ts, its windows already there."""
import time

import torch

if not torch.cuda.is_available():
    raise SystemExit("PyTorch has no CUDA device here")


class Model(torch.nn.Module):
    def __init__(self, units, features):
        super().__init__()
        self.lstm = torch.nn.LSTM(features, units, batch_first=True)
        self.out = torch.nn.Linear(units, 1)

    def forward(self, x):
        return self.out(self.lstm(x)[0][:, -1])


def rate(units, batch, batches, runs=5, steps=60, features=8):
    """The median over epochs, each timed to the end of its last kernel."""
    torch.manual_seed(1)
    model = Model(units, features).cuda()
    adam = torch.optim.Adam(model.parameters(), lr=1e-3)
    x = torch.randn(batches, batch, steps, features, device="cuda")
    y = torch.randn(batches, batch, 1, device="cuda")

    def epoch():
        for i in range(batches):
            adam.zero_grad(set_to_none=True)
            torch.nn.functional.mse_loss(model(x[i]), y[i]).backward()
            adam.step()
        torch.cuda.synchronize()

    epoch()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        epoch()
        times.append(time.perf_counter() - start)
    return batch * batches / sorted(times)[runs // 2]


for units, batch, batches in [(32, 64, 200), (32, 1024, 50), (128, 1024, 20)]:
    print(f"torch LSTM {units} units, 60 x 8, batches of {batch}, float32: {rate(units, batch, batches):.0f} sequences/s")
