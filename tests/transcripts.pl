#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# transcripts.pl - runs the commands that are written down with their output: the
# cases of tests/cli/*.t, EXAMPLES of the manual pages and the blocks of README.md.
#
# A .t file:
#
#     # A comment.
#     ## name                 a case begins; it runs in a fresh folder, in one shell
#     $ command               run by sh
#     > another line of it
#     output                  lines of standard output, exactly
#     ! message               lines of standard error, exactly
#     [2]                     the exit code, when it is not 0
#
# Blank lines at the end of an output part the commands.  A line of output that could be
# taken for something else, and one with bytes that are not text, begins with a backslash,
# behind which \xHH and \\ stand for bytes; a backslash alone is an empty last line, and \c
# says that the last line has no newline.  A line "..." stands for any number of lines.
# A command has these besides those of the system:
#
#     $top $en $c             the source tree, bundled English and C
#     fixture NAME...         copies what tests/fixtures/NAME.sh makes, once for all cases
#     skip REASON             leaves the case out
#     $sanitized              set when the program is built with a sanitizer
#     $covered                set when it notes which lines it runs
#     $BPEMIX_PANEL           'none', so that output does not follow the panel's text; empty, it
#                             is the panel of this tree
#
# In a manual page, the lines of a literal display under EXAMPLES that begin with "$ " are
# commands, continued by a backslash, and a display that begins with "/* NAME.c" is saved
# as NAME.c; a comment "needs PROGRAM" before one, jq or pandas, leaves it out without that.
# A page is one case.  In README.md so is each block that has such lines;
# "<!-- needs PATH... -->" before one names what a reader has: here, what a fixture makes
# stands in for it, or the block is left out.  In both, a
# command has to succeed, and output is compared where any is shown.
#
# usage: tests/transcripts.pl [--rewrite] FILE...
# --rewrite puts what was printed in place of what was expected; review the diff.
# In the environment: BUILD, JOBS (cases at a time), CASES (a regular expression),
# CASE_SECONDS (after which a case is stopped).
use strict;
use warnings;
use POSIX ();
use Cwd ();

my $rewrite = @ARGV && $ARGV[0] eq '--rewrite' && shift @ARGV;
my $top = $0 =~ m{^(.*)/} ? Cwd::abs_path("$1/..") : Cwd::abs_path('..');
my $build = $ENV{BUILD} || 'build';
$build = "$top/$build" unless $build =~ m{^/};
my $jobs = $ENV{JOBS} || `nproc` || 1;
my $limit = $ENV{CASE_SECONDS} || 600;
my $only = $ENV{CASES};
chomp(my $work = `mktemp -d`);
die "no temporary folder\n" unless $work && -d $work;
my $parent = $$;
END { local $?; system('rm', '-rf', $work) if $work && $parent && $$ == $parent }
$SIG{INT} = $SIG{TERM} = sub { exit 130 };

sub slurp {
    my ($path) = @_;
    open my $f, '<:raw', $path or return;
    local $/;
    my $text = <$f>;
    return $text // '';
}

sub spew {
    my ($path, $text) = @_;
    open my $f, '>:raw', $path or die "$path: $!\n";
    print $f $text or die "$path: $!\n";
    close $f or die "$path: $!\n";
}

# ---- lines of output, as they are written down ----

my $utf8 = qr/(?:[\x00-\x7f]|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]
              |[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]
              |\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2})/x;

