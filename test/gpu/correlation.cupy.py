"""Seconds that CuPy takes for the matrices of correlation.benchmarks.ts, from host memory and on the device."""
import time

import cupy as cp
import numpy as np


def seconds(work, runs=5):
    work()
    cp.cuda.Device().synchronize()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        cp.cuda.Device().synchronize()
        times.append(time.perf_counter() - start)
    return sorted(times)[runs // 2]


def strongest(values, top=1000, band=2000):
    """Bands of the matrix, the strongest of each kept: the matrix of 20,000 series is never held."""
    z = values - values.mean(axis=1, keepdims=True)
    z /= cp.linalg.norm(z, axis=1, keepdims=True)
    kept = cp.empty(0, dtype=values.dtype)
    for row in range(0, len(z), band):
        above = cp.abs(cp.triu((z[row : row + band] @ z[row:].T), 1)).ravel()
        kept = cp.sort(cp.concatenate([kept, cp.partition(above, -top)[-top:]]))[-top:]
    return kept


rng = np.random.default_rng(1)
for series, rows, name, work in [(4000, 2500, "corrcoef", cp.corrcoef), (20000, 2520, "the 1000 strongest pairs", strongest)]:
    for kind in (np.float64, np.float32):
        host = rng.standard_normal((series, rows)).astype(kind)
        resident = cp.asarray(host)
        print(f"cupy {name} {series} x {rows} {kind.__name__}: {seconds(lambda: work(cp.asarray(host))):.4f} s from host memory, {seconds(lambda: work(resident)):.4f} s on the device")
