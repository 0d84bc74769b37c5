/*
 * evloop.c -- poll(2) based event loop with one-shot and periodic timers
 *
 * File watchers sit in a dense array parallel to the pollfd array. Timers
 * are kept in a singly linked list sorted by deadline: a daemon of this
 * size owns three or four of them, and a heap would be longer than the
 * rest of the file.
 */

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { EV_READ = 1 << 0, EV_WRITE = 1 << 1, EV_HANGUP = 1 << 2 };

struct ev_loop;

typedef void (*ev_io_cb)(struct ev_loop *, int fd, unsigned what, void *arg);
typedef void (*ev_timer_cb)(struct ev_loop *, void *arg);

struct ev_io {
	ev_io_cb cb;
	void *arg;
	bool dead;
};

struct ev_timer {
	struct ev_timer *next;
	uint64_t deadline;	/* milliseconds, monotonic */
	uint64_t period;	/* 0 for one-shot */
	ev_timer_cb cb;
	void *arg;
	int id;
};

struct ev_loop {
	struct pollfd *pfds;
	struct ev_io *ios;
	size_t nfds, cap;
	struct ev_timer *timers;
	int next_id;
	bool stop;
	bool need_compact;
};

static volatile sig_atomic_t got_signal;

static uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

static short to_poll(unsigned what)
{
	return (short)((what & EV_READ ? POLLIN : 0) |
		       (what & EV_WRITE ? POLLOUT : 0));
}

static unsigned from_poll(short revents)
{
	unsigned what = 0;

	if (revents & (POLLIN | POLLPRI))
		what |= EV_READ;
	if (revents & POLLOUT)
		what |= EV_WRITE;
	if (revents & (POLLHUP | POLLERR | POLLNVAL))
		what |= EV_HANGUP;
	return what;
}

static int grow(struct ev_loop *l)
{
	size_t cap = l->cap ? 2 * l->cap : 8;
	struct pollfd *p = realloc(l->pfds, cap * sizeof(*p));
	struct ev_io *io;

	if (!p)
		return -1;
	l->pfds = p;
	io = realloc(l->ios, cap * sizeof(*io));
	if (!io)
		return -1;
	l->ios = io;
	l->cap = cap;
	return 0;
}

int ev_add_fd(struct ev_loop *l, int fd, unsigned what, ev_io_cb cb, void *arg)
{
	if (l->nfds == l->cap && grow(l) < 0)
		return -ENOMEM;
	l->pfds[l->nfds] = (struct pollfd){ .fd = fd, .events = to_poll(what) };
	l->ios[l->nfds] = (struct ev_io){ .cb = cb, .arg = arg };
	l->nfds++;
	return 0;
}

/* Safe from inside a callback: the slot is only marked here. */
void ev_del_fd(struct ev_loop *l, int fd)
{
	for (size_t i = 0; i < l->nfds; i++) {
		if (l->pfds[i].fd != fd || l->ios[i].dead)
			continue;
		l->ios[i].dead = true;
		l->pfds[i].fd = -1;
		l->need_compact = true;
		return;
	}
}

static void compact(struct ev_loop *l)
{
	size_t keep = 0;

	for (size_t i = 0; i < l->nfds; i++) {
		if (l->ios[i].dead)
			continue;
		l->pfds[keep] = l->pfds[i];
		l->ios[keep++] = l->ios[i];
	}
	l->nfds = keep;
	l->need_compact = false;
}

static void insert_timer(struct ev_loop *l, struct ev_timer *t)
{
	struct ev_timer **pp = &l->timers;

	while (*pp && (*pp)->deadline <= t->deadline)
		pp = &(*pp)->next;
	t->next = *pp;
	*pp = t;
}

int ev_add_timer(struct ev_loop *l, unsigned delay_ms, unsigned period_ms,
		 ev_timer_cb cb, void *arg)
{
	struct ev_timer *t = calloc(1, sizeof(*t));

	if (!t)
		return -ENOMEM;
	t->deadline = now_ms() + delay_ms;
	t->period = period_ms;
	t->cb = cb;
	t->arg = arg;
	t->id = ++l->next_id;
	insert_timer(l, t);
	return t->id;
}

static void run_timers(struct ev_loop *l)
{
	uint64_t now = now_ms();

	while (l->timers && l->timers->deadline <= now && !l->stop) {
		struct ev_timer *t = l->timers;

		l->timers = t->next;
		t->cb(l, t->arg);
		if (!t->period) {
			free(t);
			continue;
		}
		/* After a long stall, skip the missed ticks. */
		t->deadline += t->period;
		if (t->deadline <= now)
			t->deadline = now + t->period;
		insert_timer(l, t);
	}
}

static int poll_timeout(const struct ev_loop *l)
{
	uint64_t now;

	if (!l->timers)
		return -1;
	now = now_ms();
	if (l->timers->deadline <= now)
		return 0;
	return (int)(l->timers->deadline - now);
}

int ev_run(struct ev_loop *l)
{
	while (!l->stop && !got_signal && (l->nfds || l->timers)) {
		size_t n = l->nfds;
		int ready = poll(l->pfds, n, poll_timeout(l));

		if (ready < 0 && errno != EINTR)
			return -errno;
		/* Watchers added by a callback wait for the next round. */
		for (size_t i = 0; ready > 0 && i < n; i++) {
			unsigned what = from_poll(l->pfds[i].revents);

			if (!what || l->ios[i].dead)
				continue;
			ready--;
			l->ios[i].cb(l, l->pfds[i].fd, what, l->ios[i].arg);
		}
		run_timers(l);
		if (l->need_compact)
			compact(l);
	}
	return 0;
}

static void on_signal(int sig)
{
	got_signal = sig;
}

static void on_stdin(struct ev_loop *l, int fd, unsigned what, void *arg)
{
	unsigned long *total = arg;
	char buf[512];
	ssize_t n = (what & EV_READ) ? read(fd, buf, sizeof(buf)) : 0;

	if (n > 0) {
		*total += (unsigned long)n;
	} else {
		ev_del_fd(l, fd);
		l->stop = true;
	}
}

static void on_tick(struct ev_loop *l, void *arg)
{
	(void)l;
	fprintf(stderr, "%lu bytes so far\n", *(unsigned long *)arg);
}

int main(void)
{
	struct ev_loop loop = { 0 };
	unsigned long total = 0;

	signal(SIGTERM, on_signal);
	ev_add_fd(&loop, STDIN_FILENO, EV_READ, on_stdin, &total);
	ev_add_timer(&loop, 1000, 1000, on_tick, &total);
	return ev_run(&loop) < 0;
}
