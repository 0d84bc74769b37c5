# SPDX-License-Identifier: GPL-3.0-or-later
"""bpemix for Python: one file on top of libbpemix, without other dependencies.

    import bpemix

    tok = bpemix.Tokenizer("tokenizer.json")
    result = bpemix.infer(tok, {
        "English": "texts/english",                  # a path, or a list of paths
        "French": bpemix.Documents(french_texts()),  # any iterable of str or bytes
    }, folds=8)
    for c in result["categories"]:
        print(c["name"], c["share_bytes"] if c["identified"] else c["range_outer_bytes"])
    print(result["verdict"]["level"])

Results are the documents of bpemix-json(5) as plain dicts.  Options are those of the
functions in libbpemix(3), by the same names: infer(..., max_bytes=10**8, method="lp").
What goes wrong is raised as bpemix.Error, whose attributes are the parts of the message.

The library is found as libbpemix.so.1; the environment variable BPEMIX_LIBRARY names
another file.
"""
import ctypes
import ctypes.util
import json
import math
import operator
import os
import signal
import threading
from ctypes import (CFUNCTYPE, POINTER, Structure, byref, c_bool, c_char_p, c_double, c_int,
                    c_int64, c_size_t, c_uint, c_uint32, c_uint64, c_void_p, sizeof)

__all__ = ["Documents", "Encoder", "Error", "Tokenizer", "Trace", "compare", "count", "infer",
           "inspect", "load_result", "load_traces", "presets", "report", "train", "version"]

# ---- the structs of the headers, as far as they are used here ----


class _Error(Structure):
    _fields_ = [("status", c_int), ("line", c_int64), ("offset", c_int64),
                ("param", ctypes.c_char * 32), ("where", ctypes.c_char * 256),
                ("what", ctypes.c_char * 256), ("hint", ctypes.c_char * 256)]


class _Text(Structure):
    _fields_ = [("ptr", c_void_p), ("len", c_size_t)]


class _Progress(Structure):
    _fields_ = [("stage", c_char_p), ("done", c_uint64), ("total", c_uint64), ("unit", c_char_p),
                ("bound", c_double), ("gap", c_double), ("target", c_double)]


_READ = CFUNCTYPE(c_int, c_void_p, POINTER(_Text), POINTER(c_bool), POINTER(_Error))
_PROGRESS = CFUNCTYPE(c_bool, c_void_p, POINTER(_Progress))
_WARN = CFUNCTYPE(None, c_void_p, c_char_p)


class _Category(Structure):
    _fields_ = [("name", c_char_p), ("paths", POINTER(c_char_p)), ("n_paths", c_size_t),
                ("read", _READ), ("read_ctx", c_void_p)]


def _wrong(name, value, wanted):
    return TypeError("%s: %s, not %s" % (name, type(value).__name__, wanted))


def _bytes(name, value):
    """A text or path for C, which ends at a zero byte."""
    if not isinstance(value, (str, bytes, os.PathLike)):
        raise _wrong(name, value, "str, bytes or a path")
    value = os.fsencode(value)
    if b"\0" in value:
        raise ValueError("%s: a zero byte in %r" % (name, value))
    return value


def _label(name, value):
    """A name that is shown, for C."""
    if not isinstance(value, str):
        raise _wrong(name, value, "str")
    return _bytes(name, value.encode())


def _data(name, value):
    """Content, in which everything may be."""
    try:
        return bytes(memoryview(value))
    except TypeError:
        raise _wrong(name, value, "bytes") from None


def _number(name, value, kind=c_size_t):
    """An integer that fits into a type of C, which would take any and keep its last bits."""
    try:
        value = operator.index(value)
    except TypeError:
        raise _wrong(name, value, "an integer") from None
    bits = 8 * sizeof(kind)
    low = 0 if kind(-1).value > 0 else -(1 << (bits - 1))
    if not low <= value < low + (1 << bits):
        raise ValueError("%s: %d is not between %d and %d"
                         % (name, value, low, low + (1 << bits) - 1))
    return value


