#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# io.pl - every command, with one call of the kernel failing: the k-th open, read, write, ... for
# k = 1, 2, ... (fail_io.c says how this is done).
#
# No input may change.  A command must either end with exit code 1 and say what failed, leaving no
# output and nothing half written, or not need what failed: then its outputs are the usual ones.
# Reads and writes of one byte at a time, and interrupted ones, must not matter.
#
# usage: tests/faults/io.pl       in the environment: BUILD; IO_CASES, failures to try per command
# and kind of call, spread evenly (default 1), or "all"; COMMANDS, CALLS: regular expressions.
# Prints TAP: a line for each command.
use strict;
use warnings;
use FindBin ();
use POSIX ();

require "$FindBin::RealBin/setup.pl";
require "$FindBin::RealBin/commands.pl";
my ($top, $build, $work) = setup();
my $cases = $ENV{IO_CASES} || 1;
my $preload = "$build/tests/faults/fail_io.so";
my $only = $ENV{CALLS} // '';
skip_with_sanitizers($build, 'input and output', 'a library of ours cannot be loaded before the sanitizers');
if (system("IO_CALL=read LD_PRELOAD=$preload $build/bpemix --version > /dev/null 2>&1") >> 8 == 77) {
    print "ok - input and output # SKIP no filter for calls of the kernel here\n";
    exit 0;
}
prepare($top, $build, "$work/in");

# kind of call, error
my ($eintr, $eio, $emfile, $enospc) = (POSIX::EINTR(), POSIX::EIO(), POSIX::EMFILE(), POSIX::ENOSPC());
my @faults = grep { $_->[0] =~ /(?:$only)/ } (
    ['open', $emfile], ['read', $eio], ['read', $eintr], ['write', $enospc], ['write', $eintr],
    ['close', $eio], ['fsync', $eio], ['rename', $eio], ['stat', $eio], ['list', $eio], ['seek', $eio],
    ['make', $enospc], ['remove', $eio], ['truncate', $eio],
);

my %input = map { -f "$work/in/$_" ? ($_ => content("$work/in/$_")) : () } map { s{.*/}{}r } glob("$work/in/*");

sub fresh { run('rm', '-rf', "$work/run"); run('cp', '-R', "$work/in", "$work/run"); chdir "$work/run" or die }

# Run with a fault: exit status, standard output and error.
sub with_fault
{
    my ($command, $call, $error, $k) = @_;
    local @ENV{qw(IO_CALL IO_ERROR IO_AT IO_REPORT)} = ($call, $error, $k, "$work/report");
    unlink "$work/report";
    my $end = system("timeout -k 1 60 env LD_PRELOAD=$preload $build/bpemix $command > $work/out 2> $work/err");
    return ($end & 127 ? 128 + ($end & 127) : $end >> 8, content("$work/out"), content("$work/err"));
}

# What is wrong with this end, or nothing.
sub judge
{
    my ($call, $error, $status, $out, $err, $want, $outputs, $streams, $before) = @_;
    my $said = strerror($error);
    my @left = grep { !$before->{$_} } glob('*.part-* */*.part-*');
    my $shown = substr($err, 0, 300) =~ s/\n/\\n/gr;

    return "exit code $status: $shown" if $status != 0 && $status != 1;
    return "a file is left, @left" if @left && $call ne 'remove';
    for (keys %input) { # journals go on behind what they have
        return "the input $_ was changed" if index(content($_) // '', $input{$_}) != 0;
    }
    if ($status == 1) {
        return "exit code 1, not because of it: $shown" unless $err =~ /\Q$said\E|out of memory|"error"/ || $call eq 'write' && $err eq '';
        return 'something on standard output' if length $out && !$streams && $call ne 'write' && $out !~ /"error"/;
        # an output that was finished before, such as that of --json before the table, stays
        for (@$outputs) { return "exit code 1, but $_ is there and not whole" if -e $_ && content($_) ne $want->{$_} }
        return '';
    }
    return 'standard output differs' if $out ne $want->{''};
    for (@$outputs) { return "$_ differs" if (content($_) // '') ne $want->{$_} }
    return '';
}

sub strerror { local $! = $_[0]; return "$!" }

my $bad = 0;
for (commands()) {
    my ($name, $outputs, $command, $option) = @$_;
    my (@wrong, %want, $tried, $failed);
    my @outputs = split ' ', $outputs;
    my $changes = $command =~ /--journal|--work|-o w /; # more than its outputs

    fresh();
    my %before = map { $_ => 1 } glob('*.part-* */*.part-*');
    my ($status, $out, $err) = with_fault($command, 'none', 0, 0);
    if ($status) {
        verdict("input and output of $name: fails undisturbed", $err);
        $bad = 1;
        next;
    }
    %want = ('' => $out, map { $_ => content($_) } @outputs);
    ($tried, $failed) = (0, 0);
    my $try = sub {
        my ($call, $error, $k, $harmless) = @_;
        my ($status, $out, $err);
        fresh() if $changes;
        unlink @outputs;
        ($status, $out, $err) = with_fault($command, $call, $error, $k);
        my $wrong = judge($call, $error || $eintr, $status, $out, $err, \%want, \@outputs, ($option // '') eq 'streams', \%before);
        # help and completion are printed by stdio, which does not go on by itself
        $wrong ||= "exit code $status: $err" if $harmless && $status && !($name =~ /^(help|completion)$/ && $error);
        $tried++;
        $failed += $status == 1;
        push @wrong, "$call $k, " . ($error ? strerror($error) : 'one byte at a time') . ": $wrong" if $wrong;
    };
    fresh();
    with_fault($command, 'all', 0, 0);
    my %calls = (content("$work/report") // '') =~ /^(\w+) (\d+)$/mg;
    push @wrong, 'no call was seen' unless %calls;
    for (@faults) {
        my ($call, $error) = @$_;
        my $n = $calls{$call} // 0;
        my $step = $cases eq 'all' || $cases >= $n ? 1 : $n / $cases;
        for (my $k = 1; $k <= $n; $k += $step) { $try->($call, $error, int $k, $error == $eintr) }
        $try->($call, 0, 1, 1) if $n && $error == $eintr;
    }
    verdict("input and output of $name: $tried failures, $failed mattered", @wrong);
    $bad = 1 if @wrong;
}
chdir '/';
exit $bad;
