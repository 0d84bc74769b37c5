#!/usr/bin/perl
# prose.pl - text that is no manual, out of the formats that a few Debian packages have it in
#
# This file is part of bpemix.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: prose.pl TREE OUTDIR
#
# Reads an unpacked package and writes OUTDIR/LANGUAGE/NAME.txt, paragraphs with an empty line
# between, for each of these that it has (English, but for the last):
#
#   usr/share/dictd/*.dict.dz            dictionaries of dictd: entries
#   usr/share/wordnet/data.*             WordNet: definitions and examples
#   usr/lib/R/site-library/*/data/*.rdb  data of R: vectors of strings, as novels are kept in
#   usr/share/locale/*/LC_MESSAGES/*.mo  catalogues: the English that was translated, once each
#   usr/share/games/*/data/**.txt        game data: what is between quotation marks
#   usr/share/crawl/dat/d*/*.txt         game data: entries
#   usr/share/mediawiki/**/i18n/**.json  messages of MediaWiki, in all its languages
use strict;
use warnings;
use File::Find;
use IO::Uncompress::Gunzip qw(gunzip $GunzipError);
use Compress::Zlib qw(inflateInit);

my ($here) = $0 =~ m{^(.*/)};
require(!defined $here ? './files.pl' : $here =~ m{^/} ? "${here}files.pl" : "./${here}files.pl");

@ARGV == 2 or die "usage: prose.pl TREE OUTDIR\n";
my ($tree, $out) = @ARGV;
my $LEAST = 40; # bytes of a sentence worth taking
my %said;       # of catalogues: messages that were written

sub write_text {
    my ($language, $name, @paragraphs) = @_;
    return unless @paragraphs;
    mkdir "$out/$language";
    spew("$out/$language/$name.txt", join("\n\n", @paragraphs) . "\n");
}

# Paragraphs on one line each, those that are long enough.
sub paragraphs {
    my ($text) = @_;
    my @found;
    for my $p (split /\n\s*\n/, $text) {
        $p =~ s/\s+/ /g;
        $p =~ s/^ | $//g;
        push @found, $p if length $p >= $LEAST;
    }
    return @found;
}

sub dictionary {
    my ($packed) = @_;
    my $text;
    gunzip(\$packed => \$text) or die "prose.pl: $GunzipError\n";
    my @p = grep { !/^00-/ } paragraphs($text); # what is said of the dictionary itself
    for (@p) {
        s/ ?\[(?:1913 Webster|Webster 1913 Suppl\.|WordNet [^\]]*|[^\]]{0,12}PJC)\]//g;
        tr/{}//d;
    }
    return @p;
}

sub glosses { return $_[0] =~ /^\d[^|\n]*\| *(.*?) *$/mg }

# An .rdb file is a row of objects: the length it unpacks into, and what zlib made of it.  A
# string in one is its type with flags, 00 04 00 09 or the reverse, its length and its bytes.
sub strings_of_r {
    my ($rest) = @_;
    my @texts;
    while (length $rest > 4) {
        substr($rest, 0, 4, '');
        my ($object) = inflateInit()->inflate($rest); # what it takes is gone from $rest
        last unless defined $object && length $object;
        my @lines;
        while ($object =~ /(\0\x04\0\x09|\x09\0\x04\0)(....)/gs) {
            my $length = unpack(substr($1, 0, 1) eq "\0" ? 'N' : 'V', $2);
            next if $length > length($object) - pos $object;
            push @lines, substr $object, pos $object, $length;
            pos($object) += $length;
        }
        push @texts, paragraphs(join "\n", @lines) if @lines > 1000;
    }
    return @texts;
}

# As mo_text() of extract.pl, but what was translated.
sub msgids {
    my ($d) = @_;
    my $n = unpack('V', $d) == 0x950412de ? 'V' : 'N';
    my (undef, undef, $count, $ids) = unpack "${n}5", $d;
    my @found;
    for my $i (0 .. $count - 1) {
        my ($length, $at) = unpack "${n}2", substr $d, $ids + 8 * $i, 8;
        my ($s) = split /\0/, substr($d, $at, $length);
        next unless defined $s;
        $s =~ s/^.*\x04//s;
        $s =~ s/<\/?[a-z_]+>//g;
        push @found, $s if length $s >= $LEAST && ($s =~ tr/ //) > 3 && ($s =~ tr/%&_{}$//) * 12 <= length $s;
    }
    return @found;
}

sub quoted {
    my ($text) = @_;
    my @found = $text =~ /`([^`\n]{$LEAST,})`|"([^"\n]{$LEAST,})"/g;
    return grep { defined } @found;
}

# The values of a JSON object, without the markup of a wiki.
sub messages {
    my ($json) = @_;
    my @found;
    while ($json =~ /"[^"]+"\s*:\s*"((?:[^"\\]|\\.)*)"/g) {
        my $s = $1;
        $s =~ s/\\u([0-9a-fA-F]{4})/my $c = chr hex $1; utf8::encode($c); $c/ge;
        $s =~ s/\\[nt]/ /g;
        $s =~ s/\\(.)/$1/g;
        $s =~ s/\{\{[^{}]*\}\}|<[^<>]*>|'{2,}//g;
        $s =~ s/\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]/$1/g;
        push @found, paragraphs($s) if ($s =~ tr/$%&_{}[]//) * 12 <= length $s;
    }
    return grep { !$said{$_}++ } @found;
}

my @files;
find({ no_chdir => 1, wanted => sub { push @files, $_ if -f && !-l } }, $tree);
for my $path (sort @files) {
    (my $rel = $path) =~ s{^\Q$tree\E/}{};
    (my $name = $rel) =~ s{^usr/(?:share|lib)/}{};
    $name =~ tr{/}{_};
    if ($rel =~ m{^usr/share/dictd/[^/]+\.dict\.dz$}) {
        write_text('en', $name, dictionary(slurp($path)));
    } elsif ($rel =~ m{^usr/share/wordnet/data\.\w+$}) {
        write_text('en', $name, glosses(slurp($path)));
    } elsif ($rel =~ m{^usr/lib/R/site-library/[^/]+/data/[^/]+\.rdb$}) {
        write_text('en', $name, strings_of_r(slurp($path)));
    } elsif ($rel =~ m{/LC_MESSAGES/[^/]+\.mo$}) {
        write_text('en', $name, grep { !$said{$_}++ } msgids(slurp($path)));
    } elsif ($rel =~ m{^usr/share/games/[^/]+/data/.*\.txt$}) {
        write_text('en', $name, quoted(slurp($path)));
    } elsif ($rel =~ m{^usr/share/crawl/dat/d[^/]+/[^/]+\.txt$}) {
        write_text('en', $name, paragraphs(slurp($path)));
    } elsif ($rel =~ m{^usr/share/mediawiki/.*/?i18n/(?:.*/)?([a-z-]+)\.json$}) {
        write_text($1, $name, messages(slurp($path))) if $1 ne 'qqq'; # what messages are about
    }
}