class _Options(Structure):
    """A struct that starts with its size; keywords set its members."""

    choices = {}

    def __init__(self, keep, options):
        super().__init__()
        self.size = sizeof(self)
        kinds = dict(self._fields_)
        for name in [n for n in options if self._is_option(n, kinds)]:
            value, kind = options.pop(name), kinds[name]
            if value is None:
                continue
            if name in self.choices:
                value = self._choice(name, value)
            elif kind is c_char_p:
                value = _bytes(name, value)
                keep.append(value)
            elif kind is c_bool:
                if isinstance(value, (str, bytes)):
                    raise _wrong(name, value, "bool")
                value = bool(value)
            elif kind is c_double:
                if isinstance(value, (str, bytes)):
                    raise _wrong(name, value, "a number")
                value = float(value)
            elif "n_" + name in kinds:  # a list: its number stands in another member
                if isinstance(value, (str, bytes)):
                    raise _wrong(name, value, "a list of integers")
                value = [_number(name, v, kind._type_) for v in value]
                setattr(self, "n_" + name, len(value))
                value = (kind._type_ * max(len(value), 1))(*value)
                keep.append(value)
            else:
                value = _number(name, value, kind)
            setattr(self, name, value)

    @staticmethod
    def _is_option(name, kinds):
        """Is it a member to be set from outside: no pointer to a function or struct, no length?"""
        kind = kinds.get(name)
        length = name.startswith("n_") and name[2:] in kinds
        return kind is not None and name != "size" and not length and (
            "n_" + name in kinds or kind in (c_char_p, c_bool, c_double, c_int, c_uint, c_uint32,
                                             c_uint64, c_size_t))

    def _choice(self, name, value):
        known = self.choices[name]
        if isinstance(value, str) and value in known:
            return known.index(value)
        if isinstance(value, int) and 0 <= value < len(known):
            return value
        raise ValueError("unknown %s %r; use %s" % (name, value, ", ".join(known)))


class _LoadOpts(_Options):
    _fields_ = [("size", c_size_t), ("pretokenizer", c_char_p), ("keep_manual", c_bool)]


class _InspectOpts(_Options):
    _fields_ = [("size", c_size_t), ("load", POINTER(_LoadOpts)), ("list", c_size_t)]


class _CountOpts(_Options):
    choices = {"text_unit": ["auto", "document", "line"],
               "invalid": ["auto", "keep", "replace", "refuse"]}
    _fields_ = [("size", c_size_t), ("max_bytes", c_uint64), ("text_unit", c_int),
                ("invalid", c_int), ("merges", c_uint32), ("jsonl", c_bool), ("field", c_char_p),
                ("work", c_char_p), ("folds", c_uint32), ("n_threads", c_uint),
                ("progress", _PROGRESS), ("progress_ctx", c_void_p), ("binary", c_bool),
                ("skip_bad_records", c_bool), ("warn", _WARN), ("warn_ctx", c_void_p)]


class _SolveOpts(_Options):
    choices = {"method": ["default", "lp", "monotone"],
               "weights": ["default", "none", "quarter"],
               "scale": ["default", "pairs", "merges"]}
    _fields_ = [("size", c_size_t), ("merge_from", c_uint32), ("merge_to", c_uint32),
                ("merges_auto", c_bool), ("merges_all", c_bool), ("gap", c_double),
                ("time_limit", c_double), ("method", c_int), ("weights", c_int), ("scale", c_int),
                ("n_threads", c_uint), ("progress", _PROGRESS), ("progress_ctx", c_void_p),
                ("no_ranges", c_bool), ("phases_auto", c_bool), ("train_bytes", c_double),
                ("sweep", POINTER(c_uint32)), ("n_sweep", c_size_t), ("groups", c_char_p),
                ("groups_name", c_char_p), ("merges_most", c_uint32), ("note", c_char_p)]


