"""Graph searches over a small railway network.

A graph here is anything with a ``neighbours(node)`` method that yields
``(other, cost)`` pairs, so that the same searches run on explicit networks
and on grids whose edges are worked out on the fly.
"""

from collections import deque
from heapq import heappop, heappush
from itertools import count
from math import hypot, inf


class Network:
	"""Undirected weighted graph with optional coordinates."""

	def __init__(self):
		self._edges = {}
		self.position = {}

	@classmethod
	def from_text(cls, text):
		"""Read lines of the form ``Alder -- Birch : 12.5``."""
		net = cls()
		for number, raw in enumerate(text.splitlines(), 1):
			line = raw.split("#", 1)[0].strip()
			if not line:
				continue
			try:
				ends, cost = line.rsplit(":", 1)
				a, b = (part.strip() for part in ends.split("--"))
				net.connect(a, b, float(cost))
			except ValueError:
				raise ValueError("line %d: cannot read %r" % (number, raw)) from None
		return net

	def connect(self, a, b, cost):
		if cost < 0:
			raise ValueError("negative cost between %s and %s" % (a, b))
		self._edges.setdefault(a, {})[b] = cost
		self._edges.setdefault(b, {})[a] = cost

	def neighbours(self, node):
		return self._edges.get(node, {}).items()

	def edges(self):
		for a, others in self._edges.items():
			for b, cost in others.items():
				if a < b:
					yield a, b, cost

	def __iter__(self):
		return iter(self._edges)

	def __len__(self):
		return len(self._edges)


class Grid:
	"""Maze of text rows in which '#' is a wall and a digit is rough ground."""

	def __init__(self, rows):
		self.rows = [row.rstrip("\n") for row in rows]

	def cost(self, x, y):
		if not (0 <= y < len(self.rows) and 0 <= x < len(self.rows[y])):
			return inf
		ch = self.rows[y][x]
		if ch == "#":
			return inf
		return int(ch) if ch.isdigit() else 1

	def find(self, mark):
		for y, row in enumerate(self.rows):
			x = row.find(mark)
			if x >= 0:
				return x, y
		raise LookupError(mark)

	def neighbours(self, node):
		x, y = node
		for nx, ny in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
			price = self.cost(nx, ny)
			if price < inf:
				yield (nx, ny), price


def unwind(parents, node):
	path = [node]
	while parents[node] is not None:
		node = parents[node]
		path.append(node)
	return path[::-1]


def breadth_first(graph, start, goal):
	"""Path with the fewest edges, or None."""
	parents = {start: None}
	queue = deque([start])
	while queue:
		node = queue.popleft()
		if node == goal:
			return unwind(parents, node)
		for other, _ in graph.neighbours(node):
			if other not in parents:
				parents[other] = node
				queue.append(other)
	return None


def a_star(graph, start, goal, heuristic=lambda node: 0):
	"""Cheapest path as (cost, path). Without a heuristic it is Dijkstra's.

	The heuristic must never overestimate, or the result may be too dear.
	"""
	tie = count()	# keeps the heap from comparing nodes
	best = {start: 0}
	parents = {start: None}
	closed = set()
	frontier = [(heuristic(start), next(tie), start)]
	while frontier:
		_, _, node = heappop(frontier)
		if node in closed:
			continue
		if node == goal:
			return best[node], unwind(parents, node)
		closed.add(node)
		for other, cost in graph.neighbours(node):
			total = best[node] + cost
			if total < best.get(other, inf):
				best[other] = total
				parents[other] = node
				closed.discard(other)
				heappush(frontier, (total + heuristic(other), next(tie), other))
	return inf, []


def components(graph):
	"""Connected parts of the network, largest first."""
	unseen = set(graph)
	parts = []
	while unseen:
		stack = [unseen.pop()]
		part = set(stack)
		while stack:
			for other, _ in graph.neighbours(stack.pop()):
				if other in unseen:
					unseen.remove(other)
					part.add(other)
					stack.append(other)
		parts.append(part)
	return sorted(parts, key=len, reverse=True)


def spanning_tree(graph):
	"""Cheapest set of lines that keeps every station connected (Kruskal)."""
	leader = {node: node for node in graph}

	def root(node):
		while leader[node] != node:
			leader[node] = leader[leader[node]]
			node = leader[node]
		return node

	chosen = []
	for a, b, cost in sorted(graph.edges(), key=lambda edge: edge[2]):
		ra, rb = root(a), root(b)
		if ra != rb:
			leader[ra] = rb
			chosen.append((a, b, cost))
	return chosen


def straight_line(net, goal):
	"""Heuristic: distance as the crow flies, zero where we have no map."""
	gx, gy = net.position[goal]

	def estimate(node):
		if node not in net.position:
			return 0
		x, y = net.position[node]
		return hypot(x - gx, y - gy)

	return estimate


LINES = """
Alder -- Birch : 12     # valley line
Birch -- Cedar : 7.5
Cedar -- Dogwood : 9
Alder -- Elm : 20
Elm -- Dogwood : 4
Birch -- Elm : 6.5
Fir -- Gorse : 3        # island tramway, not connected
"""

if __name__ == "__main__":
	net = Network.from_text(LINES)
	print("fewest stops:", " > ".join(breadth_first(net, "Alder", "Dogwood")))
	cost, path = a_star(net, "Alder", "Dogwood")
	print("shortest:    ", " > ".join(path), "(%.1f km)" % cost)
	for part in components(net):
		print("component:   ", ", ".join(sorted(part)))
	print("tree length: ", sum(cost for _, _, cost in spanning_tree(net)))

	maze = Grid(["S.#.....", ".5#.##.#", "...9#..E"])
	start, end = maze.find("S"), maze.find("E")
	cost, path = a_star(maze, start, end, lambda p: abs(p[0] - end[0]) + abs(p[1] - end[1]))
	print("maze:        ", len(path) - 1, "steps, cost", cost)
