/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small hash tables, numbers of strings, heaps and numbers as bytes: against arrays. */
#include "test.h"

#include "base/hash.h"
#include "base/heap.h"
#include "base/wire.h"

/* ---- integers ---- */

static void map_keeps_the_last_value(void **state)
{
    enum { KEYS = 3000 };
    static uint32_t want[KEYS];
    bmx_map64 m = { 0 };
    bmx_rng rng = { 1 };
    bpemix_error err;
    size_t n = 0;
    (void)state;

    memset(want, 0xff, sizeof want);
    assert_int_equal(bmx_map64_get(&m, 0), BMX_NONE);
    for (int i = 0; i < 10000; i++) {
        uint32_t k = (uint32_t)bmx_rng_below(&rng, KEYS), v = (uint32_t)bmx_rng_below(&rng, 5);
        /* keys that differ in few, high, or all bits; 0 and UINT64_MAX are among them */
        uint64_t key = k % 3 == 0 ? k : k % 3 == 1 ? (uint64_t)k << 40 : UINT64_MAX - k + 2;
        CHECK_OK(bmx_map64_put(&m, key, v, &err));
        n += want[k] == BMX_NONE;
        want[k] = v;
        assert_int_equal(m.n, n);
    }
    for (uint32_t k = 0; k < KEYS; k++)
        assert_int_equal(bmx_map64_get(&m, k % 3 == 0   ? k
                                           : k % 3 == 1 ? (uint64_t)k << 40
                                                        : UINT64_MAX - k + 2), want[k]);
    assert_int_equal(bmx_map64_get(&m, 12345678901234567u), BMX_NONE);
    CHECK_FAILS(bmx_map64_put(&m, 1, BMX_NONE, &err), BPEMIX_E_BUG, "BMX_NONE");
    bmx_map64_release(&m);
    assert_int_equal(bmx_map64_get(&m, 0), BMX_NONE);
}

/* What happens to a map when there is no memory to grow: nothing. */
static void map_survives(void **state)
{
    bmx_map64 m = { 0 };
    bpemix_error err;
    (void)state;

    for (uint32_t k = 0; k < 1000; k++) {
        bool grows = 2 * (m.n + 1) > m.n_slots;
        if (grows) {
            bmx_mem_fail_at(1);
            assert_int_equal(bmx_map64_put(&m, k, k, &err), BPEMIX_E_NOMEM);
            bmx_mem_fail_at(0);
            assert_int_equal(bmx_map64_get(&m, k), BMX_NONE);
        }
        CHECK_OK(bmx_map64_put(&m, k, k, &err));
    }
    for (uint32_t k = 0; k < 1000; k++)
        assert_int_equal(bmx_map64_get(&m, k), k);
    bmx_map64_release(&m);
}

/* ---- strings ---- */

static size_t string_of(uint32_t k, char text[40])
{
    /* of any length from 0, some with zero bytes, some prefixes of others */
    size_t n = k % 30;
    for (size_t i = 0; i < n; i++)
        text[i] = (char)(k / 30 >> i % 8);
    return n;
}

static void strings_get_numbers_in_order(void **state)
{
    enum { STRINGS = 20000 };
    bmx_intern m = { 0 };
    bpemix_error err;
    uint32_t id, next = 0;
    bool is_new;
    char text[40], other[40];
    (void)state;

    assert_int_equal(bmx_intern_find(&m, bmx_slice_of("", 0)), BMX_NONE);
    for (uint32_t k = 0; k < STRINGS; k++) {
        size_t n = string_of(k, text);
        CHECK_OK(bmx_intern_add(&m, bmx_slice_of(text, n), &id, &is_new, &err));
        assert_true(is_new ? id == next : id < next);
        next += is_new;
        assert_true(bmx_slice_eq(m.str[id], bmx_slice_of(text, n)));
        assert_int_equal(bmx_intern_find(&m, bmx_slice_of(text, n)), id);
    }
    assert_int_equal(m.n, next);
    for (uint32_t i = 0; i < next; i++) { /* all are different, and found */
        memcpy(other, m.str[i].ptr, m.str[i].len);
        assert_int_equal(bmx_intern_find(&m, bmx_slice_of(other, m.str[i].len)), i);
    }
    assert_int_equal(bmx_intern_find(&m, bmx_slice_str("not among them")), BMX_NONE);
    bmx_intern_release(&m);
}