class _VerifyOpts(_Options):
    _fields_ = [("size", c_size_t), ("solve", POINTER(_SolveOpts)), ("exact", c_bool),
                ("columns", c_int)]


class _ExplainOpts(_Options):
    _fields_ = [("size", c_size_t), ("solve", POINTER(_SolveOpts)), ("category", c_char_p),
                ("merge", c_char_p), ("list", c_uint64), ("result", c_void_p),
                ("certificate", c_bool), ("columns", c_int)]


class _Labelled(Structure):
    _fields_ = [("label", c_char_p), ("result", c_void_p)]


_UNITS = ["default", "bytes", "pairs", "merges"]


class _ReportOpts(_Options):
    choices = {"format": ["html", "svg", "markdown", "latex", "csv", "tsv", "json", "terminal"],
               "unit": _UNITS}
    _fields_ = [("size", c_size_t), ("format", c_int), ("unit", c_int), ("groups", c_char_p),
                ("groups_name", c_char_p), ("only", c_char_p), ("title", c_char_p),
                ("list", c_size_t), ("hatch", c_bool), ("color", c_bool), ("columns", c_int),
                ("width", c_double)]


class _CompareOpts(_Options):
    choices = {"unit": _UNITS}
    _fields_ = [("size", c_size_t), ("unit", c_int), ("truth", c_char_p),
                ("truth_name", c_char_p), ("expect", c_char_p), ("color", c_bool)]


class _TrainOpts(_Options):
    _fields_ = [("size", c_size_t), ("count", POINTER(_CountOpts)), ("pretokenizer", c_char_p),
                ("vocab_size", c_uint32), ("train_bytes", c_uint64), ("share", POINTER(c_double)),
                ("extend", c_char_p), ("ties", c_char_p), ("seed", c_uint64),
                ("min_frequency", c_uint64), ("max_token_length", c_uint32),
                ("trainer", c_char_p)]


# ---- the library ----


def _load():
    name = os.environ.get("BPEMIX_LIBRARY")
    if name:
        return ctypes.CDLL(name)
    for name in ("libbpemix.so.1", ctypes.util.find_library("bpemix")):
        try:
            if name:
                return ctypes.CDLL(name)
        except OSError:
            pass
    raise ImportError("libbpemix is not installed; set BPEMIX_LIBRARY to the file libbpemix.so")


_lib = _load()

_E_IO, _E_INTERRUPTED = 2, 9  # bpemix_status

