#!/usr/bin/perl
# extract.pl - turn unpacked Debian packages into one category of a corpus
#
# This file is part of bpemix.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Called by build.sh, once per category:
#
#   extract.pl --kind lang --codes de,de-de --cap 12 --out DIR
#              [--english FILE] [--write-english FILE] PACKAGE=TREE...
#   extract.pl --kind code --codes c,h --cap 12 --out DIR PACKAGE=TREE...
#
# A PACKAGE written with a trailing "+" is taken whole: no file of it is
# left out for being in another language's folder.
#
# Uses only what perl-base holds, except for zip archives (see build.sh).
# Everything works on bytes: text goes through unchanged but for the markup.
use strict;
use warnings;

my ($here) = $0 =~ m{^(.*/)};
require(!defined $here ? './files.pl' : $here =~ m{^/} ? "${here}files.pl" : "./${here}files.pl");

my (%opt, @packages);
while (@ARGV) {
    my $arg = shift @ARGV;
    if ($arg =~ /^--(kind|codes|cap|out|english|write-english)$/) {
        die "extract.pl: $arg: needs a value\n" unless @ARGV;
        $opt{$1} = shift @ARGV;
    } elsif ($arg =~ /^([^=]+?)(\+?)=(.+)$/) {
        push @packages, { name => $1, whole => $2 ne '', tree => $3 };
    } else {
        die "extract.pl: $arg: unknown argument; see the head of this file\n";
    }
}
for (qw(kind codes cap out)) {
    die "extract.pl: --$_: missing\n" unless defined $opt{$_};
}
my $lang = $opt{kind} eq 'lang';
my @codes = split /,/, $opt{codes};
my %code = map { $_ => 1 } @codes;
my $codes_re = join '|', map { quotemeta } @codes;
my $cap = $opt{cap} * 1e6;
my $cjk = $lang && $codes[0] =~ /^(ja|zh)/;
# written without spaces between words
my $no_spaces = $lang && $codes[0] =~ /^(ja|zh|th|km|lo|my|dz)\b/;
# languages written mostly in letters outside ASCII
my $foreign_script = $lang
    && $codes[0] =~ /^(ru|uk|be|bg|mk|sr|el|ja|zh|ko|ar|fa|he|hi|bn|th|ta|te|ml|mr|gu|kn|pa|ka|km|ne|dz|kk|as|or|si|am|mn|tg|ug)\b/;

my $MIN_DOC = $lang ? 300 : 500;      # shorter documents are dropped
my $MAX_CODE = 200_000;               # longer source files are mostly tables
my $PART = 64_000;                    # long texts are cut into parts

#--------------------------------------------------------------- helpers

# 32-bit FNV-1a with a final mix: a fixed hash of a document's name.
sub name_hash {
    my $h = 2166136261;
    for my $c (unpack 'C*', $_[0]) {
        $h = (($h ^ $c) * 16777619) & 0xffffffff;
    }
    $h ^= $h >> 16;
    $h = ($h * 0x45d9f3b) & 0xffffffff;
    $h ^= $h >> 16;
    return $h;
}

sub valid_utf8 {
    my $copy = $_[0];
    return utf8::decode($copy);
}

sub chr_bytes {
    my ($n) = @_;
    return '' if $n < 9 || ($n >= 0xd800 && $n < 0xe000) || $n > 0x10ffff;
    my $c = chr $n;
    utf8::encode($c);
    return $c;
}

sub from_latin1 {
    my ($text) = @_;
    utf8::upgrade($text);
    utf8::encode($text);
    return $text;
}

# Line breaks inside a paragraph become spaces, but not between two
# Chinese or Japanese characters, where nobody would write a space.
my $WIDE = '(?:[\xe3-\xe9][\x80-\xbf][\x80-\xbf]|\xef[\xbc\xbd][\x80-\xbf])';
sub unfold {
    my ($text) = @_;
    if ($cjk) {
        $text =~ s/(?<=[\xe3-\xe9][\x80-\xbf][\x80-\xbf])[ \t]*\n[ \t\n]*(?=$WIDE)//g;
        $text =~ s/(?<=\xef[\xbc\xbd][\x80-\xbf])[ \t]*\n[ \t\n]*(?=$WIDE)//g;
    }
    $text =~ s/[ \t\r\n]+/ /g;
    return $text;
}

