#include "diagnose/interval.h"

#include <math.h>

size_t bmx_jackknife_fixed(const bpemix_trace *tr, bool *fixed)
{
    uint32_t folds = tr->n_folds;
    size_t n = tr->n_cats / folds, n_fixed = 0;

    for (size_t c = 0; c < n; c++) {
        const bmx_trace_category *fold = &tr->cat[c * folds];
        uint64_t documents = 0, pairs = 0, most = 0;

        for (uint32_t f = 0; f < folds; f++) {
            documents += fold[f].documents;
            pairs += fold[f].pairs;
            most = fold[f].pairs > most ? fold[f].pairs : most;
        }
        fixed[c] = documents < 2 * (uint64_t)folds || most == pairs;
        n_fixed += fixed[c];
    }
    return n_fixed;
}

void bmx_jackknife_errors(const double *replicate, uint32_t folds, size_t n, double *se)
{
    for (size_t i = 0; i < n; i++) {
        double mean = 0, sum = 0;

        for (uint32_t f = 0; f < folds; f++)
            mean += replicate[f * n + i] / folds;
        for (uint32_t f = 0; f < folds; f++) {
            double d = replicate[f * n + i] - mean;
            sum += d * d;
        }
        se[i] = sqrt(sum * (folds - 1) / folds);
    }
}
