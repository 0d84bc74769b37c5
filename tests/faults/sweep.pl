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

# name, outputs, command ("<" a file as standard input), options: streams
my $text = 'en=en.txt c=c.txt';
my @commands = (
    ['inspect',       '',              'inspect tok.json'],
    ['inspect-json',  'o.json',        'inspect --json o.json tok.json'],
    ['inspect-gz',    '',              'inspect tok.json.gz'],
    ['inspect-trace', '',              'inspect a.trace'],
    ['inspect-merges', '',             'inspect --pretokenizer gpt2 merges.txt'],
    ['encode',        '',              'encode -t tok.json en.txt', 'streams'],
    ['encode-json',   'o.json',        'encode -t tok.json --json o.json short.txt'],
    ['train',         'o.json',        "train -q -o o.json --vocab-size 280 $text"],
    ['words',         'o.words',       'words -q -j 1 -t tok.json -o o.words en=en.txt'],
    ['words-tar',     'o.words',       'words -q -j 1 -t tok.json -o o.words en=en.tar.gz'],
    ['words-merge',   'o.words',       'words -q --merge -o o.words a.words b.words'],
    ['count',         'o.trace',       "count -q -j 1 -t tok.json -o o.trace $text"],
    ['count-folds',   'o.trace',       "count -q -j 1 --folds 2 -t tok.json -o o.trace $text"],
    ['count-work',    'o.trace',       "count -q -j 1 --work run -t tok.json -o o.trace $text", 'work'],
    ['count-jsonl',   'o.trace',       'count -q -j 1 -t tok.json -o o.trace en=en.jsonl'],
    ['solve',         'o.json',        'solve -q --no-provenance --json o.json a.trace'],
    ['solve-lp',      'o.json',        'solve -q --no-provenance --method lp --json o.json a.trace'],
    ['solve-folds',   'o.json',        'solve -q --no-provenance --json o.json f.trace'],
    ['infer',         'o.json',        "infer -q -j 1 --no-provenance -t tok.json --json o.json $text"],
    ['infer-folds',   'o.json',        "infer -q -j 1 --no-provenance --folds 2 -t tok.json --json o.json $text"],
    ['experiment',    'o.json',        'experiment -q -j 1 --trials 1 --vocab-size 270 --train-bytes 3k ' .
                                       '--json o.json en=two/en c=two/c'],
    ['experiment-journal', 'o.json',   'experiment -q -j 1 --trials 1 --vocab-size 270 --train-bytes 3k ' .
                                       '--journal e.journal --json o.json en=two/en c=two/c'],
    ['infer-options', 'o.json',        "infer -q -j 1 --no-provenance --sweep 10,20 --ranges no -t tok.json --json o.json $text"],
    ['verify',        '',              'verify -q -j 1 --claim truth.json a.trace'],
    ['verify-text',   'o.json',        "verify -q -j 1 --claim truth.json -t tok.json --json o.json $text"],
    ['verify-exact',  'o.json',        'verify -q -j 1 --exact --claim truth.json --json o.json a.trace'],
    ['explain',       '',              'explain -q -j 1 a.trace'],
    ['explain-text',  'o.json',        "explain -q -j 1 --category c -t tok.json --json o.json $text"],
    ['explain-merge', 'o.json',        'explain -q -j 1 --merge in --json o.json a.trace'],
    ['panel',         '',              'panel -q --panel a.chunks'],
    ['panel-json',    'o.json',        'panel -q --panel a.chunks --json o.json'],
    ['infer-panel',   'o.json',        'infer -q -j 1 --no-provenance --ranges no --panel a.chunks -t tok.json --json o.json'],
    ['train-extend',  'o.json',        "train -q --extend tok.json -o o.json --vocab-size 310 $text"],
    ['count-formats', 'o.trace',       'count -q -j 1 --skip-bad-records -t tok.json -o o.trace en=part.json c=latin.txt'],
    ['chunks',        'o.chunks',      "chunks -q -j 1 -o o.chunks $text"],
    ['count-chunks',  'o.trace',       'count -q -j 1 -t tok.json -o o.trace --corpus a.chunks'],
    ['report',        '',              'report a.json b.json'],
    ['report-html',   'o.html',        'report -o o.html a.json b.json'],
    ['report-latex',  'o.tex',         'report -o o.tex a.json b.json'],
    ['report-svg',    'o.svg',         'report --figure mixture -o o.svg a.json b.json'],
    ['report-csv',    'o.csv',         'report -o o.csv a.json b.json'],
    ['report-json',   'o.json',        'report --format json -o o.json a.json b.json'],
    ['report-trials', 'o.md',          'report --experiment -o o.md e.json'],
    ['compare',       '',              'compare a.json b.json'],
    ['compare-truth', '',              'compare --truth truth.json a.json'],
    ['help',          '',              'infer --help'],
    ['completion',    '',              'completion bash'],
);
my $only = $ENV{COMMANDS};
@commands = grep { $_->[0] =~ /$only/ } @commands if $only;