#--------------------------------------------------------------- HTML, XML

my %entity = (
    amp => '&', lt => '<', gt => '>', quot => '"', apos => "'",
    nbsp => "\xc2\xa0", copy => "\xc2\xa9", reg => "\xc2\xae",
    laquo => "\xc2\xab", raquo => "\xc2\xbb", ndash => "\xe2\x80\x93",
    mdash => "\xe2\x80\x94", hellip => "\xe2\x80\xa6",
    lsquo => "\xe2\x80\x98", rsquo => "\xe2\x80\x99",
    ldquo => "\xe2\x80\x9c", rdquo => "\xe2\x80\x9d",
    sbquo => "\xe2\x80\x9a", bdquo => "\xe2\x80\x9e",
    bull => "\xe2\x80\xa2", middot => "\xc2\xb7", times => "\xc3\x97",
    rarr => "\xe2\x86\x92", larr => "\xe2\x86\x90", trade => "\xe2\x84\xa2",
    le => "\xe2\x89\xa4", ge => "\xe2\x89\xa5", shy => '', minus => "\xe2\x88\x92",
    para => '', sect => "\xc2\xa7", deg => "\xc2\xb0", thinsp => ' ',
);
{
    my @latin = qw(iexcl cent pound curren yen brvbar sect uml copy ordf laquo
      not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1
      ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml
      Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH
      Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc
      Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil
      egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute
      ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml);
    my $n = 161;
    for (@latin) { $entity{$_} = chr_bytes($n) unless exists $entity{$_}; $n++ }
}

