"""Golden numbers for test/reference, computed without any of our TypeScript.

Run: python3 -m venv /tmp/oracle && /tmp/oracle/bin/pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
     /tmp/oracle/bin/python scripts/oracle/golden.py
Reads assets/demo/closes.csv, writes test/reference/golden.json. Sources: numpy (covariance, condition number, plain
Monte Carlo), scipy.stats (quantiles, regression, likelihood, binomial), scikit-learn (Ledoit-Wolf), and the published
algorithms of splitmix64 and xoshiro128++ in Python integers.
"""

import csv
import json
import os

import numpy as np
from scipy import optimize, stats
from scipy.stats import qmc
from sklearn.covariance import ledoit_wolf

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.join(here, "..", "..")
SYMBOLS = ["AAPL", "BAC", "GE", "JPM", "KO", "PFE", "WMT", "XOM"]

with open(os.path.join(root, "assets", "demo", "closes.csv")) as file:
    rows = list(csv.DictReader(file))
dates = [row["date"] for row in rows]
prices = np.array([[float(row[symbol]) for symbol in SYMBOLS] for row in rows])
index = np.array([float(row["SP500"]) for row in rows])
returns = prices[1:] / prices[:-1] - 1
index_returns = index[1:] / index[:-1] - 1
first, last = dates.index("2008-01-02"), dates.index("2009-12-31")
window = slice(first - 1, last)
R = returns[window]
T, N = R.shape
w = np.full(N, 0.125)
p = R @ w


