#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# reference.pl - SYNOPSIS, RULES and REFERENCE of libbpemix(3), from the comments of the headers.
#
# usage: man/reference.pl [--rewrite]
# Without --rewrite, prints the page as it should be; with it, puts it in place.
use strict;
use warnings;

my $dir = $0 =~ m{^(.*)/} ? "$1/.." : '..';
my $rewrite = @ARGV && $ARGV[0] eq '--rewrite';

sub slurp {
    my ($path) = @_;
    open my $f, '<', $path or die "$path: $!\n";
    local $/;
    return scalar <$f>;
}

my @names = ('bpemix.h', 'bpemix_text.h', 'bpemix_report.h', 'bpemix_lab.h');
my @headers = map { slurp("$dir/include/$_") } @names;
my $page = slurp("$dir/man/libbpemix.3");
my %known; # names of functions, so that texts can refer to them
for (@headers) { $known{$1} = 1 while /\b(bpemix_[a-z_0-9]+)\(/g }

# Lines of plain text as mdoc, references to pages and functions marked up.
sub text {
    my ($s) = @_;
    $s =~ s/\s+/ /g;
    $s =~ s/^ | $//g;
    $s =~ s/\\/\\e/g;
    $s =~ s/(\W?)\b(_E_[A-Z]+)/$1BPEMIX$2/g;
    my $punct = qr/[.,;:)]*/;
    $s =~ s/ ?(\(?)(bpemix(?:-[a-z]+)?)\((\d)\)($punct) ?/"\n.Xr $2 $3" . ($4 ne '' ? ' ' . join(' ', split(m{}, $4)) : '') . "\n"/ge;
    $s =~ s/ ?`([^`]+)`($punct) ?/"\n.Ql \"$1\"" . ($2 ne '' ? ' ' . join(' ', split(m{}, $2)) : '') . "\n"/ge;
    $s =~ s/ ?\b(bpemix_[a-z_0-9]+)\(\)($punct) ?/($known{$1} ? "\n.Fn $1" : "\n.Ql $1") . ($2 ne '' ? ' ' . join(' ', split(m{}, $2)) : '') . "\n"/ge;
    my @out;
    for my $line (split /\n/, $s) {
        $line =~ s/^ | $//g;
        next if $line eq '';
        if ($line =~ /^\.(Xr|Fn|Ql) /) { push @out, $line; next }
        $line = "\\&$line" if $line =~ /^[.']/;
        my $cur = '';
        for my $word (split / /, $line) { # lines of up to 90 columns, sentences on new ones
            if ($cur ne '' && (length($cur) + 1 + length($word) > 90 || $cur =~ /[.?!]\)?$/)) {
                push @out, $cur;
                $cur = '';
            }
            $word = "\\&$word" if $cur eq '' && $word =~ /^[.']/;
            $cur .= ($cur eq '' ? '' : ' ') . $word;
        }
        push @out, $cur if $cur ne '';
    }
    return join("\n", @out) . "\n";
}

sub comment { my ($c) = @_; $c =~ s{^/\*\*?|\*/$}{}gs; $c =~ s/^\s*\* ?//mg; return $c }

# A comment with @param and @return.
sub describe {
    my ($c) = @_;
    my ($main, @rest) = split /^\s*\@(?=param|return)/m, comment($c);
    my $out = $main =~ /\S/ ? join(".Pp\n", map { text($_) } split /\n\s*\n/, $main) : '';
    my @params = grep { /^param/ } @rest;
    if (@params) {
        $out .= ".Bl -tag -width Ds -compact\n";
        for (@params) {
            /^param\s+(\S+)\s+(.*)$/s or die "reference.pl: \@$_\n";
            $out .= ".It Ar $1\n" . text($2);
        }
        $out .= ".El\n";
    }
    for (grep { /^return/ } @rest) {
        /^return\s+(.*)$/s;
        $out .= ($out ne '' ? ".Pp\n" : '') . text("Returns $1");
    }
    return $out;
}

# "const char *const *paths" into name and its mdoc argument.
sub split_args {
    my ($args) = @_;
    $args =~ s/\s+/ /g;
    return $args eq 'void' ? () : split /, ?/, $args;
}

# Members of a struct or values of an enum, each with the comment behind it.
sub members {
    my ($body, $enum) = @_;
    my (@list, $last);
    while ($body =~ m{\G\s*(?:(/\*.*?\*/)|([^;,/][^;/]*?)\s*([;,])|([^;,/\s][^;,/]*?)\s*(?=/\*|\z))}gcs) {
        if (defined $1) { $last->[1] .= ' ' . comment($1) if $last; next }
        my $decl = defined $2 ? $2 : $4;
        next if $decl !~ /\S/;
        my @names;
        if ($enum) {
            @names = map { s/\s*=.*//sr =~ s/\s//gr } split /,/, $decl;
        } else {
            @names = map { /([a-z_][a-z_0-9]*)(?:\[\d+\])?\s*$/ ? $1 : () } split /,/, $decl;
        }
        $last = [[@names], ''];
        push @list, $last;
    }
    return @list;
}

my (@synopsis, @reference, $section, $pending);
my $body = join '', map { "/*HEADER $names[$_]*/\n" . ($headers[$_] =~ s/^.*?(?=^\/\* ---- )//msr) } 0 .. $#headers;
while ($body =~ m{\G(?:
      /\*HEADER\ (?<header>\S+)\*/
    | /\*\ ----\ (?<section>.*?)\ -+\ \*/
    | (?<doc>/\*\*.*?\*/)
    | (?<skip>/\*.*?\*/|^\#ifdef.*?^\#endif$|^\#endif.*?$)
    | typedef\ (?<kind>struct|enum)\ (?<type>\w+)\ \{(?<body>.*?)^\}\ \w+;
    | typedef\ struct\ (?<opaque>\w+)\ \w+;
    | typedef\ (?<cbret>[\w ]+?\*?)\s*(?<cb>bpemix_\w+_fn)\((?<cbargs>[^)]*)\);
    | ^(?<ret>(?!typedef)[a-z][\w ]*?\s\**)(?<fn>bpemix_\w+)\((?<args>[^)]*)\);
    | \#define\ (?<macro>BPEMIX_\w+)\ (?<value>[^\n/]+?)[ ]*(?:/\*(?<mdoc>.*?)\*/)?$
    | (?<blank>\s+)
    | (?<other>.))}gcmsx) {
    my %m = %+;
    if (defined $m{header}) {
        push @synopsis, ".In $m{header}\n" if $m{header} eq 'bpemix.h'; # it includes the others
    } elsif (defined $m{section}) {
        push @synopsis, ".Ss \u$m{section}\n";
        push @reference, ".Ss \u$m{section}\n";
        $section = $m{section};
        undef $pending;
    } elsif (defined $m{doc}) {
        push @reference, ".Pp\n" . describe($pending) if defined $pending;
        $pending = $m{doc};
    } elsif (defined $m{fn}) {
        my $ret = $m{ret} =~ s/\s+$//r;
        my @args = split_args($m{args});
        $ret = $ret =~ / / ? "\"$ret\"" : $ret;
        push @synopsis, ".Ft $ret\n.Fo $m{fn}\n" . (@args ? join('', map { ".Fa \"$_\"\n" } @args) : ".Fa void\n") . ".Fc\n";
        push @reference, [$m{fn}, $pending];
        undef $pending;
    } elsif (defined $m{cb}) {
        push @reference, ".Pp\n.Vt $m{cb} :\n" . text("a function $m{cbret} (" . join(', ', split_args($m{cbargs})) . ').') . (defined $pending ? describe($pending) : '');
        undef $pending;
    } elsif (defined $m{kind}) {
        my @list = members($m{body}, $m{kind} eq 'enum');
        my $fa = $m{kind} eq 'enum' ? 'Dv' : 'Fa';
        push @reference, ".Pp\n.Vt $m{type} :\n" . (defined $pending ? describe($pending) : '') .
            ".Bl -tag -width Ds -compact\n" .
            join('', map { '.It ' . "$fa " . join(" , $fa ", @{$_->[0]}) . "\n" . ($_->[1] =~ /\S/ ? text($_->[1]) : '') } @list) . ".El\n";
        undef $pending;
    } elsif (defined $m{opaque}) {
        push @reference, ".Pp\n.Vt $m{opaque} :\n" . (defined $pending ? describe($pending) : text('an object.'));
        undef $pending;
    } elsif (defined $m{macro}) {
        next if $m{macro} =~ /^BPEMIX_(API|H)$/;
        push @reference, ".Pp\n.Dv $m{macro} :\n" . text(defined $m{mdoc} ? $m{mdoc} : "is $m{value}.");
    }
}

# Functions that share a comment stand together.
my ($reference, @group) = ('');
sub flush_group {
    return unless @group;
    my $doc = join('', map { defined $_->[1] ? describe($_->[1]) : () } @group);
    $reference .= ".Pp\n" . join(" ,\n", map { ".Fn $_->[0]" } @group) . " :\n" . ($doc eq '' ? "releases the object.\n" : $doc);
    @group = ();
}
for my $r (@reference) {
    if (ref $r) {
        flush_group() if @group && (defined $r->[1]);
        push @group, $r;
    } else {
        flush_group();
        $reference .= $r;
    }
}
flush_group();
$reference =~ s/(\.Ss [^\n]*\n)\.Pp\n/$1/g;

sub between {
    my ($from, $to, $new) = @_;
    $page =~ s/^\Q$from\E\n.*?(?=^\Q$to\E\n)/$from\n$new/ms or die "libbpemix.3: no $from before $to\n";
}
# The rules at the top of bpemix.h, a paragraph each that begins with what it is about.
my ($rules) = $headers[0] =~ m{^ \* Rules that hold everywhere:\n(.*?)\*/}ms or die "bpemix.h: no rules\n";
$rules = join '', map { my ($about, $rest) = /^\s*(.*?): (.*)$/s or die "bpemix.h: a rule about nothing\n"; ".It $about\n" . text($rest) }
    grep { /\S/ } split /\n\s*\n/, comment($rules) =~ s/^\s+|\s+$//gr;

between('.Sh SYNOPSIS', '.Sh DESCRIPTION', join('', @synopsis));
between('.Sh RULES', '.Sh REFERENCE', ".Bl -tag -width Ds\n$rules.El\n");
between('.Sh REFERENCE', '.Sh RETURN VALUES', $reference);
if ($rewrite) {
    open my $f, '>', "$dir/man/libbpemix.3" or die "libbpemix.3: $!\n";
    print $f $page;
    close $f or die "libbpemix.3: $!\n";
} else {
    print $page;
}