sub entities {
    my ($text) = @_;
    $text =~ s{&(?:\#(\d+)|\#[xX]([0-9a-fA-F]+)|([A-Za-z][A-Za-z0-9.-]*));}
              {defined $1 ? chr_bytes($1) : defined $2 ? chr_bytes(hex $2)
               : exists $entity{$3} ? $entity{$3} : $3}ge;
    return $text;
}

my $BLOCK = qr/p|div|h[1-6]|ul|ol|dl|table|blockquote|pre|section|article|title|
    para|simpara|sect[1-5]|chapter|itemizedlist|orderedlist|variablelist|
    varlistentry|listitem|note|tip|warning|caution|important|screen|
    programlisting|example|figure|caption|steps|item|terms|page|list|
    informaltable|row|procedure|step|term|hr|td|th|entry|code-block/x;
my $LINE = qr/br|li|dt|dd|tr/;

sub markup_text {
    my ($text, $html) = @_;
    if ($html && $text =~ /charset=["']?(?:iso-8859-15?|windows-1252)\b/i
        && !valid_utf8($text)) {
        $text = from_latin1($text);
    }
    $text =~ s/\r\n?/\n/g;
    $text =~ s/<!--.*?-->//gs;
    $text =~ s/<!DOCTYPE[^>\[]*\[.*?\]\s*>//gs;
    $text =~ s/<[?!][^>]*>//g;
    if ($html) {
        $text =~ s{<(head|script|style|nav|header|footer|aside|noscript|form|select|button|svg)\b[^>]*>.*?</\1\s*>}{}gsi;
        # headers and footers that tools put around every page
        $text =~ s{<div[^>]*class="(?:navheader|navfooter|headerlink|sphinxsidebar|related|footer|toc)"[^>]*>.*?</div>}{}gs;
        $text =~ s{<ul class="docnav">.*?</ul>}{}gs;
        $text =~ s{<a class="headerlink"[^>]*>.*?</a>}{}gs;
    } else {
        $text =~ s{<(info|comment|articleinfo|bookinfo|legalnotice|license|credit|desc|media|revhistory|chapterinfo|sect1info)\b[^>/]*>.*?</\1\s*>}{}gs;
    }
    # listings are in no natural language
    $text =~ s{<(pre|screen|programlisting|synopsis|code-block)\b[^>]*>.*?</\1\s*>}{\x01}gsi;
    $text =~ s{</?(?:$BLOCK)\b[^>]*>}{\x01}gi;
    $text =~ s{</?(?:$LINE)\b[^>]*>}{\x04}gi;
    $text =~ s/<[^>]*>//g;
    my @out;
    for my $block (split /\x01+/, $text) {
        my @lines;
        for my $line (split /\x04+/, $block) {
            my $l = entities(unfold($line));
            $l =~ s/^ +//;
            $l =~ s/ +\z//;
            push @lines, $l if $l ne '';
        }
        next unless @lines;
        next if @lines == 1 && $lines[0] =~ /^\[.*[<>].*\]$/;     # page to page links
        push @out, join("\n", @lines);
    }
    return join "\n\n", @out;
}

#--------------------------------------------------------------- man pages

my %glyph = (
    'aq' => "'", 'dq' => '"', 'bu' => "\xe2\x80\xa2", 'em' => "\xe2\x80\x94",
    'en' => "\xe2\x80\x93", 'hy' => '-', 'lq' => "\xe2\x80\x9c",
    'rq' => "\xe2\x80\x9d", 'oq' => "\xe2\x80\x98", 'cq' => "\xe2\x80\x99",
    'co' => "\xc2\xa9", 'rg' => "\xc2\xae", 'mu' => "\xc3\x97",
    'ti' => '~', 'ha' => '^', 'rs' => '\\', 'ga' => '`', 'ba' => '|',
    'Fo' => "\xc2\xab", 'Fc' => "\xc2\xbb", 'Bq' => "\xe2\x80\x9e",
    '->' => "\xe2\x86\x92", '<-' => "\xe2\x86\x90", '+-' => "\xc2\xb1",
    '<=' => "\xe2\x89\xa4", '>=' => "\xe2\x89\xa5", 'ss' => "\xc3\x9f",
    'at' => '@', 'sh' => '#', 'Do' => '$', 'sl' => '/', 'pl' => '+', 'eq' => '=',
    'mi' => '-', 'rA' => "\xe2\x87\x92", 'de' => "\xc2\xb0", 'sc' => "\xc2\xa7",
    'lB' => '[', 'rB' => ']', 'lC' => '{', 'rC' => '}', 'la' => '<', 'ra' => '>',
    "a:" => "\xc3\xa4", "o:" => "\xc3\xb6", "u:" => "\xc3\xbc", "'e" => "\xc3\xa9",
);
{
    my %made = ("'a" => 0xe1, "'i" => 0xed, "'o" => 0xf3, "'u" => 0xfa,
        '`a' => 0xe0, '`e' => 0xe8, '`i' => 0xec, '`o' => 0xf2, '`u' => 0xf9,
        '^a' => 0xe2, '^e' => 0xea, '^i' => 0xee, '^o' => 0xf4, '^u' => 0xfb,
        ':A' => 0xc4, ':O' => 0xd6, ':U' => 0xdc, ':a' => 0xe4, ':o' => 0xf6,
        ':u' => 0xfc, ',c' => 0xe7, '~n' => 0xf1);
    $glyph{$_} = chr_bytes($made{$_}) for keys %made;
}

sub roff_inline {
    my ($t) = @_;
    $t =~ s/\\".*$//;
    $t =~ s/\\f(?:\([A-Za-z]{2}|\[[^\]]*\]|.)//g;
    $t =~ s/\\s(?:[-+]?\d|\([-+]?\d\d|\[[^\]]*\])//g;
    $t =~ s/\\[mMFgk](?:\([^ ]{2}|\[[^\]]*\]|.)//g;
    $t =~ s/\\[hvwXZbDloxCLRN]'[^']*'//g;
    $t =~ s{\\\*?\[u([0-9A-F]{4,6})\]}{chr_bytes(hex $1)}ge;
    $t =~ s{\\\*\(([^ ]{2})|\\\*\[([^\]]*)\]}{my $n = defined $1 ? $1 : $2;
        $n eq 'lq' || $n eq 'rq' ? '"' : $n eq 'Aq' || $n eq 'aq' ? "'" : $n eq 'R' ? $glyph{rg} : ''}ge;
    $t =~ s/\\\*.//g;
    $t =~ s{\\\(([^ ]{2})|\\\[([^\]]*)\]}{my $n = defined $1 ? $1 : $2;
        exists $glyph{$n} ? $glyph{$n} : ''}ge;
    $t =~ s/\\[&|^%:,\/)c]//g;
    $t =~ s/\\n(?:\([^ ]{2}|\[[^\]]*\]|.)//g;
    $t =~ s/\\([ ~0])/ /g;
    $t =~ s/\\([-.'`_])/$1/g;
    $t =~ s/\\[et\\]/\\/g;
    return $t;
}

sub roff_args {
    my ($s) = @_;
    my @a;
    while ($s =~ /\G[ \t]*(?:"((?:[^"]|"")*)"?|((?:\\.|[^ \t])+))/gc) {
        my $w = defined $1 ? $1 : $2;
        $w =~ s/""/"/g if defined $1;
        push @a, $w;
    }
    return @a;
}

my %mdoc_callable = map { $_ => 1 } qw(Nm Fl Ar Op Xr Dq Sq Ql Pa Cm Ic Va Fa Em
    Sy Li Ns Ev Pq Brq Bq Aq Qq No Oc Oo Po Pc Do Dc Bo Bc Ao Ac Fn Ft Dv Er Tn
    Ux Nx Fx Bx At An Lk Mt Ad Vt Ta Ap Sm Xo Xc Qo Qc So Sc In);

sub mdoc_words {
    my ($name, @a) = @_;
    my (@out, $flag, $glue);
    for my $w (@a) {
        if ($w eq 'Fl') { $flag = 1; next }
        if ($w eq 'Ns') { $glue = 1; next }
        if ($mdoc_callable{$w}) { next }
        my $t = roff_inline($w);
        $t = "-$t" if $flag;
        $flag = 0;
        if (@out && ($glue || $t =~ /^[.,;:!?)\]]+$/)) { $out[-1] .= $t }
        elsif ($t ne '') { push @out, $t }
        $glue = 0;
    }
    return join ' ', @out;
}

