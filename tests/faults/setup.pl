# SPDX-License-Identifier: GPL-3.0-or-later
# setup.pl - what the sweeps of failing allocations, failing calls and kills have in common.
#
# usage: use FindBin; require "$FindBin::RealBin/setup.pl"; then
#   my ($top, $build, $work) = setup();   the source tree; the folder BUILD of the environment; a new
#                              folder, which is removed at the end
#   skip_with_sanitizers($build, $name, $why)   ends the test where the program is built with one of them
#   run(@command)              ends the test if the command fails
#   content($path)             of a file; undef if it cannot be read
#   verdict($text, @wrong)     prints a line of TAP and what is wrong, the first FAULT_SHOW (10) of it
use strict;
use warnings;
use Cwd ();
use FindBin ();

my ($work, $parent);
END { local $?; system('rm', '-rf', $work) if $work && $parent == $$ }

sub setup
{
    my $top = Cwd::abs_path("$FindBin::RealBin/../..");
    my $build = $ENV{BUILD} || 'build';

    $build = "$top/$build" unless $build =~ m{^/};
    $SIG{INT} = $SIG{TERM} = sub { exit 130 };
    @ENV{'LC_ALL', 'NO_COLOR'} = ('C', 1);
    $parent = $$;
    chomp($work = `mktemp -d`);
    die "no temporary folder\n" unless $work && -d $work;
    return ($top, $build, $work);
}

sub skip_with_sanitizers
{
    my ($build, $name, $why) = @_;

    return unless `nm -D "$build/bpemix" 2> /dev/null` =~ /__[at]san_init/;
    print "ok - $name # SKIP $why\n";
    exit 0;
}

sub run { system(@_) == 0 or die "not ok - cannot prepare: @_\n" }

sub content
{
    my ($path) = @_;
    open(my $f, '<:raw', $path) or return undef;
    local $/;
    return <$f> // '';
}

sub verdict
{
    my ($text, @wrong) = @_;
    my $shown = $ENV{FAULT_SHOW} || 10;

    print @wrong ? 'not ok' : 'ok', " - $text\n";
    print map { "#   " . s/\s+$//r =~ s/\n/\n#   /gr . "\n" } @wrong > $shown ? (@wrong[0 .. $shown - 1], '...') : @wrong;
}

1;
