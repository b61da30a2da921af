"""Makes reference.json: single values of scipy, scikit-learn, pycma and Optuna that tests/search compare ours with.

    pip install optuna cma scipy scikit-learn mpmath
    python3 make_reference.py > reference.json
"""
import json
import warnings

import cma
import mpmath
import numpy as np
import optuna
import scipy
import sklearn
from optuna.distributions import FloatDistribution, IntDistribution
from optuna.samplers._tpe.parzen_estimator import _ParzenEstimator, _ParzenEstimatorParameters
from optuna.samplers._tpe.sampler import default_weights
from scipy.stats import norm, qmc
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

warnings.filterwarnings("ignore")
mpmath.mp.dps = 60


def sobol():
    points = qmc.Sobol(64, scramble=False).random(128)
    return {str(i): list(points[i]) for i in (1, 2, 5, 100, 127)}


def normal():
    xs = [-20, -7, -5.999, -3.3, -1, -0.1234, 0, 0.5, 2.7, 6.5]
    zs = [-1000, -200, -101, -99, -50, -10, -3, -1.0001, -0.9999, -0.5, 0, 2]
    ei = [float(mpmath.log(mpmath.npdf(z) + z * mpmath.ncdf(z))) for z in map(mpmath.mpf, zs)]
    return {
        "cdf": [[x, float(norm.cdf(x))] for x in xs],
        "mills": [[x, float(norm.sf(x) / norm.pdf(x))] for x in xs if x > -7],
        "log_expected_improvement": [list(pair) for pair in zip(zs, ei)],
    }


def gaussian_process():
    rng = np.random.RandomState(3)
    xs = rng.uniform(size=(12, 3)).round(6)
    ys = (np.sin(5 * xs[:, 0]) + xs[:, 1] ** 2 - xs[:, 2]).round(6)
    lengths, signal, noise = [0.4, 0.9, 2.0], 1.3, 0.01
    kernel = ConstantKernel(signal) * Matern(lengths, nu=2.5) + WhiteKernel(noise)
    gp = GaussianProcessRegressor(kernel, optimizer=None, alpha=0).fit(xs, ys)
    at = rng.uniform(size=(4, 3)).round(6)
    mean, sd = gp.predict(at, return_std=True)
    return {
        "xs": xs.tolist(), "ys": ys.tolist(), "lengths": lengths, "signal": signal, "noise": noise, "at": at.tolist(),
        "mean": mean.tolist(), "variance": (sd**2 - noise).tolist(),
        "log_marginal_likelihood": float(gp.log_marginal_likelihood()),
    }


def cma_constants():
    sp = cma.CMAEvolutionStrategy([0.5] * 17, 0.2, {"verbose": -9}).sp
    return {
        "n": 17, "population_size": sp.popsize, "mu": int(sp.weights.mu), "mu_eff": float(sp.weights.mueff),
        "cc": float(sp.cc), "c1": float(sp.c1), "c_mu": float(sp.cmu), "weights": [float(w) for w in sp.weights],
    }


def parzen():
    # Whole numbers are drawn without repeats: Optuna orders ties by an unstable sort.
    rng = np.random.RandomState(5)
    n = 30
    x, y, k = rng.uniform(size=n).round(6), rng.uniform(size=n).round(6), rng.choice(100, size=n, replace=False)
    space = {"x": FloatDistribution(0, 1), "y": FloatDistribution(0, 1), "k": IntDistribution(0, 99)}
    parameters = _ParzenEstimatorParameters(
        prior_weight=1.0, consider_magic_clip=True, consider_endpoints=False, weights=default_weights, multivariate=True,
    )
    observed = {"x": x, "y": y, "k": k.astype(float)}
    estimator = _ParzenEstimator(observed, space, parameters)
    at = {"x": np.array([0.1, 0.5, 0.93]), "y": np.array([0.7, 0.2, 0.01]), "k": np.array([0.0, 37.0, 99.0])}
    return {
        "observed": [[float(a), float(b), int(c)] for a, b, c in zip(x, y, k)],
        "at": [list(map(float, p)) for p in zip(at["x"], at["y"], at["k"])],
        "log_density": [float(v) for v in estimator.log_pdf(at)],
    }


print(json.dumps({
    "versions": {m.__name__: m.__version__ for m in (optuna, cma, scipy, sklearn, np, mpmath)},
    "sobol": sobol(), "normal": normal(), "gaussian_process": gaussian_process(),
    "cma_constants": cma_constants(), "parzen": parzen(),
}, indent=1))
