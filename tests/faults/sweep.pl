#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# sweep.pl - every command, with allocation k failing, for k = 1, 2, ...
#
# Each command must end with exit code 1 and "out of memory" and leave no output, or not need
# the memory: then its outputs are the usual ones (fail_alloc.c says how this is done and what
# exactly is asked).
#
# usage: tests/faults/sweep.pl       in the environment: BUILD; FAULT_CASES, failures to try per
# command, spread evenly (default 30), or "all"; FAULT_SHIFT, how much later each of them is; FAULT_STICKY=1,
# all later allocations fail as well; COMMANDS, a regular expression.
# Prints TAP: a line for each command.
use strict;
use warnings;
use FindBin ();

require "$FindBin::RealBin/setup.pl";
require "$FindBin::RealBin/commands.pl";
my ($top, $build, $work) = setup();
my $cases = $ENV{FAULT_CASES} || 30;
my $preload = "$build/tests/faults/fail_alloc.so";
skip_with_sanitizers($build, 'faults', 'the sanitizers have an allocator of their own');
prepare($top, $build, "$work/in");
my $bad = 0;
for (commands()) {
    my ($name, $outputs, $command, $option) = @$_;
    my $dir = "$work/$name";
    mkdir $dir;
    mkdir "$dir/said";
    run('cp', '-R', "$work/in", "$dir/run");
    chdir "$dir/run" or die;
    # a folder for outputs is there before: the copies of the process share it
    my %folder = map { m!(.*)/! ? ($1 => 1) : () } split ' ', $outputs;
    for (keys %folder) {
        mkdir $_;
        mkdir "$dir/said/want.$_";
    }
    # what it does undisturbed, and how many allocations that takes
    @ENV{qw(FAULT_DIR FAULT_OUTPUTS FAULT_FIRST FAULT_STRIDE)} = ("$dir/said", $outputs, 1 << 40, 1);
    if (system("LD_PRELOAD=$preload $build/bpemix $command > $dir/said/want. 2> $dir/said/first") != 0) {
        verdict("faults/$name fails undisturbed", content("$dir/said/first"));
        $bad = 1;
        next;
    }
    rename $_, "$dir/said/want.$_" for split ' ', $outputs;
    system('rm', '-rf', 'run');
    my ($n) = `tail -n 1 $dir/said/report` =~ /^allocations (\d+)/;
    if (!$n) {
        verdict("faults/$name", 'no allocation was seen');
        $bad = 1;
        next;
    }
    $ENV{FAULT_STRIDE} = $cases eq 'all' || $cases >= $n ? 1 : int($n / $cases);
    $ENV{FAULT_FIRST} = 1 + ($ENV{FAULT_STRIDE} > 1 ? ($ENV{FAULT_SHIFT} || 0) % $ENV{FAULT_STRIDE} : 0);
    ($option // '') eq 'streams' ? ($ENV{FAULT_STREAMS} = 1) : delete $ENV{FAULT_STREAMS};
    $folder{run} = 1 if ($option // '') eq 'work';
    $ENV{FAULT_FOLDERS} = join ' ', '.', sort keys %folder;
    my $end = system("LD_PRELOAD=$preload $build/bpemix $command > $dir/said/last 2> $dir/said/lasterr");
    my @report = split /\n/, `cat $dir/said/report`;
    my $sum = pop @report // '';
    my ($tried, $wrong, $harmless, $library) = $sum =~ /tried (\d+) wrong (\d+) harmless (\d+) library (\d+)$/;
    unshift @report, "the run itself ended with status $end: " . content("$dir/said/lasterr") if $end;
    push @report, 'no allocation failed' unless $tried;
    push @report, "$wrong failures were judged wrong, and none was told" if $wrong && !@report;
    verdict(sprintf('faults/%s: %d of %d allocations failed, %d did not matter%s', $name, $tried // 0, $n,
                    $harmless // 0, $library ? ", $library ended libarchive" : ''), @report);
    $bad = 1 if @report;
}
chdir '/';
exit $bad;
