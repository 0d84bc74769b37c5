#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# sweep.pl - every command, with allocation k failing, for k = 1, 2, ...
#
# Each command must end with exit code 1 and "out of memory" and leave no output, or not need
# the memory: then its outputs are the usual ones (fail_alloc.c says how this is done and what
# exactly is asked).
#
# usage: tests/faults/sweep.pl       in the environment: BUILD; FAULT_CASES, failures to try per
# command, spread evenly (default 30), or "all"; COMMANDS, a regular expression.
# Prints TAP: a line for each command.
use strict;
use warnings;
use Cwd ();

my $top = $0 =~ m{^(.*)/} ? Cwd::abs_path("$1/../..") : Cwd::abs_path('../..');
my $build = $ENV{BUILD} || 'build';
$build = "$top/$build" unless $build =~ m{^/};
my $cases = $ENV{FAULT_CASES} || 30;
if (`nm -D "$build/bpemix" 2> /dev/null` =~ /__[at]san_init/) {
    print "ok - faults # SKIP the sanitizers have an allocator of their own\n";
    exit 0;
}
my $preload = "$build/tests/faults/fail_alloc.so";
chomp(my $work = `mktemp -d`);
die "no temporary folder\n" unless $work && -d $work;
my $parent = $$;
END { local $?; system('rm', '-rf', $work) if $work && $parent && $$ == $parent }
$SIG{INT} = $SIG{TERM} = sub { exit 130 };
$ENV{LC_ALL} = 'C';
$ENV{NO_COLOR} = 1;
require "$top/tests/faults/commands.pl";

prepare($top, $build, "$work/in");
my $bad = 0;
for (commands()) {
    my ($name, $outputs, $command, $streams) = @$_;
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
        print "not ok - faults/$name fails undisturbed\n", `sed 's/^/#   /' $dir/said/first`;
        $bad = 1;
        next;
    }
    rename $_, "$dir/said/want.$_" for split ' ', $outputs;
    system('rm', '-rf', 'run');
    my ($n) = `tail -n 1 $dir/said/report` =~ /^allocations (\d+)/;
    if (!$n) {
        print "not ok - faults/$name: no allocation was seen\n";
        $bad = 1;
        next;
    }
    $ENV{FAULT_STRIDE} = $cases eq 'all' || $cases >= $n ? 1 : int($n / $cases);
    $ENV{FAULT_FIRST} = 1 + ($ENV{FAULT_STRIDE} > 1 ? ($ENV{FAULT_SHIFT} || 0) % $ENV{FAULT_STRIDE} : 0);
    ($streams // '') eq 'streams' ? ($ENV{FAULT_STREAMS} = 1) : delete $ENV{FAULT_STREAMS};
    $folder{run} = 1 if ($streams // '') eq 'work';
    $ENV{FAULT_FOLDERS} = join ' ', '.', sort keys %folder;
    my $end = system("LD_PRELOAD=$preload $build/bpemix $command > $dir/said/last 2> $dir/said/lasterr");
    my @report = split /\n/, `cat $dir/said/report`;
    my $sum = pop @report // '';
    my ($tried, $wrong, $harmless, $library) = $sum =~ /tried (\d+) wrong (\d+) harmless (\d+) library (\d+)$/;
    my $fine = $end == 0 && $tried && !$wrong && !@report;
    print $fine ? 'ok' : 'not ok', " - faults/$name: ", $tried // 0, " of $n allocations failed, ",
          $harmless // 0, " did not matter", $library ? ", $library ended libarchive" : '', "\n";
    next if $fine;
    $bad = 1;
    print "#   the run itself ended with status $end\n", `sed 's/^/#   /' $dir/said/lasterr` if $end;
    my $shown = $ENV{FAULT_SHOW} || 10;
    print map { "#   $_\n" } @report > $shown ? (@report[0 .. $shown - 1], '...') : @report;
}
chdir '/';
exit $bad;
