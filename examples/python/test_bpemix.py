# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of bpemix.py: python3 examples/python/test_bpemix.py, with BPEMIX_LIBRARY set."""
import copy
import ctypes
import gc
import glob
import itertools
import json
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.join(HERE, "..", "..")
sys.path.insert(0, HERE)
import bpemix  # noqa: E402

BUNDLED = os.path.join(TOP, "corpora", "bundled")


def folder(name, half="sample"):
    return os.path.join(BUNDLED, name, half)


def documents(name, half="sample"):
    for path in sorted(glob.glob(os.path.join(folder(name, half), "*"))):
        with open(path, encoding="utf-8") as f:
            yield f.read()


class TestBpemix(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.data, cls.truth = bpemix.train(
            {"english": folder("english", "train"), "c": folder("c", "train")},
            share={"english": 0.7, "c": 0.3}, train_bytes=20000, vocab_size=556)
        cls.tok = bpemix.Tokenizer("trained", data=cls.data)

    def test_training(self):
        shares = {c["name"]: c["share_bytes"] for c in self.truth["categories"]}
        self.assertAlmostEqual(sum(shares.values()), 1)
        self.assertLess(abs(shares["english"] - 0.7), 0.1)
        self.assertEqual(self.tok.merges, 300)
        self.assertEqual(len(self.tok.digest), 64)

    def test_iterables_and_paths_agree(self):
        paths = bpemix.infer(self.tok, {"english": folder("english"), "c": [folder("c")]},
                             provenance=False)
        texts = bpemix.infer(self.tok, {"english": bpemix.Documents(documents("english")),
                                        "c": bpemix.Documents(list(documents("c")))},
                             provenance=False)
        self.assertEqual(paths["categories"], texts["categories"])
        self.assertAlmostEqual(sum(c["share_bytes"] for c in paths["categories"]), 1)
        self.assertEqual(paths["solver"]["method"], "monotone")

    def test_options(self):
        result = bpemix.infer(self.tok, {"english": folder("english"), "c": folder("c")},
                              method="lp", merge_to=100, max_bytes=15000, n_threads=1)
        self.assertEqual(result["solver"]["method"], "lp")
        self.assertEqual(result["fit"]["merge_to"], 100)
        self.assertEqual(result["options"]["count"]["max_bytes"], 15000)
        result = bpemix.infer(self.tok, {"english": folder("english"), "c": folder("c")}, folds=2)
        self.assertEqual(result["fit"]["folds"], 2)
        for c in result["categories"]:
            self.assertLess(c["low_bytes"], c["high_bytes"])
        result = bpemix.infer(self.tok, {"english": folder("english"), "c": folder("c")},
                              no_ranges=True, sweep=[50, 100], groups="c\tcode\nenglish\ttext\n")
        self.assertEqual([p["merges"] for p in result["sweep"]], [50, 100])
        self.assertEqual({g["name"] for g in result["groups"]}, {"code", "text"})
        with self.assertRaises(ValueError):
            bpemix.infer(self.tok, {"c": folder("c")}, method="linear")
        with self.assertRaises(TypeError):
            bpemix.infer(self.tok, {"c": folder("c")}, maxbytes=1)
        with self.assertRaisesRegex(TypeError, "dict"):
            bpemix.train({"c": folder("c")}, share=[1])

    def test_first_documents_that_fit(self):
        texts = ["abc " * 25, "def " * 25, "ghi " * 25]  # 100 bytes each
        result = bpemix.infer(self.tok, {"x": bpemix.Documents(texts)}, max_bytes=250)
        self.assertEqual(result["categories"][0]["sample_bytes"], 200)
        self.assertEqual(result["categories"][0]["sample_documents"], 2)

    def test_traces_and_results_come_back(self):
        with tempfile.TemporaryDirectory() as d:
            path = os.path.join(d, "a.trace")
            trace = bpemix.count(self.tok, {"english": folder("english"), "c": folder("c")})
            trace.save(path)
            first = trace.solve(provenance=False)
            again = bpemix.load_traces(path).solve(provenance=False)
            self.assertEqual(first, again)
            self.assertEqual(bpemix.inspect(path)["tokenizer"]["digest"], self.tok.digest)

    def test_claims_are_checked(self):
        trace = bpemix.count(self.tok, {"english": folder("english", "train"),
                                        "c": folder("c", "train")})
        best = trace.solve()
        shares = {c["name"]: c["share_bytes"] for c in best["categories"]}
        good, bad = trace.verify(shares), trace.verify({"english": 0.1, "c": 0.9})
        self.assertEqual(good["slack_best"], bad["slack_best"])
        self.assertLess(good["slack_claim"] - good["slack_best"],
                        0.1 * (bad["slack_claim"] - bad["slack_best"]))
        self.assertEqual(trace.verify(best), good)  # a result is a claim, too
        with self.assertRaises(bpemix.Error):
            trace.verify({"welsh": 1})

    def test_estimates_are_explained(self):
        trace = bpemix.count(self.tok, {"english": folder("english"), "c": folder("c")})
        result = trace.solve()
        why = trace.explain(category="c", list=3, result=result)
        self.assertEqual(why["category"]["name"], "c")
        rows = trace.explain(list=2)["rows"]
        self.assertEqual(len(rows), 2)
        product = "".join(rows[0]["pair"])
        self.assertEqual(trace.explain(merge=product)["merge"]["step"], rows[0]["step"])
        with self.assertRaises(bpemix.Error) as caught:
            trace.explain(category="welsh")
        self.assertEqual(caught.exception.status, "E_USAGE")
        with self.assertRaises(TypeError):
            trace.explain(categories="c")

    def test_certificates_add_up(self):
        trace = bpemix.count(self.tok, {"english": folder("english"), "c": folder("c")})
        for options in {}, {"weights": "none"}, {"scale": "merges"}, {"merge_from": 20}:
            proof = trace.explain(certificate=True, **options)["certificate"]
            self.assertEqual(proof["n_rows"], len(proof["rows"]))
            bound = bpemix.certificate_bound(proof)
            self.assertAlmostEqual(bound / proof["bound"], 1, 6)
            self.assertTrue(proof["objective"] * (1 - 2e-6) <= bound <= proof["objective"])
            proof["rows"][0]["multiplier"] += 0.1
            self.assertLess(bpemix.certificate_bound(proof), bound)

    def test_reports(self):
        result = bpemix.infer(self.tok, {"english": folder("english"), "c": folder("c")})
        self.assertTrue(bpemix.report({"A": result}).startswith("<!DOCTYPE html>"))
        table = bpemix.report({"A": result, "B": result}, format="csv", unit="pairs")
        self.assertIn("english", table)
        with tempfile.TemporaryDirectory() as d:
            path = os.path.join(d, "r.json")
            with open(path, "w", encoding="utf-8") as f:
                json.dump(result, f)
            self.assertEqual(table, bpemix.report({"A": path, "B": result}, format="csv",
                                                  unit="pairs"))
        with self.assertRaises(bpemix.Error):
            bpemix.report({})
        with self.assertRaises(ValueError):
            bpemix.report({"A": result}, format="pdf")
        with self.assertRaises(TypeError):
            bpemix.report({"A": result}, colour=True)

    def test_comparisons(self):
        result = bpemix.infer(self.tok, {"english": folder("english"), "c": folder("c")})
        text, met = bpemix.compare({"A": result}, truth=self.truth, expect="max<0.3")
        self.assertIn("english", text)
        self.assertTrue(met)
        self.assertFalse(bpemix.compare({"A": result}, truth={"english": 0, "c": 1},
                                        expect="max<0.3")[1])
        self.assertTrue(bpemix.compare({"A": result, "B": result}, expect="max<1e-9")[1])
        with self.assertRaises(bpemix.Error):
            bpemix.compare({"A": result})
        with self.assertRaises(bpemix.Error) as caught:
            bpemix.compare({"A": {"shares": 1}}, truth=self.truth)
        self.assertEqual(caught.exception.status, "E_FORMAT")

    def test_encoding(self):
        enc = bpemix.Encoder(self.tok)
        ids = enc.encode("the code of the language")
        self.assertEqual(b"".join(enc.token(i) for i in ids), b"the code of the language")
        self.assertIsNone(enc.token(10 ** 6))
        self.assertEqual(enc.encode(""), [])
        with self.assertRaises(bpemix.Error) as caught:
            enc.encode(b"a\xff")
        self.assertEqual(caught.exception.offset, 1)

    def test_describe_is_what_inspect_says(self):
        with tempfile.TemporaryDirectory() as d:
            path = os.path.join(d, "t.json")
            with open(path, "wb") as f:
                f.write(self.data)
            self.assertEqual(bpemix.inspect(path)["tokenizer"],
                             bpemix.Tokenizer(path).describe())

    def test_errors(self):
        with self.assertRaises(bpemix.Error) as caught:
            bpemix.Tokenizer("no/such/file")
        self.assertEqual(caught.exception.status, "E_IO")
        self.assertEqual(caught.exception.where, "no/such/file")
        with self.assertRaises(bpemix.Error) as caught:
            bpemix.count(self.tok, {"c": folder("c")}, folds=1)
        self.assertEqual(caught.exception.param, "folds")
        with self.assertRaises(bpemix.Error) as caught:
            bpemix.count(self.tok, {})
        self.assertEqual(caught.exception.status, "E_USAGE")

    def test_exceptions_of_iterables_come_through(self):
        def broken():
            yield "some text"
            raise KeyError("lost")
        with self.assertRaises(KeyError):
            bpemix.count(self.tok, {"x": bpemix.Documents(broken())})
        with self.assertRaises(TypeError):
            bpemix.count(self.tok, {"x": bpemix.Documents([3])})

    def test_progress_can_stop(self):
        told = []

        def stop(p):
            told.append(p)
            return True

        def endless():
            while True:
                yield "some words of a text that never ends " * 1000
        with self.assertRaises(bpemix.Error) as caught:
            bpemix.count(self.tok, {"x": bpemix.Documents(endless())}, progress=stop)
        self.assertEqual(caught.exception.status, "E_INTERRUPTED")
        self.assertEqual(told[0]["stage"], "counting")
        self.assertEqual(told[0]["unit"], "bytes")

    def test_exceptions_of_callbacks_come_through(self):
        def fails(*told):
            raise KeyError("lost")
        with self.assertRaises(KeyError):
            bpemix.count(self.tok, {"c": folder("c")}, progress=fails)

    def test_warnings_are_told(self):
        with tempfile.TemporaryDirectory() as d:
            path = os.path.join(d, "page.txt")
            with open(path, "w", encoding="utf-8") as f:
                f.write('{"id": 1, "text": "records that are taken for text"}\n' * 20)
            told = []
            trace = bpemix.count(self.tok, {"x": path}, warn=told.append, jsonl=False)
            self.assertEqual(len(told), 1)
            self.assertIn("page.txt", told[0])
            self.assertIn("JSON", told[0])
            bpemix.count(self.tok, {"x": path})  # nobody listens
            del trace

    def test_rules_of_a_list_of_merges(self):
        merges = b"#version: 0.2\na b\nab c\n"
        described = bpemix.Tokenizer("merges.txt", data=merges, pretokenizer="cl100k").describe()
        self.assertEqual(described["pretokenizer"]["name"], "cl100k")
        self.assertEqual(described["merges"], 2)
        with self.assertRaises(bpemix.Error) as caught:
            bpemix.Tokenizer("merges.txt", data=merges, pretokenizer="gpt99")
        self.assertEqual(caught.exception.status, "E_USAGE")

    def test_results_come_back(self):
        result = bpemix.infer(self.tok, {"english": folder("english"), "c": folder("c")})
        with tempfile.TemporaryDirectory() as d:
            path = os.path.join(d, "r.json")
            with open(path, "w", encoding="utf-8") as f:
                json.dump(result, f)
            self.assertEqual(bpemix.load_result(path)["categories"], result["categories"])
            with self.assertRaises(bpemix.Error):
                bpemix.load_result(os.path.join(d, "none.json"))

    def test_presets(self):
        self.assertIn("gpt2", bpemix.presets())
        self.assertRegex(bpemix.version(), r"^\d+\.\d+\.\d+")

    def test_layout(self):
        """The structs here are those of the header."""
        structs = {"bpemix_error": bpemix._Error, "bpemix_text": bpemix._Text,
                   "bpemix_progress": bpemix._Progress, "bpemix_category": bpemix._Category,
                   "bpemix_load_opts": bpemix._LoadOpts, "bpemix_inspect_opts": bpemix._InspectOpts,
                   "bpemix_count_opts": bpemix._CountOpts, "bpemix_solve_opts": bpemix._SolveOpts,
                   "bpemix_verify_opts": bpemix._VerifyOpts,
                   "bpemix_explain_opts": bpemix._ExplainOpts,
                   "bpemix_labelled": bpemix._Labelled, "bpemix_report_opts": bpemix._ReportOpts,
                   "bpemix_compare_opts": bpemix._CompareOpts,
                   "bpemix_train_opts": bpemix._TrainOpts}
        source, want = ["#include <bpemix.h>", "#include <stdio.h>", "int main(void) {"], []
        for name, struct in structs.items():
            for member, _ in struct._fields_:
                source.append('printf("%%zu %%zu\\n", offsetof(%s, %s), sizeof ((%s *)0)->%s);'
                              % (name, member, name, member))
                field = getattr(struct, member)
                want.append("%d %d" % (field.offset, field.size))
        source.append("return 0; }")
        with tempfile.TemporaryDirectory() as d:
            program = os.path.join(d, "layout")
            with open(program + ".c", "w", encoding="utf-8") as f:
                f.write("\n".join(source) + "\n")
            subprocess.run([os.environ.get("CC", "cc"), "-I", os.path.join(TOP, "include"), "-o",
                            program, program + ".c"], check=True)
            got = subprocess.run([program], check=True, capture_output=True, text=True).stdout
        self.assertEqual(got.split("\n")[:-1], want)

    # ---- what goes wrong in the caller's code or was never meant ----

    def test_documents_that_fail(self):
        def raising(e):
            yield "some text\n"
            raise e

        for e in [ValueError("of the caller"), KeyboardInterrupt(), SystemExit(3), MemoryError(),
                  GeneratorExit()]:
            with self.assertRaises(type(e)) as caught:
                self.count(raising(e))
            self.assertIs(caught.exception, e)
        for wrong, said in [(None, "NoneType"), (7, "int"), (bytearray(b"x"), "bytearray")]:
            with self.assertRaisesRegex(TypeError, "category 'x': a document is " + said):
                self.count(["some text\n", wrong, "more\n"])
        with self.assertRaises(UnicodeEncodeError):
            self.count(["a lone \ud800 surrogate"])
        with self.assertRaises(TypeError):
            self.count(5)

    def count(self, documents, **options):
        return bpemix.count(self.tok, {"x": bpemix.Documents(documents), "c": folder("c")},
                            **options)

    def test_exceptions_of_callbacks(self):
        def fail(said):
            raise LookupError("in a callback")

        text = ["caf\xe9 ".encode("latin-1") * 200] * 30  # of which there is a warning
        with self.assertRaisesRegex(LookupError, "in a callback"):
            self.count(text, warn=fail)
        with self.assertRaisesRegex(LookupError, "in a callback"):
            self.count(text, progress=fail)

    def test_signals(self):
        """What their handlers raise comes out, wherever the library is."""
        def late(number, frame):
            raise TimeoutError("too late")

        before = signal.signal(signal.SIGALRM, late)
        try:
            for endless in [itertools.repeat(b"some text " * 100),
                            ("some text %d " % i for i in itertools.count())]:
                signal.setitimer(signal.ITIMER_REAL, 0.1)
                with self.assertRaises(TimeoutError):
                    self.count(endless)
                self.assertIs(signal.getsignal(signal.SIGALRM), late)
        finally:
            signal.signal(signal.SIGALRM, before)

    def test_calls_within_calls(self):
        def nested():
            for k in range(3):
                result = bpemix.infer(self.tok, {"english": folder("english"), "c": folder("c")},
                                      merge_to=20, no_ranges=True)
                yield result["categories"][0]["name"] * 50 + "\n"
            raise ArithmeticError

        with self.assertRaises(ArithmeticError):
            self.count(nested())

    def test_types(self):
        paths = {"english": folder("english"), "c": folder("c")}
        encoder = bpemix.Encoder(self.tok)
        trace = bpemix.count(self.tok, paths)
        for wrong in [None, 5, "tokenizer.json", trace, encoder, ctypes.c_void_p(5)]:
            for call in [lambda: bpemix.count(wrong, paths), lambda: bpemix.Encoder(wrong)]:
                with self.assertRaisesRegex(TypeError, "tokenizer: .*, not a bpemix.Tokenizer"):
                    call()
        for call in [lambda: bpemix.Trace(5), lambda: encoder.encode(5),
                     lambda: encoder.token("1"), lambda: bpemix.load_traces(5),
                     lambda: bpemix.Tokenizer(5), lambda: bpemix.Tokenizer("x", data="text"),
                     lambda: bpemix.Tokenizer("x", pretokenizer=5), lambda: trace.save(5),
                     lambda: bpemix.count(self.tok, "paths"), lambda: bpemix.count(self.tok, 5),
                     lambda: bpemix.count(self.tok, {5: "x"}),
                     lambda: bpemix.count(self.tok, {"x": 5}),
                     lambda: bpemix.count(self.tok, {"x": [5]}),
                     lambda: trace.explain(category=5), lambda: trace.verify(claim={1j: 2}),
                     lambda: bpemix.report(5), lambda: bpemix.report({5: "x"})]:
            with self.assertRaises(TypeError):
                call()
        for options, said in [(dict(field=5), "field: int"), (dict(jsonl="no"), "jsonl: str"),
                              (dict(folds=2.5), "folds: float"), (dict(folds="2"), "folds: str"),
                              (dict(progress_ctx=5), "unknown option progress_ctx")]:
            with self.assertRaisesRegex(TypeError, said):
                bpemix.count(self.tok, paths, **options)
        for options, said in [(dict(sweep="100"), "sweep: str"), (dict(gap="1"), "gap: str"),
                              (dict(n_sweep=3), "unknown option n_sweep"),
                              (dict(note=b"x", result=5), "unknown option result")]:
            with self.assertRaisesRegex(TypeError, said):
                trace.solve(**options)

    def test_values(self):
        """C would take the last bits of a number, and a text up to its first zero byte."""
        trace = bpemix.count(self.tok, {"english": folder("english"), "c": folder("c")})
        encoder = bpemix.Encoder(self.tok)
        for call in [lambda: bpemix.count(self.tok, {"a\0b": "x"}),
                     lambda: bpemix.count(self.tok, {"x": "a\0b"}),
                     lambda: bpemix.Tokenizer("a\0b"), lambda: trace.save("a\0b"),
                     lambda: trace.explain(category="c\0"), lambda: bpemix.report({"a\0b": {}}),
                     lambda: trace.verify("{}\0"), lambda: self.count(["x"], max_bytes=-1),
                     lambda: self.count(["x"], folds=1 << 32), lambda: trace.solve(sweep=[-1]),
                     lambda: trace.solve(method=9), lambda: self.tok.describe(list=-1),
                     lambda: encoder.token(1 << 32), lambda: encoder.token(-1)]:
            with self.assertRaises(ValueError):
                call()

    def test_copies(self):
        trace = bpemix.count(self.tok, {"english": folder("english"), "c": folder("c")})
        for made in [self.tok, bpemix.Encoder(self.tok), trace]:
            del copy.copy(made).__dict__["_as_parameter_"]  # one of two owners
            for call in [copy.deepcopy, pickle.dumps]:
                with self.assertRaises(TypeError):
                    call(made)
        self.assertEqual(self.tok.merges, 300)
        with self.assertRaises(bpemix.Error) as caught:
            bpemix.Tokenizer("nowhere.json")
        again = pickle.loads(pickle.dumps(caught.exception))
        self.assertEqual((str(again), again.status, again.where),
                         (str(caught.exception), "E_IO", "nowhere.json"))

    def test_lifetimes(self):
        """The encoder's tokenizer lives as long, whoever lets go of it and in which order."""
        tok = bpemix.Tokenizer("trained", data=self.data)
        encoder = bpemix.Encoder(tok)
        want = encoder.encode("some text")
        tok.__init__("trained", data=self.data)
        self.assertEqual(encoder.encode("some text"), want)
        tok.encoder, encoder.tok = encoder, tok  # freed by the collector
        del tok, encoder
        gc.collect()

    def test_threads(self):
        encoder = bpemix.Encoder(self.tok)
        texts = ["some text %d " % i * (1 + i % 50) for i in range(100)]
        want, got = [encoder.encode(t) for t in texts], {}

        def work(k):
            ids = [encoder.encode(t) for t in texts]
            with self.assertRaises(ZeroDivisionError):
                self.count("text %d " % (1 // (3 - i)) for i in range(9))
            got[k] = ids

        threads = [threading.Thread(target=work, args=(k,)) for k in range(6)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual([got.get(k) for k in range(6)], [want] * 6)


if __name__ == "__main__":
    unittest.main()
