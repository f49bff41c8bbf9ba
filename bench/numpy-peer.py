"""The numpy side of the benchmark: reads one JSON request a line, answers with the milliseconds of one run."""

import json
import sys
import time

import numpy as np


def tail_risk(pnl, bp=500):
    count = len(pnl)
    k = -(-count * bp // 10000)
    weight = count * bp / 10000
    worst = np.partition(pnl, k - 1)[:k]
    kth = worst.max()
    return -kth, -(worst.sum() + (weight - k) * kth) / weight


def setup(name, rng):
    if name == "tail":
        pnl = rng.standard_normal(500)
        return lambda: tail_risk(pnl)
    if name == "historical":
        returns = rng.standard_normal((1250, 5000)) * 0.01
        weights = np.zeros(5000)
        weights[rng.choice(5000, 50, replace=False)] = 1000.0
        return lambda: tail_risk(returns @ weights)
    if name == "parametric":
        returns = rng.standard_normal((500, 1000)) * 0.01
        weights = rng.standard_normal(1000)
        return lambda: 1.6448536269514722 * np.sqrt(weights @ np.cov(returns, rowvar=False) @ weights)
    if name == "monte_carlo":
        size, paths, chunk = 50, 100_000, 4096
        covariance = np.full((size, size), 1.2e-4) + np.eye(size) * 2.8e-4
        factor = np.linalg.cholesky(np.log1p(covariance)).T
        drift = -0.5 * np.log1p(4e-4)
        exposures = np.linspace(-20.0, 80.0, size)

        def run():
            generator = np.random.default_rng(1)
            pnl = np.empty(paths)
            for start in range(0, paths, chunk):
                stop = min(start + chunk, paths)
                normals = generator.standard_normal((stop - start, size))
                pnl[start:stop] = np.expm1(normals @ factor + drift) @ exposures
            return tail_risk(pnl)

        return run
    raise ValueError(name)


work = {}
print(json.dumps({"numpy": np.__version__}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    name, repeat = request["name"], request["repeat"]
    if name not in work:
        work[name] = setup(name, np.random.default_rng(7))
    run = work[name]
    start = time.perf_counter()
    for _ in range(repeat):
        run()
    print(json.dumps({"ms": (time.perf_counter() - start) * 1e3 / repeat}), flush=True)
