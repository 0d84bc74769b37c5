#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# kills.pl - commands killed at any moment leave all of an output or nothing, and what they had
# finished can be used.
#
# A command is started and killed (SIGKILL) after a random part of the time that it takes. Then
#
#   - each output is whole, that is what the command writes undisturbed, or not there;
#   - the same command, run again to its end, in the same folder, writes what it does undisturbed;
#   - after that, no file is left that was being written.
#
# usage: tests/faults/kills.pl     in the environment: BUILD; KILLS, how many (default 12); SEED.
# Prints TAP: a line for each command.
use strict;
use warnings;
use FindBin ();
use POSIX ();

require "$FindBin::RealBin/setup.pl";
my ($top, $build, $work) = setup();
my $kills = $ENV{KILLS} || 12;
my $seed = $ENV{SEED} // time;
srand $seed;

my $b = "$top/corpora/bundled";
my $text = "en=$b/english/sample c=$b/c/sample de=$b/german/sample";
my @commands = (
    ['infer',      ['o.json'],  "infer -q --work run --folds 2 --no-provenance -t tok.json --json o.json $text"],
    ['words',      ['out/en.words', 'out/c.words', 'out/de.words'],
                                "words -q --work run -t tok.json -o out $text"],
    ['count',      ['o.trace'], "count -q --work run -t tok.json -o o.trace $text"],
    ['experiment', ['o.json'],  'experiment -q --trials 2 --vocab-size 300 --json o.json ' .
                                "en=$b/english c=$b/c"],
);

# An output, but for what the clock says; undef where there is none.
sub output
{
    my $text = content($_[0]);
    return defined $text ? $text =~ s/"elapsed_sec": [-0-9.e]*//gr : undef;
}

# The process that runs the command, in a group of its own.
sub start
{
    my ($command) = @_;
    my $pid = fork() // die "fork: $!\n";
    if ($pid == 0) {
        POSIX::setpgid(0, 0);
        open STDOUT, '>', '/dev/null';
        open STDERR, '>', '../said';
        exec "$build/bpemix", split / /, $command or POSIX::_exit(98);
    }
    return $pid;
}

chdir $work;
run("$build/bpemix train -qq -o tok.json --vocab-size 400 en=$b/english/train c=$b/c/train > /dev/null");
my $bad = 0;
for (@commands) {
    my ($name, $outputs, $command) = @$_;
    my ($times, $whole, @wrong) = (0, 0);
    my %want;
    mkdir "$work/$name";
    chdir "$work/$name";
    system('cp', '../tok.json', '.');
    mkdir 'out';
    my $start = (POSIX::times())[0]; # ticks
    waitpid start($command), 0;
    my $takes = ((POSIX::times())[0] - $start + 1) / POSIX::sysconf(&POSIX::_SC_CLK_TCK);
    if ($?) {
        verdict("kills/$name fails undisturbed", content('../said'));
        $bad = 1;
        next;
    }
    $want{$_} = output($_) for @$outputs;
    for my $i (1 .. POSIX::ceil($kills / @commands)) {
        system('rm', '-rf', 'run', @$outputs) if $i % 2; # every other one goes on from there
        my $pid = start($command);
        select undef, undef, undef, $takes * rand 1.1;
        kill 'KILL', $pid;
        waitpid $pid, 0;
        $times++ if $? & 127;
        for (@$outputs) {
            my $got = output($_);
            $whole++ if defined $got;
            push @wrong, "kill $i: $_ is not whole" if defined $got && $got ne $want{$_};
        }
        waitpid start($command), 0;
        push @wrong, "kill $i: the next run ends with status $?: " . (content('../said') // '') if $?;
        for (@$outputs) {
            push @wrong, "kill $i: $_ of the next run differs" if (output($_) // '') ne $want{$_};
        }
        my $left = `find . -name '*.part-*'`;
        push @wrong, "kill $i: left behind: $left" if $left ne '';
    }
    unshift @wrong, "seed $seed" if @wrong;
    verdict("kills/$name: killed $times times, $whole outputs were whole", @wrong);
    $bad ||= @wrong;
}
chdir '/';
exit($bad ? 1 : 0);
