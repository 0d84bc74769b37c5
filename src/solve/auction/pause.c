/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pause.c - when a phase looks up from its bids: cancellation, and limits of time and work. */
#include "base/cancel.h"
#include "solve/auction/shared.h"

#define CHECK_EVERY 16384 /* bids or offers between looks at the clock */

bpemix_status bmx_auction_pause(bmx_auction *a, bool *stop, bpemix_error *err)
{
    bpemix_status st = BPEMIX_OK;

    if (++a->work % CHECK_EVERY == 0) {
        st = bmx_check_cancel(err);
        a->late = a->work > a->most_work || bmx_clock() >= a->deadline;
    }
    *stop = st || a->late;
    return st;
}
