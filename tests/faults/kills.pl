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
use Cwd ();
use POSIX ();

my $top = $0 =~ m{^(.*)/} ? Cwd::abs_path("$1/../..") : Cwd::abs_path('../..');
my $build = $ENV{BUILD} || 'build';
$build = "$top/$build" unless $build =~ m{^/};
my $kills = $ENV{KILLS} || 12;
my $seed = $ENV{SEED} // time;
srand $seed;
chomp(my $work = `mktemp -d`);
die "no temporary folder\n" unless $work && -d $work;
my $parent = $$;
END { local $?; system('rm', '-rf', $work) if $work && $parent && $$ == $parent }
$SIG{INT} = $SIG{TERM} = sub { exit 130 };
$ENV{LC_ALL} = 'C';
$ENV{PATH} = "$build:$ENV{PATH}";

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

sub slurp {
    my ($path) = @_;
    open my $f, '<:raw', $path or return;
    local $/;
    my $text = <$f> // '';
    $text =~ s/"elapsed_sec": [-0-9.e]*//g; # the clock is no part of the result
    return $text;
}

sub run {
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
system("$build/bpemix train -qq -o tok.json --vocab-size 400 en=$b/english/train c=$b/c/train > /dev/null") == 0
    or die "not ok - kills: no tokenizer\n";
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
    waitpid run($command), 0;
    my $takes = ((POSIX::times())[0] - $start + 1) / POSIX::sysconf(&POSIX::_SC_CLK_TCK);
    if ($?) {
        print "not ok - kills/$name fails undisturbed\n#   ", slurp('../said') // '';
        $bad = 1;
        next;
    }
    $want{$_} = slurp($_) for @$outputs;
    for my $i (1 .. POSIX::ceil($kills / @commands)) {
        system('rm', '-rf', 'run', @$outputs) if $i % 2; # every other one goes on from there
        my $pid = run($command);
        select undef, undef, undef, $takes * rand 1.1;
        kill 'KILL', $pid;
        waitpid $pid, 0;
        $times++ if $? & 127;
        for (@$outputs) {
            my $got = slurp($_);
            $whole++ if defined $got;
            push @wrong, "kill $i: $_ is not whole" if defined $got && $got ne $want{$_};
        }
        waitpid run($command), 0;
        push @wrong, "kill $i: the next run ends with status $?: " . (slurp('../said') // '') if $?;
        for (@$outputs) {
            push @wrong, "kill $i: $_ of the next run differs" if (slurp($_) // '') ne $want{$_};
        }
        my $left = `find . -name '*.part-*'`;
        push @wrong, "kill $i: left behind: $left" if $left ne '';
    }
    print @wrong ? 'not ok' : 'ok', " - kills/$name: killed $times times, $whole outputs were whole\n";
    print "#   seed $seed\n", map { "#   $_\n" } @wrong if @wrong;
    $bad ||= @wrong;
}
chdir '/';
exit($bad ? 1 : 0);
