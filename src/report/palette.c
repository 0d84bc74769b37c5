/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/palette.h"

static const bmx_color palette[BMX_COLORS] = {
    { "bmxblue", "0072B2", "0072B2", "FFFFFF", "", "" },
    { "bmxorange", "E69F00", "A87400", "000000", "7 3", "north east lines" },
    { "bmxgreen", "009E73", "008A64", "000000", "2 3", "north west lines" },
    { "bmxyellow", "F0E442", "8F8500", "000000", "9 3 2 3", "dots" },
    { "bmxred", "D55E00", "D55E00", "000000", "4 2", "horizontal lines" },
    { "bmxsky", "56B4E9", "2A84B8", "000000", "1 2", "crosshatch" },
    { "bmxgrey", "6E6E6E", "6E6E6E", "FFFFFF", "12 4", "vertical lines" },
    { "bmxpurple", "CC79A7", "B35B8D", "000000", "6 2 1 2", "grid" },
};

const bmx_color *bmx_palette(unsigned i) { return &palette[i % BMX_COLORS]; }

const char *bmx_hatch(unsigned i, const char **transform)
{
    static const struct {
        const char *drawing, *transform;
    } hatch[BMX_COLORS] = {
        { "", "" },
        { "<path d=\"M0 0V6\"/>", " patternTransform=\"rotate(45)\"" },
        { "<path d=\"M0 0V6\"/>", " patternTransform=\"rotate(-45)\"" },
        { "<path d=\"M2 3H4\" stroke-width=\"2\"/>", "" },
        { "<path d=\"M0 3H6\"/>", "" },
        { "<path d=\"M0 0L6 6M6 0L0 6\"/>", "" },
        { "<path d=\"M3 0V6\"/>", "" },
        { "<path d=\"M0 3H6M3 0V6\"/>", "" },
    };

    *transform = hatch[i % BMX_COLORS].transform;
    return hatch[i % BMX_COLORS].drawing;
}
