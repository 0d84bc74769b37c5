#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# What the ranges and the levels of claims are calibrated by, from journals of trials.
#
#   tests/lab/needed.pl [--half 0|1] JOURNAL...
#
# The first table: for each journal and true share, the least delta whose range would hold it.
# Between its two deltas and beyond, the distance that a range reaches to from the estimate is taken
# for a power of delta, on the side of the truth (0.5 would be a parabola).  Quantiles over all pairs
# of trial and category, and the parts that a delta of 0.01, 0.02, 0.05 would hold.
#
# The second: the excess of true mixtures, for trials of the method "verify".
#
# --half takes every other trial: to calibrate on one half and look at the other.
use strict;
use warnings;
use JSON::PP;

my $half;
if (@ARGV > 1 && $ARGV[0] eq '--half') {
    (undef, $half) = splice @ARGV, 0, 2;
}
@ARGV or die "usage: tests/lab/needed.pl [--half 0|1] JOURNAL...\n";

sub quantile {
    my ($part, @sorted) = @_;
    my $at = $part * $#sorted;
    my $k = int $at;
    my $next = $k < $#sorted ? $sorted[$k + 1] : $sorted[$k];
    return $sorted[$k] + ($next - $sorted[$k]) * ($at - $k);
}

# The delta at which a range reaches `far` from the estimate, if it reaches near[0], near[1] at
# delta[0], delta[1]; undef: it does not move, as at 0.
sub needed {
    my ($far, $delta, $near) = @_;
    return 0 if $far < 1e-9;
    return $far <= $near->[0] + 1e-7 ? 0 : undef
        if $near->[0] < 1e-7 || ($near->[1] <= $near->[0] && $delta->[1] > $delta->[0]);
    my $power = 0.5; # of small samples both deltas are the outer one
    $power = log($near->[1] / $near->[0]) / log($delta->[1] / $delta->[0]) if $delta->[1] > $delta->[0];
    $power = $power < 0.3 ? 0.3 : $power > 1 ? 1 : $power;
    return $delta->[0] * ($far / $near->[0])**(1 / $power);
}

sub name_of { my $name = shift; $name =~ s{.*/}{}; $name =~ s{\.jsonl$}{}; return $name }

my (%need, %excess, %slack);
for my $path (@ARGV) {
    open my $in, '<:raw', $path or die "$path: $!\n";
    <$in>; # the header
    while (my $line = <$in>) {
        next if $line !~ /\n\z/;
        my $t = decode_json($line);
        next if defined $half && $t->{trial} % 2 != $half;
        for my $row (@{ $t->{rows} }) {
            push @{ $excess{$path} }, $row->{excess}[0] if $row->{excess};
            next if !$row->{inner_low};
            push @{ $slack{$path} }, $row->{slack};
            for my $i (0 .. $#{ $t->{truth} }) {
                my ($truth, $share) = ($t->{truth}[$i], $row->{share}[$i]);
                next if !defined $row->{inner_low}[$i] || !defined $share;
                my $up = $truth >= $share;
                my @near = map { abs($row->{"${_}_" . ($up ? 'high' : 'low')}[$i] - $share) } qw(inner outer);
                my $delta = needed(abs($truth - $share), $row->{delta}, \@near);
                push @{ $need{$path} }, defined $delta ? $delta : 1;
            }
        }
    }
}
if (%need) {
    printf "%-24s %5s %6s  %-39s  %s\n", '', 'pairs', 'slack', 'least delta that holds 50, 85, 90, 95 %',
        'held by 0.01, 0.02, 0.05';
    for my $path (grep { $need{$_} } @ARGV) {
        my @d = sort { $a <=> $b } @{ $need{$path} };
        printf "%-24s %5d %6.3f ", name_of($path), scalar @d,
            quantile(0.5, sort { $a <=> $b } @{ $slack{$path} });
        printf '  %8.5f', quantile($_, @d) for 0.5, 0.85, 0.9, 0.95;
        for my $delta (0.01, 0.02, 0.05) {
            printf ' %6.1f %%', 100 * (grep { $_ <= $delta } @d) / @d;
        }
        print "\n";
    }
}
if (%excess) {
    printf "\n%-24s %6s  %s\n", '', 'trials', 'excess of true mixtures: 25, 50, 75, 90, 95 % below';
    for my $path (grep { $excess{$_} } @ARGV) {
        my @e = sort { $a <=> $b } @{ $excess{$path} };
        printf "%-24s %6d ", name_of($path), scalar @e;
        printf '  %7.4f', quantile($_, @e) for 0.25, 0.5, 0.75, 0.9, 0.95;
        print "\n";
    }
}