sub roff_text {
    my ($text) = @_;
    return '' if $text =~ /\A(?:[.']\\".*\n)*\.so /;
    my $mdoc = $text =~ /^\.(?:Dd|Sh) /m;
    my (@out, @para, $nofill, $table, $skip, $name);
    $text =~ s/\\\n//g;
    $name = '';
    my $flush = sub {
        if (@para && !$nofill) {      # listings are in no natural language
            my $p = unfold(join "\n", @para);
            $p =~ s/^ +//;
            $p =~ s/\s+\z//;
            push @out, $p if $p =~ /\S/;
        }
        @para = ();
    };
    for my $line (split /\n/, $text) {
        if (defined $skip) { undef $skip if $line =~ /^\.\s*\Q$skip\E/; next }
        if ($line !~ /^[.']/) {
            next if $table;
            if ($line =~ /^\s*$/) { $flush->(); next }
            push @para, roff_inline($line);
            next;
        }
        next if $line =~ /^[.']\s*(?:\\"|$)/;
        my ($m, $rest) = $line =~ /^[.']\s*([^\s\\]+)\s*(.*)$/ or next;
        if ($m eq 'TS') { $flush->(); $table = 1 }
        elsif ($m eq 'TE') { $table = 0 }
        elsif ($table) { }
        elsif ($m =~ /^(?:de1?|am|ig)$/) { $skip = '.' }
        elsif ($m =~ /^(?:SH|SS|Sh|Ss)$/) {
            $flush->();
            $nofill = 0;
            push @para, $mdoc ? mdoc_words($name, roff_args($rest))
                              : roff_inline(join ' ', roff_args($rest)) if $rest ne '';
            $flush->();
        }
        elsif ($m =~ /^(?:P|PP|LP|TP|HP|TQ|RS|RE|sp|Pp|Bl|El|UC)$/) { $flush->() }
        elsif ($m eq 'IP') {
            $flush->();
            my @a = roff_args($rest);
            push @para, roff_inline($a[0]) if @a && $a[0] =~ /\w/;
        }
        elsif ($m eq 'It') {
            $flush->();
            push @para, mdoc_words($name, roff_args($rest));
            $flush->() if @para && $para[0] ne '';
        }
        elsif ($m =~ /^(?:nf|EX|Bd|Vb|CS)$/) { $flush->(); $nofill = 1 }
        elsif ($m =~ /^(?:fi|EE|Ed|Ve|CE)$/) { $flush->(); $nofill = 0 }
        elsif ($m eq 'br') { $flush->() unless $nofill }
        elsif ($m =~ /^(?:B|I|R|SM|SB|CW)$/) {
            push @para, roff_inline(join ' ', roff_args($rest)) if $rest ne '';
        }
        elsif ($m =~ /^(?:[BIR][BIR]|SY|OP)$/) {
            push @para, roff_inline(join '', roff_args($rest));
        }
        elsif ($m =~ /^(?:UR|URL|MT)$/) {
            push @para, roff_inline((roff_args($rest))[0] // '');
        }
        elsif ($mdoc) {
            my @a = roff_args($rest);
            next if $m =~ /^(?:Dd|Dt|Os|Sm|Bk|Ek|ds|nr|if|ie|el|hy|nh|ad|ti|in|ne|ft|Rs|Re)$/;
            if ($m eq 'Nm') {
                $name = roff_inline($a[0]) if @a && $name eq '' && $a[0] !~ /^[.,;:]/;
                if (!@a || $a[0] =~ /^[.,;:]+$/) { unshift @a, $name }
                push @para, mdoc_words($name, @a);
            } elsif ($m eq 'Xr') {
                my $x = shift(@a) // '';
                $x .= '(' . shift(@a) . ')' if @a && $a[0] =~ /^\d/;
                push @para, mdoc_words($name, $x, @a);
            } elsif ($m eq 'Nd') {
                push @para, '- ' . mdoc_words($name, @a);
            } elsif ($m =~ /^(?:Op|Oo)$/) {
                push @para, '[' . mdoc_words($name, @a) . ']';
            } elsif ($m =~ /^(?:Dq|Qq|Ql|Sq)$/) {
                push @para, '"' . mdoc_words($name, @a) . '"';
            } else {
                push @para, mdoc_words($name, $m eq 'Fl' ? ('Fl', @a) : @a);
            }
        }
    }
    $flush->();
    return join "\n\n", @out;
}

#--------------------------------------------------------------- catalogues

# The sentences of a compiled message catalogue, in its own order.
sub mo_text {
    my ($d) = @_;
    return '' if length $d < 28;
    my $magic = unpack 'V', $d;
    my $n = $magic == 0x950412de ? 'V' : $magic == 0xde120495 ? 'N' : return '';
    my (undef, undef, $count, $ids, $strs) = unpack "${n}5", $d;
    return '' if $ids + 8 * $count > length $d || $strs + 8 * $count > length $d;
    my @out;
    for my $i (0 .. $count - 1) {
        my ($il, $io) = unpack "${n}2", substr $d, $ids + 8 * $i, 8;
        my ($sl, $so) = unpack "${n}2", substr $d, $strs + 8 * $i, 8;
        next if !$il || $so + $sl > length $d || $io + $il > length $d;
        my ($id) = split /\0/, substr($d, $io, $il);
        my ($s) = split /\0/, substr($d, $so, $sl);
        next unless defined $id && defined $s;
        $id =~ s/^.*\x04//s;
        next if $s eq $id;
        # sentences only: buttons and menu entries tell little of a language
        next if length $s < 40 || ($s =~ tr/ //) < ($no_spaces ? 0 : 4);
        next if ($s =~ tr/%&_{}$//) * 12 > length $s;
        next if $s =~ /\b(?:Copyright|GNU General Public License)\b/;
        $s =~ s/\r//g;
        $s =~ s/^\s+|\s+\z//g;
        $s =~ s/\n{2,}/\n/g;
        push @out, $s;
    }
    return '' if @out < 5;
    return join "\n\n", @out;
}

#--------------------------------------------------------------- English

my %stop = map { $_ => 1 } qw(the and to that this with are by from you which of
    your not will is has have been it);

# Whether a paragraph in Latin letters reads as English.
sub looks_english {
    my ($p) = @_;
    my ($words, $hits, %seen) = (0, 0);
    while ($p =~ /([A-Za-z\x80-\xff]+)/g) {
        $words++;
        my $w = lc $1;
        if ($stop{$w}) { $hits++; $seen{$w} = 1 }
    }
    return $words >= 5 && $hits / $words >= 0.15 && keys %seen >= 2 && $hits >= 2;
}

# Whether a paragraph lacks the letters of a language that needs others.
sub lacks_script {
    my ($p) = @_;
    my $high = ($p =~ tr/\x80-\xff//);
    my $ascii = ($p =~ tr/A-Za-z//);
    return $ascii > 12 && $high < $ascii;
}

#--------------------------------------------------------------- source code

my $LICENCE = qr/copyright|licen[cs]e|\(c\)|spdx|all rights reserved|warrant/i;

# Takes the licence off the head of a source file.
sub strip_licence {
    my ($text) = @_;
    my $head = '';
    $text =~ s/\r\n?/\n/g;
    for (1 .. 4) {
        $head .= $1 if $text =~ s/\A(#!.*\n|<\?php\s*|\s*\n|[ \t]+)//;
        $head .= $1 if $text =~ s/\A(<\?php\s*|\s*\n|[ \t]+)//;
        my $c;
        if    ($text =~ m{\A(/\*.*?\*/[ \t]*\n?)}s) { $c = $1 }
        elsif ($text =~ m{\A(\(\*.*?\*\)[ \t]*\n?)}s) { $c = $1 }
        elsif ($opt{codes} =~ /\bpas\b/ && $text =~ m{\A(\{[^\$].*?\}[ \t]*\n)}s) { $c = $1 }
        elsif ($text =~ m{\A((?://[^\n]*\n)+)}) { $c = $1 }
        elsif ($text =~ m{\A((?:#[^\n!a-z]?[^\n]*\n)+)} && $opt{codes} !~ /\b(?:c|cpp|hpp)\b/) { $c = $1 }
        elsif ($text =~ m{\A((?:--[^\n]*\n)+)}) { $c = $1 }
        elsif ($text =~ m{\A((?:;[^\n]*\n)+)}) { $c = $1 }
        elsif ($text =~ m{\A((?:%[^\n]*\n)+)}) { $c = $1 }
        else { last }
        $text = substr $text, length $c;
        $head .= $c unless $c =~ $LICENCE;
    }
    $head =~ s/\A\s+//;
    $text =~ s/\A\s+// if $head eq '';
    return $head . $text;
}

sub code_text {
    my ($text) = @_;
    my $len = length $text;
    return '' if $len < $MIN_DOC || $len > $MAX_CODE || $text =~ /\0/;
    my $lines = ($text =~ tr/\n//) || 1;
    return '' if $len / $lines > 100 || $text =~ /[^\n]{1500}/;
    return '' if substr($text, 0, 1500) =~
        /do not edit|do not modify|autogenerated|auto-generated|(?:automatically|code) generated|generated (?:by|from)|\@generated/i;
    return '' if ($text =~ tr/0-9,//) > 0.25 * $len;     # tables of numbers
    return '' if ($text =~ tr/\x80-\xff//) > 0.05 * $len; # tables of names
    return strip_licence($text);
}

#--------------------------------------------------------------- documents

sub wanted_language {
    my ($rel) = @_;
    (my $norm = lc $rel) =~ tr/_/-/;
    my @parts = split m{/}, $norm;
    my $file = pop @parts;
    for (@parts) {
        s/\.utf-?8$//;
        return 1 if $code{$_};
    }
    return 1 if $file =~ /[.](?:$codes_re)\.(?:html?|txt|page|docbook|md|xml|\d[a-z]*)$/;
    return 1 if $code{en} && $norm =~ m{/man/man\d};
    return 0;
}

sub convert {
    my ($path, $rel) = @_;
    my $base = $rel;
    $base =~ s{.*/}{};
    if (!$lang) {
        return '' unless $base =~ /\.(\w+)$/ && $code{lc $1};
        return '' if $base =~ /\.min\.|[.-]bundle|\bl10n|\bi18n|locale/i;
        return '' if $rel =~ m{/(?:locales?|i18n|l10n|cldr|unicode|esm[0-9]*|umd|dist/cjs|testdata|test-data|fixtures)/}i;
        return code_text(slurp($path));
    }
    return '' if $rel =~ m{^usr/share/doc/[^/]+/(?:changelog|NEWS|copyright|TODO|AUTHORS)|/_sources/|/_static/};
    return '' if $base =~ /-big-page\b|^(?:genindex|search|py-modindex|opensearch|legal|gfdl|license|copying|gpl)/i;
    return roff_text(slurp($path)) if $rel =~ m{/man/(?:[^/]+/)?man[1-9]\w*/[^/]+\.[1-9][a-z]*$};
    return markup_text(slurp($path), 1) if $base =~ /\.html?$/;
    return markup_text(slurp($path), 0) if $base =~ /\.(?:page|docbook)$/;
    return markup_text(slurp($path), 0) if $base =~ /\.xml$/ && $rel =~ m{/help/};
    return mo_text(slurp($path)) if $base =~ /\.mo$/;
    if ($rel =~ m{/games/fortunes/} && $base !~ /\.(?:dat|u8)$/) {
        my $t = slurp($path);
        $t =~ s/^%.*\n/\n/mg;
        $t =~ s/\n{2,}/\n\n/g;
        $t =~ s/\x1b\[[\d;]*m//g;
        return $t;
    }
    if ($base =~ /\.(?:txt|md)$/ && $rel =~ m{/doc/}) { return slurp($path) }
    return '';
}

# All regular files of a tree, as sorted paths below it.
sub tree_files {
    my ($root) = @_;
    my (@todo, @found) = ('');
    while (@todo) {
        my $dir = shift @todo;
        opendir my $d, "$root/$dir" or next;
        for my $e (sort readdir $d) {
            next if $e eq '.' || $e eq '..';
            my $rel = $dir eq '' ? $e : "$dir/$e";
            next if -l "$root/$rel";
            if (-d _) { push @todo, $rel }
            elsif (-f _ && -s _) { push @found, $rel }
        }
    }
    return sort @found;
}

# The paragraphs of the English pages, to know untranslated ones by.
my %english;
if (defined $opt{english}) {
    for (split /\n\n+/, slurp($opt{english})) { $english{$_} = 1 }
}

my (@docs, %whole_seen, %taken);
for my $p (@packages) {
    my $pkg_key = $p->{name};
    $pkg_key =~ s/-(?:$codes_re)$// if $lang;
    for my $rel (tree_files($p->{tree})) {
        next if $lang && !$p->{whole} && !wanted_language($rel);
        my $text = convert("$p->{tree}/$rel", $rel);
        next if length $text < $MIN_DOC || $text =~ /[\0\x01\x02]/;
        $text =~ s/\A\xef\xbb\xbf//;
        next if !valid_utf8($text);
        if ($lang && !$code{en}) {
            my @keep;
            for my $para (split /\n\n+/, $text) {
                next if $english{$para};
                next if $foreign_script ? lacks_script($para) : looks_english($para);
                push @keep, $para;
            }
            $text = join "\n\n", @keep;
        }
        next if $whole_seen{$text}++;
        # the name: without the language, so that translations of one page
        # fall into the same half in every category
        my $key = join '/', grep { my $c = lc $_; $c =~ tr/_/-/; !$lang || !$code{$c} } split m{/}, $rel;
        $key =~ s/[.](?:$codes_re)(?=\.)//i if $lang;
        $key =~ s{^usr/(?:share|lib|src|include)/}{};
        $key = "$pkg_key/$key";
        if ($lang && length $text > 2 * $PART) {
            my ($n, $part) = (1, '');
            for my $para (split /\n\n+/, $text) {
                $part .= ($part eq '' ? '' : "\n\n") . $para;
                if (length $part >= $PART) {
                    push @docs, { pkg => $p->{name}, key => "$key#$n", text => $part };
                    $n++;
                    $part = '';
                }
            }
            push @docs, { pkg => $p->{name}, key => "$key#$n", text => $part } if $part ne '';
        } else {
            push @docs, { pkg => $p->{name}, key => $key, text => $text };
        }
    }
}
%whole_seen = ();
@docs = sort { $a->{key} cmp $b->{key} || $a->{pkg} cmp $b->{pkg} } @docs;

# Repeated paragraphs: long ones are kept only where they come first; short
# ones (natural languages only) likewise when four documents or more have them.
my $LONG = $lang ? 60 : 150;
my %in_docs;
if ($lang) {
    for my $d (@docs) {
        my %here;
        $here{$_} = 1 for split /\n\n+/, $d->{text};
        $in_docs{$_}++ for grep { length $_ < $LONG } keys %here;
    }
}
my (%seen, @english_out);
for my $d (@docs) {
    my @keep;
    for my $para (split /\n\n+/, $d->{text}) {
        if (length $para >= $LONG || ($in_docs{$para} || 0) >= 4) {
            next if $seen{$para}++;
        }
        push @keep, $para;
    }
    $d->{text} = join("\n\n", @keep);
    $d->{text} .= "\n" unless $d->{text} =~ /\n\z/;
    push @english_out, grep { length $_ < 2000 } @keep if defined $opt{'write-english'};
}
if (defined $opt{'write-english'}) {
    my %u = map { $_ => 1 } @english_out;
    spew($opt{'write-english'}, join("\n\n", sort keys %u) . "\n");
}
@docs = grep { length $_->{text} >= $MIN_DOC } @docs;

# The cap: every package may give an equal share; what one has not, the
# others may. Within a package the documents come in the order of their hash.
my %by_pkg;
for my $d (@docs) {
    $d->{hash} = name_hash($d->{key});
    push @{ $by_pkg{ $d->{pkg} }{docs} }, $d;
    $by_pkg{ $d->{pkg} }{bytes} += length $d->{text};
}
my @order = sort { $by_pkg{$a}{bytes} <=> $by_pkg{$b}{bytes} || $a cmp $b } keys %by_pkg;
my ($left, $todo) = ($cap, scalar @order);
my @chosen;
for my $name (@order) {
    my $share = $left / $todo--;
    my $used = 0;
    for my $d (sort { $a->{hash} <=> $b->{hash} || $a->{key} cmp $b->{key} } @{ $by_pkg{$name}{docs} }) {
        next if $used + length $d->{text} > $share;
        $used += length $d->{text};
        push @chosen, $d;
    }
    $left -= $used;
}

# Write the halves.
my %count = (train => [0, 0], sample => [0, 0]);
mkdir $opt{out};
for my $half (sort keys %count) {
    mkdir "$opt{out}/$half" or die "$opt{out}/$half: $!\n";
}
for my $d (sort { $a->{key} cmp $b->{key} || $a->{pkg} cmp $b->{pkg} } @chosen) {
    my $half = name_hash("half " . $d->{key}) & 0x100 ? 'train' : 'sample';
    my $file = $d->{key};
    $file =~ s/[^A-Za-z0-9.+-]+/_/g;
    my $ext = $lang ? '.txt' : '';
    if (!$lang) { $file =~ s/(\.\w+)$//; $ext = $1 }
    $file = sprintf '%s~%08x', substr($file, 0, 120), $d->{hash} if length $file > 130 || $taken{"$half/$file$ext"};
    while ($taken{"$half/$file$ext"}++) { $file .= '_' }
    spew("$opt{out}/$half/$file$ext", $d->{text});
    $count{$half}[0]++;
    $count{$half}[1] += length $d->{text};
}
print "$_\t$count{$_}[0]\t$count{$_}[1]\n" for qw(train sample);
