/*
 * ringbuf.c - byte ring buffer with a power-of-two capacity
 *
 * One producer, one consumer. The head and tail counters run freely and
 * are only masked when they are turned into an index, so a full buffer and
 * an empty one can be told apart without wasting a slot.
 */

#include <assert.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define RB_MIN_SIZE	64u
#define RB_MAX_SIZE	(1u << 30)

struct ringbuf {
	unsigned char	*data;
	uint32_t	 mask;
	_Atomic uint32_t head;		/* next byte to write */
	_Atomic uint32_t tail;		/* next byte to read */
	uint64_t	 dropped;
};

static uint32_t round_up_pow2(uint32_t n)
{
	n--;
	n |= n >> 1;
	n |= n >> 2;
	n |= n >> 4;
	n |= n >> 8;
	n |= n >> 16;
	return n + 1;
}

int rb_init(struct ringbuf *rb, size_t want)
{
	uint32_t size;

	if (want > RB_MAX_SIZE)
		return -EINVAL;
	size = want < RB_MIN_SIZE ? RB_MIN_SIZE : round_up_pow2((uint32_t)want);

	rb->data = malloc(size);
	if (!rb->data)
		return -ENOMEM;
	rb->mask = size - 1;
	rb->dropped = 0;
	atomic_init(&rb->head, 0);
	atomic_init(&rb->tail, 0);
	return 0;
}

void rb_destroy(struct ringbuf *rb)
{
	free(rb->data);
	memset(rb, 0, sizeof(*rb));
}

static inline size_t rb_capacity(const struct ringbuf *rb)
{
	return (size_t)rb->mask + 1;
}

size_t rb_used(struct ringbuf *rb)
{
	uint32_t head = atomic_load_explicit(&rb->head, memory_order_acquire);
	uint32_t tail = atomic_load_explicit(&rb->tail, memory_order_acquire);

	return head - tail;	/* unsigned wrap is what we want here */
}

size_t rb_free(struct ringbuf *rb)
{
	return rb_capacity(rb) - rb_used(rb);
}

/* Copies as much of buf as fits and returns the number of bytes taken. */
size_t rb_write(struct ringbuf *rb, const void *buf, size_t len)
{
	uint32_t head = atomic_load_explicit(&rb->head, memory_order_relaxed);
	size_t room = rb_free(rb);
	size_t at, first;

	if (len > room) {
		rb->dropped += len - room;
		len = room;
	}
	if (len == 0)
		return 0;

	at = head & rb->mask;
	first = rb_capacity(rb) - at;
	if (first > len)
		first = len;
	memcpy(rb->data + at, buf, first);
	memcpy(rb->data, (const unsigned char *)buf + first, len - first);

	atomic_store_explicit(&rb->head, head + (uint32_t)len,
			      memory_order_release);
	return len;
}

/* Looks at up to len bytes without consuming them. */
size_t rb_peek(struct ringbuf *rb, void *buf, size_t len)
{
	uint32_t tail = atomic_load_explicit(&rb->tail, memory_order_relaxed);
	size_t have = rb_used(rb);
	size_t at, first;

	if (len > have)
		len = have;
	at = tail & rb->mask;
	first = rb_capacity(rb) - at;
	if (first > len)
		first = len;
	memcpy(buf, rb->data + at, first);
	memcpy((unsigned char *)buf + first, rb->data, len - first);
	return len;
}

void rb_skip(struct ringbuf *rb, size_t len)
{
	uint32_t tail = atomic_load_explicit(&rb->tail, memory_order_relaxed);

	assert(len <= rb_used(rb));
	atomic_store_explicit(&rb->tail, tail + (uint32_t)len,
			      memory_order_release);
}

size_t rb_read(struct ringbuf *rb, void *buf, size_t len)
{
	len = rb_peek(rb, buf, len);
	rb_skip(rb, len);
	return len;
}

/* Returns the offset of c from the read position, or -1. */
ptrdiff_t rb_find(struct ringbuf *rb, int c)
{
	uint32_t tail = atomic_load_explicit(&rb->tail, memory_order_relaxed);
	size_t have = rb_used(rb);

	for (size_t i = 0; i < have; i++) {
		if (rb->data[(tail + i) & rb->mask] == (unsigned char)c)
			return (ptrdiff_t)i;
	}
	return -1;
}

/*
 * Takes one line off the buffer, without its newline. Lines longer than
 * the destination are cut, and the rest of the line is thrown away.
 */
bool rb_getline(struct ringbuf *rb, char *dst, size_t size)
{
	ptrdiff_t eol = rb_find(rb, '\n');
	size_t n;

	if (eol < 0 || size == 0)
		return false;
	n = (size_t)eol < size - 1 ? (size_t)eol : size - 1;
	rb_peek(rb, dst, n);
	dst[n] = '\0';
	if (n > 0 && dst[n - 1] == '\r')
		dst[n - 1] = '\0';
	rb_skip(rb, (size_t)eol + 1);
	return true;
}

/* Fills the buffer from a descriptor with a single readv(2). */
ssize_t rb_fill_fd(struct ringbuf *rb, int fd)
{
	uint32_t head = atomic_load_explicit(&rb->head, memory_order_relaxed);
	size_t room = rb_free(rb), at = head & rb->mask;
	size_t first = rb_capacity(rb) - at;
	struct iovec iov[2];
	ssize_t n;

	if (room == 0)
		return -ENOBUFS;
	if (first > room)
		first = room;
	iov[0].iov_base = rb->data + at;
	iov[0].iov_len = first;
	iov[1].iov_base = rb->data;
	iov[1].iov_len = room - first;

	do {
		n = readv(fd, iov, iov[1].iov_len ? 2 : 1);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	atomic_store_explicit(&rb->head, head + (uint32_t)n,
			      memory_order_release);
	return n;
}

#ifdef RINGBUF_MAIN
int main(void)
{
	struct ringbuf rb;
	char line[256];
	unsigned long count = 0;

	if (rb_init(&rb, 4096) < 0) {
		fputs("ringbuf: out of memory\n", stderr);
		return EXIT_FAILURE;
	}
	while (rb_fill_fd(&rb, STDIN_FILENO) > 0) {
		while (rb_getline(&rb, line, sizeof(line)))
			printf("%6lu  %s\n", ++count, line);
	}
	rb_destroy(&rb);
	return EXIT_SUCCESS;
}
#endif
