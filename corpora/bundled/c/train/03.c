/* Small dense matrices: products, LU factorisation with partial pivoting,
 * linear solves, determinants and a least-squares fit of a polynomial.
 *
 * Storage is row-major.  Dimensions are checked with assert() because a
 * mismatch is a programming error; a singular matrix is an ordinary result
 * and is reported through the return value. */

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct matrix {
  int rows, cols;
  double *a;
} matrix;

#define AT(m, i, j) ((m)->a[(size_t)(i) * (m)->cols + (j)])
#define TINY 1e-13

matrix *mat_new(int rows, int cols)
{
  assert(rows > 0 && cols > 0);
  matrix *m = malloc(sizeof *m);
  if (!m) return NULL;
  m->rows = rows;
  m->cols = cols;
  m->a = calloc((size_t)rows * cols, sizeof(double));
  if (!m->a) {
    free(m);
    return NULL;
  }
  return m;
}

void mat_free(matrix *m)
{
  if (m) {
    free(m->a);
    free(m);
  }
}

matrix *mat_copy(const matrix *src)
{
  matrix *m = mat_new(src->rows, src->cols);
  if (m)
    memcpy(m->a, src->a, sizeof(double) * src->rows * src->cols);
  return m;
}

matrix *mat_identity(int n)
{
  matrix *m = mat_new(n, n);
  for (int i = 0; m && i < n; i++)
    AT(m, i, i) = 1.0;
  return m;
}

matrix *mat_transpose(const matrix *x)
{
  matrix *t = mat_new(x->cols, x->rows);
  if (!t) return NULL;
  for (int i = 0; i < x->rows; i++)
    for (int j = 0; j < x->cols; j++)
      AT(t, j, i) = AT(x, i, j);
  return t;
}

/* The loop order i-k-j walks both operands along their rows. */
matrix *mat_mul(const matrix *x, const matrix *y)
{
  assert(x->cols == y->rows);
  matrix *r = mat_new(x->rows, y->cols);
  if (!r) return NULL;
  for (int i = 0; i < x->rows; i++) {
    for (int k = 0; k < x->cols; k++) {
      const double f = AT(x, i, k);
      if (f == 0.0) continue;
      for (int j = 0; j < y->cols; j++)
        AT(r, i, j) += f * AT(y, k, j);
    }
  }
  return r;
}

static void swap_rows(matrix *m, int p, int q)
{
  if (p == q) return;
  for (int j = 0; j < m->cols; j++) {
    double t = AT(m, p, j);
    AT(m, p, j) = AT(m, q, j);
    AT(m, q, j) = t;
  }
}

/* Factors m in place.  perm[i] is the original index of row i, and *sign
 * flips with every exchange.  Returns false if a pivot vanishes. */
bool lu_factor(matrix *m, int *perm, int *sign)
{
  assert(m->rows == m->cols);
  const int n = m->rows;

  *sign = 1;
  for (int i = 0; i < n; i++)
    perm[i] = i;

  for (int k = 0; k < n; k++) {
    int best = k;
    for (int i = k + 1; i < n; i++)
      if (fabs(AT(m, i, k)) > fabs(AT(m, best, k)))
        best = i;
    if (fabs(AT(m, best, k)) < TINY)
      return false;
    if (best != k) {
      int t = perm[k];
      perm[k] = perm[best];
      perm[best] = t;
      swap_rows(m, k, best);
      *sign = -*sign;
    }
    for (int i = k + 1; i < n; i++) {
      double f = AT(m, i, k) /= AT(m, k, k);
      for (int j = k + 1; j < n; j++)
        AT(m, i, j) -= f * AT(m, k, j);
    }
  }
  return true;
}

void lu_solve(const matrix *lu, const int *perm, const double *b, double *x)
{
  const int n = lu->rows;
  for (int i = 0; i < n; i++) {            /* forward: L y = P b */
    double s = b[perm[i]];
    for (int j = 0; j < i; j++)
      s -= AT(lu, i, j) * x[j];
    x[i] = s;
  }
  for (int i = n - 1; i >= 0; i--) {       /* backward: U x = y */
    double s = x[i];
    for (int j = i + 1; j < n; j++)
      s -= AT(lu, i, j) * x[j];
    x[i] = s / AT(lu, i, i);
  }
}

double mat_det(const matrix *m)
{
  matrix *lu = mat_copy(m);
  int *perm = malloc(sizeof(int) * m->rows);
  double det = NAN;
  int sign;

  if (lu && perm) {
    if (lu_factor(lu, perm, &sign)) {
      det = sign;
      for (int i = 0; i < lu->rows; i++)
        det *= AT(lu, i, i);
    } else {
      det = 0.0;
    }
  }
  free(perm);
  mat_free(lu);
  return det;
}

/* Fits y = c0 + c1 x + ... + cd x^d through the normal equations.  Good
 * enough for low degrees; anything above five deserves a QR method. */
bool polyfit(const double *x, const double *y, int n, int degree, double *c)
{
  const int k = degree + 1;
  bool ok = false;
  matrix *ata = mat_new(k, k);
  double *atb = calloc(k, sizeof *atb);
  int *perm = calloc(k, sizeof *perm);
  double pw[16];
  int sign;

  assert(k <= 16 && n >= k);
  if (!ata || !atb || !perm) goto out;
  for (int s = 0; s < n; s++) {
    pw[0] = 1.0;
    for (int i = 1; i < k; i++)
      pw[i] = pw[i - 1] * x[s];
    for (int i = 0; i < k; i++) {
      atb[i] += pw[i] * y[s];
      for (int j = 0; j < k; j++)
        AT(ata, i, j) += pw[i] * pw[j];
    }
  }
  if (lu_factor(ata, perm, &sign)) {
    lu_solve(ata, perm, atb, c);
    ok = true;
  }
out:
  free(perm);
  free(atb);
  mat_free(ata);
  return ok;
}

void mat_print(const matrix *m, const char *name)
{
  printf("%s (%d x %d)\n", name, m->rows, m->cols);
  for (int i = 0; i < m->rows; i++) {
    for (int j = 0; j < m->cols; j++)
      printf(" %10.4g", AT(m, i, j));
    putchar('\n');
  }
}

int main(void)
{
  const double temp[] = {0, 10, 20, 30, 40, 50};
  const double ohms[] = {100.0, 103.9, 107.8, 111.7, 115.5, 119.4};
  double c[3];

  if (!polyfit(temp, ohms, 6, 2, c)) {
    fprintf(stderr, "singular system\n");
    return 1;
  }
  printf("R(t) = %.4f + %.6f t + %.3e t^2\n", c[0], c[1], c[2]);
  return 0;
}
