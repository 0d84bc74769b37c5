#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# spm_pieces.pl - the pieces of a SentencePiece model, one a line, in order.
use strict;
use warnings;

my $at = 0;
open my $in, '<:raw', $ARGV[0] or die "$ARGV[0]: $!\n";
my $model = do { local $/; <$in> };

sub varint {
    my ($value, $shift, $byte) = (0, 0);
    do {
        $byte = ord substr $model, $at++, 1;
        $value |= ($byte & 127) << $shift;
        $shift += 7;
    } while $byte > 127;
    return $value;
}

while ($at < length $model) {
    my $field = varint() >> 3;
    my $end = varint() + $at;
    if ($field == 1) {    # a piece, whose first field is its text
        varint();
        my $n = varint();
        print substr($model, $at, $n), "\n";
    }
    $at = $end;
}
