/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lp_glpk.c - linear programs by GLPK, which is used nowhere else.
 *
 * GLPK prints, and on misuse or lack of memory calls abort().  Its error hook may leave by longjmp,
 * after which only glp_free_env() is allowed.  So every function below that enters GLPK calls
 * setjmp first, and a session that has failed refuses further work.  Its environment is one per
 * thread (glp_config("TLS") tells); where it is one per process, sessions take turns. */
#include "base/version.h"
#include "solve/lp.h"

#include <glpk.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <string.h>

struct bmx_lp {
    glp_prob *prob;
    int *index;    /* index[cap + 1], value[cap + 1]: GLPK counts from 1 */
    double *value;
    size_t cap, value_cap;
};

typedef struct session {
    bmx_lp_session_fn *fn;
    void *ctx;
    bpemix_status status;
    bpemix_error error;
} session;

static _Thread_local struct {
    jmp_buf back;
    bool broken;
    char said[160]; /* the last thing GLPK had to say */
} env;

static pthread_mutex_t one_process_one_env = PTHREAD_MUTEX_INITIALIZER;

static int swallow(void *info, const char *text)
{
    size_t n = strcspn(text, "\n");

    (void)info;
    /* the last message is a place in GLPK's source; the one before it says what is wrong */
    if (n > 0 && !env.broken && strncmp(text, "Error detected", 14)) {
        n = n < sizeof env.said ? n : sizeof env.said - 1;
        memcpy(env.said, text, n);
        env.said[n] = 0;
    }
    return 1;
}

static void leave(void *info)
{
    (void)info;
    env.broken = true;
    longjmp(env.back, 1);
}

static bpemix_status broken(bpemix_error *err)
{
    if (strstr(env.said, "memory"))
        return bmx_nomem(err);
    return bmx_fail(err, BPEMIX_E_SOLVER, "", "the linear program solver failed: %s", env.said);
}

/* First statement of everything that calls GLPK. */
#define GUARD(err)                     \
    do {                               \
        if (env.broken)                \
            return broken(err);        \
        if (setjmp(env.back))          \
            return broken(err);        \
    } while (0)

static void *run(void *arg)
{
    session *s = arg;

    env.broken = false;
    env.said[0] = 0;
    if (glp_init_env() > 1) { /* called here because GLPK aborts if this fails later */
        s->status = bmx_nomem(&s->error);
        return NULL;
    }
    if (setjmp(env.back)) {
        s->status = broken(&s->error);
    } else {
        glp_term_hook(swallow, NULL);
        glp_error_hook(leave, NULL);
        s->status = s->fn(s->ctx, &s->error);
    }
    glp_error_hook(NULL, NULL);
    glp_free_env();
    return NULL;
}

bpemix_status bmx_lp_session(bmx_lp_session_fn *fn, void *ctx, bpemix_error *err)
{
    session s = { .fn = fn, .ctx = ctx };
    bool shared = !glp_config("TLS");
    pthread_t thread;

    if (shared)
        pthread_mutex_lock(&one_process_one_env);
    if (pthread_create(&thread, NULL, run, &s))
        s.status = bmx_fail_hint(&s.error, BPEMIX_E_NOMEM, "",
                                 "allow more memory, or more threads to a user",
                                 "cannot start a thread");
    else
        pthread_join(thread, NULL);
    if (shared)
        pthread_mutex_unlock(&one_process_one_env);
    if (s.status && err)
        *err = s.error;
    return s.status;
}

static bpemix_status new_problem(glp_prob **out, bpemix_error *err)
{
    GUARD(err);
    *out = glp_create_prob();
    glp_set_obj_dir(*out, GLP_MIN);
    return BPEMIX_OK;
}

bpemix_status bmx_lp_new(bmx_lp **out, bpemix_error *err)
{
    bmx_lp *lp = bmx_calloc(1, sizeof *lp);
    bpemix_status st;

    if (!lp)
        return bmx_nomem(err);
    if ((st = new_problem(&lp->prob, err))) {
        bmx_free(lp);
        return st;
    }
    *out = lp;
    return BPEMIX_OK;
}

