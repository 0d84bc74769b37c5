#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# Write src/split/unicode_script.inc: ranges of code points by Unicode Script
# property, from perl's own tables (perl 5.36: Unicode 14.0, as PCRE2 10.42).
use strict;
use warnings;
use Unicode::UCD qw(prop_invmap);

my ($starts, $scripts, $format) = prop_invmap("Script");
my (%id, @names, @rows);
# fixed ids first: unicode_script.h names them
for my $name ("Unknown", "Common", "Inherited", "Han", "Hiragana", "Katakana", "Latin") {
    $id{$name} = @names;
    push @names, $name;
}
for my $i (0 .. $#$starts) {
    my $name = $scripts->[$i];
    next if $starts->[$i] > 0x10ffff;
    if (!defined $id{$name}) {
        $id{$name} = @names;
        push @names, $name;
    }
    push @rows, [$starts->[$i], $id{$name}];
}
print "/* Made by gen/unicode_script.pl from Unicode ", Unicode::UCD::UnicodeVersion(), ". */\n";
print "static const char *const script_names[] = {\n";
print "    \"$_\",\n" for @names;
print "};\nstatic const struct { uint32_t start : 24, script : 8; } script_ranges[] = {\n";
for my $i (0 .. $#rows) {
    print $i % 4 ? " " : "    ", sprintf("{0x%05X, %d},", @{ $rows[$i] }), $i % 4 == 3 ? "\n" : "";
}
print "\n};\n";
