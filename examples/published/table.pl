#!/usr/bin/perl
# table.pl - the tables of README.md from the results that study.sh writes
#
# This file is part of bpemix.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: examples/published/table.pl [--outside] RESULTS
#
# RESULTS is a folder with LABEL.json of the tokenizers of tokenizers.tsv. Prints a row of shares
# of groups for each, with their outer ranges, as all tables have them, and the paper's below it.
# With --outside: the paper's figures that are not within our ranges, and the mean difference; for
# the whole lists together, in how many ranges the figures are.
use strict;
use warnings;
use FindBin;
use JSON::PP;

my @groups = ('English', 'code', 'Latin and Cyrillic', 'other languages');

my $outside = @ARGV && $ARGV[0] eq '--outside' ? shift @ARGV : '';
die "usage: table.pl [--outside] RESULTS\n" unless @ARGV == 1 && -d $ARGV[0];
my $results = $ARGV[0];

sub lines_of {
    my ($path) = @_;
    open my $file, '<', $path or die "table.pl: $path: $!\n";
    return map { chomp; [split /\t/] } grep { !/^#|^\s*$/ } <$file>;
}

sub result_of {
    my ($label) = @_;
    (my $name = lc $label) =~ tr/ /-/;
    open my $file, '<', "$results/$name.json" or return;
    local $/;
    return decode_json(<$file>);
}

# The share of each group in percent, with its two ranges where they were computed.
sub shares_of {
    my ($result, $unit) = @_;
    my %group = map { $_->{name} => $_ } @{ $result->{groups} };
    return map {
        my $g = $group{$_} or die "table.pl: no group '$_'\n";
        my ($inner, $outer) = @$g{"range_$unit", "range_outer_$unit"};
        { name => $_, share => 100 * $g->{"share_$unit"},
          inner => $inner && [map { 100 * $_ } @$inner],
          outer => $outer && [map { 100 * $_ } @$outer] }
    } @groups;
}

# Of an unusable fit there are no shares.
sub share_text {
    my ($share, $verdict) = @_;
    return '-' if $verdict eq 'unusable';
    my $range = $share->{outer};
    return sprintf $range ? '%.1f [%.1f, %.1f]' : '%.1f', $share->{share}, $range ? @$range : ();
}

# Whether a figure with one digit behind the point is in a range shown with as many.
sub is_within {
    my ($figure, $range) = @_;
    my ($low, $high) = map { sprintf '%.1f', $_ } @$range;
    return $figure >= $low && $figure <= $high ? 1 : 0;
}

# What of the paper's figures is in neither range, and what in the outer one alone.
sub outside_text {
    my ($figures, $shares) = @_;
    my (@neither, @outer);
    for my $i (0 .. $#$shares) {
        my $share = $shares->[$i];
        return 'no ranges' unless $share->{inner};
        next if is_within($figures->[$i], $share->{inner});
        push @{ is_within($figures->[$i], $share->{outer}) ? \@outer : \@neither }, $share->{name};
    }
    return 'all within the inner ranges' unless @neither || @outer;
    return join '; ', (@outer ? 'in the outer range alone: ' . join(', ', @outer) : ()),
        (@neither ? 'in neither: ' . join(', ', @neither) : ());
}

# Counts the figures that are within the ranges, of a result that has some.
sub count_within {
    my ($within, $figures, $shares) = @_;
    for my $i (0 .. $#$shares) {
        my $share = $shares->[$i];
        next unless $share->{inner};
        $within->{all}++;
        $within->{$_} += is_within($figures->[$i], $share->{$_}) for qw(inner outer);
    }
}

my %paper = map { my ($label, @figures) = @$_; $label => \@figures }
    lines_of("$FindBin::Bin/paper.tsv");
my ($sum, $lists) = (0, 0);
my %within = (inner => 0, outer => 0, all => 0);
print "| tokenizer | English | code | Latin and Cyrillic | other languages | slack | verdict |\n",
    "|---|--:|--:|--:|--:|--:|---|\n" unless $outside;
for (lines_of("$FindBin::Bin/tokenizers.tsv")) {
    my ($label, undef, $options) = @$_;
    my $paper = $paper{$label};
    next if $outside && !$paper;
    my $result = result_of($label) or next;
    my $window = ($options // '') =~ /-m/;
    my $slack = $result->{fit}{slack_relative};
    if (!$outside) {
        my @shares = shares_of($result, $window ? 'merges' : 'pairs');
        my $verdict = $result->{verdict}{level};
        printf "| %s%s | %s | %.0f %% | %s |\n", $label, $window ? ', window' : '',
            join(' | ', map { share_text($_, $verdict) } @shares), 100 * $slack, $verdict;
        print '| paper | ', join(' | ', @$paper), " | | |\n" if $paper;
    } else {
        my @shares = shares_of($result, 'pairs');
        my $difference = 0;
        $difference += abs($shares[$_]{share} - $paper->[$_]) / @groups for 0 .. $#groups;
        printf "%s: %.2f points; %s\n", $label, $difference, outside_text($paper, \@shares);
        next if $window;
        $sum += $difference;
        $lists++;
        count_within(\%within, $paper, \@shares);
    }
}
printf "mean of %d whole lists: %.2f points\n", $lists, $sum / $lists if $lists;
printf "of %d figures %d are within the inner ranges, %d within the outer ones\n",
    @within{qw(all inner outer)} if $lists && $within{all};
