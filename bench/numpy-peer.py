"""The numpy side of the benchmark. One JSON request a line; the data are raw doubles in files, so both sides have the same.

{"name", "data": {array: {file, shape}}, "seconds"} answers with the milliseconds of one run, timed here, without the
talk between the processes, over as many runs as fill `seconds`, and with the result. Strong numpy: np.partition, BLAS
products on C-order float64, preallocated buffers for the simulation.
"""

import json
import sys
import time

import numpy as np

Z95, ES95 = 1.6448536269514722, 2.0627128075074257


def tail_risk(pnl, bp=500):
    count = len(pnl)
    k = -(-count * bp // 10000)
    weight = count * bp / 10000
    part = np.partition(pnl, k - 1)
    kth = part[k - 1]
    return -kth, -(part[:k].sum() + (weight - k) * kth) / weight


def tail(vectors):
    rows = [np.ascontiguousarray(row) for row in vectors]
    return lambda: [value for row in rows for value in tail_risk(row)]


def what_if(bases, columns, exposures):
    rows = [(base.copy(), column.copy(), q) for base, column, q in zip(bases, columns, exposures)]
    return lambda: [value for base, column, q in rows for value in tail_risk(base + q * column)]


def historical(returns, weights):
    return lambda: tail_risk(returns @ weights)


def parametric(returns, weights):
    return lambda: [Z95 * np.sqrt(weights @ np.cov(returns, rowvar=False) @ weights)]


def parametric_components(returns, weights):
    def run():
        gradient = np.cov(returns, rowvar=False) @ weights
        sigma = np.sqrt(weights @ gradient)
        share = weights * gradient / sigma
        return [Z95 * sigma, ES95 * sigma, *(Z95 * share).tolist(), *(ES95 * share).tolist()]

    return run


def monte_carlo(covariance, exposures, paths=100_000, chunk=1024):
    size = len(exposures)
    log_covariance = np.log1p(covariance)
    factor = np.linalg.cholesky(log_covariance).T.copy()
    drift = -0.5 * np.diag(log_covariance)
    normals, moves = np.empty((chunk, size)), np.empty((chunk, size))

    def run():
        generator = np.random.default_rng(1)
        pnl = np.empty(paths)
        for start in range(0, paths, chunk):
            count = min(chunk, paths - start)
            z, r = normals[:count], moves[:count]
            generator.standard_normal(out=z)
            np.matmul(z, factor, out=r)
            r += drift
            np.expm1(r, out=r)
            np.matmul(r, exposures, out=pnl[start : start + count])
        return tail_risk(pnl)

    return run


WORK = {f.__name__: f for f in (tail, historical, parametric, parametric_components, monte_carlo)}
WORK |= {"what_if_year": what_if, "what_if_five_years": what_if}
ready = {}


def prepared(request):
    name = request["name"]
    if name not in ready:
        data = {key: np.fromfile(array["file"]).reshape(array["shape"]) for key, array in request["data"].items()}
        run = WORK[name](**data)
        run()
        start, repeat = time.perf_counter(), 0
        while time.perf_counter() - start < request["seconds"]:
            run()
            repeat += 1
        ready[name] = run, repeat
    return ready[name]


print(json.dumps({"numpy": np.__version__}), flush=True)
for line in sys.stdin:
    run, repeat = prepared(json.loads(line))
    start = time.perf_counter()
    for _ in range(repeat):
        result = run()
    elapsed = time.perf_counter() - start
    print(json.dumps({"ms": elapsed * 1e3 / repeat, "result": [float(value) for value in result]}), flush=True)