_ERR = POINTER(_Error)
_OUT = POINTER(c_void_p)
for _name, _result, _args in [
        ("error_text", c_size_t, [_ERR, c_char_p, c_size_t]),
        ("status_name", c_char_p, [c_int]),
        ("version", c_char_p, []),
        ("free", None, [c_void_p]),
        ("tokenizer_load", c_int, [c_char_p, POINTER(_LoadOpts), _OUT, _ERR]),
        ("tokenizer_parse", c_int, [c_char_p, _Text, POINTER(_LoadOpts), _OUT, _ERR]),
        ("tokenizer_free", None, [c_void_p]),
        ("tokenizer_merges", c_uint32, [c_void_p]),
        ("tokenizer_digest", c_char_p, [c_void_p]),
        ("tokenizer_describe", c_int, [c_void_p, c_size_t, _OUT, _ERR]),
        ("preset_name", c_char_p, [c_size_t]),
        ("inspect", c_int, [c_char_p, POINTER(_InspectOpts), _OUT, _OUT, _ERR]),
        ("encoder_new", c_int, [c_void_p, _OUT, _ERR]),
        ("encoder_free", None, [c_void_p]),
        ("encode", c_int, [c_void_p, _Text, POINTER(POINTER(c_uint32)), POINTER(c_size_t), _ERR]),
        ("encoder_token", _Text, [c_void_p, c_uint32]),
        ("count", c_int, [c_void_p, POINTER(_Category), c_size_t, POINTER(_CountOpts), _OUT, _ERR]),
        ("trace_free", None, [c_void_p]),
        ("trace_save", c_int, [c_void_p, c_char_p, _ERR]),
        ("trace_load", c_int, [POINTER(c_char_p), c_size_t, _OUT, _ERR]),
        ("solve", c_int, [c_void_p, POINTER(_SolveOpts), _OUT, _ERR]),
        ("verify", c_int, [c_void_p, c_char_p, POINTER(_VerifyOpts), _OUT, _OUT, _ERR]),
        ("explain", c_int, [c_void_p, POINTER(_ExplainOpts), _OUT, _OUT, _ERR]),
        ("result_load", c_int, [c_char_p, _OUT, _ERR]),
        ("result_parse", c_int, [c_char_p, _Text, _OUT, _ERR]),
        ("result_free", None, [c_void_p]),
        ("result_json", c_int, [c_void_p, c_int, _OUT, _ERR]),
        ("report", c_int, [POINTER(_Labelled), c_size_t, POINTER(_ReportOpts), _OUT,
                           POINTER(c_size_t), _ERR]),
        ("compare", c_int, [POINTER(_Labelled), c_size_t, POINTER(_CompareOpts), _OUT,
                            POINTER(c_bool), _ERR]),
        ("train", c_int, [POINTER(_Category), c_size_t, POINTER(_TrainOpts), _OUT, _ERR]),
        ("training_free", None, [c_void_p]),
        ("training_tokenizer", _Text, [c_void_p]),
        ("training_json", c_int, [c_void_p, c_char_p, _OUT, _ERR])]:
    _f = getattr(_lib, "bpemix_" + _name)
    _f.restype, _f.argtypes = _result, _args


class Error(Exception):
    """What the library says: status ("E_FORMAT"), where, what, hint, param, line, offset."""

    def __init__(self, err):
        size = _lib.bpemix_error_text(byref(err), None, 0) + 1
        text = ctypes.create_string_buffer(size)
        _lib.bpemix_error_text(byref(err), text, size)
        super().__init__(text.value.decode(errors="replace"))
        self.status = _lib.bpemix_status_name(err.status).decode()
        self.where, self.what, self.hint, self.param = (
            getattr(err, k).decode(errors="replace") for k in ("where", "what", "hint", "param"))
        self.line = err.line or None
        self.offset = err.offset if err.offset >= 0 else None

    def __reduce__(self):  # it goes from one process to another
        return _error_again, (self.args, self.__dict__)


def _error_again(args, members):
    err = Error.__new__(Error)
    err.args = args
    err.__dict__.update(members)
    return err


class _Handle:
    """A pointer that the library handed over, freed with the last reference to it.

    uses: other handles that must live as long.
    """

    def __init__(self, free, *uses):
        self._as_parameter_ = c_void_p()
        self.out = byref(self._as_parameter_)
        self._free, self._uses = getattr(_lib, "bpemix_" + free), uses

    def __del__(self):
        if self._as_parameter_:
            self._free(self._as_parameter_)

    def __reduce_ex__(self, protocol):
        raise TypeError("what the library holds cannot be copied; load it again there")

    def json(self):
        """The dict in a string."""
        return json.loads(ctypes.string_at(self._as_parameter_.value))

    def text(self):
        return ctypes.string_at(self._as_parameter_.value).decode()


def _handle(name, value, kind):
    """What the library calls its object: a pointer to anything else would be followed, too."""
    if not isinstance(value, kind):
        raise _wrong(name, value, "a bpemix.%s" % kind.__name__)
    return value._as_parameter_


def _call(name, *args):
    err = _Error()
    if getattr(_lib, "bpemix_" + name)(*args, byref(err)):
        raise Error(err)


