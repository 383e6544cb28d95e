"""Golden numbers of scaling-law fits: synthetic studies with fixed noise, and the best parameters that SciPy finds.

Writes fits.json beside itself: python3 tests/reference/fits.py   (SciPy 1.11 or later)
The formulas are written out again here; the minimum is the best of many Nelder-Mead and BFGS runs, so that it does not
depend on a gradient or on a clever start. Objective: the sum over rows of Huber's loss of log residuals.
"""
import json
import pathlib

import numpy as np
from scipy.optimize import brentq, minimize

random = np.random.default_rng(2024)


def huber(r, delta):
    size = np.abs(r)
    return np.where(size <= delta, 0.5 * r * r, delta * (size - 0.5 * delta)).sum()


def surface(p, x):
    E, A, B, alpha, beta = p
    return E + A / x[0] ** alpha + B / x[1] ** beta


def offset(p, x):
    e_inf, beta, c = p
    return e_inf + beta * x[0] ** c


def shifted(p, x):
    beta, gamma, c = p
    return beta * (1 / x[0] + gamma) ** c


def compute(p, x):
    a, b, alpha, E_inf = p
    return a * (b + x[0]) ** -alpha + E_inf


def broken(p, x):
    a, b, c0, c1, d1, f1 = p
    return a + b * x[0] ** -c0 * (1 + (x[0] / d1) ** (1 / f1)) ** (-c1 * f1)


def error(p, x):
    e_inf, e_0, alpha, beta, c = p
    def root(one):
        f = lambda y: np.log(y - e_inf) - alpha * np.log(e_0 - y) - np.log(beta) - c * np.log(one)
        span = e_0 - e_inf
        return brentq(f, e_inf + 1e-14 * span, e_0 - 1e-14 * span, xtol=1e-15, rtol=1e-14)
    return np.array([root(one) for one in x[0]])


def multi(p, x):
    E, A, B, G, alpha, beta, gamma = p
    return E + A / x[0] ** alpha + B / x[1] ** beta + G / x[2] ** gamma


def bounded(p, x):
    E, L0, a, alpha, b, beta, c, gamma, delta = p
    h = a / x[0] ** alpha + b / x[2] ** beta + c * x[0] ** gamma / x[1] ** delta
    return E + (L0 - E) * h / (1 + h)


def hyperbola(p, x):
    critical, steps = p
    return steps * (1 + critical / x[0])


line = [np.logspace(3, 8, 26)]
grid = [g.ravel() for g in np.meshgrid(np.logspace(5, 8, 8), np.logspace(4, 7, 8), indexing="ij")]
triples = np.array([(n, d, d * e) for n in np.logspace(5, 7, 5) for d in (1e3, 4e3, 16e3, 5e4) for e in (2, 8, 32)]).T

# law, formula, truth, inputs, noise, delta, signs of the parameters (searched by the log of their size)
cases = [
    ("loss-surface", surface, [0.4, 60, 90, 0.35, 0.45], grid, 0.01, 1e-3),
    ("power-law-offset", offset, [0.5, 30, -0.4], line, 0.01, 0.01),
    ("power-law-shifted", shifted, [20, 1e-6, 0.35], line, 0.01, 0.01),
    ("compute-law", compute, [10, 3e4, 0.3, 0.2], line, 0.003, 0.01),
    ("broken-power-law", broken, [0.3, 4, 0.1, 0.4, 1e5, 0.5], line, 0.003, 0.01),
    ("error-law", error, [0.1, 0.9, 0.6, 20, -0.4], line, 0.005, 0.01),
    ("multi-epoch", multi, [0.5, 100, 5, 50, 0.5, 0.3, 0.4], triples, 0.003, 1e-3),
    ("multi-epoch-bounded", bounded, [0.3, 2.5, 20, 0.35, 100, 0.5, 0.01, 0.3, 0.4], triples, 0.002, 1e-3),
    ("critical-batch-size", hyperbola, [300, 2000], [2.0 ** np.arange(3, 15)], 0.05, 1e9),
]

out = []
for law, form, truth, x, noise, delta in cases:
    truth = np.array(truth, float)
    sign = np.sign(truth)
    # Rounded before use, so that the numbers of the file are the whole problem.
    y = np.array([float(f"{v:.8g}") for v in form(truth, x) * np.exp(noise * random.standard_normal(len(x[0])))])
    x = [np.array([float(f"{v:.8g}") for v in column]) for column in x]

    def objective(theta):
        with np.errstate(all="ignore"):
            try:
                value = huber(np.log(form(sign * np.exp(theta), x)) - np.log(y), delta)
            except ValueError:
                return 1e9
        return value if np.isfinite(value) else 1e9

    best = None
    starts = 3 if law == "error-law" else 12
    for start in range(starts):
        theta = np.log(np.abs(truth)) + (0.15 * random.standard_normal(len(truth)) if start else 0)
        for _ in range(12):
            before = objective(theta)
            theta = minimize(objective, theta, method="Nelder-Mead", options=dict(maxiter=6000, maxfev=6000, xatol=1e-12, fatol=1e-16, adaptive=True)).x
            theta = minimize(objective, theta, method="BFGS", options=dict(gtol=1e-14)).x
            if before - objective(theta) < 1e-14 * before:
                break
        if best is None or objective(theta) < best[0]:
            best = (objective(theta), theta)
    print(law, best[0], sign * np.exp(best[1]), flush=True)
    out.append(dict(law=law, truth=truth.tolist(), delta=delta, inputs=[c.tolist() for c in x], y=y.tolist(),
                    parameters=(sign * np.exp(best[1])).tolist(), objective=best[0]))

pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out) + "\n")