# Bytes of a stream as lines of a .t file, each with the prefix.
sub written {
    my ($bytes, $prefix) = @_;
    return () if $bytes eq '';
    my $newline = $bytes =~ s/\n\z//;
    my @line = split /\n/, $bytes, -1;
    @line = ('') unless @line;
    for (@line) {
        if (/[\x00-\x08\x0b-\x1f\x7f]/ || !/\A$utf8*\z/) {
            s/\\/\\\\/g;
            s/([\x00-\x1f\x7f-\xff])/sprintf '\\x%02x', ord $1/ge;
            $_ = "\\$_";
        } elsif (/^(?:\$|>|!|#|\\|\.\.\.$|\[\d+\]$)/) {
            s/\\/\\\\/g;
            $_ = "\\$_";
        }
    }
    $line[-1] = '\\' if $line[-1] eq '';
    push @line, '\\c' unless $newline;
    return map { my $l = $prefix . $_; $l =~ s/ $// if $_ eq ''; $l } @line;
}

# The reverse for one line.
sub meant {
    my ($line) = @_;
    return $line unless $line =~ s/^\\//;
    $line =~ s/\\(?:x([0-9a-f]{2})|\\)/defined $1 ? chr hex $1 : '\\'/ge;
    return $line;
}

# Do lines agree with a pattern in which "..." stands for any number of them?
sub agree {
    my ($want, $got) = @_;
    my @w = @$want;
    my @g = @$got;
    while (@w && $w[0] ne '...') {
        return 0 unless @g && meant($w[0]) eq meant($g[0]) && ($w[0] eq '\\c') == ($g[0] eq '\\c');
        shift @w;
        shift @g;
    }
    return !@g unless @w;
    shift @w;
    for my $k (0 .. @g) {
        return 1 if agree(\@w, [@g[$k .. $#g]]);
    }
    return 0;
}

# ---- reading ----
#
# A case: { name, file, steps => [step], links => [paths below top], files => {name => text} }
# A step: { command, first, last (lines of the file that hold the expectation, last < first
#           when there is none), want => [lines], any => true when nothing needs to be shown }

sub read_t {
    my ($file, $lines) = @_;
    my ($case, $step, @cases);
    (my $topic = $file) =~ s{.*/|\.t$}{}g;
    for my $i (0 .. $#$lines) {
        my $l = $lines->[$i];
        if ($l =~ /^## (\S+)$/) {
            $case = { name => "cli/$topic/$1", file => $file, steps => [], files => {}, links => [] };
            push @cases, $case;
            undef $step;
        } elsif ($l =~ /^#/) {
            undef $step;
        } elsif ($l =~ /^\$ (.*)$/) {
            die "$file:" . ($i + 1) . ": a command before any case\n" unless $case;
            $step = { command => $1, first => $i + 1, want => [] };
            push @{$case->{steps}}, $step;
        } elsif ($l =~ /^>(?: (.*))?$/ && $step && !@{$step->{want}}) {
            $step->{command} .= "\n" . ($1 // '');
            $step->{first} = $i + 1;
        } elsif ($step) {
            push @{$step->{want}}, $l;
        } elsif ($l ne '') {
            die "$file:" . ($i + 1) . ": neither a command nor a comment\n";
        }
    }
    for my $s (map { @{$_->{steps}} } @cases) {
        pop @{$s->{want}} while @{$s->{want}} && $s->{want}[-1] eq '';
        $s->{last} = $s->{first} + @{$s->{want}} - 1;
    }
    return @cases;
}

sub from_mdoc {
    my ($l) = @_;
    my %char = (aq => "'", dq => '"', ti => '~', ha => '^', ga => '`');
    $l =~ s/\\(?:\((aq|dq|ti|ha|ga)|([-&e]))/defined $1 ? $char{$1} : $2 eq 'e' ? '\\' : $2 eq '-' ? '-' : ''/ge;
    return $l;
}

sub to_mdoc {
    my ($l) = @_;
    $l =~ s/\\/\\e/g;
    $l =~ s/'/\\(aq/g;
    $l =~ s/^\./\\&./;
    return $l;
}

# Commands with a backslash at the end of a line go on in the next one.
sub read_shown {
    my ($case, $lines, $from, $to, $plain, $needs) = @_;
    my ($step, $more);
    for my $i ($from .. $to) {
        my $l = $plain->($lines->[$i]);
        if ($more) {
            $step->{command} .= "\n$l";
            $step->{first} = $i + 1;
        } elsif ($l =~ /^\$ (.*)$/) {
            $step = { command => $1, first => $i + 1, want => [], any => 1, needs => $needs };
            push @{$case->{steps}}, $step;
        } else {
            push @{$step->{want}}, $l if $step;
            next;
        }
        # also inside of a string between quotes
        $more = $l =~ /\\$/ || ($step->{command} =~ tr/'//) % 2;
    }
    for my $s (@{$case->{steps}}) {
        next if defined $s->{last};
        pop @{$s->{want}} while @{$s->{want}} && $s->{want}[-1] eq '';
        $s->{last} = $s->{first} + @{$s->{want}} - 1;
    }
}

sub read_page {
    my ($file, $lines) = @_;
    my $case = { name => $file =~ s{.*/(man/)}{$1}r, file => $file, steps => [], files => {},
                 links => ['corpora', 'examples'], mdoc => 1 };
    my $examples = 0;
    my ($begin, $needs);
    for my $i (0 .. $#$lines) {
        my $l = $lines->[$i];
        $examples = $l eq '.Sh EXAMPLES' if $l =~ /^\.Sh /;
        next unless $examples;
        if ($l =~ /^\.Dl \$ (.*)$/) {
            push @{$case->{steps}}, { command => from_mdoc($1), first => $i + 1, last => $i,
                                      want => [], any => 1 };
        } elsif ($l =~ /^\.\\" needs (\w+)$/) {
            $needs = $1;
        } elsif ($l =~ /^\.Bd -literal/) {
            $begin = $i + 1;
        } elsif ($l eq '.Ed' && defined $begin) {
            if ($lines->[$begin] =~ m{^/\* ([a-z_]+\.(?:c|cc|py))\b}) {
                $case->{files}{$1} = join '', map { from_mdoc($_) . "\n" } @$lines[$begin .. $i - 1];
            } else {
                read_shown($case, $lines, $begin, $i - 1, \&from_mdoc, $needs);
            }
            undef $_ for $begin, $needs;
        }
    }
    die "not ok - $file: no command under EXAMPLES\n"
        if grep({ $_ eq '.Sh EXAMPLES' } @$lines) && !@{$case->{steps}};
    return @{$case->{steps}} ? ($case) : ();
}

sub read_readme {
    my ($file, $lines) = @_;
    my ($begin, @needs, @cases);
    for my $i (0 .. $#$lines) {
        if ($lines->[$i] =~ /^<!-- needs (.*) -->$/) {
            @needs = split ' ', $1;
        } elsif ($lines->[$i] =~ /^```/ && !defined $begin) {
            $begin = $i + 1;
        } elsif ($lines->[$i] eq '```') {
            my $case = { name => $file =~ s{.*/}{}r . ":$begin", file => $file, steps => [], files => {},
                         links => ['corpora', 'examples', @needs], needs => [@needs] };
            read_shown($case, $lines, $begin, $i - 1, sub { $_[0] });
            push @cases, $case if @{$case->{steps}};
            undef $begin;
            @needs = ();
        }
    }
    return @cases;
}

# ---- running ----

# Fixtures for what blocks of README.md need.
my %stand_in = ('tokenizer.json' => 'tok.json', samples => 'samples');

# A pkg-config file that leads to this build, so that examples compile as printed.
sub make_pkgconfig {
    mkdir "$work/pc";
    my $symbols = `nm "$build/libbpemix.a" 2> /dev/null`;
    my $sanitize = $symbols =~ /__asan/ ? '-fsanitize=address,undefined'
                 : $symbols =~ /__tsan/ ? '-fsanitize=thread' : '';
    my $coverage = $symbols =~ /__gcov_/ ? '--coverage' : '';
    $ENV{sanitized} = $sanitize;
    $ENV{covered} = $coverage;
    my ($pkgs) = slurp("$top/Makefile") =~ /^PKGS *:?= *(.*)$/m;
    spew("$work/pc/bpemix.pc", "Name: bpemix\nDescription: build folder\nVersion: 0\n" .
         "Requires: $pkgs\nLibs: $build/libbpemix.a -lglpk -lm -lpthread $sanitize $coverage\n" .
         "Cflags: -I$top/include\n");
    $ENV{PKG_CONFIG_PATH} = "$work/pc" . ($ENV{PKG_CONFIG_PATH} ? ":$ENV{PKG_CONFIG_PATH}" : '');
}

sub make_fixtures {
    my (@cases) = @_;
    my %wanted;
    for my $command (map { $_->{command} } map { @{$_->{steps}} } @cases) {
        $wanted{$_} = 1 for map { split ' ' } $command =~ /\bfixture ([\w.\- ]+)/g;
    }
    $wanted{$_} = 1 for grep { defined } map { $stand_in{$_} } map { @{$_->{needs} || []} } @cases;
    mkdir "$work/fixtures";
    for my $name (sort keys %wanted) {
        my $recipe = "$top/tests/fixtures/$name.sh";
        mkdir "$work/making";
        system("cd '$work/making' && sh '$recipe' > ../said 2>&1 < /dev/null && mv '$name' ../fixtures/") == 0
            or die "not ok - fixture $name cannot be made\n" . (slurp("$work/said") // '');
        system('rm', '-rf', "$work/making");
    }
}

my $prelude = <<'SH';
fixture() { for name; do cp -R "$fixtures/$name" . || exit 99; done; }
skip() { printf '%s' "$*" > "$results/skip"; exit 77; }
SH

# What a display may need besides bpemix, and how to see whether it is there.
my %is_there = (jq => 'command -v jq', pandas => 'python3 -c "import pandas"');

# Debian's Python has the package of Debian, whichever comes first in the path.
sub find_programs {
    $prelude .= "python3() { /usr/bin/python3 \"\$@\"; }\n"
        if system('python3 -c "import pandas" 2> /dev/null') && -x '/usr/bin/python3';
}

# Runs a case in a process group of its own: what it leaves running ends with it.
sub run_case {
    my ($case, $dir) = @_;
    my $k = 0;
    mkdir $dir;
    mkdir "$dir/folder";
    mkdir "$dir/results";
    for (@{$case->{links}}) {
        (my $parents = $_) =~ s{/?[^/]*$}{};
        system('mkdir', '-p', "$dir/folder/$parents") if $parents ne '';
        symlink -e "$top/$_" || !$stand_in{$_} ? "$top/$_" : "$work/fixtures/$stand_in{$_}",
            "$dir/folder/$_";
    }
    spew("$dir/folder/$_", $case->{files}{$_}) for keys %{$case->{files}};
    my $script = $prelude;
    for my $s (@{$case->{steps}}) {
        $k++;
        $script .= "if ! $is_there{$s->{needs}} > /dev/null 2>&1; then echo > \"\$results/$k.none\"; else\n"
            if $s->{needs};
        $script .= "{\n$s->{command}\n} > \"\$results/$k.out\" 2> \"\$results/$k.err\"\n" .
                   "echo \$? > \"\$results/$k.code\"\n";
        $script .= "fi\n" if $s->{needs};
    }
    spew("$dir/script", $script);
    my $pid = fork() // die "fork: $!\n";
    if ($pid == 0) {
        POSIX::setpgid(0, 0);
        $SIG{INT} = $SIG{TERM} = 'DEFAULT';
        chdir "$dir/folder" or POSIX::_exit(98);
        $ENV{results} = "$dir/results";
        $ENV{BPEMIX_PANEL} = 'none' if $case->{file} =~ /\.t$/;
        open STDIN, '<', '/dev/null';
        open STDOUT, '>', "$dir/stray";
        open STDERR, '>&', \*STDOUT;
        exec 'sh', "$dir/script" or POSIX::_exit(98);
    }
    my $late = 0;
    local $SIG{ALRM} = sub { $late = 1; kill 'KILL', -$pid };
    alarm $limit;
    waitpid $pid, 0;
    my $code = $? >> 8;
    alarm 0;
    kill 'KILL', -$pid;
    $k = 0;
    for my $s (@{$case->{steps}}) {
        $k++;
        $s->{none} = -e "$dir/results/$k.none";
        my $own = slurp("$dir/results/$k.code");
        my $out = slurp("$dir/results/$k.out");
        if (!defined $out) {
            $s->{got} = ['(did not run)'];
            next;
        }
        chomp($own //= $late ? "124\n" : "$code\n");
        my @got = written($out, '');
        $s->{stdout} = [@got];
        push @got, written(slurp("$dir/results/$k.err"), '! ');
        push @got, "[$own]" if $own ne '0';
        $s->{got} = \@got;
        $s->{code} = $own;
        last if !-e "$dir/results/$k.code";
    }
    $_->{got} //= ['(did not run)'] for @{$case->{steps}};
    my $skip = slurp("$dir/results/skip");
    my $stray = slurp("$dir/stray");
    system('chmod', '-R', 'u+rwx', $dir);
    system('rm', '-rf', $dir);
    return ($skip, $stray, $late);
}

# The text of a difference, as diff -u has it.
sub difference {
    my ($dir, $want, $got) = @_;
    spew("$dir.want", join '', map { "$_\n" } @$want);
    spew("$dir.got", join '', map { "$_\n" } @$got);
    my $text = `diff -U 2 '$dir.want' '$dir.got'`;
    $text =~ s/^.*\n.*\n//;
    return join '', map { "#   $_\n" } split /\n/, $text;
}

# TAP of a case; what is to be rewritten goes to a file of "first last lines..." records.
sub judge {
    my ($case, $dir) = @_;
    for my $need (@{$case->{needs} || []}) {
        return "ok - $case->{name} # SKIP needs $need\n"
            unless -e "$top/$need" || $stand_in{$need};
    }
    my ($skip, $stray, $late) = run_case($case, $dir);
    return "ok - $case->{name} # SKIP $skip\n" if defined $skip;
    my $tap = '';
    my $new = '';
    my $left_out;
    for my $s (@{$case->{steps}}) {
        if ($s->{any}) {
            if ($s->{none}) {
                $left_out = $s->{needs};
                next;
            }
            next if ($s->{code} // '') eq '0' && (!@{$s->{want}} || agree($s->{want}, $s->{stdout}));
        } else {
            next if agree($s->{want}, $s->{got});
        }
        $tap .= "# \$ " . $s->{command} =~ s/\n/\n# > /gr . "\n" . difference($dir, $s->{want}, $s->{got});
        my $show = $s->{any} ? $s->{stdout} : $s->{got};
        $show = [map { to_mdoc($_) } @$show] if $case->{mdoc};
        $new .= join("\n", scalar(@$show), $s->{first}, $s->{last}, @$show) . "\n"
            unless $s->{any} && ($s->{code} // '') ne '0';
    }
    $tap .= "# stopped after $limit s\n" if $late;
    $tap .= join '', map { "# of the shell: $_\n" } split /\n/, $stray if $stray;
    spew("$dir.new", $new) if $rewrite && $new ne '';
    return $tap eq '' ? "ok - $case->{name}" . ($left_out ? ", without $left_out" : '') . "\n" : "not ok - $case->{name}\n$tap";
}

# ---- all of it ----

my (%text, @cases);
for my $file (@ARGV) {
    my $all = slurp($file) // die "$file: $!\n";
    my @lines = split /\n/, $all, -1;
    pop @lines if @lines && $lines[-1] eq '';
    $text{$file} = \@lines;
    push @cases, $file =~ /\.t$/ ? read_t($file, \@lines)
               : $file =~ /\.md$/ ? read_readme($file, \@lines) : read_page($file, \@lines);
}
@ENV{qw(top BUILD LC_ALL NO_COLOR fixtures en c)} =
    ($top, $build, 'C', 1, "$work/fixtures",
     "$top/corpora/bundled/english/sample", "$top/corpora/bundled/c/sample");
$ENV{PATH} = "$build:$ENV{PATH}";
delete @ENV{qw(BPEMIX_THREADS COLUMNS)};
my %seen;
for (@cases) {
    die "not ok - two cases named $_->{name}\n" if $seen{$_->{name}}++;
    die "not ok - case $_->{name} has no command\n" unless @{$_->{steps}};
}
@cases = grep { $_->{name} =~ /$only/ } @cases if $only;
make_pkgconfig();
find_programs() if grep { $_->{needs} } map { @{$_->{steps}} } @cases;
make_fixtures(@cases);
my %running;
my $bad = 0;
my $shown = 0;
my %done;
for my $i (0 .. $#cases) {
    my $pid = fork() // die "fork: $!\n";
    if ($pid == 0) {
        $SIG{INT} = $SIG{TERM} = 'DEFAULT';
        spew("$work/$i.tap", judge($cases[$i], "$work/$i"));
        POSIX::_exit(0);
    }
    $running{$pid} = $i;
    while (keys %running >= ($i < $#cases ? $jobs : 1)) {
        my $ended = waitpid -1, 0;
        $done{delete $running{$ended}} = 1 if exists $running{$ended};
        for (; $done{$shown}; $shown++) {
            my $tap = slurp("$work/$shown.tap") // "not ok - $cases[$shown]{name} was not run\n";
            $bad ||= $tap =~ /^not ok/;
            print $tap;
        }
    }
}
if ($rewrite) {
    my %new;
    for my $i (0 .. $#cases) {
        my @l = split /\n/, slurp("$work/$i.new") // next, -1;
        while (@l > 3) {
            my ($n, $first, $last) = splice @l, 0, 3;
            push @{$new{$cases[$i]{file}}}, [$first, $last, splice @l, 0, $n];
        }
    }
    for my $file (keys %new) {
        my @lines = @{$text{$file}};
        for my $r (sort { $b->[0] <=> $a->[0] } @{$new{$file}}) {
            my ($first, $last, @with) = @$r;
            splice @lines, $first, $last - $first + 1, @with;
        }
        spew($file, join '', map { "$_\n" } @lines);
    }
    exit 0;
}
exit($bad ? 1 : 0);