def _text(data):
    """A struct that points into `data`, which the caller keeps."""
    return _Text(ctypes.cast(c_char_p(data), c_void_p), len(data))


def _mixture(claim):
    """{name: share}, a document with "categories", or the JSON of one, as bytes."""
    return _label("claim", claim if isinstance(claim, str) else json.dumps(claim))


def _items(name, value):
    try:
        return list(dict(value).items())
    except (TypeError, ValueError):
        raise _wrong(name, value, "a dict") from None


class _Results:
    """{label: result as a dict, or path of one} as the library takes them; for `with`."""

    def __init__(self, results):
        self.items = _items("results", results)
        self.array = (_Labelled * max(len(self.items), 1))()

    def __enter__(self):
        try:
            for to, (label, result) in zip(self.array, self.items):
                out = c_void_p()
                to.label = _label("label", label)
                if isinstance(result, dict):
                    data = json.dumps(result).encode()
                    _call("result_parse", to.label, _text(data), byref(out))
                else:
                    _call("result_load", _bytes("result", result), byref(out))
                to.result = out
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *raised):
        for labelled in self.array:
            _lib.bpemix_result_free(labelled.result)


def version():
    """Version of the library."""
    return _lib.bpemix_version().decode()


def presets():
    """Names of the pre-tokenizers that `pretokenizer` may name."""
    names, i = [], 0
    while True:
        name = _lib.bpemix_preset_name(i)
        if name is None:
            return names
        names.append(name.decode())
        i += 1


# ---- categories ----


class Documents:
    """Documents of a category: an iterable of str or bytes, read once."""

    def __init__(self, documents):
        self.documents = documents


class _Run:
    """What must live as long as a call, and what its callbacks raised.

    Nothing may leave a callback but by `raised`: ctypes prints it and goes on.  The handlers of
    signals run at the first line of a callback, before any `try`; so while the library runs, others
    stand in for them, which keep what they raise.
    """

    def __init__(self, progress=None, warn=None):
        self.keep = []
        self.raised = None
        self.outside = True  # of code that the caller passed, as far as the main thread goes
        self.progress = _PROGRESS(self._on_progress(progress))
        self.warn = _WARN(self._on_warn(warn))

    def _theirs(self, function, *args):
        """Code of the caller, which a signal may end."""
        if threading.current_thread() is not threading.main_thread():
            return function(*args)
        try:
            self.outside = False
            return function(*args)
        finally:
            self.outside = True

    def _on_progress(self, function):
        def told(ctx, p):
            # called even when nobody listens: Python runs handlers of signals in here
            try:
                if self.raised:
                    return True
                if not function:
                    return False
                p = p.contents
                return bool(self._theirs(function, {
                    "stage": p.stage.decode(), "done": p.done, "total": p.total,
                    "unit": p.unit.decode(),
                    "bound": None if p.bound != p.bound else p.bound,
                    "gap": None if p.gap != p.gap else p.gap, "target": p.target or None}))
            except BaseException as e:
                self.raised = self.raised or e
                return True
        return told

    def _on_warn(self, function):
        def told(ctx, text):
            try:
                if function and not self.raised:
                    self._theirs(function, text.decode(errors="replace"))
            except BaseException as e:
                self.raised = self.raised or e
        return told

    def _reader(self, name, documents):
        iterator = iter(documents)
        current = [None]  # the library borrows it until the next call
        end = object()

        def read(ctx, doc, more, err):
            try:
                if self.raised:
                    return _E_IO
                document = self._theirs(next, iterator, end)
                if document is end:
                    more[0] = False
                    return 0
                if isinstance(document, str):
                    document = document.encode()
                if not isinstance(document, bytes):
                    raise TypeError("category %r: a document is %s, not str or bytes"
                                    % (name, type(document).__name__))
                current[0] = document
                doc[0] = _text(document)
                return 0
            except BaseException as e:
                self.raised = self.raised or e
                return _E_IO
        return _READ(read)

    def categories(self, categories):
        """{name: path, list of paths, or Documents} as an array and its length."""
        items = _items("categories", categories)
        array = (_Category * max(len(items), 1))()
        for c, (name, source) in zip(array, items):
            c.name = _label("category", name)
            if isinstance(source, Documents):
                c.read = self._reader(name, source.documents)
                self.keep.append(c.read)
                continue
            if isinstance(source, (str, bytes, os.PathLike)):
                source = [source]
            elif not hasattr(source, "__iter__"):
                raise _wrong("category %r" % name, source, "a path, a list of them or Documents")
            paths = [_bytes("category %r" % name, p) for p in source]
            c.paths = (c_char_p * max(len(paths), 1))(*paths)
            c.n_paths = len(paths)
            self.keep.append((paths, c.paths))
        self.keep.append(array)
        return array, len(items)

    def _stand_in(self, handler):
        def handle(number, frame):
            try:
                handler(number, frame)
            except BaseException as e:
                if not self.outside:
                    raise
                self.raised = self.raised or e
        return handle

    def call(self, name, *args):
        before = {}
        try:
            if threading.current_thread() is threading.main_thread():
                for number in signal.valid_signals():
                    handler = signal.getsignal(number)
                    if callable(handler):
                        before[number] = handler
                        signal.signal(number, self._stand_in(handler))
            _call(name, *args)
        except Error:
            if self.raised:
                raise self.raised from None
            raise
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        if self.raised:  # in the last call of a callback
            raise self.raised


