"""Fits LightGBM rankers for lightgbm_bridge.ts: one JSON object a line in, one a line out, numbers in raw little-endian files.

    {"op": "fit", "width": 3, "values": FILE, "relevance": FILE, "sizes": FILE, "weights": FILE, "rounds": 200, "seed": 1}
        ->  {"ok": true, "lightgbm": "4.7.0", "gain": [5.1, 0.0, 2.2]}
    {"op": "predict", "width": 3, "values": FILE, "rounds": [50, 100], "out": FILE}  ->  {"ok": true}

values: float32, row after row; relevance: float32, one a row; sizes: uint32, rows of each list; weights: float64, one a list.
`predict` writes float64 scores of all rows after so many rounds, one block for each entry of `rounds`, ascending.
Any failure is {"ok": false, "error": "..."}; the process goes on.
"""
import json
import sys

import lightgbm
import numpy


class Bridge:
    def __init__(self):
        self.model = None

    def fit(self, width, values, relevance, sizes, weights, rounds, seed):
        sizes = numpy.fromfile(sizes, dtype="<u4")
        data = lightgbm.Dataset(
            numpy.fromfile(values, dtype="<f4").reshape(-1, width),
            label=numpy.fromfile(relevance, dtype="<f4"),
            group=sizes,
            weight=numpy.repeat(numpy.fromfile(weights, dtype="<f8"), sizes),
        )
        settings = {
            "objective": "lambdarank",
            "lambdarank_truncation_level": 15,
            "learning_rate": 0.05,
            "num_leaves": 15,
            "min_data_in_leaf": 100,
            "lambda_l2": 1.0,
            "feature_fraction": 0.5,
            "max_bin": 127,
            "seed": seed,
            # The same model on every run and machine: no reordering of sums by threads.
            "deterministic": True,
            "force_row_wise": True,
            "num_threads": 1,
            "verbose": -1,
        }
        self.model = lightgbm.train(settings, data, rounds)
        gain = self.model.feature_importance("gain")
        return {"lightgbm": lightgbm.__version__, "gain": [float(g) for g in gain]}

    def predict(self, width, values, rounds, out):
        rows = numpy.fromfile(values, dtype="<f4").reshape(-1, width)
        with open(out, "wb") as file:
            scores, done = numpy.zeros(len(rows)), 0
            for upto in rounds:
                scores = scores + self.model.predict(
                    rows, start_iteration=done, num_iteration=upto - done, raw_score=True, num_threads=1
                )
                done = upto
                scores.astype("<f8").tofile(file)
        return {}


def main():
    bridge = Bridge()
    for line in sys.stdin:
        try:
            message = json.loads(line)
            reply = getattr(bridge, {"fit": "fit", "predict": "predict"}[message.pop("op")])(**message)
            print(json.dumps({"ok": True, **reply}), flush=True)
        except Exception as error:  # a bad request must not end the process
            print(json.dumps({"ok": False, "error": f"{type(error).__name__}: {error}"}), flush=True)


if __name__ == "__main__":
    main()
