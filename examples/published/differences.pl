#!/usr/bin/perl
# differences.pl - shares of groups of the same tokenizers with two sets of samples
#
# This file is part of bpemix.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: examples/published/differences.pl RESULTS RESULTS
#
# Both are folders with LABEL.json, as study.sh writes them. Prints a row of Markdown for each
# tokenizer that both have: its groups in percent of pairs, and the largest difference of any.
use strict;
use warnings;
use JSON::PP;

@ARGV == 2 && -d $ARGV[0] && -d $ARGV[1] or die "usage: differences.pl RESULTS RESULTS\n";

sub groups_of {
    my ($path) = @_;
    open my $file, '<', $path or die "differences.pl: $path: $!\n";
    local $/;
    my $result = decode_json(<$file>);
    return { map { $_->{name} => 100 * $_->{share_pairs} } @{ $result->{groups} } };
}

my (@names, $worst);
for my $first (sort glob "$ARGV[0]/*.json") {
    my ($label) = $first =~ m{([^/]*)\.json$};
    my $second = "$ARGV[1]/$label.json";
    next unless -f $second;
    my ($one, $other) = (groups_of($first), groups_of($second));
    unless (@names) {
        @names = sort keys %$one;
        print '| tokenizer | ', join(' / ', @names), " | with the other samples | largest difference |\n";
        print "| --- | --- | --- | ---: |\n";
    }
    my ($largest) = sort { $b <=> $a } map { abs $one->{$_} - $other->{$_} } @names;
    $worst = $largest if !defined $worst || $largest > $worst;
    my @rows = map { my $g = $_; join ' / ', map { sprintf '%.1f', $g->{$_} } @names } $one, $other;
    printf "| %s | %s | %s | %.1f |\n", $label, @rows, $largest;
}
defined $worst or die "differences.pl: no tokenizer that both have\n";
printf "\nLargest of all: %.1f points\n", $worst;