def _no_more(options):
    if options:
        raise TypeError("unknown option %s" % ", ".join(sorted(options)))


# ---- objects ----


class Tokenizer:
    """A tokenizer file of any format, or with `data` its content as bytes."""

    def __init__(self, path, data=None, **options):
        keep = []
        opts = _LoadOpts(keep, options)
        _no_more(options)
        handle = _Handle("tokenizer_free")
        if data is None:
            _call("tokenizer_load", _bytes("path", path), byref(opts), handle.out)
        else:
            data = _data("data", data)
            _call("tokenizer_parse", _bytes("path", path), _text(data), byref(opts), handle.out)
        self._as_parameter_ = handle

    @property
    def merges(self):
        """Number of merges."""
        return _lib.bpemix_tokenizer_merges(self)

    @property
    def digest(self):
        """SHA-256 of the merge list."""
        return _lib.bpemix_tokenizer_digest(self).decode()

    def describe(self, list=5):
        """All that is known of it, with up to `list` examples of every finding."""
        out = _Handle("free")
        _call("tokenizer_describe", self, _number("list", list), out.out)
        return out.json()


class Encoder:
    """Text to token ids as the tokenizer's own software does it."""

    def __init__(self, tokenizer):
        tokenizer = _handle("tokenizer", tokenizer, Tokenizer)
        handle = _Handle("encoder_free", tokenizer)
        _call("encoder_new", tokenizer, handle.out)
        self._as_parameter_ = handle
        self._lock = threading.RLock()  # the ids are the encoder's until the next call

    def encode(self, text):
        """List of ids; None stands for text that has no token."""
        data = text.encode() if isinstance(text, str) else _data("text", text)
        ids, n = POINTER(c_uint32)(), c_size_t()
        with self._lock:
            _call("encode", self, _text(data), byref(ids), byref(n))
            ids = ids[:n.value]
        return [None if i == 0xffffffff else i for i in ids]

    def token(self, id):
        """Bytes of a token, None when there is no such id."""
        text = _lib.bpemix_encoder_token(self, _number("id", id, c_uint32))
        return ctypes.string_at(text.ptr, text.len) if text.ptr is not None else None


