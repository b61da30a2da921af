"""Drives an Optuna study for optuna_bridge.ts: one JSON object a line in, one a line out, in turn.

    {"op": "create", "sampler": "tpe", "seed": 1, "distributions": {"x": "<json>"}}  ->  {"ok": true, "optuna": "5.0.0"}
    {"op": "ask"}                                              ->  {"ok": true, "trial": 0, "point": {"x": 0.5}}
    {"op": "tell", "trial": 0, "value": 0.7}  (null: failed)   ->  {"ok": true}
    {"op": "add", "point": {"x": 1.0}, "value": 0.6}           ->  {"ok": true}

`add` is a trial that the sampler did not ask for. Any failure is {"ok": false, "error": "..."}; the process goes on.
"""
import json
import sys

import optuna
from optuna.distributions import json_to_distribution
from optuna.trial import TrialState, create_trial

SAMPLERS = {
    "tpe": lambda seed: optuna.samplers.TPESampler(seed=seed, multivariate=True),
    "gp": lambda seed: optuna.samplers.GPSampler(seed=seed, deterministic_objective=True),
    "cmaes": lambda seed: optuna.samplers.CmaEsSampler(seed=seed),
    "random": lambda seed: optuna.samplers.RandomSampler(seed=seed),
    "qmc": lambda seed: optuna.samplers.QMCSampler(seed=seed, scramble=True),
}


class Bridge:
    def __init__(self):
        self.study = None
        self.distributions = {}
        self.open = {}

    def create(self, sampler, seed, distributions):
        if sampler not in SAMPLERS:
            raise ValueError(f"unknown Optuna sampler {sampler!r}: one of {', '.join(SAMPLERS)} is wanted")
        self.distributions = {name: json_to_distribution(text) for name, text in distributions.items()}
        self.study = optuna.create_study(direction="maximize", sampler=SAMPLERS[sampler](seed))
        return {"optuna": optuna.__version__}

    def ask(self):
        trial = self.study.ask(self.distributions)
        self.open[trial.number] = trial
        return {"trial": trial.number, "point": trial.params}

    def tell(self, trial, value):
        asked = self.open.pop(trial)
        if value is None:
            self.study.tell(asked, state=TrialState.FAIL)
        else:
            self.study.tell(asked, value)
        return {}

    def add(self, point, value):
        state = TrialState.FAIL if value is None else TrialState.COMPLETE
        params = {name: self.distributions[name].to_external_repr(point[name]) for name in self.distributions}
        self.study.add_trial(
            create_trial(state=state, value=value, params=params, distributions=self.distributions)
        )
        return {}


def main():
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    bridge = Bridge()
    operations = {"create": bridge.create, "ask": bridge.ask, "tell": bridge.tell, "add": bridge.add}
    for line in sys.stdin:
        try:
            request = json.loads(line)
            reply = {"ok": True, **operations[request.pop("op")](**request)}
        except Exception as error:  # reported to the caller, who decides
            reply = {"ok": False, "error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()


main()