/* Laid out by the caller: looked at one after the other, then through the index. */
static void strings_can_be_laid_out(void **state)
{
    bmx_intern m = { 0 };
    bpemix_error err;
    uint32_t id;
    char *text;
    (void)state;

    CHECK_OK(bmx_intern_lay_out(&m, 3, 6, &text, &err));
    memcpy(text, "aabbcc", 6);
    for (int i = 0; i < 3; i++)
        m.str[i] = bmx_slice_of(text + 2 * i, 2);
    assert_int_equal(bmx_intern_find(&m, bmx_slice_str("cc")), 2);
    assert_int_equal(bmx_intern_find(&m, bmx_slice_str("c")), BMX_NONE);
    CHECK_OK(bmx_intern_add(&m, bmx_slice_str("bb"), &id, NULL, &err));
    assert_int_equal(id, 1);
    CHECK_OK(bmx_intern_add(&m, bmx_slice_str("dd"), &id, NULL, &err));
    assert_int_equal(id, 3);
    CHECK_OK(bmx_intern_reserve(&m, 500, &err));
    assert_int_equal(bmx_intern_find(&m, bmx_slice_str("aa")), 0);
    assert_int_equal(bmx_intern_find(&m, bmx_slice_str("dd")), 3);
    CHECK_FAILS(bmx_intern_lay_out(&m, 1, 1, &text, &err), BPEMIX_E_BUG, "cannot fill");
    bmx_intern_release(&m);
}

/* ---- checksums ---- */

/* Our files hold these: they must be the same on every machine, for ever. */
static void checksums_are_the_published_ones(void **state)
{
    char hex[65], bytes[1000];
    bmx_checksum *c = bmx_checksum_new();
    bmx_sha256 *s = bmx_sha256_new();
    (void)state;

    assert_non_null(c);
    assert_non_null(s);
    assert_true(bmx_hash64("", 0, 0) == UINT64_C(0x2d06800538d394c2)); /* XXH3-64 of nothing */
    bmx_sha256_of("abc", 3, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 31);
    for (size_t at = 0, n = 1; at < sizeof bytes; at += n, n = 2 * n) { /* in pieces of any size */
        size_t left = sizeof bytes - at;
        bmx_checksum_add(c, bytes + at, n < left ? n : left);
        bmx_sha256_add(s, bytes + at, n < left ? n : left);
    }
    assert_true(bmx_checksum_value(c) == bmx_hash64(bytes, sizeof bytes, 0));
    bmx_checksum_free(c);
    bmx_sha256_hex(s, hex);
    {
        char whole[65];
        bmx_sha256_of(bytes, sizeof bytes, whole);
        assert_string_equal(hex, whole);
    }
}

/* ---- heaps ---- */

typedef struct item {
    int key;
    int number; /* in order of arrival: ties go by it */
} item;

static bool before(const int *sign, const item *a, const item *b)
{
    return a->key != b->key ? *sign * a->key < *sign * b->key : a->number < b->number;
}

BMX_HEAP(items, item, const int *, before)

static void heaps_give_the_first(void **state)
{
    enum { MOST = 300 };
    item heap[MOST], list[MOST];
    bmx_rng rng = { 5 };
    size_t n = 0;
    (void)state;

    for (int sign = -1; sign <= 1; sign += 2) {
        for (int i = 0; i < 20000; i++) {
            if (n < MOST && (n == 0 || bmx_rng_below(&rng, 100) < (i / 1000 % 2 ? 60 : 40))) {
                item e = { (int)bmx_rng_below(&rng, 50) - 25, i };
                list[n] = e;
                items_push(&sign, heap, n++, e);
            } else {
                size_t first = 0;
                item got;
                for (size_t k = 1; k < n; k++)
                    if (before(&sign, &list[k], &list[first]))
                        first = k;
                got = items_pop(&sign, heap, n);
                assert_int_equal(got.key, list[first].key);
                assert_int_equal(got.number, list[first].number);
                list[first] = list[--n];
            }
        }
        while (n)
            items_pop(&sign, heap, n--);
    }
}