class Trace:
    """Counts of every pair after every merge; from count() or load_traces()."""

    def __init__(self, handle):
        if not isinstance(handle, _Handle):
            raise TypeError("traces come from count() and load_traces()")
        self._as_parameter_ = handle

    def save(self, path):
        _call("trace_save", self, _bytes("path", path))

    def _solve_opts(self, run, options):
        if not {"merge_from", "merge_to", "merges_all"} & set(options):
            options.setdefault("merges_auto", True)  # as the program does
        opts = _SolveOpts(run.keep, options)
        _no_more(options)
        opts.progress = run.progress
        return opts

    def solve(self, progress=None, provenance=True, **options):
        """Estimate the shares; the result document of bpemix-json(5) as a dict."""
        run = _Run(progress)
        opts = self._solve_opts(run, options)
        out = _Handle("result_free")
        run.call("solve", self, byref(opts), out.out)
        return _result_of(out, provenance)

    def verify(self, claim, progress=None, exact=False, **options):
        """Check a mixture that somebody claims: {name: share of bytes}, or a result.

        exact: the samples are the training text itself.  Other options are those of solve();
        comes back as the verify document of bpemix-json(5).
        """
        run = _Run(progress)
        solve = self._solve_opts(run, options)
        opts = _VerifyOpts(run.keep, {"exact": exact})
        opts.solve = ctypes.pointer(solve)
        out = _Handle("free")
        run.call("verify", self, _mixture(claim), byref(opts), out.out, None)
        return out.json()

    def explain(self, category=None, merge=None, list=None, result=None, certificate=None,
                progress=None, **options):
        """What an estimate rests on: a category's share, a merge, or the objective.

        result:      the estimate to explain, as solve() returned it or a path
        certificate: True: all rows that prove the least slack, which certificate_bound() adds up

        Other options are those of solve(); comes back as the explain document of bpemix-json(5).
        """
        run = _Run(progress)
        solve = self._solve_opts(run, options)
        opts = _ExplainOpts(run.keep, {"category": category, "merge": merge, "list": list,
                                        "certificate": certificate})
        opts.solve = ctypes.pointer(solve)
        out = _Handle("free")
        with _Results({} if result is None else {"result": result}) as results:
            opts.result = results.array[0].result
            run.call("explain", self, byref(opts), out.out, None)
        return out.json()


def _result_of(handle, provenance):
    out = _Handle("free")
    _call("result_json", handle, bool(provenance), out.out)
    return out.json()


# ---- functions ----


def certificate_bound(certificate):
    """What a certificate of Trace.explain(certificate=True) proves: no mixture leaves less slack.

    Adds up its rows, as bpemix-json(5) says, and needs neither the library nor a solver; -inf when
    it is no certificate.
    """
    sums, steps = [0.0] * len(certificate["categories"]), {}
    for row in certificate["rows"]:
        most = row["weight"] * (1 + 1e-9)
        if not (-most if row["is_merge"] else 0) <= row["multiplier"] <= most:
            return -math.inf
        steps[row["step"]] = steps.get(row["step"], 0) + row["multiplier"]
        for i, n in enumerate(row["occurrences"]):
            sums[i] += row["multiplier"] * n
    owed = 0
    for step in sorted(steps):
        owed += steps[step]
        if owed > 1e-9 * len(steps):
            return -math.inf
    return min(s / c["sample_pairs"] / c["divisor"]
               for s, c in zip(sums, certificate["categories"]) if c["divisor"] > 0)


def count(tokenizer, categories, progress=None, warn=None, **options):
    """Split samples, count and replay: a Trace.

    categories: {name: path | [path, ...] | Documents(iterable)}
    progress:   called with a dict a few times a second; returning True stops
    warn:       called with one line of text for what should be known of the samples
    """
    tokenizer = _handle("tokenizer", tokenizer, Tokenizer)
    run = _Run(progress, warn)
    array, n = run.categories(categories)
    opts = _CountOpts(run.keep, options)
    _no_more(options)
    opts.progress, opts.warn = run.progress, run.warn
    out = _Handle("trace_free")
    run.call("count", tokenizer, array, n, byref(opts), out.out)
    return Trace(out)