void bmx_lp_free(bmx_lp *lp)
{
    if (!lp)
        return;
    if (!env.broken && !setjmp(env.back))
        glp_delete_prob(lp->prob); /* otherwise glp_free_env() frees it */
    bmx_free(lp->index);
    bmx_free(lp->value);
    bmx_free(lp);
}

static int bound_kind(double lo, double hi)
{
    if (lo == hi)
        return GLP_FX;
    if (isinf(lo))
        return isinf(hi) ? GLP_FR : GLP_UP;
    return isinf(hi) ? GLP_LO : GLP_DB;
}

bpemix_status bmx_lp_add_col(bmx_lp *lp, double cost, double lo, double hi, bpemix_error *err)
{
    int j;

    GUARD(err);
    j = glp_add_cols(lp->prob, 1);
    glp_set_col_bnds(lp->prob, j, bound_kind(lo, hi), lo, hi);
    glp_set_obj_coef(lp->prob, j, cost);
    return BPEMIX_OK;
}

bpemix_status bmx_lp_add_row(bmx_lp *lp, double lo, double hi, size_t n, const uint32_t *col,
                             const double *value, bpemix_error *err)
{
    int i;

    if (bmx_reserve(&lp->index, &lp->cap, n + 1, sizeof *lp->index, err) ||
        bmx_reserve(&lp->value, &lp->value_cap, n + 1, sizeof *lp->value, err))
        return BPEMIX_E_NOMEM;
    for (size_t j = 0; j < n; j++) {
        lp->index[j + 1] = (int)col[j] + 1;
        lp->value[j + 1] = value[j];
    }
    GUARD(err);
    i = glp_add_rows(lp->prob, 1);
    glp_set_row_bnds(lp->prob, i, bound_kind(lo, hi), lo, hi);
    glp_set_mat_row(lp->prob, i, (int)n, lp->index, lp->value);
    return BPEMIX_OK;
}

bpemix_status bmx_lp_solve(bmx_lp *lp, int max_pivots, double seconds, bool *optimal,
                           bpemix_error *err)
{
    int code, status;

    GUARD(err);
    for (int attempt = 0;; attempt++) {
        glp_smcp how;
        glp_init_smcp(&how);
        how.msg_lev = GLP_MSG_OFF;
        how.tol_bnd = how.tol_dj = 1e-9;
        /* added rows and columns leave the last basis dual feasible */
        how.meth = attempt == 2 ? GLP_PRIMAL : GLP_DUALP;
        if (max_pivots > 0)
            how.it_lim = max_pivots;
        if (seconds < 1e6) /* milliseconds, of every attempt */
            how.tm_lim = seconds > 1e-3 ? (int)(seconds * 1000) : 1;
        code = glp_simplex(lp->prob, &how);
        status = glp_get_status(lp->prob);
        if (code == 0 && status == GLP_OPT) {
            *optimal = true;
            return BPEMIX_OK;
        }
        if (code == GLP_EITLIM || code == GLP_ETMLIM) {
            *optimal = false;
            return BPEMIX_OK;
        }
        if (attempt == 2)
            return bmx_fail(err, BPEMIX_E_SOLVER, "", "the linear program was not solved: "
                            "GLPK's simplex method ended with code %d and status %d", code, status);
        glp_std_basis(lp->prob);
    }
}

double bmx_lp_value(const bmx_lp *lp, uint32_t col)
{
    return col < (uint32_t)glp_get_num_cols(lp->prob) ? glp_get_col_prim(lp->prob, (int)col + 1)
                                                      : NAN;
}

double bmx_lp_dual(const bmx_lp *lp, uint32_t row)
{
    return row < (uint32_t)glp_get_num_rows(lp->prob) ? glp_get_row_dual(lp->prob, (int)row + 1)
                                                      : NAN;
}

const char *bmx_lp_library_version(void) { return glp_version(); }
