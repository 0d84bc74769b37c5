# What is not text, or is text in disguise, is told, with what to do about it.

## encodings
$ fixture tok.json
$ printf 'caf\351 \340 la cr\350me, d\351j\340 vu\n' > latin.txt
$ bpemix words -t tok.json -o out.words fr=latin.txt
! bpemix: warning: latin.txt: not UTF-8, but bytes of another encoding such as ISO 8859-1; counted as it is; convert it to UTF-8 (iconv -f ISO-8859-1 -t UTF-8)
$ printf '\377\376c\000a\000f\000\351\000\n\000' > wide.txt
$ bpemix words -t tok.json -o out.words fr=wide.txt
! bpemix: warning: wide.txt: text in UTF-16; counted as it is; convert it to UTF-8 (iconv -f UTF-16 -t UTF-8)
$ bpemix infer -t tok.json fr=latin.txt en="$en" --json=out.json > table
! bpemix: warning: latin.txt: not UTF-8, but bytes of another encoding such as ISO 8859-1; counted as it is; convert it to UTF-8 (iconv -f ISO-8859-1 -t UTF-8)
$ sed -n 's/.*"\(latin.txt: [^;]*\).*/\1/p' out.json | uniq
latin.txt: not UTF-8, but bytes of another encoding such as ISO 8859-1

## nothing-to-solve
# the warning says why no merge is found
$ fixture tok.json
$ for i in 1 2 3 4 5; do echo 'the man and the other'; done | iconv -t UTF-16LE > wide.txt
$ bpemix infer -t tok.json x=wide.txt
! bpemix: warning: wide.txt: text in UTF-16 without a byte order mark; counted as it is; convert it to UTF-8 (iconv -f UTF-16LE -t UTF-8)
! bpemix: none of the merges 0 to 300 occurs in any sample; check that the samples are of the kind the tokenizer was made for
[1]

## zeros-far-inside
# a file that was cut off and filled up, or text of another encoding behind the first lines
$ fixture tok.json
$ { yes 'some lines of text' | head -n 20000; head -c 100000 /dev/zero; } > long.txt
$ bpemix words -t tok.json -o out.words x=long.txt
! bpemix: warning: long.txt: zero bytes, which text does not have; counted as it is; check that this is text

## escapes
$ fixture tok.json
$ for i in 1 2 3 4 5; do printf "l'+AOk-t+AOk- +AOA- la mer, d+AOk-j+AOA- vu\n"; done > mail.txt
$ bpemix words -t tok.json -o out.words fr=mail.txt
! bpemix: warning: mail.txt: text in UTF-7; counted as it is; convert it to UTF-8 (iconv -f UTF-7 -t UTF-8)

## formats
$ fixture tok.json
$ printf '%%PDF-1.4\nstream\n' > a.pdf
$ printf 'PAR1' > b.parquet
$ bpemix words -t tok.json -o out.words x=a.pdf
! bpemix: category 'x': a.pdf: a PDF document, which is not text; extract its text first (pdftotext), or allow binary input (--binary)
[1]
$ bpemix words -t tok.json -o out.words x=b.parquet
! bpemix: category 'x': b.parquet: a Parquet file, which is not text; write its text column as JSON Lines first (see examples/parquet), or allow binary input (--binary)
[1]
$ bpemix words --binary -t tok.json -o out.words x=a.pdf
! bpemix: warning: a.pdf: a PDF document; counted as it is; extract its text first (pdftotext)

## records-by-content
$ fixture tok.json
$ for k in 1 2 3; do printf '{"id": %d, "text": "text number %d"}\n' $k $k; done > part.json
$ cp part.json part.jsonl
$ bpemix words -qq -t tok.json -o json.words x=part.json
$ bpemix words -qq -t tok.json -o jsonl.words x=part.jsonl
$ bpemix words -v -t tok.json -o out.words x=part.json 2>&1 | sed '/^peak/d'
bpemix: warning: part.json: lines are JSON objects with their text in 'text'; read as records
x: 5 distinct words, 9 in all, 39 bytes of text
$ bpemix words --field=body -t tok.json -o out.words x=part.json
! bpemix: warning: part.json: every line is a JSON object, but without the text field; counted as it is; name the field of its text