sub run { system(@_) == 0 or die "not ok - cannot prepare: @_\n" }

# Small inputs: the number of failures to try is that of allocations.
mkdir "$work/in";
chdir "$work/in" or die;
my $b = "$top/corpora/bundled";
run("head -c 4000 $b/english/sample/01.txt > en.txt && head -c 4000 $b/c/sample/01.c > c.txt");
run("$build/bpemix train -qq -o tok.json --vocab-size 300 en=en.txt c=c.txt > /dev/null");
run('head -c 300 en.txt > short.txt');
run("gzip -k tok.json; tar -czf en.tar.gz en.txt; printf '#version: 0.2\\na b\\nab c\\n' > merges.txt");
run("printf '{\"text\": \"some text here\"}\\n{\"text\": \"and there\"}\\n' > en.jsonl");
run("$build/bpemix count -qq -t tok.json -o a.trace en=en.txt c=c.txt");
run("mkdir docs && split -b 1000 en.txt docs/ && $build/bpemix count -qq --folds 2 -t tok.json -o f.trace en=docs c=c.txt");
run("$build/bpemix words -qq -t tok.json -o a.words en=en.txt && $build/bpemix words -qq -t tok.json -o b.words en=docs");
run("$build/bpemix solve -q --json a.json a.trace > /dev/null && $build/bpemix solve -q --method lp --json b.json a.trace > /dev/null");
run("printf '{\"en\": 0.5, \"c\": 0.5}' > truth.json && $build/bpemix chunks -q -o a.chunks en=en.txt c=c.txt");
run("printf '{\"text\": \"some text\"}\\n{\"text\": 1}\\n{\"text\": \"and more\"}\\n' > part.json; printf 'caf\\351 \\340 la cr\\350me\\n' > latin.txt");
run("mkdir -p two/en/train two/en/sample two/c/train two/c/sample");
for my $c (['en', 'english', 'txt'], ['c', 'c', 'c']) {
    run("head -c 4000 $b/$c->[1]/train/*1.$c->[2] > two/$c->[0]/train/1.txt");
    run("head -c 2000 $b/$c->[1]/sample/*1.$c->[2] > two/$c->[0]/sample/1.txt");
}

run("$build/bpemix experiment -q -j 1 --trials 1 --vocab-size 270 --train-bytes 3k --journal e.journal --json e.json en=two/en c=two/c > /dev/null");

my $bad = 0;
for (@commands) {
    my ($name, $outputs, $command, $streams) = @$_;
    my $dir = "$work/$name";
    mkdir $dir;
    mkdir "$dir/said";
    run('cp', '-R', "$work/in", "$dir/run");
    chdir "$dir/run" or die;
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
    ($streams // '') eq 'work' ? ($ENV{FAULT_FOLDERS} = '. run') : delete $ENV{FAULT_FOLDERS};
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