/* An array in any order, made a heap from its end, as one whose entries were weeded is. */
static void heaps_can_be_made_of_arrays(void **state)
{
    const int sign = 1;
    bmx_rng rng = { 9 };
    (void)state;

    for (size_t n = 1; n < 70; n++) {
        item heap[70], last = { -1000, -1 };
        for (size_t i = 0; i < n; i++)
            heap[i] = (item){ (int)bmx_rng_below(&rng, 20), (int)i };
        for (size_t i = n; i-- > 0;)
            items_down(&sign, heap, n, i, heap[i]);
        for (size_t left = n; left > 0; left--) {
            item e = items_pop(&sign, heap, left);
            assert_true(before(&sign, &last, &e));
            last = e;
        }
    }
}

/* ---- numbers as bytes ---- */

static void numbers_are_read_as_written(void **state)
{
    static const struct { uint64_t v; const char *bytes; size_t n; } known[] = {
        { 0, "\x00", 1 }, { 1, "\x01", 1 }, { 127, "\x7f", 1 }, { 128, "\x80\x01", 2 },
        { 300, "\xac\x02", 2 }, { UINT64_MAX, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10 },
    };
    bmx_rng rng = { 3 };
    bpemix_error err;
    bmx_buf b = { 0 };
    uint64_t v;
    char room[16];
    (void)state;

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        assert_int_equal(bmx_store_varint(room, known[i].v) - room, known[i].n);
        assert_memory_equal(room, known[i].bytes, known[i].n);
    }
    for (int i = 0; i < 20000; i++) {
        uint64_t want = bmx_rng_next(&rng) >> bmx_rng_below(&rng, 64);
        size_t n = (size_t)(bmx_store_varint(room, want) - room);
        assert_int_equal(bmx_load_varint(room, room + sizeof room, &v), n);
        assert_true(v == want);
        for (size_t cut = 0; cut < n; cut++)
            assert_int_equal(bmx_load_varint(room, room + cut, &v), 0);
        bmx_store_le(room, want, 8);
        assert_true(bmx_load_le(room, 8) == want);
        assert_true(bmx_load_le(room, 3) == (want & 0xffffff));
        for (unsigned k = 0; k < 8; k++)
            assert_int_equal((unsigned char)room[k], want >> (8 * k) & 0xff);
    }
    /* more than 64 bits, and without an end */
    memcpy(room, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10);
    assert_int_equal(bmx_load_varint(room, room + 10, &v), 0);
    memset(room, 0x80, sizeof room);
    assert_int_equal(bmx_load_varint(room, room + sizeof room, &v), 0);
    CHECK_OK(bmx_put_string(&b, bmx_slice_str("abc"), &err));
    CHECK_OK(bmx_put_varint(&b, 300, &err));
    CHECK_OK(bmx_put_le(&b, 0x0102, 2, &err));
    assert_int_equal(b.len, 8);
    assert_memory_equal(b.ptr, "\x03" "abc\xac\x02\x02\x01", 8);
    bmx_buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(map_keeps_the_last_value),
        cmocka_unit_test(map_survives),
        cmocka_unit_test(strings_get_numbers_in_order),
        cmocka_unit_test(strings_can_be_laid_out),
        cmocka_unit_test(checksums_are_the_published_ones),
        cmocka_unit_test(heaps_give_the_first),
        cmocka_unit_test(heaps_can_be_made_of_arrays),
        cmocka_unit_test(numbers_are_read_as_written),
    };

    return cmocka_run_group_tests_name("map", tests, NULL, NULL);
}