## bad-records
$ fixture tok.json
$ printf '{"text": "one"}\n{"text": null}\n{"n": NaN, "text": "two"}\n{"text": "three"}\n' > bad.jsonl
$ bpemix words -t tok.json -o out.words x=bad.jsonl
! bpemix: category 'x': bad.jsonl:2: the text field is null; mend it, or leave out records that cannot be read (--skip-bad-records)
[1]
$ bpemix words -v --skip-bad-records -t tok.json -o out.words x=bad.jsonl 2>&1 | sed '/^peak/d'
bpemix: warning: records skipped: 2, the first of them bad.jsonl:2: the text field is null
x: 2 distinct words, 2 in all, 8 bytes of text
$ printf '{"id": "7", "content": "one two"}\n' > other.jsonl
$ bpemix words -t tok.json -o out.words x=other.jsonl
! bpemix: category 'x': other.jsonl:1: no text field; each line must be an object with its text in 'text'; the longest string of this one is in 'content' (--field)
[1]
$ printf 'id,text\n1,"one, two"\n' > table.csv
$ bpemix words -t tok.json -o table.words x=table.csv
! bpemix: warning: table.csv: a table (CSV); counted as it is; write its column of text as JSON Lines first
$ printf '{"text": "one", "score": NaN}\n{"text": 1}\n' > none.jsonl
$ bpemix words --skip-bad-records -t tok.json -o out.words x=none.jsonl
! bpemix: category 'x' has no text but records that were left out: 2; read them without leaving any out, to see what is wrong with the first
[1]

## one-bad-record-under-any-name
$ fixture tok.json
$ printf '{"text": "one"}\n{"text": "two"}\n{"text": 3}\n{"text": "four"}\n{"text": "five"}\n' > part.json
$ bpemix words -t tok.json -o out.words x=part.json
! bpemix: category 'x': part.json:3: the text field is not a string; mend it, or leave out records that cannot be read (--skip-bad-records)
[1]
$ bpemix words -v --skip-bad-records -t tok.json -o out.words x=part.json 2>&1 | sed '/^peak/d'
bpemix: warning: part.json: lines are JSON objects with their text in 'text'; read as records
bpemix: warning: records skipped: 1, the first of them part.json:3: the text field is not a string
x: 4 distinct words, 4 in all, 14 bytes of text
$ printf '[\n {"id": 1, "text": "one"},\n {"id": 2, "text": "two"}\n]\n' > list.json
$ bpemix words -t tok.json -o out.words x=list.json
! bpemix: warning: list.json: JSON with a text field, but not one record a line; counted as it is; write each record on a line of its own (jq -c '.[]')

## kept-with-counts
# warnings on text come again where its counts come from a file
$ fixture tok.json
$ printf 'caf\351 \340 la cr\350me, d\351j\340 vu\n' > latin.txt
$ printf '{"text": "one"}\n{"text": null}\n' > bad.jsonl
$ for k in 1 2; do bpemix infer -q -t tok.json --skip-bad-records --no-provenance --work run --json=$k.json fr=latin.txt x=bad.jsonl en="$en" > /dev/null; done
! bpemix: warning: latin.txt: not UTF-8, but bytes of another encoding such as ISO 8859-1; counted as it is; convert it to UTF-8 (iconv -f ISO-8859-1 -t UTF-8)
! bpemix: warning: records skipped: 1, the first of them bad.jsonl:2: the text field is null
! bpemix: warning: latin.txt: not UTF-8, but bytes of another encoding such as ISO 8859-1; counted as it is; convert it to UTF-8 (iconv -f ISO-8859-1 -t UTF-8)
! bpemix: warning: records skipped: 1, the first of them bad.jsonl:2: the text field is null
$ cmp 1.json 2.json
$ bpemix words -qq -t tok.json -o fr.words fr=latin.txt
$ bpemix words -t tok.json -o again.words fr=fr.words
! bpemix: warning: latin.txt: not UTF-8, but bytes of another encoding such as ISO 8859-1; counted as it is; convert it to UTF-8 (iconv -f ISO-8859-1 -t UTF-8)
$ bpemix words -qq -t tok.json -o fr2.words fr=latin.txt
$ bpemix words --merge -o both.words fr.words fr2.words && bpemix words -t tok.json -o again.words fr=both.words
! bpemix: warning: latin.txt: not UTF-8, but bytes of another encoding such as ISO 8859-1; counted as it is; convert it to UTF-8 (iconv -f ISO-8859-1 -t UTF-8)

