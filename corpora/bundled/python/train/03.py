"""Incremental parser for HTTP/1.1-like requests.

The parser is fed whatever the socket delivers and hands out complete
requests. It does no I/O of its own::

    parser = RequestParser()
    for request in parser.feed(sock.recv(4096)):
        handle(request)
"""

import enum
import re
from urllib.parse import parse_qsl, unquote, urlsplit

TOKEN = re.compile(rb"^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$")
VERSION = re.compile(rb"^HTTP/(\d)\.(\d)$")

MAX_LINE = 8192
MAX_HEADERS = 100
MAX_BODY = 10 * 1024 * 1024


class ParseError(Exception):
	"""The peer sent something we refuse to guess about."""

	def __init__(self, status, reason):
		super().__init__(f"{status} {reason}")
		self.status = status
		self.reason = reason


class Headers:
	"""Case-insensitive multi-map that remembers the order of arrival."""

	def __init__(self, pairs=()):
		self._pairs = []
		for name, value in pairs:
			self.add(name, value)

	def add(self, name, value):
		self._pairs.append((name.lower(), value))

	def get(self, name, default=None):
		wanted = name.lower()
		for key, value in self._pairs:
			if key == wanted:
				return value
		return default

	def get_all(self, name):
		wanted = name.lower()
		return [value for key, value in self._pairs if key == wanted]

	def __contains__(self, name):
		return self.get(name) is not None

	def __iter__(self):
		return iter(self._pairs)

	def __len__(self):
		return len(self._pairs)

	def __repr__(self):
		return f"Headers({self._pairs!r})"


class Request:
	def __init__(self, method, target, version):
		self.method = method
		self.target = target
		self.version = version
		self.headers = Headers()
		self.body = b""

	@property
	def path(self):
		return unquote(urlsplit(self.target).path) or "/"

	@property
	def query(self):
		pairs = parse_qsl(urlsplit(self.target).query, keep_blank_values=True)
		result = {}
		for key, value in pairs:
			result.setdefault(key, []).append(value)
		return result

	@property
	def keep_alive(self):
		tokens = [t.strip().lower() for t in self.headers.get("connection", "").split(",")]
		if self.version >= (1, 1):
			return "close" not in tokens
		return "keep-alive" in tokens

	def __repr__(self):
		return f"<Request {self.method} {self.target} ({len(self.body)} bytes)>"


class State(enum.Enum):
	START_LINE = 1
	HEADERS = 2
	BODY = 3
	CHUNK_SIZE = 4
	CHUNK_DATA = 5
	CHUNK_END = 6
	TRAILERS = 7


class RequestParser:
	def __init__(self):
		self._buffer = bytearray()
		self._reset()

	def _reset(self):
		self._state = State.START_LINE
		self._request = None
		self._needed = 0
		self._body = bytearray()

	def feed(self, data):
		"""Accept more bytes; yield every request they complete."""
		self._buffer += data
		while True:
			before = (self._state, len(self._buffer))
			done = self._step()
			if done is not None:
				yield done
			elif (self._state, len(self._buffer)) == before:
				return

	def _take_line(self):
		end = self._buffer.find(b"\n")
		if end < 0:
			if len(self._buffer) > MAX_LINE:
				raise ParseError(431, "line too long")
			return None
		line = bytes(self._buffer[:end]).rstrip(b"\r")
		del self._buffer[:end + 1]
		return line

	def _step(self):
		state = self._state
		if state in (State.BODY, State.CHUNK_DATA):
			return self._step_data()

		line = self._take_line()
		if line is None:
			return None
		if state is State.START_LINE:
			if line:	# stray blank lines between requests are allowed
				self._start_line(line)
		elif state is State.HEADERS:
			if not line:
				return self._headers_done()
			self._header(line)
		elif state is State.CHUNK_SIZE:
			self._chunk_size(line)
		elif state is State.CHUNK_END:
			if line:
				raise ParseError(400, "chunk longer than announced")
			self._state = State.CHUNK_SIZE
		elif state is State.TRAILERS and not line:
			return self._finish()
		return None

	def _step_data(self):
		part = self._buffer[:self._needed]
		del self._buffer[:len(part)]
		self._body += part
		self._needed -= len(part)
		if self._needed:
			return None
		if self._state is State.BODY:
			return self._finish()
		self._state = State.CHUNK_END
		return None

	def _start_line(self, line):
		try:
			method, target, version = line.split(b" ")
		except ValueError:
			raise ParseError(400, "malformed request line") from None
		match = VERSION.match(version)
		if not TOKEN.match(method) or not match:
			raise ParseError(400, "malformed request line")
		major, minor = map(int, match.groups())
		if major != 1:
			raise ParseError(505, "version not supported")
		self._request = Request(method.decode(), target.decode("latin-1"), (major, minor))
		self._state = State.HEADERS

	def _header(self, line):
		name, colon, value = line.partition(b":")
		if not colon or not TOKEN.match(name):
			raise ParseError(400, "malformed header")
		headers = self._request.headers
		if len(headers) >= MAX_HEADERS:
			raise ParseError(431, "too many headers")
		headers.add(name.decode("ascii"), value.strip().decode("latin-1"))

	def _headers_done(self):
		headers = self._request.headers
		if headers.get("transfer-encoding", "").lower() == "chunked":
			self._state = State.CHUNK_SIZE
			return None
		lengths = set(headers.get_all("content-length"))
		if not lengths:
			return self._finish()
		if len(lengths) > 1 or not min(lengths).isdigit():
			raise ParseError(400, "bad content-length")
		self._needed = int(lengths.pop())
		if self._needed > MAX_BODY:
			raise ParseError(413, "body too large")
		self._state = State.BODY
		return None

	def _chunk_size(self, line):
		try:
			size = int(line.split(b";", 1)[0], 16)
		except ValueError:
			raise ParseError(400, "bad chunk size") from None
		if size + len(self._body) > MAX_BODY:
			raise ParseError(413, "body too large")
		self._needed = size
		self._state = State.CHUNK_DATA if size else State.TRAILERS

	def _finish(self):
		request = self._request
		request.body = bytes(self._body)
		self._reset()
		return request
