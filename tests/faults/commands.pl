# SPDX-License-Identifier: GPL-3.0-or-later
# commands.pl - the commands that are run with faults, and the small inputs that they need.
#
# usage: require "$top/tests/faults/setup.pl" and "$top/tests/faults/commands.pl"; then
#   commands()                 list of [name, outputs, command, option]; those whose name
#                              matches the regular expression COMMANDS of the environment
#   prepare($top, $build, $d)  makes the folder $d with the inputs
# An option is "streams", output is written while input is read, or "work", files are also written
# to the folder run.
use strict;
use warnings;

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
    ['words-folder',  'o.words',       'words -q -j 1 -t tok.json -o o.words en=docs'],
    ['words-corpus',  'w/en.words w/c.words', 'words -q -j 1 -t tok.json -o w --corpus two'],
    ['words-half',    'w/en.words w/c.words', 'words -q -j 1 -t tok.json -o w --sample-half sample --corpus two'],
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

sub commands
{
    my $only = $ENV{COMMANDS} // '';
    return grep { $_->[0] =~ /(?:$only)/ } @commands;
}

# Small inputs: the number of failures to try is that of allocations, reads and writes.
sub prepare
{
    my ($top, $build, $dir) = @_;
    my $b = "$top/corpora/bundled";

    mkdir $dir;
    chdir $dir or die;
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
}

1;
