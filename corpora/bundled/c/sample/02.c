/**
 * Scaling of 8-bit images: bilinear in fixed point for enlargements, an
 * area average for reductions. Also reads and writes binary PGM/PPM so the
 * whole thing can be tried from the command line:
 *
 *     scale 320 200 < photo.ppm > thumb.ppm
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <ctype.h>

#define FP_BITS 16
#define FP_ONE  (1u << FP_BITS)
#define FP_MASK (FP_ONE - 1u)
#define MAX_DIM 32768

#define MIN(a, b) ((a) < (b) ? (a) : (b))

struct image {
    int width;
    int height;
    int channels;      /* 1 = grey, 3 = RGB */
    size_t stride;     /* bytes per row */
    uint8_t *pixels;
};

static struct image *image_create(int w, int h, int channels)
{
    struct image *img;

    if (w < 1 || h < 1 || w > MAX_DIM || h > MAX_DIM)
        return NULL;
    img = malloc(sizeof(*img));
    if (img == NULL)
        return NULL;
    img->width = w;
    img->height = h;
    img->channels = channels;
    img->stride = (size_t)w * (size_t)channels;
    img->pixels = calloc((size_t)h, img->stride);
    if (img->pixels == NULL) {
        free(img);
        return NULL;
    }
    return img;
}

static void image_destroy(struct image *img)
{
    if (img != NULL) {
        free(img->pixels);
        free(img);
    }
}

static inline uint8_t *pixel_at(const struct image *img, int x, int y)
{
    return img->pixels + (size_t)y * img->stride + (size_t)x * img->channels;
}

/* a + (b - a) * t, with t in 0..FP_ONE; rounded, never overflows 32 bits. */
static inline uint32_t lerp(uint32_t a, uint32_t b, uint32_t t)
{
    return (a * (FP_ONE - t) + b * t + FP_ONE / 2) >> FP_BITS;
}

void scale_bilinear(const struct image *src, struct image *dst)
{
    const int ch = src->channels;
    uint32_t step_x = 0, step_y = 0;

    /* Pixel corners are aligned, so the last column maps onto the last. */
    if (dst->width > 1)
        step_x = (uint32_t)(((uint64_t)(src->width - 1) << FP_BITS) / (dst->width - 1));
    if (dst->height > 1)
        step_y = (uint32_t)(((uint64_t)(src->height - 1) << FP_BITS) / (dst->height - 1));

    for (int y = 0; y < dst->height; ++y) {
        uint32_t fy = (uint32_t)y * step_y;
        int y0 = (int)(fy >> FP_BITS);
        int y1 = MIN(y0 + 1, src->height - 1);
        uint8_t *out = pixel_at(dst, 0, y);

        for (int x = 0; x < dst->width; ++x) {
            uint32_t fx = (uint32_t)x * step_x;
            int x0 = (int)(fx >> FP_BITS);
            int x1 = MIN(x0 + 1, src->width - 1);
            const uint8_t *p00 = pixel_at(src, x0, y0);
            const uint8_t *p10 = pixel_at(src, x1, y0);
            const uint8_t *p01 = pixel_at(src, x0, y1);
            const uint8_t *p11 = pixel_at(src, x1, y1);

            for (int c = 0; c < ch; ++c) {
                uint32_t top = lerp(p00[c], p10[c], fx & FP_MASK);
                uint32_t bot = lerp(p01[c], p11[c], fx & FP_MASK);
                *out++ = (uint8_t)lerp(top, bot, fy & FP_MASK);
            }
        }
    }
}

/* Averages every source pixel that falls into the destination cell. */
void scale_area(const struct image *src, struct image *dst)
{
    for (int y = 0; y < dst->height; ++y) {
        int top = (int)((int64_t)y * src->height / dst->height);
        int end = (int)((int64_t)(y + 1) * src->height / dst->height);
        if (end <= top)
            end = top + 1;

        for (int x = 0; x < dst->width; ++x) {
            int left = (int)((int64_t)x * src->width / dst->width);
            int right = (int)((int64_t)(x + 1) * src->width / dst->width);
            uint64_t sum[4] = {0, 0, 0, 0};
            uint64_t n = 0;

            if (right <= left)
                right = left + 1;
            for (int sy = top; sy < end; ++sy) {
                const uint8_t *p = pixel_at(src, left, sy);
                for (int sx = left; sx < right; ++sx, ++n)
                    for (int c = 0; c < src->channels; ++c)
                        sum[c] += *p++;
            }
            for (int c = 0; c < src->channels; ++c)
                pixel_at(dst, x, y)[c] = (uint8_t)((sum[c] + n / 2) / n);
        }
    }
}

static int read_number(FILE *in)
{
    int c, value = 0;

    do {
        c = getc(in);
        if (c == '#')
            while (c != '\n' && c != EOF)
                c = getc(in);
    } while (isspace(c));
    if (!isdigit(c))
        return -1;
    for (; isdigit(c) && value < 1000000; c = getc(in))
        value = value * 10 + (c - '0');
    return value;
}

struct image *read_pnm(FILE *in)
{
    int magic = getc(in) == 'P' ? getc(in) : 0;
    if (magic != '5' && magic != '6')
        return NULL;

    int w = read_number(in), h = read_number(in), max = read_number(in);
    if (max != 255)
        return NULL;
    struct image *img = image_create(w, h, magic == '6' ? 3 : 1);
    if (img && fread(img->pixels, img->stride, (size_t)h, in) != (size_t)h) {
        image_destroy(img);
        img = NULL;
    }
    return img;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: %s WIDTH HEIGHT < in > out\n", argv[0]);
        return 2;
    }
    struct image *src = read_pnm(stdin);
    if (src == NULL) {
        fprintf(stderr, "%s: not an 8-bit PGM or PPM file\n", argv[0]);
        return 1;
    }
    struct image *dst = image_create(atoi(argv[1]), atoi(argv[2]), src->channels);
    if (dst == NULL)
        return 1;
    if (dst->width < src->width && dst->height < src->height)
        scale_area(src, dst);
    else
        scale_bilinear(src, dst);

    printf("P%c\n%d %d\n255\n", dst->channels == 3 ? '6' : '5', dst->width, dst->height);
    fwrite(dst->pixels, dst->stride, (size_t)dst->height, stdout);
    image_destroy(dst);
    image_destroy(src);
    return 0;
}