def infer(tokenizer, categories, progress=None, warn=None, provenance=True, **options):
    """count() and Trace.solve() in one; options of both."""
    for_solve = {name for name, _ in _SolveOpts._fields_} - {"n_threads", "size"}
    solving = {k: options.pop(k) for k in list(options) if k in for_solve}
    if "n_threads" in options:
        solving["n_threads"] = options["n_threads"]
    return count(tokenizer, categories, progress, warn, **options).solve(
        progress, provenance, **solving)


def load_traces(*paths):
    """Read traces and add them up."""
    names = [_bytes("path", p) for p in paths]
    out = _Handle("trace_free")
    _call("trace_load", (c_char_p * max(len(names), 1))(*names), len(names), out.out)
    return Trace(out)


def load_result(path):
    """Read, check and bring up to date the JSON of a result."""
    out = _Handle("result_free")
    _call("result_load", _bytes("path", path), out.out)
    return _result_of(out, True)


def inspect(path, list=5, **options):
    """What is known of a tokenizer file or a trace, as a dict."""
    keep = []
    load = _LoadOpts(keep, options)
    _no_more(options)
    opts = _InspectOpts(keep, {"list": list})
    opts.load = ctypes.pointer(load)
    out = _Handle("free")
    _call("inspect", _bytes("path", path), byref(opts), out.out, None)
    return out.json()


def train(categories, share=None, progress=None, name="tokenizer.json", **options):
    """Train a tokenizer on a known mixture: its file as bytes, and what it was trained on.

    share: {name: share of the bytes}; None: all equal.  Other options are those of
    bpemix_train_opts and bpemix_count_opts.
    """
    run = _Run(progress)
    array, n = run.categories(categories)
    opts = _TrainOpts(run.keep, options)
    text = _CountOpts(run.keep, options)
    _no_more(options)
    text.progress = run.progress
    opts.count = ctypes.pointer(text)
    if share is not None:
        if not hasattr(share, "items"):
            raise TypeError("share is a dict of categories and their shares")
        unknown = set(share) - set(dict(categories))
        if unknown:
            raise ValueError("shares of unknown categories: %s" % ", ".join(sorted(unknown)))
        opts.share = (c_double * max(n, 1))(*(share.get(k, 0.0) for k in dict(categories)))
    training, out = _Handle("training_free"), _Handle("free")
    run.call("train", array, n, byref(opts), training.out)
    file = _lib.bpemix_training_tokenizer(training)
    data = ctypes.string_at(file.ptr, file.len)
    _call("training_json", training, _bytes("name", name), out.out)
    return data, out.json()


def report(results, format="html", **options):
    """Results side by side as one text: a page, a figure, tables.

    results: {label: result as infer() returned it, or the path of one}
    format:  "html", "svg", "markdown", "latex", "csv", "tsv", "json", "terminal"
    Other options are those of bpemix_report_opts.
    """
    keep = []
    options["format"] = format
    opts = _ReportOpts(keep, options)
    _no_more(options)
    out = _Handle("free")
    with _Results(results) as r:
        _call("report", r.array, len(r.items), byref(opts), out.out, None)
    return out.text()


def compare(results, truth=None, **options):
    """Two results, or one or two against a known mixture: a table, and whether `expect` holds.

    results: as for report()
    truth:   {name: share of bytes}, or a document such as train() returns
    expect:  conditions such as "max<0.01,mse<1e-5"
    Other options are those of bpemix_compare_opts.
    """
    keep = []
    if truth is not None:
        options["truth"] = _mixture(truth).decode()
    opts = _CompareOpts(keep, options)
    _no_more(options)
    out, met = _Handle("free"), c_bool()
    with _Results(results) as r:
        _call("compare", r.array, len(r.items), byref(opts), out.out, byref(met))
    return out.text(), met.value