def tail_risk(pnl, bp):
    losses = np.sort(-pnl)[::-1]
    count = len(losses)
    k = -(-count * bp // 10000)
    a = bp / 10000
    es = (losses[: k - 1].sum() + (a * count - k + 1) * losses[k - 1]) / (a * count)
    return [float(losses[k - 1]), float(es), k]


def multipliers(bp, nu):
    a = bp / 10000
    if nu is None:
        z = stats.norm.isf(a)
        return [float(z), float(stats.norm.pdf(z) / a)]
    q = stats.t.isf(a, nu)
    scale = np.sqrt((nu - 2) / nu)
    return [float(q * scale), float(stats.t.pdf(q, nu) / a * (nu + q * q) / (nu - 1) * scale)]


def ewma(series, decay):
    variance = series[0] ** 2
    path = [variance]
    for r in series:
        variance = decay * variance + (1 - decay) * r * r
        path.append(variance)
    return np.array(path)


def fit(series):
    centre, sigma = series.mean(), series.std(ddof=1)

    def negative(nu):
        return -stats.t.logpdf(series, nu, loc=centre, scale=sigma * np.sqrt((nu - 2) / nu)).sum()

    best = optimize.minimize_scalar(negative, bounds=(3, 30), method="bounded", options={"xatol": 1e-9})
    return [float(best.x), float(-best.fun)]


def ranks(count, bp, level=0.95):
    a, outside = bp / 10000, (1 - level) / 2
    cdf = stats.binom.cdf(np.arange(0, count + 1), count, a)
    lower = next((r for r in range(1, count + 1) if cdf[r - 1] >= 1 - outside), None)
    upper = max((s for s in range(1, count + 1) if cdf[s - 1] <= outside), default=None)
    return [lower, upper]


MASK = (1 << 64) - 1


def mix(z):
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & MASK
    return z ^ (z >> 31)


def block_words(seed, block, count):
    gamma, stream = 0x9E3779B97F4A7C15, 0xD1342543DE82EF95
    seed_key = mix((seed + gamma) & MASK)
    key = mix((seed_key * stream + mix((block + 1) * stream & MASK)) & MASK)
    x, y = mix((key + gamma) & MASK), mix((key + 2 * gamma) & MASK)
    s = [x & 0xFFFFFFFF, x >> 32, y & 0xFFFFFFFF, (y >> 32) | 1]
    rotl = lambda v, k: ((v << k) | (v >> (32 - k))) & 0xFFFFFFFF
    words = []
    for _ in range(count):
        words.append((rotl((s[0] + s[3]) & 0xFFFFFFFF, 7) + s[0]) & 0xFFFFFFFF)
        t = (s[1] << 9) & 0xFFFFFFFF
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotl(s[3], 11)
    return words


def cornish_fisher(s, k, bp):
    z = stats.norm.ppf(bp / 10000)
    grid = np.linspace(-40, 40, 800001)
    expand = lambda x: x + (x**2 - 1) * s / 6 + (x**3 - 3 * x) * k / 24 - (2 * x**3 - 5 * x) * s * s / 36
    return [float(-expand(z)), bool(np.all(np.diff(expand(grid)) > 0))]


def lognormal_book(exposures, covariance, horizon, nu=None, paths=4_000_000, chunk=500_000):
    rng = np.random.default_rng(20240229)
    log_covariance = np.log1p(covariance) * horizon
    factor = np.linalg.cholesky(log_covariance)
    drift = -0.5 * np.diag(log_covariance)

    def part():
        moves = rng.standard_normal((chunk, len(exposures))) @ factor.T
        if nu is not None:
            moves *= np.sqrt((nu - 2) / rng.chisquare(nu, chunk))[:, None]
        return np.expm1(moves + drift) @ exposures

    pnl = np.concatenate([part() for _ in range(paths // chunk)])
    return {str(bp): tail_risk(pnl, bp)[:2] for bp in (500, 100)}


def ziggurat(seed, block, count, row=128):
    """Marsaglia & Tsang (2000) with 256 layers, from the words of a block, row by row."""
    stream = iter(block_words(seed, block, 3 * count + row))
    r, area = 3.6541528853610088, 0.00492867323399
    f = lambda x: np.exp(-0.5 * x * x)
    x = [area / f(r), r]
    while len(x) < 256:
        x.append(np.sqrt(-2 * np.log(area / x[-1] + f(x[-1]))))
    x.append(0.0)
    uniform = lambda: (next(stream) + 0.5) / 2**32
    normals = []

    def normal(word):
        while True:
            layer, step = word & 255, (word >> 8) - (1 << 24) * (word >> 31)
            z = (step + 0.5) / 2**23 * x[layer]
            if abs(z) < x[layer + 1]:
                return z
            if layer == 0:
                while True:
                    far, height = -np.log(uniform()) / r, -np.log(uniform())
                    if 2 * height > far * far:
                        return float(np.copysign(r + far, z))
            if f(x[layer]) + uniform() * (f(x[layer + 1]) - f(x[layer])) < f(z):
                return z
            word = next(stream)

    for _ in range(count // row):
        normals += [float(normal(word)) for word in [next(stream) for _ in range(row)]]
    return normals


covariance = np.cov(R, rowvar=False)
sigma = float(np.sqrt(w @ covariance @ w))
short = R[-60:]
lw, delta = ledoit_wolf(short)
weights = np.array([0.06 * 0.94 ** (T - 1 - t) for t in range(T)])
weights[0] += 0.94**T
ewma_covariance = (R * weights[:, None]).T @ R
regression = stats.linregress(index_returns[window], p)
hedged = np.array([300, -100, 200, -50, 400, -150, 100, 80.0])
hedged_pnl = R @ hedged
sobol = qmc.Sobol(1001, scramble=False, bits=32).random(1024)
gray = [next(j for j in range(1024) if j ^ (j >> 1) == i) for i in range(1024)]

golden = {
    "source": "scripts/oracle/golden.py: numpy %s, scipy, scikit-learn" % np.__version__,
    "multipliers": [[bp, nu, *multipliers(bp, nu)] for bp in (1, 100, 250, 500, 1000, 4900) for nu in (None, 2.5, 3, 5, 7.31, 30)],
    "normal_quantiles": [[q, float(stats.norm.ppf(q))] for q in (1e-10, 1e-6, 0.001, 0.05, 0.3, 0.5, 0.6, 0.97, 0.9999)],
    "covariance": covariance.ravel().tolist(),
    "covariance_condition": float(np.linalg.cond(covariance)),
    "ledoit_wolf_60": {"delta": float(delta), "matrix": lw.ravel().tolist(), "condition": float(np.linalg.cond(lw)),
                       "sigma": float(np.sqrt(hedged @ lw @ hedged)), "gradient": (lw @ hedged).tolist()},
    "ledoit_wolf_wide": float(ledoit_wolf(R[:5])[1]),
    "hedged": {"exposures": hedged.tolist(), "sigma": float(np.sqrt(hedged @ covariance @ hedged)), "gradient": (covariance @ hedged).tolist(),
               "ewma_sigma": float(np.sqrt(hedged @ ewma_covariance @ hedged)), "ewma_gradient": (ewma_covariance @ hedged).tolist(),
               "tail": {str(bp): tail_risk(hedged_pnl, bp) for bp in (500, 250, 100, 1)}},
    "numpy_quantiles": {method: [float(-np.quantile(p, a, method=method)) for a in (0.05, 0.025, 0.01)]
                        for method in ("hazen", "weibull", "linear")},
    "shape": [float(stats.skew(p)), float(stats.kurtosis(p))],
    "cornish_fisher": [[s, k, bp, *cornish_fisher(s, k, bp)] for s, k in ((0, 0), (-0.2, 1), (-0.5, 3), (0.9, 2), (0, 9), (-2, 4)) for bp in (500, 100)],
    "student_t_fit": {"equal_weight": fit(p), "index_1260_days": fit(index_returns[-2520:-1260])},
    "regression": {"beta": float(regression.slope), "alpha": float(regression.intercept), "se": float(regression.stderr), "r2": float(regression.rvalue**2)},
    "ranks": [[count, bp, *ranks(count, bp)] for count in (60, 253, 500, 505, 1000, 10000) for bp in (500, 250, 100, 1)],
    "chi_square_interval": [float(1.5 * np.sqrt(504 / stats.chi2.ppf(q, 504))) for q in (0.975, 0.025)],
    "block_words": [[seed, block, block_words(seed, block, 6)] for seed, block in ((0, 0), (0, 1), (1, 0), (42, 77), (2**53 - 1, 39062))],
    "sobol": [[i, d, float(sobol[gray[i], d])] for i in (0, 1, 2, 3, 100, 777, 1023) for d in (0, 1, 2, 7, 63, 500, 1000)],
    "block_normals": [[seed, block, ziggurat(seed, block, 1024)[-300:]] for seed, block in ((3, 0), (42, 77))],
    "lognormal": {"horizon": 10, "paths": 4_000_000, **lognormal_book(hedged, covariance, 10)},
    "log_student_t": {"degrees_of_freedom": 4, "horizon": 10, "hedged": lognormal_book(hedged, covariance, 10, 4),
                      "long": lognormal_book(np.abs(hedged), covariance, 10, 4)},
    "log_student_t_one": [[bp, float(1000 * -np.expm1(-0.5 * 10 * np.log1p(0.0009) - np.sqrt(10 * np.log1p(0.0009) * 3 / 5) * stats.t.isf(bp / 10000, 5)))]
                          for bp in (500, 100)],
}
with open(os.path.join(root, "test", "reference", "golden.json"), "w") as file:
    json.dump(golden, file, indent=1)
    file.write("\n")
