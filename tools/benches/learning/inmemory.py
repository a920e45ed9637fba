"""LIBLINEAR (PyPI liblinear-official) on a set in memory, with the duality gap it reached."""
import ctypes
import time

import numpy
from liblinear.liblinear import PRINT_STRING_FUN, liblinear, parameter, problem, toPyModel


class InMemory:
    """The L2-loss SVM by dual coordinate descent (-s 1), C = 1, with a bias feature of 1."""

    def __init__(self, features, labels):
        self.features = features
        self.signs = numpy.where(labels, 1.0, -1.0)
        self.problem = problem(self.signs, features, bias=1)
        self.told = []
        self.listener = PRINT_STRING_FUN(self.told.append)

    def train(self, eps):
        """Seconds, and the relative gap: the primal value of the weights, less the dual that it prints."""
        self.told.clear()
        options = parameter(f"-s 1 -c 1 -B 1 -e {eps!r}")
        liblinear.set_print_string_function(self.listener)
        ctypes.CDLL(None).srand(1)  # Its permutations come from the C library's generator.
        start = time.perf_counter()
        trained = liblinear.train(self.problem, options)
        seconds = time.perf_counter() - start
        model = toPyModel(trained)
        dual = -float(b"".join(self.told).split(b"Objective value = ")[1].split()[0])
        weights = numpy.array(model.w[:self.features.shape[1] + 1])
        weights *= 1 if model.label[0] == 1 else -1
        slack = numpy.maximum(
            0, 1 - self.signs * (self.features @ weights[:-1] + weights[-1]))
        primal = weights @ weights / 2 + slack @ slack
        return seconds, (primal - dual) / primal

    def loosest(self, gap):
        """The loosest stopping tolerance, in steps of a quarter of an octave, that reaches the gap."""
        eps, step = 0.4, 2 ** -0.25
        while self.train(eps)[1] > 4 * gap:
            eps /= 2
        while self.train(eps)[1] > gap:
            eps *= step
        return eps
