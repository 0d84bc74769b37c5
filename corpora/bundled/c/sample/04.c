/* lru.c: string-keyed cache with least-recently-used eviction.
 *
 * Every node is on two lists at once: a hash chain for lookup and a
 * circular doubly linked list in order of use. The list head is a dummy
 * node; head.next is the most recent entry and head.prev the victim.
 *
 * The limit is a byte budget, not a count, because the entries in a page
 * cache differ in size by three orders of magnitude.
 */

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

struct link {
	struct link *prev, *next;
};

struct entry {
	struct link	 lru;
	struct entry	*chain;
	uint64_t	 hash;
	time_t		 expires;	/* 0: never */
	size_t		 size;
	void		*value;
	char		 key[];
};

struct lru_stats {
	uint64_t hits, misses, evictions, expired;
};

struct lru {
	struct entry	**buckets;
	size_t		  nbuckets;	/* always a power of two */
	size_t		  count;
	size_t		  bytes, budget;
	struct link	  head;
	void		(*release)(void *value);
	struct lru_stats  stats;
};

/* FNV-1a, 64 bits */
static uint64_t hash_key(const char *key)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *key; key++) {
		h ^= (unsigned char)*key;
		h *= UINT64_C(0x100000001b3);
	}
	return h;
}

static void link_remove(struct link *l)
{
	l->prev->next = l->next;
	l->next->prev = l->prev;
}

static void link_front(struct link *head, struct link *l)
{
	l->prev = head;
	l->next = head->next;
	head->next->prev = l;
	head->next = l;
}

struct lru *lru_new(size_t budget, void (*release)(void *))
{
	struct lru *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->nbuckets = 64;
	c->buckets = calloc(c->nbuckets, sizeof(*c->buckets));
	if (!c->buckets) {
		free(c);
		return NULL;
	}
	c->head.prev = c->head.next = &c->head;
	c->budget = budget;
	c->release = release ? release : free;
	return c;
}

static struct entry **find_slot(struct lru *c, const char *key, uint64_t hash)
{
	struct entry **pe = &c->buckets[hash & (c->nbuckets - 1)];

	while (*pe && ((*pe)->hash != hash || strcmp((*pe)->key, key) != 0))
		pe = &(*pe)->chain;
	return pe;
}

static void drop(struct lru *c, struct entry **pe)
{
	struct entry *e = *pe;

	*pe = e->chain;
	link_remove(&e->lru);
	c->bytes -= e->size;
	c->count--;
	c->release(e->value);
	free(e);
}

static void evict_until(struct lru *c, size_t limit)
{
	while (c->bytes > limit && c->count > 0) {
		struct entry *e = container_of(c->head.prev, struct entry, lru);

		drop(c, find_slot(c, e->key, e->hash));
		c->stats.evictions++;
	}
}

/* Doubles the table. If memory is short the chains just get longer. */
static void rehash(struct lru *c)
{
	size_t n = c->nbuckets * 2;
	struct entry **fresh = calloc(n, sizeof(*fresh));

	if (!fresh)
		return;
	for (size_t i = 0; i < c->nbuckets; i++) {
		struct entry *e = c->buckets[i], *next;

		for (; e; e = next) {
			size_t at = e->hash & (n - 1);

			next = e->chain;
			e->chain = fresh[at];
			fresh[at] = e;
		}
	}
	free(c->buckets);
	c->buckets = fresh;
	c->nbuckets = n;
}

void *lru_get(struct lru *c, const char *key)
{
	struct entry **pe = find_slot(c, key, hash_key(key));
	struct entry *e = *pe;

	if (!e) {
		c->stats.misses++;
		return NULL;
	}
	if (e->expires && e->expires <= time(NULL)) {
		drop(c, pe);
		c->stats.expired++;
		c->stats.misses++;
		return NULL;
	}
	link_remove(&e->lru);
	link_front(&c->head, &e->lru);
	c->stats.hits++;
	return e->value;
}

/*
 * Takes ownership of value, also on failure. A value that could never fit
 * is released at once rather than flushing everything else out first.
 */
bool lru_put(struct lru *c, const char *key, void *value, size_t size, int ttl)
{
	size_t klen = strlen(key) + 1;
	size_t total = sizeof(struct entry) + klen + size;
	uint64_t hash = hash_key(key);
	struct entry *e, **pe;

	pe = find_slot(c, key, hash);
	if (*pe)
		drop(c, pe);
	if (total > c->budget)
		goto refuse;
	evict_until(c, c->budget - total);

	e = malloc(sizeof(*e) + klen);
	if (!e)
		goto refuse;
	memcpy(e->key, key, klen);
	e->hash = hash;
	e->value = value;
	e->size = total;
	e->expires = ttl > 0 ? time(NULL) + ttl : 0;

	if (c->count >= c->nbuckets)
		rehash(c);
	pe = &c->buckets[hash & (c->nbuckets - 1)];
	e->chain = *pe;
	*pe = e;
	link_front(&c->head, &e->lru);
	c->bytes += total;
	c->count++;
	return true;

refuse:
	c->release(value);
	return false;
}

bool lru_remove(struct lru *c, const char *key)
{
	struct entry **pe = find_slot(c, key, hash_key(key));

	if (!*pe)
		return false;
	drop(c, pe);
	return true;
}

void lru_free(struct lru *c)
{
	if (!c)
		return;
	while (c->head.next != &c->head) {
		struct entry *e = container_of(c->head.next, struct entry, lru);

		drop(c, find_slot(c, e->key, e->hash));
	}
	free(c->buckets);
	free(c);
}

void lru_report(const struct lru *c, FILE *out)
{
	uint64_t asked = c->stats.hits + c->stats.misses;

	fprintf(out, "%zu entries, %zu of %zu bytes\n",
		c->count, c->bytes, c->budget);
	fprintf(out, "hits %" PRIu64 ", misses %" PRIu64 " (%.1f%%)\n",
		c->stats.hits, c->stats.misses,
		asked ? 100.0 * (double)c->stats.hits / (double)asked : 0.0);
	fprintf(out, "evicted %" PRIu64 ", expired %" PRIu64 "\n",
		c->stats.evictions, c->stats.expired);
}