## other-encodings
# a conversion is named only where it is likely to be the one
$ fixture tok.json
$ printf '\367\305\323\316\301 \326\304\305\324\n' > koi8.txt
$ bpemix words -t tok.json -o out.words x=koi8.txt
! bpemix: warning: koi8.txt: not UTF-8, but bytes of another encoding, or no text; counted as it is; convert it from its encoding to UTF-8 (iconv)
# far behind the beginning, as where files were joined
$ { for i in $(seq 12); do cat "$en"/*.txt; done
>   for i in $(seq 3000); do printf 'ein l\344ngerer Satz, in dem zwei Umlaute k\366nnen\n'; done; } > joined.txt
$ bpemix words -t tok.json -o out.words x=joined.txt
! bpemix: warning: category 'x': 1.5 % of its bytes are not UTF-8; check its encoding
$ { for i in $(seq 36); do cat "$en"/*.txt; done; tail -n 2000 joined.txt; } > more.txt
$ bpemix words -t tok.json -o out.words x=more.txt
! bpemix: warning: category 'x': 0.5 % of its bytes are not UTF-8; check its encoding

## records-that-cannot-be
$ fixture tok.json
$ printf '\377\376{\000"\000t\000e\000x\000t\000"\000:\000' > wide.jsonl
$ printf '%%PDF-1.4\nstream\n' > a.jsonl
$ bpemix words -t tok.json -o out.words x=wide.jsonl
! bpemix: category 'x': wide.jsonl: text in UTF-16, not lines of JSON; convert it to UTF-8 (iconv -f UTF-16 -t UTF-8)
[1]
$ bpemix words -t tok.json --skip-bad-records -o out.words x=a.jsonl
! bpemix: category 'x': a.jsonl: a PDF document, not lines of JSON; extract its text first (pdftotext)
[1]
$ bpemix words -t tok.json --max-bytes 10 -o out.words x=wide.jsonl
! bpemix: category 'x': wide.jsonl: text in UTF-16, not lines of JSON; convert it to UTF-8 (iconv -f UTF-16 -t UTF-8)
[1]

## texts-among-other-things
$ fixture tok.json
$ printf '["one text", "another text"]' > list.json
$ bpemix words -t tok.json -o out.words x=list.json
! bpemix: warning: list.json: a JSON array of texts; counted as it is; write each as a record on a line of its own (jq -c '.[] | {text: .}')
$ printf '[{"text": "one"},\n {"text": "two"}]' > list.jsonl
$ bpemix words -t tok.json -o out.words x=list.jsonl
! bpemix: category 'x': list.jsonl: JSON with a text field, but not one record a line; write each record on a line of its own (jq -c '.[]')
[1]
$ printf 'Id,Body\n1,"one, two"\n2,"three"\n' > table.csv
$ bpemix words -t tok.json -o out.words x=table.csv
! bpemix: warning: table.csv: a table (CSV); counted as it is; write its column of text as JSON Lines first
$ printf '<html><p>text</p></html>\n' > page.html
$ bpemix words -t tok.json -o out.words x=page.html
! bpemix: warning: page.html: an HTML page, with its tags; counted as it is; extract its text first, unless markup is what is to be counted
$ printf 'From: a\nTo: b\nSubject: c\n\ntext\n' > mail.txt
$ bpemix words -t tok.json -o out.words x=mail.txt
! bpemix: warning: mail.txt: mail, with its headers; counted as it is; write the text of its messages as JSON Lines first

## one-good-record-of-two
# a damaged line does not make a file named as records another kind of JSON
$ fixture tok.json
$ printf '{"text": "one"}\n{"text": "two\n' > half.jsonl
$ bpemix words -t tok.json -o out.words x=half.jsonl
! bpemix: category 'x': half.jsonl:2: not valid JSON; mend it, or leave out records that cannot be read (--skip-bad-records)
[1]
$ bpemix words -t tok.json --skip-bad-records -o out.words x=half.jsonl
! bpemix: warning: records skipped: 1, the first of them half.jsonl:2: not valid JSON
