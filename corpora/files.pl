# SPDX-License-Identifier: GPL-3.0-or-later
# files.pl - whole files as bytes, for extract.pl and prose.pl.
use strict;
use warnings;

# The bytes of a file.
sub slurp {
    my ($path) = @_;
    open my $f, '<:raw', $path or die "$path: $!\n";
    local $/;
    my $text = <$f>;
    return defined $text ? $text : '';
}

# Write a file anew.
sub spew {
    my ($path, $text) = @_;
    open my $f, '>:raw', $path or die "$path: $!\n";
    print $f $text;
    close $f or die "$path: $!\n";
}

1;
