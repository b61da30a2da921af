"""Measures the trusted optimisers that tests/search/golden_test.ts compares ours with.

    pip install optuna cma scipy torch
    OMP_NUM_THREADS=1 python3 make_golden.py tpe cma gp > golden.json

Every run starts at the space's default (trial 0), is charged one evaluation for it, and minimises over the same box.
The figures written are the best value after each evaluation, one list a seed, thinned to the checkpoints below.
"""
import json
import math
import platform
import sys
import warnings

import cma
import numpy as np
import optuna
import scipy

warnings.filterwarnings("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)

SEEDS = range(20)


def sphere(x):
    return sum(v * v for v in x)


def rosenbrock(x):
    return sum(100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(len(x) - 1))


def branin(x):
    a, b = x
    return (
        (b - 5.1 / (4 * math.pi**2) * a * a + 5 / math.pi * a - 6) ** 2
        + 10 * (1 - 1 / (8 * math.pi)) * math.cos(a)
        + 10
    )


ALPHA = [1.0, 1.2, 3.0, 3.2]
A = [
    [10, 3, 17, 3.5, 1.7, 8],
    [0.05, 10, 17, 0.1, 8, 14],
    [3, 3.5, 1.7, 10, 17, 8],
    [17, 8, 0.05, 10, 0.1, 14],
]
P = [
    [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
    [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
    [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650],
    [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
]


def hartmann6(x):
    return -sum(
        ALPHA[i] * math.exp(-sum(A[i][j] * (x[j] - P[i][j]) ** 2 for j in range(6))) for i in range(4)
    )


FUNCTIONS = {
    "sphere": (sphere, [(-5.12, 5.12)] * 5, [2.5, -3.5, 1.5, -4.0, 3.0], 0.0),
    "rosenbrock": (rosenbrock, [(-2.048, 2.048)] * 5, [-1.2, 1.0, -1.2, 1.0, -1.2], 0.0),
    "branin": (branin, [(-5.0, 10.0), (0.0, 15.0)], [2.5, 7.5], 0.39788735772973816),
    "hartmann6": (hartmann6, [(0.0, 1.0)] * 6, [0.5] * 6, -3.322368011415515),
}
BUDGETS = {
    "tpe": {"sphere": 100, "rosenbrock": 200, "branin": 100, "hartmann6": 200},
    "cma": {"sphere": 300, "rosenbrock": 1500, "branin": 150, "hartmann6": 400},
    "gp": {"sphere": 30, "rosenbrock": 50, "branin": 30, "hartmann6": 50},
}


def run_optuna(sampler, name, budget):
    f, box, start, _ = FUNCTIONS[name]
    values = []

    def objective(trial):
        value = f([trial.suggest_float(f"x{i + 1}", lo, hi) for i, (lo, hi) in enumerate(box)])
        values.append(value)
        return value

    study = optuna.create_study(sampler=sampler)
    study.enqueue_trial({f"x{i + 1}": v for i, v in enumerate(start)})
    study.optimize(objective, n_trials=budget)
    return values


def run_cma(seed, name, budget):
    f, box, start, _ = FUNCTIONS[name]
    low = np.array([lo for lo, _ in box])
    width = np.array([hi - lo for lo, hi in box])
    unit = lambda u: f(list(low + width * np.asarray(u)))
    x0 = (np.array(start) - low) / width
    values = [unit(x0)]
    seeds = seed * 1000 + 1
    while len(values) < budget:
        # A restart as cma's own fmin(restarts=...) makes it: a random start, twice the population.
        options = {"bounds": [0, 1], "seed": seeds, "verbose": -9}
        es = cma.CMAEvolutionStrategy(list(x0), 0.2, options)
        while not es.stop() and len(values) < budget:
            xs = es.ask()
            scores = [unit(x) for x in xs]
            values.extend(scores)
            es.tell(xs, scores)
        seeds += 1
        x0 = np.random.RandomState(seeds).uniform(size=len(box))
    return values[:budget]


def run(optimiser, name, seed, budget):
    if optimiser == "tpe":
        sampler = optuna.samplers.TPESampler(
            multivariate=True, constant_liar=False, n_startup_trials=10, n_ei_candidates=24, seed=seed
        )
        return run_optuna(sampler, name, budget)
    if optimiser == "gp":
        import torch

        torch.set_num_threads(1)
        return run_optuna(
            optuna.samplers.GPSampler(seed=seed, n_startup_trials=10, deterministic_objective=True), name, budget
        )
    return run_cma(seed, name, budget)


def main(optimisers):
    out = {
        "command": "OMP_NUM_THREADS=1 python3 make_golden.py " + " ".join(optimisers),
        "versions": {
            "python": platform.python_version(),
            "optuna": optuna.__version__,
            "cma": cma.__version__,
            "scipy": scipy.__version__,
            "numpy": np.__version__,
        },
        "functions": {
            name: {"low": [b[0] for b in box], "high": [b[1] for b in box], "default": start, "optimum": best}
            for name, (_, box, start, best) in FUNCTIONS.items()
        },
        "results": [],
    }
    for optimiser in optimisers:
        if optimiser == "gp":
            import torch

            out["versions"]["torch"] = torch.__version__
        for name, budget in BUDGETS[optimiser].items():
            best = FUNCTIONS[name][3]
            curves = [
                np.minimum.accumulate(np.array(run(optimiser, name, seed, budget)) - best) for seed in SEEDS
            ]
            checkpoints = [n for n in (12, 20, 30, 40, 50, 75, 100, 150, 200, 300, 400, 600, 800, 1000, 1500) if n <= budget]
            out["results"].append(
                {
                    "optimiser": optimiser,
                    "function": name,
                    "budget": budget,
                    "checkpoints": checkpoints,
                    "regret": [[float(f"{c[n - 1]:.6g}") for n in checkpoints] for c in curves],
                    "median_regret": [float(f"{np.median([c[n - 1] for c in curves]):.6g}") for n in checkpoints],
                }
            )
            print(optimiser, name, out["results"][-1]["median_regret"], file=sys.stderr)
    print(json.dumps(out))


main(sys.argv[1:] or ["tpe", "cma", "gp"])
