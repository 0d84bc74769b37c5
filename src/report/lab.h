/* lab.h - trained tokenizers and experiments as tables and JSON. */
#ifndef BMX_REPORT_LAB_H
#define BMX_REPORT_LAB_H

#include "lab/experiment.h"

bpemix_status bmx_training_table(const bmx_mixture *m, bmx_buf *out, bpemix_error *err);

bmx_json *bmx_experiment_json(const bmx_experiment *x);
bpemix_status bmx_experiment_table(const bmx_experiment *x, bmx_buf *out, bpemix_error *err);

#endif
