# Results as documents: every renderer, byte for byte, and two results against each other.

## text
$ r=$top/tests/fixtures/report
$ bpemix report GPT-4o=$r/whole.json "Llama 3=$r/extension.json"
GPT-4o: fair. In % of bytes: Code 54.0 .. 77.0, English 26.1, Other languages
6.4. The relative slack is 31 %, where samples of the same kind allow 12 %.
Not covered: tokens such as ' nicht', ' werden' (Latin script); 0.1 % of the
merges.
Llama 3: unusable. The shares of this tokenizer are not to be quoted. The
relative slack is 223 %: the merges cannot be explained by these samples.

Shares are relative to the categories that were offered: text of a kind
without a sample is explained by the nearest ones.

Some of these lists begin with merges of another tokenizer. What the merges
behind them tell is the share of merges rather than of bytes.

Shares of bytes by group, % [range]
group                       GPT-4o     Llama 3
English          26.1 [21.5, 31.1]  not quoted
Other languages     6.4 [4.5, 8.8]  not quoted
Code                  54.0 .. 77.0  not quoted

Shares of bytes by category, % [range]
category                 GPT-4o        Llama 3
english            19.1 .. 34.0     not quoted
Other languages  6.4 [4.5, 8.8]     not quoted
german           3.9 [2.8, 5.2]     not quoted
日本語           2.5 [1.0, 4.9]
Code               54.0 .. 77.0     not quoted
a_b|<x>&           20.0 .. 74.4
c                   0.0 .. 49.2     not quoted
=perl()          4.0 [2.4, 6.0]     not quoted
slack                    31.2 %        223.1 %
merges                   0:6900  100000:106900
in no sample                  4              0
samples                 14.9 MB        10.9 MB
verdict                    fair       unusable

GPT-4o: shares of bytes against the number of merges, %
merges  English  Other languages            Code   slack
300        22.1              6.4  not determined  40.0 %
1000       24.1              6.4  not determined  35.0 %
6900       26.1              6.4  not determined  31.2 %
20000      28.1              6.4  not determined  33.0 %

GPT-4o: merges in no sample
script and kind  merges  such as
Latin words           3  ' nicht', ' werden'
bytes                 1  '\xe3\x81', '\xf0\x9f\xf0\x9f\xf0\x9f\xf0\x9f...'

Counts and slack in millionths of the pairs; categories: where most of a count
comes from
tokenizer  merge  tokens       script  category  rival  rival's category
GPT-4o        28  ␣ | r        Latin   english   ␣ | ␣  a_b|<x>&
GPT-4o        40  \xe2 | \x80
Llama 3       28  ␣ | r                          ␣ | ␣
Llama 3       40  \xe2 | \x80

tokenizer  merge   count  rival's count   slack
GPT-4o        28  2319.6        12655.1  2868.0
GPT-4o        40     0.8            0.0     1.0
Llama 3       28  2319.6        12655.1  2868.0
Llama 3       40     0.8            0.0     1.0

Tokenizers, by the SHA-256 of their merge lists
           GPT-4o
file       gpt-4o/tokenizer.json
format     tokenizer.json
digest     aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
merges     0:6900, 6780 constrained, 4 in no sample, 0 excluded
samples    6 categories, 14.9 MB in 3725 documents
text unit  document
method     monotone, weights quarter, optimal, gap 5.7e-07
ranges     mixtures at most 4.0 % worse
bpemix     0.2.0

           Llama 3
file       llama-3/tokenizer.json
format     tokenizer.json
digest     bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
merges     100000:106900, 4616 constrained, 0 in no sample, 0 excluded
samples    4 categories, 10.9 MB in 2725 documents
text unit  document
method     monotone, weights quarter, optimal, gap 5.7e-07
ranges     mixtures at most 4.0 % worse
bpemix     0.2.0

Samples, by the XXH3 of their files
category  path               files    bytes  checksum          tokenizer
english   corpora/english      120  5000000  0123456789abcdef  GPT-4o
c         corpora/c.tar.zst      1  3000000  fedcba9876543210  GPT-4o

## groups-of-a-file
$ r=$top/tests/fixtures/report
$ printf '# comment\nenglish\tProse\tEnglish\ngerman\tProse\nc\tCode\nnobody\tCode\n' > groups.tsv
$ bpemix report --groups groups.tsv --format csv --figure mixture $r/whole.json $r/extension.json
group,whole,extension
Prose,21.9 .. 39.1,not quoted
Code,0.0 .. 49.2,not quoted
other,23.4 .. 85.3,not quoted
$ printf 'english Prose\n' > bad.tsv
$ bpemix report --groups bad.tsv $r/whole.json
! bpemix: bad.tsv:1: no group; write the category, a tab and its group
[1]
$ printf '# both\nenglish\tProse\r\nenglish\tCode\n' > twice.tsv
$ bpemix report --groups twice.tsv $r/whole.json
! bpemix: twice.tsv:3: a category for the second time; give every category one group
[1]

## groups-with-a-slip
# A line of another study is left out in silence; one that is nearly a category without a line is not.
$ r=$top/tests/fixtures/report
$ printf 'englsh\tProse\ngerman\tProse\nc\tCode\nnobody\tCode\n' > groups.tsv
$ bpemix report --groups groups.tsv --format csv --figure mixture $r/whole.json
group,whole
Prose,"3.9 [2.8, 5.2]"
Code,0.0 .. 49.2
other,42.6 .. 100.0
! bpemix: warning: groups.tsv: 'englsh' is no category here; did you mean 'english'?
$ bpemix compare --groups groups.tsv A=$r/whole.json B=$r/whole.json | head -n 5
Shares of bytes, % [range], largest difference first
group               A               B        difference
Prose  3.9 [2.8, 5.2]  3.9 [2.8, 5.2]  0.0 [-2.4, +2.4]             |
Code      0.0 .. 49.2     0.0 .. 49.2    -49.2 .. +49.2    ---------|--------
other   42.6 .. 100.0   42.6 .. 100.0    -57.4 .. +57.4  -----------|----------
! bpemix: warning: groups.tsv: 'englsh' is no category here; did you mean 'english'?
$ bpemix compare -q -q --groups groups.tsv A=$r/whole.json B=$r/whole.json | head -n 2
Shares of bytes, % [range], largest difference first
group               A               B        difference

## svg-mixture
$ r=$top/tests/fixtures/report
$ bpemix report --format svg GPT-4o=$r/whole.json "Llama 3=$r/extension.json"
<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" class="bmx" viewBox="0 0 760 209" width="760" height="209" role="img" aria-labelledby="mixture-t mixture-d">
<title id="mixture-t">Estimated training mixture, % of bytes</title>
<desc id="mixture-d">GPT-4o: English 26 %, Other languages 6 %, Code not determined; Llama 3: not quoted, as the verdict is unusable</desc>
<style>
.bmx{font-family:"DejaVu Sans",Verdana,Arial,"Noto Sans",sans-serif;font-size:12px}
.bmx text{fill:#1a1a1a}.bmx .t{font-size:14px;font-weight:bold}.bmx .b{font-weight:bold}
.bmx .s{font-size:11px;fill:#555}.bmx .bad{font-size:11px;fill:#a4001d}
.bmx .on{fill:#fff}.bmx .ok{fill:#000}.bmx .bg{fill:#fff}.bmx .chip{fill:#fff;fill-opacity:.88}
.bmx .gr{stroke:#ddd}.bmx .ax{stroke:#777}.bmx .rule{stroke:#777;stroke-dasharray:2 3}
.bmx .edge{stroke:#fff;stroke-width:1}.bmx .dim{fill-opacity:.25}
.bmx .open{fill-opacity:.15;stroke-dasharray:3 2}
.bmx .gone.open{fill-opacity:.05;stroke:#777}
.bmx .ring{stroke:#1a1a1a;stroke-width:1}.bmx .h{stroke:#000;stroke-opacity:.55}
.bmx .r{stroke-width:4}.bmx .wide{stroke-width:2}.bmx .line{fill:none;stroke-width:2}
.bmx .pale{opacity:.4}
.bmx .f0{fill:#0072B2}.bmx .l0{stroke:#0072B2}.bmx .f1{fill:#E69F00}.bmx .l1{stroke:#A87400}
.bmx .f2{fill:#009E73}.bmx .l2{stroke:#008A64}.bmx .f3{fill:#F0E442}.bmx .l3{stroke:#8F8500}
.bmx .f4{fill:#D55E00}.bmx .l4{stroke:#D55E00}.bmx .f5{fill:#56B4E9}.bmx .l5{stroke:#2A84B8}
.bmx .f6{fill:#6E6E6E}.bmx .l6{stroke:#6E6E6E}.bmx .f7{fill:#CC79A7}.bmx .l7{stroke:#B35B8D}
@media screen and (prefers-color-scheme:dark){.bmx text{fill:#eee}.bmx .s{fill:#bbb}
.bmx .bad{fill:#ff9d94}.bmx .on{fill:#fff}.bmx .ok{fill:#000}.bmx .bg{fill:#161616}
.bmx .gr{stroke:#3d3d3d}.bmx .ax,.bmx .rule{stroke:#999}.bmx .edge{stroke:#161616}
.bmx .ring{stroke:#eee}
.bmx .l0{stroke:#0072B2}.bmx .l1{stroke:#E69F00}.bmx .l2{stroke:#009E73}.bmx .l3{stroke:#F0E442}.bmx .l4{stroke:#D55E00}.bmx .l5{stroke:#56B4E9}.bmx .l6{stroke:#6E6E6E}.bmx .l7{stroke:#CC79A7}}
</style>
<rect class="bg" width="760" height="209"/>
<text class="t" x="10" y="23.68">Estimated training mixture, % of bytes</text>
<rect class="f0" x="157.81" y="36.68" width="13" height="12"></rect>
<text x="175.81" y="47.18">English</text>
<rect class="f1" x="235.61" y="36.68" width="13" height="12"></rect>
<text x="253.61" y="47.18">Other languages</text>
<rect class="f2" x="370.65" y="36.68" width="13" height="12"></rect>
<text x="388.65" y="47.18">Code</text>
<text x="149.81" y="73.68" text-anchor="end">GPT-4o</text>
<text class="s" x="149.81" y="87.68" text-anchor="end">fair, slack 31 %</text>
<rect class="f0" x="157.81" y="62.68" width="150.5" height="26"><title>GPT-4o, English: 26.1 % [21.5, 31.1]</title></rect>
<text class="on" x="233.06" y="80.18" text-anchor="middle">English 26</text>
<rect class="f1" x="308.31" y="62.68" width="37.05" height="26"><title>GPT-4o, Other languages: 6.4 % [4.5, 8.8]</title></rect>
<line class="edge" x1="308.31" y1="62.68" x2="308.31" y2="88.68"/>
<text class="ok" x="326.84" y="80.18" text-anchor="middle">6</text>
<rect class="f2 l2 open" x="345.86" y="63.18" width="387.64" height="25"><title>GPT-4o, Code: between 54.0 and 77.0 %, not determined</title></rect>
<line class="edge" x1="345.36" y1="62.68" x2="345.36" y2="88.68"/>
<text x="539.68" y="80.18" text-anchor="middle">Code 54 .. 77</text>
<text x="149.81" y="119.68" text-anchor="end">Llama 3</text>
<text class="bad" x="149.81" y="133.68" text-anchor="end">fit unusable: slack 223 %</text>
<rect class="f0 l0 open gone" x="158.31" y="109.18" width="384.7" height="25"><title>Llama 3, English: between 44.6 and 93.7 %, not determined</title></rect>
<text class="s" x="350.66" y="126.18" text-anchor="middle">English 45 .. 94</text>
<rect class="f1 dim" x="543.51" y="108.68" width="17.63" height="26"><title>Llama 3, Other languages: 3.1 % [1.6, 6.0]</title></rect>
<line class="edge" x1="543.51" y1="108.68" x2="543.51" y2="134.68"/>
<text class="s" x="552.33" y="126.18" text-anchor="middle">3</text>
<rect class="f2 l2 open gone" x="561.64" y="109.18" width="171.86" height="25"><title>Llama 3, Code: between 12.0 and 100.0 %, not determined</title></rect>
<line class="edge" x1="561.14" y1="108.68" x2="561.14" y2="134.68"/>
<text class="s" x="647.57" y="126.18" text-anchor="middle">Code 12 .. 100</text>
<line class="ax" x1="157.81" y1="142.68" x2="157.81" y2="146.68"/>
<text class="s" x="157.81" y="159.68" text-anchor="middle">0 %</text>
<line class="ax" x1="273.05" y1="142.68" x2="273.05" y2="146.68"/>
<text class="s" x="273.05" y="159.68" text-anchor="middle">20 %</text>
<line class="ax" x1="388.29" y1="142.68" x2="388.29" y2="146.68"/>
<text class="s" x="388.29" y="159.68" text-anchor="middle">40 %</text>
<line class="ax" x1="503.52" y1="142.68" x2="503.52" y2="146.68"/>
<text class="s" x="503.52" y="159.68" text-anchor="middle">60 %</text>
<line class="ax" x1="618.76" y1="142.68" x2="618.76" y2="146.68"/>
<text class="s" x="618.76" y="159.68" text-anchor="middle">80 %</text>
<line class="ax" x1="734" y1="142.68" x2="734" y2="146.68"/>
<text class="s" x="734" y="159.68" text-anchor="middle">100 %</text>
<text class="s" x="10" y="181.68">6 categories, 4616 to 6780 merges constrained; bpemix 0.2.0. Shares are relative to the categories offered. Pale with a dashed</text>
<text class="s" x="10" y="197.68">edge: not determined by the merges, so with its range; as wide as in the best mixture.</text>
</svg>

## svg-mixture-hatched
$ r=$top/tests/fixtures/report
$ bpemix report --format svg --hatch GPT-4o=$r/whole.json | sed -n '/<pattern/p;/hatch\|url/p;/chip/p'
.bmx .on{fill:#fff}.bmx .ok{fill:#000}.bmx .bg{fill:#fff}.bmx .chip{fill:#fff;fill-opacity:.88}
<pattern id="mixture-h1" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><g class="h"><path d="M0 0V6"/></g></pattern>
<pattern id="mixture-h2" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><g class="h"><path d="M0 0V6"/></g></pattern>
<rect fill="url(#mixture-h1)" x="181.16" y="36.68" width="13" height="12"/>
<rect fill="url(#mixture-h2)" x="316.2" y="36.68" width="13" height="12"/>
<rect class="chip" rx="3" x="151.22" y="67.68" width="69" height="16"/>
<rect fill="url(#mixture-h1)" x="268.08" y="62.68" width="40.55" height="26"/>
<rect class="chip" rx="3" x="281.52" y="67.68" width="13.68" height="16"/>

## svg-ranges
$ r=$top/tests/fixtures/report
$ bpemix report --format svg --figure ranges GPT-4o=$r/whole.json "Llama 3=$r/extension.json" | sed '1,/<\/style>/d'
<rect class="bg" width="760" height="239"/>
<text class="t" x="10" y="23.68">Share of bytes and its range, by category</text>
<text class="b" x="81.92" y="48.68">GPT-4o</text>
<text class="s" x="81.92" y="63.68">fair, slack 31 %</text>
<line class="gr" x1="81.92" y1="70.68" x2="81.92" y2="162.68"/>
<text class="s" x="81.92" y="175.68" text-anchor="middle">0</text>
<line class="gr" x1="114.64" y1="70.68" x2="114.64" y2="162.68"/>
<text class="s" x="114.64" y="175.68" text-anchor="middle">1</text>
<line class="gr" x1="155.09" y1="70.68" x2="155.09" y2="162.68"/>
<text class="s" x="155.09" y="175.68" text-anchor="middle">5</text>
<line class="gr" x1="185.39" y1="70.68" x2="185.39" y2="162.68"/>
<text class="s" x="185.39" y="175.68" text-anchor="middle">10</text>
<line class="gr" x1="228.25" y1="70.68" x2="228.25" y2="162.68"/>
<text class="s" x="228.25" y="175.68" text-anchor="middle">20</text>
<line class="gr" x1="261.14" y1="70.68" x2="261.14" y2="162.68"/>
<text class="s" x="261.14" y="175.68" text-anchor="middle">30</text>
<line class="gr" x1="313.29" y1="70.68" x2="313.29" y2="162.68"/>
<text class="s" x="313.29" y="175.68" text-anchor="middle">50</text>
<line class="gr" x1="365.29" y1="70.68" x2="365.29" y2="162.68"/>
<text class="s" x="365.29" y="175.68" text-anchor="middle">75</text>
<g><title>GPT-4o, english: between 19.1 and 34.0 %, not determined</title><path class="l0 wide" d="M225.00 79.2H272.60M225.00 75.2v8M272.60 75.2v8"/></g>
<g><title>GPT-4o, german: 3.9 % [2.8, 5.2]</title><path class="l1 r" d="M136.67 94.2H156.25"/><circle class="f1 ring" cx="146.62" cy="94.18" r="4"/></g>
<g><title>GPT-4o, 日本語: 2.5 % [1.0, 4.9]</title><path class="l1 r" d="M115.29 109.2H154.50"/><circle class="f1 ring" cx="133.86" cy="109.18" r="4"/></g>
<g><title>GPT-4o, a_b|&lt;x&gt;&amp;: between 20.0 and 74.4 %, not determined</title><path class="l2 wide" d="M228.25 124.2H364.15M228.25 120.2v8M364.15 120.2v8"/></g>
<g><title>GPT-4o, c: between 0.0 and 49.2 %, not determined</title><path class="l2 wide" d="M81.92 139.2H311.43M81.92 135.2v8M311.43 135.2v8"/></g>
<g><title>GPT-4o, =perl(): 4.0 % [2.4, 6.0]</title><path class="l2 r" d="M132.61 154.2H162.07"/><circle class="f2 ring" cx="147.36" cy="154.18" r="4"/></g>
<text class="b" x="422.96" y="48.68">Llama 3</text>
<text class="bad" x="422.96" y="63.68">fit unusable: slack 223 %</text>
<line class="gr" x1="422.96" y1="70.68" x2="422.96" y2="162.68"/>
<text class="s" x="422.96" y="175.68" text-anchor="middle">0</text>
<line class="gr" x1="455.68" y1="70.68" x2="455.68" y2="162.68"/>
<text class="s" x="455.68" y="175.68" text-anchor="middle">1</text>
<line class="gr" x1="496.13" y1="70.68" x2="496.13" y2="162.68"/>
<text class="s" x="496.13" y="175.68" text-anchor="middle">5</text>
<line class="gr" x1="526.43" y1="70.68" x2="526.43" y2="162.68"/>
<text class="s" x="526.43" y="175.68" text-anchor="middle">10</text>
<line class="gr" x1="569.29" y1="70.68" x2="569.29" y2="162.68"/>
<text class="s" x="569.29" y="175.68" text-anchor="middle">20</text>
<line class="gr" x1="602.18" y1="70.68" x2="602.18" y2="162.68"/>
<text class="s" x="602.18" y="175.68" text-anchor="middle">30</text>
<line class="gr" x1="654.33" y1="70.68" x2="654.33" y2="162.68"/>
<text class="s" x="654.33" y="175.68" text-anchor="middle">50</text>
<line class="gr" x1="706.33" y1="70.68" x2="706.33" y2="162.68"/>
<text class="s" x="706.33" y="175.68" text-anchor="middle">75</text>
<g opacity="0.35">
<g><title>Llama 3, english: between 44.6 and 93.7 %, not determined</title><path class="l0 wide" d="M641.38 79.2H739.73M641.38 75.2v8M739.73 75.2v8"/></g>
<g><title>Llama 3, german: 3.1 % [1.6, 6.0]</title><path class="l1 r" d="M464.35 94.2H503.11"/><circle class="f1 ring" cx="480.2" cy="94.18" r="4"/></g>
<g><title>Llama 3, c: between 12.0 and 36.0 %, not determined</title><path class="l2 wide" d="M536.31 139.2H619.28M536.31 135.2v8M619.28 135.2v8"/></g>
<g><title>Llama 3, =perl(): between 0.0 and 86.4 %, not determined</title><path class="l2 wide" d="M422.96 154.2H727.10M422.96 150.2v8M727.10 150.2v8"/></g>
</g>
<text x="71.92" y="83.18" text-anchor="end">english</text>
<text x="71.92" y="98.18" text-anchor="end">german</text>
<text x="71.92" y="113.18" text-anchor="end">日本語</text>
<text x="71.92" y="128.18" text-anchor="end">a_b|&lt;x&gt;&amp;</text>
<text x="71.92" y="143.18" text-anchor="end">c</text>
<text x="71.92" y="158.18" text-anchor="end">=perl()</text>
<text class="s" x="10" y="211.68">Axis of square roots, in percent of bytes. Range: the mixtures that explain the merges nearly as well. A range without a point: the</text>
<text class="s" x="10" y="227.68">merges do not determine this share.</text>
</svg>

## svg-sweep
$ r=$top/tests/fixtures/report
$ bpemix report --format svg --figure sweep $r/whole.json | sed '1,/<\/style>/d'
<rect class="bg" width="760" height="445"/>
<text class="t" x="10" y="23.68">whole: shares against the number of merges</text>
<text class="s" x="10" y="47.68">% of bytes</text>
<line class="gr" x1="64" y1="374.68" x2="582.12" y2="374.68"/>
<text class="s" x="58" y="378.68" text-anchor="end">0 %</text>
<line class="gr" x1="64" y1="299.68" x2="582.12" y2="299.68"/>
<text class="s" x="58" y="303.68" text-anchor="end">20 %</text>
<line class="gr" x1="64" y1="224.68" x2="582.12" y2="224.68"/>
<text class="s" x="58" y="228.68" text-anchor="end">40 %</text>
<line class="gr" x1="64" y1="149.68" x2="582.12" y2="149.68"/>
<text class="s" x="58" y="153.68" text-anchor="end">60 %</text>
<line class="gr" x1="64" y1="74.68" x2="582.12" y2="74.68"/>
<text class="s" x="58" y="78.68" text-anchor="end">80 %</text>
<line class="rule" x1="452.85" y1="74.68" x2="452.85" y2="374.68"/>
<text class="s" x="452.85" y="69.68" text-anchor="middle">default</text>
<line class="ax" x1="72" y1="374.68" x2="72" y2="378.68"/>
<text class="s" x="72" y="391.68" text-anchor="middle">300</text>
<line class="ax" x1="218.24" y1="374.68" x2="218.24" y2="378.68"/>
<text class="s" x="218.24" y="391.68" text-anchor="middle">1000</text>
<line class="ax" x1="452.85" y1="374.68" x2="452.85" y2="378.68"/>
<text class="s" x="452.85" y="391.68" text-anchor="middle">6900</text>
<line class="ax" x1="582.12" y1="374.68" x2="582.12" y2="378.68"/>
<text class="s" x="582.12" y="391.68" text-anchor="middle">20k</text>
<path class="line l0" d="M72.00 291.73L218.24 284.23L452.85 276.73L582.12 269.23"/>
<g><title>English at 300: 22.1 %</title><circle class="f0 ring" cx="72" cy="291.73" r="3.5"/></g>
<g><title>English at 1000: 24.1 %</title><circle class="f0 ring" cx="218.24" cy="284.23" r="3.5"/></g>
<g><title>English at 6900: 26.1 %</title><circle class="f0 ring" cx="452.85" cy="276.73" r="3.5"/></g>
<g><title>English at 20k: 28.1 %</title><circle class="f0 ring" cx="582.12" cy="269.23" r="3.5"/></g>
<path class="line l1" stroke-dasharray="7 3" d="M72.00 350.57L218.24 350.57L452.85 350.57L582.12 350.57"/>
<g><title>Other languages at 300: 6.4 %</title><circle class="f1 ring" cx="72" cy="350.57" r="3.5"/></g>
<g><title>Other languages at 1000: 6.4 %</title><circle class="f1 ring" cx="218.24" cy="350.57" r="3.5"/></g>
<g><title>Other languages at 6900: 6.4 %</title><circle class="f1 ring" cx="452.85" cy="350.57" r="3.5"/></g>
<g><title>Other languages at 20k: 6.4 %</title><circle class="f1 ring" cx="582.12" cy="350.57" r="3.5"/></g>
<path class="line l2 pale" stroke-dasharray="2 3" d="M72.00 106.74L218.24 114.24L452.85 121.74L582.12 129.24"/>
<g class="pale"><title>Code at 300: not determined</title><circle class="f2 ring" cx="72" cy="106.74" r="3.5"/></g>
<g class="pale"><title>Code at 1000: not determined</title><circle class="f2 ring" cx="218.24" cy="114.24" r="3.5"/></g>
<g class="pale"><title>Code at 6900: not determined</title><circle class="f2 ring" cx="452.85" cy="121.74" r="3.5"/></g>
<g class="pale"><title>Code at 20k: not determined</title><circle class="f2 ring" cx="582.12" cy="129.24" r="3.5"/></g>
<line class="ax" x1="586.12" y1="129.24" x2="596.12" y2="129.24"/>
<text x="600.12" y="133.24">? Code</text>
<line class="ax" x1="586.12" y1="269.23" x2="596.12" y2="269.23"/>
<text x="600.12" y="273.23">28.1 English</text>
<line class="ax" x1="586.12" y1="350.57" x2="596.12" y2="350.57"/>
<text x="600.12" y="354.57">6.4 Other languages</text>
<text class="s" x="327.06" y="409.68" text-anchor="middle">merges constrained (logarithmic)</text>
<text class="s" x="10" y="433.68">Pale: not determined by the merges.</text>
</svg>

## svg-missing
$ r=$top/tests/fixtures/report
$ bpemix report --format svg --figure missing $r/whole.json | sed '1,/<\/style>/d'
<rect class="bg" width="760" height="111"/>
<text class="t" x="10" y="23.68">whole: 4 of 6784 merges are in no sample</text>
<text x="80.2" y="49.68" text-anchor="end">Latin words</text>
<rect class="f0" x="88.2" y="36.68" width="302.31" height="18"><title>Latin words: 3, such as ' nicht', ' werden'</title></rect>
<text x="396.51" y="49.68">3</text>
<text class="s" x="414.19" y="49.68">' nicht', ' werden'</text>
<text x="80.2" y="73.68" text-anchor="end">bytes</text>
<rect class="f0" x="88.2" y="60.68" width="100.77" height="18"><title>bytes: 1, such as '\xe3\x81', '\xf0\x9f\xf0\x9f\xf0\x9f\xf0\x9f...'</title></rect>
<text x="194.97" y="73.68">1</text>
<text class="s" x="212.65" y="73.68">'\xe3\x81', '\xf0\x9f\xf0\x9f\xf0\x9f\xf0\x9f...'</text>
<text class="s" x="10" y="99.68">By script and kind of the token: what to add samples of, or shares not to quote.</text>
</svg>

## html
$ r=$top/tests/fixtures/report
$ bpemix report -o page.html GPT-4o=$r/whole.json "Llama 3=$r/extension.json"
$ sed '/<svg/,/<\/svg>/d' page.html
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="bpemix">
<title>Training mixture of GPT-4o and Llama 3, as their merges tell</title>
<style>
:root{color-scheme:light dark}
body{font:15px/1.5 "DejaVu Sans",Verdana,Arial,"Noto Sans",sans-serif;color:#1a1a1a;background:#fff;max-width:960px;margin:1.5em auto;padding:0 1em}
h1{font-size:1.5em}h2{font-size:1.2em;margin-top:2em;border-bottom:1px solid #999}
h1,strong{overflow-wrap:anywhere}
.tone{border-left:6px solid #999;padding-left:.8em}.good{border-color:#009E73}.fair{border-color:#E69F00}
.poor{border-color:#D55E00}.unusable{border-color:#a4001d}
.why{font-size:13px;color:#444}
.scroll{overflow-x:auto;margin:1em 0;width:max-content;max-width:min(100vw - 3em,50vw + 460px)}.scroll svg{display:block}
table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:bold;padding:.3em 0}
th,td{text-align:left;font-weight:normal;padding:.15em .8em .15em 0;vertical-align:top}
thead th,.sum th,.sum td{font-weight:bold}thead tr,tfoot tr:first-child{border-bottom:1px solid #777}
tfoot tr:first-child{border-top:1px solid #777;border-bottom:0}.sum th,.sum td{padding-top:.6em}
.n{text-align:right;white-space:nowrap}td{overflow-wrap:break-word}tbody th{white-space:nowrap}
.long{overflow-wrap:anywhere;min-width:9em}thead .long{white-space:normal;max-width:18em}
@media screen and (prefers-color-scheme:dark){body{color:#eee;background:#161616}.why{color:#bbb}}
@media print{body{max-width:none;margin:0;font-size:10pt}.why{font-size:8pt}.scroll{overflow:visible;width:auto;max-width:none}.scroll svg{max-width:100%;max-height:25cm;height:auto}table{font-size:7pt}th,td{padding-right:.5em}.n{white-space:normal}.wide,h2:has(+.wide){page:wide}figure{margin:1em 0;break-inside:avoid}tfoot{display:table-row-group}.tone,tr{break-inside:avoid}h2,caption,thead,thead tr{break-after:avoid}tbody tr:first-child{break-before:avoid}}
@page wide{size:landscape}
.bmx{font-family:"DejaVu Sans",Verdana,Arial,"Noto Sans",sans-serif;font-size:12px}
.bmx text{fill:#1a1a1a}.bmx .t{font-size:14px;font-weight:bold}.bmx .b{font-weight:bold}
.bmx .s{font-size:11px;fill:#555}.bmx .bad{font-size:11px;fill:#a4001d}
.bmx .on{fill:#fff}.bmx .ok{fill:#000}.bmx .bg{fill:#fff}.bmx .chip{fill:#fff;fill-opacity:.88}
.bmx .gr{stroke:#ddd}.bmx .ax{stroke:#777}.bmx .rule{stroke:#777;stroke-dasharray:2 3}
.bmx .edge{stroke:#fff;stroke-width:1}.bmx .dim{fill-opacity:.25}
.bmx .open{fill-opacity:.15;stroke-dasharray:3 2}
.bmx .gone.open{fill-opacity:.05;stroke:#777}
.bmx .ring{stroke:#1a1a1a;stroke-width:1}.bmx .h{stroke:#000;stroke-opacity:.55}
.bmx .r{stroke-width:4}.bmx .wide{stroke-width:2}.bmx .line{fill:none;stroke-width:2}
.bmx .pale{opacity:.4}
.bmx .f0{fill:#0072B2}.bmx .l0{stroke:#0072B2}.bmx .f1{fill:#E69F00}.bmx .l1{stroke:#A87400}
.bmx .f2{fill:#009E73}.bmx .l2{stroke:#008A64}.bmx .f3{fill:#F0E442}.bmx .l3{stroke:#8F8500}
.bmx .f4{fill:#D55E00}.bmx .l4{stroke:#D55E00}.bmx .f5{fill:#56B4E9}.bmx .l5{stroke:#2A84B8}
.bmx .f6{fill:#6E6E6E}.bmx .l6{stroke:#6E6E6E}.bmx .f7{fill:#CC79A7}.bmx .l7{stroke:#B35B8D}
@media screen and (prefers-color-scheme:dark){.bmx text{fill:#eee}.bmx .s{fill:#bbb}
.bmx .bad{fill:#ff9d94}.bmx .on{fill:#fff}.bmx .ok{fill:#000}.bmx .bg{fill:#161616}
.bmx .gr{stroke:#3d3d3d}.bmx .ax,.bmx .rule{stroke:#999}.bmx .edge{stroke:#161616}
.bmx .ring{stroke:#eee}
.bmx .l0{stroke:#0072B2}.bmx .l1{stroke:#E69F00}.bmx .l2{stroke:#009E73}.bmx .l3{stroke:#F0E442}.bmx .l4{stroke:#D55E00}.bmx .l5{stroke:#56B4E9}.bmx .l6{stroke:#6E6E6E}.bmx .l7{stroke:#CC79A7}}
</style>
</head>
<body>
<main>
<h1>Training mixture of GPT-4o and Llama 3, as their merges tell</h1>
<h2 id="verdict">Verdict</h2>
<p class="tone fair"><strong>GPT-4o: fair.</strong> In % of bytes: Code 54.0 .. 77.0, English 26.1, Other languages 6.4. <br><span class="why">The relative slack is 31 %, where samples of the same kind allow 12 %. Not covered: tokens such as ' nicht', ' werden' (Latin script); 0.1 % of the merges.</span></p>
<p class="tone unusable"><strong>Llama 3: unusable.</strong> The shares of this tokenizer are not to be quoted. <br><span class="why">The relative slack is 223 %: the merges cannot be explained by these samples. </span></p>
<p>Shares are relative to the categories that were offered: text of a kind without a sample is explained by the nearest ones.</p>
<p>Some of these lists begin with merges of another tokenizer. What the merges behind them tell is the share of merges rather than of bytes.</p>
<h2 id="mixture">The mixture</h2>
<figure class="scroll" tabindex="0" aria-label="Figure: Estimated training mixture, % of bytes">
</figure>
<section class="scroll" tabindex="0" aria-label="Table: Shares of bytes by group, % [range]">
<table>
<caption>Shares of bytes by group, % [range]</caption>
<thead><tr><th scope="col">group</th><th scope="col" class="n">GPT-4o</th><th scope="col" class="n">Llama 3</th></tr></thead>
<tbody>
<tr><th scope="row">English</th><td class="n">26.1 [21.5, 31.1]</td><td class="n">not quoted</td></tr>
<tr><th scope="row">Other languages</th><td class="n">6.4 [4.5, 8.8]</td><td class="n">not quoted</td></tr>
<tr><th scope="row">Code</th><td class="n">54.0 .. 77.0</td><td class="n">not quoted</td></tr>
</tbody>
</table>
</section>
<h2 id="shares">Shares by category</h2>
<figure class="scroll" tabindex="0" aria-label="Figure: Share of bytes and its range, by category">
</figure>
<section class="scroll" tabindex="0" aria-label="Table: Shares of bytes by category, % [range]">
<table>
<caption>Shares of bytes by category, % [range]</caption>
<thead><tr><th scope="col">category</th><th scope="col" class="n">GPT-4o</th><th scope="col" class="n">Llama 3</th></tr></thead>
<tbody>
<tr><th scope="row">english</th><td class="n">19.1 .. 34.0</td><td class="n">not quoted</td></tr>
<tr class="sum"><th scope="row">Other languages</th><td class="n">6.4 [4.5, 8.8]</td><td class="n">not quoted</td></tr>
<tr><th scope="row">german</th><td class="n">3.9 [2.8, 5.2]</td><td class="n">not quoted</td></tr>
<tr><th scope="row">日本語</th><td class="n">2.5 [1.0, 4.9]</td><td class="n"></td></tr>
<tr class="sum"><th scope="row">Code</th><td class="n">54.0 .. 77.0</td><td class="n">not quoted</td></tr>
<tr><th scope="row">a_b|&lt;x&gt;&amp;</th><td class="n">20.0 .. 74.4</td><td class="n"></td></tr>
<tr><th scope="row">c</th><td class="n">0.0 .. 49.2</td><td class="n">not quoted</td></tr>
<tr><th scope="row">=perl()</th><td class="n">4.0 [2.4, 6.0]</td><td class="n">not quoted</td></tr>
</tbody>
<tfoot>
<tr><th scope="row">slack</th><td class="n">31.2 %</td><td class="n">223.1 %</td></tr>
<tr><th scope="row">merges</th><td class="n">0:6900</td><td class="n">100000:106900</td></tr>
<tr><th scope="row">in no sample</th><td class="n">4</td><td class="n">0</td></tr>
<tr><th scope="row">samples</th><td class="n">14.9 MB</td><td class="n">10.9 MB</td></tr>
<tr><th scope="row">verdict</th><td class="n">fair</td><td class="n">unusable</td></tr>
</tfoot>
</table>
</section>
<h2 id="sweep">The number of merges</h2>
<figure class="scroll" tabindex="0" aria-label="Figure: GPT-4o: shares against the number of merges">
</figure>
<section class="scroll" tabindex="0" aria-label="Table: GPT-4o: shares of bytes against the number of merges, %">
<table>
<caption>GPT-4o: shares of bytes against the number of merges, %</caption>
<thead><tr><th scope="col">merges</th><th scope="col" class="n">English</th><th scope="col" class="n">Other languages</th><th scope="col" class="n">Code</th><th scope="col" class="n">slack</th></tr></thead>
<tbody>
<tr><th scope="row">300</th><td class="n">22.1</td><td class="n">6.4</td><td class="n">not determined</td><td class="n">40.0 %</td></tr>
<tr><th scope="row">1000</th><td class="n">24.1</td><td class="n">6.4</td><td class="n">not determined</td><td class="n">35.0 %</td></tr>
<tr><th scope="row">6900</th><td class="n">26.1</td><td class="n">6.4</td><td class="n">not determined</td><td class="n">31.2 %</td></tr>
<tr><th scope="row">20000</th><td class="n">28.1</td><td class="n">6.4</td><td class="n">not determined</td><td class="n">33.0 %</td></tr>
</tbody>
</table>
</section>
<h2 id="missing">What is missing</h2>
<figure class="scroll" tabindex="0" aria-label="Figure: GPT-4o: 4 of 6784 merges are in no sample">
</figure>
<section class="scroll" tabindex="0" aria-label="Table: GPT-4o: merges in no sample">
<table>
<caption>GPT-4o: merges in no sample</caption>
<thead><tr><th scope="col">script and kind</th><th scope="col" class="n">merges</th><th scope="col">such as</th></tr></thead>
<tbody>
<tr><th scope="row">Latin words</th><td class="n">3</td><td>' nicht', ' werden'</td></tr>
<tr><th scope="row">bytes</th><td class="n">1</td><td class="long">'\xe3\x81', '\xf0\x9f\xf0\x9f\xf0\x9f\xf0\x9f...'</td></tr>
</tbody>
</table>
</section>
<h2 id="evidence">Merges that the samples explain worst</h2>
<section class="scroll wide" tabindex="0" aria-label="Table: Counts and slack in millionths of the pairs; categories: where most of a count comes from">
<table>
<caption>Counts and slack in millionths of the pairs; categories: where most of a count comes from</caption>
<thead><tr><th scope="col">tokenizer</th><th scope="col" class="n">merge</th><th scope="col">tokens</th><th scope="col">script</th><th scope="col">category</th><th scope="col">rival</th><th scope="col">rival's category</th><th scope="col" class="n">count</th><th scope="col" class="n">rival's count</th><th scope="col" class="n">slack</th></tr></thead>
<tbody>
<tr><th scope="row">GPT-4o</th><td class="n">28</td><td>␣ | r</td><td>Latin</td><td>english</td><td>␣ | ␣</td><td>a_b|&lt;x&gt;&amp;</td><td class="n">2319.6</td><td class="n">12655.1</td><td class="n">2868.0</td></tr>
<tr><th scope="row">GPT-4o</th><td class="n">40</td><td>\xe2 | \x80</td><td></td><td></td><td></td><td></td><td class="n">0.8</td><td class="n">0.0</td><td class="n">1.0</td></tr>
<tr><th scope="row">Llama 3</th><td class="n">28</td><td>␣ | r</td><td></td><td></td><td>␣ | ␣</td><td></td><td class="n">2319.6</td><td class="n">12655.1</td><td class="n">2868.0</td></tr>
<tr><th scope="row">Llama 3</th><td class="n">40</td><td>\xe2 | \x80</td><td></td><td></td><td></td><td></td><td class="n">0.8</td><td class="n">0.0</td><td class="n">1.0</td></tr>
</tbody>
</table>
</section>
<h2 id="provenance">Where the numbers come from</h2>
<section class="scroll" tabindex="0" aria-label="Table: Tokenizers, by the SHA-256 of their merge lists">
<table>
<caption>Tokenizers, by the SHA-256 of their merge lists</caption>
<thead><tr><td></td><th scope="col">GPT-4o</th><th scope="col">Llama 3</th></tr></thead>
<tbody>
<tr><th scope="row">file</th><td class="long">gpt-4o/tokenizer.json</td><td class="long">llama-3/tokenizer.json</td></tr>
<tr><th scope="row">format</th><td>tokenizer.json</td><td>tokenizer.json</td></tr>
<tr><th scope="row">digest</th><td class="long">aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</td><td class="long">bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb</td></tr>
<tr><th scope="row">merges</th><td>0:6900, 6780 constrained, 4 in no sample, 0 excluded</td><td>100000:106900, 4616 constrained, 0 in no sample, 0 excluded</td></tr>
<tr><th scope="row">samples</th><td>6 categories, 14.9 MB in 3725 documents</td><td>4 categories, 10.9 MB in 2725 documents</td></tr>
<tr><th scope="row">text unit</th><td>document</td><td>document</td></tr>
<tr><th scope="row">method</th><td>monotone, weights quarter, optimal, gap 5.7e-07</td><td>monotone, weights quarter, optimal, gap 5.7e-07</td></tr>
<tr><th scope="row">ranges</th><td>mixtures at most 4.0 % worse</td><td>mixtures at most 4.0 % worse</td></tr>
<tr><th scope="row">bpemix</th><td>0.2.0</td><td>0.2.0</td></tr>
</tbody>
</table>
</section>
<section class="scroll" tabindex="0" aria-label="Table: Samples, by the XXH3 of their files">
<table>
<caption>Samples, by the XXH3 of their files</caption>
<thead><tr><th scope="col">category</th><th scope="col">path</th><th scope="col" class="n">files</th><th scope="col" class="n">bytes</th><th scope="col">checksum</th><th scope="col">tokenizer</th></tr></thead>
<tbody>
<tr><th scope="row">english</th><td>corpora/english</td><td class="n">120</td><td class="n">5000000</td><td>0123456789abcdef</td><td>GPT-4o</td></tr>
<tr><th scope="row">c</th><td>corpora/c.tar.zst</td><td class="n">1</td><td class="n">3000000</td><td>fedcba9876543210</td><td>GPT-4o</td></tr>
</tbody>
</table>
</section>
</main>
</body>
</html>

## markdown
$ r=$top/tests/fixtures/report
$ bpemix report --format markdown GPT-4o=$r/whole.json "Llama 3=$r/extension.json"
\# Training mixture of GPT-4o and Llama 3, as their merges tell

\## Verdict

**GPT-4o: fair.** In % of bytes: Code 54.0 .. 77.0, English 26.1, Other languages 6.4. The relative slack is 31 %, where samples of the same kind allow 12 %. Not covered: tokens such as ' nicht', ' werden' (Latin script); 0.1 % of the merges.

**Llama 3: unusable.** The shares of this tokenizer are not to be quoted. The relative slack is 223 %: the merges cannot be explained by these samples. 

Shares are relative to the categories that were offered: text of a kind without a sample is explained by the nearest ones.

Some of these lists begin with merges of another tokenizer. What the merges behind them tell is the share of merges rather than of bytes.

\## The mixture

**Shares of bytes by group, % [range]**

| group | GPT-4o | Llama 3 |
|---|--:|--:|
| English | 26.1 [21.5, 31.1] | not quoted |
| Other languages | 6.4 [4.5, 8.8] | not quoted |
| Code | 54.0 .. 77.0 | not quoted |

\## Shares by category

**Shares of bytes by category, % [range]**

| category | GPT-4o | Llama 3 |
|---|--:|--:|
| english | 19.1 .. 34.0 | not quoted |
| **Other languages** | **6.4 [4.5, 8.8]** | **not quoted** |
| german | 3.9 [2.8, 5.2] | not quoted |
| 日本語 | 2.5 [1.0, 4.9] | |
| **Code** | **54.0 .. 77.0** | **not quoted** |
| a\_b\|&lt;x>&amp; | 20.0 .. 74.4 | |
| c | 0.0 .. 49.2 | not quoted |
| =perl() | 4.0 [2.4, 6.0] | not quoted |
| *slack* | *31.2 %* | *223.1 %* |
| *merges* | *0:6900* | *100000:106900* |
| *in no sample* | *4* | *0* |
| *samples* | *14.9 MB* | *10.9 MB* |
| *verdict* | *fair* | *unusable* |

\## The number of merges

**GPT-4o: shares of bytes against the number of merges, %**

| merges | English | Other languages | Code | slack |
|---|--:|--:|--:|--:|
| 300 | 22.1 | 6.4 | not determined | 40.0 % |
| 1000 | 24.1 | 6.4 | not determined | 35.0 % |
| 6900 | 26.1 | 6.4 | not determined | 31.2 % |
| 20000 | 28.1 | 6.4 | not determined | 33.0 % |

\## What is missing

**GPT-4o: merges in no sample**

| script and kind | merges | such as |
|---|--:|---|
| Latin words | 3 | ' nicht', ' werden' |
| bytes | 1 | '\\xe3\\x81', '\\xf0\\x9f\\xf0\\x9f\\xf0\\x9f\\xf0\\x9f...' |

\## Merges that the samples explain worst

**Counts and slack in millionths of the pairs; categories: where most of a count comes from**

| tokenizer | merge | tokens | script | category | rival | rival's category | count | rival's count | slack |
|---|--:|---|---|---|---|---|--:|--:|--:|
| GPT-4o | 28 | ␣ \| r | Latin | english | ␣ \| ␣ | a\_b\|&lt;x>&amp; | 2319.6 | 12655.1 | 2868.0 |
| GPT-4o | 40 | \\xe2 \| \\x80 | | | | | 0.8 | 0.0 | 1.0 |
| Llama 3 | 28 | ␣ \| r | | | ␣ \| ␣ | | 2319.6 | 12655.1 | 2868.0 |
| Llama 3 | 40 | \\xe2 \| \\x80 | | | | | 0.8 | 0.0 | 1.0 |

\## Where the numbers come from

**Tokenizers, by the SHA-256 of their merge lists**

|  | GPT-4o | Llama 3 |
|---|---|---|
| file | gpt-4o/tokenizer.json | llama-3/tokenizer.json |
| format | tokenizer.json | tokenizer.json |
| digest | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa | bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb |
| merges | 0:6900, 6780 constrained, 4 in no sample, 0 excluded | 100000:106900, 4616 constrained, 0 in no sample, 0 excluded |
| samples | 6 categories, 14.9 MB in 3725 documents | 4 categories, 10.9 MB in 2725 documents |
| text unit | document | document |
| method | monotone, weights quarter, optimal, gap 5.7e-07 | monotone, weights quarter, optimal, gap 5.7e-07 |
| ranges | mixtures at most 4.0 % worse | mixtures at most 4.0 % worse |
| bpemix | 0.2.0 | 0.2.0 |

**Samples, by the XXH3 of their files**

| category | path | files | bytes | checksum | tokenizer |
|---|---|--:|--:|---|---|
| english | corpora/english | 120 | 5000000 | 0123456789abcdef | GPT-4o |
| c | corpora/c.tar.zst | 1 | 3000000 | fedcba9876543210 | GPT-4o |
\

## latex
$ r=$top/tests/fixtures/report
$ bpemix report --format latex GPT-4o=$r/whole.json "Llama 3=$r/extension.json"
% Read with \input{}. The preamble needs:
%   \usepackage{textcomp,booktabs,longtable,pgfplots}
%   \usepgfplotslibrary{groupplots}\usetikzlibrary{patterns}\pgfplotsset{compat=1.17}
\\\providecommand\\bmxuni[1]{{\\ttfamily U+#1}\\allowbreak{}}
\\\definecolor{bmxblue}{HTML}{0072B2}\\definecolor{bmxblueline}{HTML}{0072B2}
\\\definecolor{bmxorange}{HTML}{E69F00}\\definecolor{bmxorangeline}{HTML}{A87400}
\\\definecolor{bmxgreen}{HTML}{009E73}\\definecolor{bmxgreenline}{HTML}{008A64}
\\\definecolor{bmxyellow}{HTML}{F0E442}\\definecolor{bmxyellowline}{HTML}{8F8500}
\\\definecolor{bmxred}{HTML}{D55E00}\\definecolor{bmxredline}{HTML}{D55E00}
\\\definecolor{bmxsky}{HTML}{56B4E9}\\definecolor{bmxskyline}{HTML}{2A84B8}
\\\definecolor{bmxgrey}{HTML}{6E6E6E}\\definecolor{bmxgreyline}{HTML}{6E6E6E}
\\\definecolor{bmxpurple}{HTML}{CC79A7}\\definecolor{bmxpurpleline}{HTML}{B35B8D}

% Verdict

\\\paragraph{GPT{-}4o: fair.} In \\% of bytes: Code 54.0 .. 77.0, English 26.1, Other languages 6.4. The relative slack is 31 \\%, where samples of the same kind allow 12 \\%. Not covered: tokens such as \\textquotesingle{} nicht\\textquotesingle{}, \\textquotesingle{} werden\\textquotesingle{} (Latin script); 0.1 \\% of the merges.

\\\paragraph{Llama 3: unusable.} The shares of this tokenizer are not to be quoted. The relative slack is 223 \\%: the merges cannot be explained by these samples. 

Shares are relative to the categories that were offered: text of a kind without a sample is explained by the nearest ones.

Some of these lists begin with merges of another tokenizer. What the merges behind them tell is the share of merges rather than of bytes.


% The mixture

\\\begin{figure}[htbp]\\centering % mixture
\\\begin{tikzpicture}
\\\begin{axis}[y dir=reverse,xmin=0,xmax=100,ymin=-0.6,ymax=1.6,width=0.750\\linewidth,height=3.7cm,
  xlabel={\%},ytick style={draw=none},ytick={0,1},yticklabels={{\shortstack[r]{GPT{-}4o\\{\tiny\color{black!65}fair, slack 31 \%}}},{\shortstack[r]{Llama 3\\{\tiny\color{red!65!black}fit unusable: slack 223 \%}}}},
  tick label style={font=\footnotesize},area legend,legend columns=3,legend cell align=left,
  legend style={at={(0.5,1.03)},anchor=south,draw=none,font=\footnotesize}]
\\\addlegendimage{fill=bmxblue,draw=white}\\addlegendentry{English}
\\\addlegendimage{fill=bmxorange,draw=white}\\addlegendentry{Other languages}
\\\addlegendimage{fill=bmxgreen,draw=white}\\addlegendentry{Code}
\\\draw[fill=bmxblue,draw=white] (axis cs:0.000,0.25) rectangle (axis cs:26.120,-0.25);
\\\node[font=\\scriptsize,inner sep=1pt,text=white] at (axis cs:13.060,0) {English 26};
\\\draw[fill=bmxorange,draw=white] (axis cs:26.120,0.25) rectangle (axis cs:32.550,-0.25);
\\\node[font=\\scriptsize,inner sep=1pt,text=black] at (axis cs:29.335,0) {6};
\\\draw[fill=bmxgreen!20,draw=bmxgreen,densely dashed] (axis cs:32.550,0.25) rectangle (axis cs:100.000,-0.25);
\\\node[font=\\scriptsize,inner sep=1pt,text=black] at (axis cs:66.275,0) {Code 54 .. 77};
\\\draw[fill=bmxblue!8,draw=gray,densely dashed] (axis cs:0.000,1.25) rectangle (axis cs:66.940,0.75);
\\\node[font=\\scriptsize,inner sep=1pt,text=black!65] at (axis cs:33.470,1) {English 45 .. 94};
\\\draw[fill=bmxorange!20,draw=white] (axis cs:66.940,1.25) rectangle (axis cs:70.000,0.75);
\\\draw[fill=bmxgreen!8,draw=gray,densely dashed] (axis cs:70.000,1.25) rectangle (axis cs:100.000,0.75);
\\\node[font=\\scriptsize,inner sep=1pt,text=black!65] at (axis cs:85.000,1) {Code 12 .. 100};
\\\end{axis}
\\\end{tikzpicture}
\\\caption{Estimated training mixture, \\% of bytes. 6 categories, 4616 to 6780 merges constrained; bpemix 0.2.0. Shares are relative to the categories offered. Pale with a dashed edge: not determined by the merges, so with its range; as wide as in the best mixture.}
\\\end{figure}

\\\begin{table}[htbp]\\centering\\caption{Shares of bytes by group, \\% [range]}
\\\small
\\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%
\\\begin{tabular}{lrr}
\\\toprule
group & GPT{-}4o & Llama 3 \\
\\\midrule
English & 26.1 {\footnotesize [21.5, 31.1]} & not quoted \\
Other languages & 6.4 {\footnotesize [4.5, 8.8]} & not quoted \\
Code & 54.0 .. 77.0 & not quoted \\
\\\bottomrule
\\\end{tabular}}
\\\end{table}


% Shares by category

\\\begin{figure}[htbp]\\centering % ranges
\\\begin{tikzpicture}
\\\begin{groupplot}[group style={group size=2 by 1,horizontal sep=6pt,vertical sep=28pt,yticklabels at=edge left},
  width=0.485\linewidth,height=4.4cm,y dir=reverse,ymin=-0.7,ymax=5.7,xmin=0,xmax=9.873,
  clip=false,xmajorgrids,ytick style={draw=none},tick label style={font=\tiny},title style={font=\footnotesize,align=center},ytick={0,1,2,3,4,5},yticklabels={{english},{german},{\bmxuni{65E5}\bmxuni{672C}\bmxuni{8A9E}},{a\_b\textbar{}\textless{}x\textgreater{}\&},{c},{=perl()}},xtick={0.000,1.000,2.236,3.162,4.472,5.477,7.071,8.660},xticklabels={0,1,5,10,20,30,50,75},
  ]
\\\nextgroupplot[title={GPT{-}4o\\\\{\\tiny\\color{black!65}fair, slack 31 \\%}}]
\\\draw[bmxblueline,|-|,line width=0.6pt] (axis cs:4.373,0) -- (axis cs:5.828,0);
\\\draw[bmxorangeline,line width=1.6pt] (axis cs:1.673,1) -- (axis cs:2.272,1);
\\\filldraw[draw=black,fill=bmxorange] (axis cs:1.977,1) circle[radius=1.6pt];
\\\draw[bmxorangeline,line width=1.6pt] (axis cs:1.020,2) -- (axis cs:2.218,2);
\\\filldraw[draw=black,fill=bmxorange] (axis cs:1.587,2) circle[radius=1.6pt];
\\\draw[bmxgreenline,|-|,line width=0.6pt] (axis cs:4.472,3) -- (axis cs:8.626,3);
\\\draw[bmxgreenline,|-|,line width=0.6pt] (axis cs:0.000,4) -- (axis cs:7.014,4);
\\\draw[bmxgreenline,line width=1.6pt] (axis cs:1.549,5) -- (axis cs:2.449,5);
\\\filldraw[draw=black,fill=bmxgreen] (axis cs:2.000,5) circle[radius=1.6pt];
\\\nextgroupplot[title={Llama 3\\\\{\\tiny\\color{red!65!black}fit unusable: slack 223 \\%}}]
\\\draw[bmxblueline,|-|,line width=0.6pt,opacity=0.35] (axis cs:6.675,0) -- (axis cs:9.681,0);
\\\draw[bmxorangeline,line width=1.6pt,opacity=0.35] (axis cs:1.265,1) -- (axis cs:2.449,1);
\\\filldraw[draw=black,fill=bmxorange,opacity=0.35] (axis cs:1.749,1) circle[radius=1.6pt];
\\\draw[bmxgreenline,|-|,line width=0.6pt,opacity=0.35] (axis cs:3.464,4) -- (axis cs:6.000,4);
\\\draw[bmxgreenline,|-|,line width=0.6pt,opacity=0.35] (axis cs:0.000,5) -- (axis cs:9.295,5);
\\\end{groupplot}
\\\end{tikzpicture}
\\\caption{Share of bytes and its range, by category. Axis of square roots, in percent of bytes. Range: the mixtures that explain the merges nearly as well. A range without a point: the merges do not determine this share.}
\\\end{figure}

\\\begin{table}[htbp]\\centering\\caption{Shares of bytes by category, \\% [range]}
\\\small
\\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%
\\\begin{tabular}{lrr}
\\\toprule
category & GPT{-}4o & Llama 3 \\
\\\midrule
english & 19.1 .. 34.0 & not quoted \\
\\\textbf{Other languages} & \\textbf{6.4 {\\footnotesize [4.5, 8.8]}} & \\textbf{not quoted} \\\\
german & 3.9 {\footnotesize [2.8, 5.2]} & not quoted \\
\\\bmxuni{65E5}\\bmxuni{672C}\\bmxuni{8A9E} & 2.5 {\\footnotesize [1.0, 4.9]} &  \\\\
\\\textbf{Code} & \\textbf{54.0 .. 77.0} & \\textbf{not quoted} \\\\
a\_b\textbar{}\textless{}x\textgreater{}\& & 20.0 .. 74.4 &  \\
c & 0.0 .. 49.2 & not quoted \\
=perl() & 4.0 {\footnotesize [2.4, 6.0]} & not quoted \\
\\\midrule
slack & 31.2 \% & 223.1 \% \\
merges & 0:6900 & 100000:106900 \\
in no sample & 4 & 0 \\
samples & 14.9 MB & 10.9 MB \\
verdict & fair & unusable \\
\\\bottomrule
\\\end{tabular}}
\\\end{table}


% The number of merges

\\\begin{figure}[htbp]\\centering % sweep
\\\begin{tikzpicture}
\\\begin{axis}[width=0.637\\linewidth,height=7cm,clip=false,ymajorgrids,xminorticks=false,xmode=log,ymin=0,
  xtick={300,1000,6900,20000},xticklabels={300,1000,6900,20k},
  xlabel={merges constrained (logarithmic)},ylabel={\% of bytes},label style={font=\footnotesize},
  tick label style={font=\footnotesize},legend cell align=left,legend style={at={(1.02,0.5)},anchor=west,draw=none,font=\footnotesize}]
\\\draw[gray,densely dotted] ({axis cs:6900,1}|-{rel axis cs:0,0}) -- ({axis cs:6900,1}|-{rel axis cs:0,1}) node[above,font=\\tiny] {default};
\\\addplot[bmxgreenline,line width=0.8pt,dash pattern=on 2pt off 3pt ,mark=*,mark size=1.4pt,mark options={solid,fill=bmxgreen,draw=black,line width=0.3pt},opacity=0.4,
  error bars/.cd,y dir=both,y explicit,error bar style={solid}] coordinates {(300,71.4500)(1000,69.4500)(6900,67.4500)(20000,65.4500)};\addlegendentry{? Code}
\\\addplot[bmxblueline,line width=0.8pt,mark=*,mark size=1.4pt,mark options={solid,fill=bmxblue,draw=black,line width=0.3pt},
  error bars/.cd,y dir=both,y explicit,error bar style={solid}] coordinates {(300,22.1200)(1000,24.1200)(6900,26.1200)(20000,28.1200)};\addlegendentry{28.1 English}
\\\addplot[bmxorangeline,line width=0.8pt,dash pattern=on 7pt off 3pt ,mark=*,mark size=1.4pt,mark options={solid,fill=bmxorange,draw=black,line width=0.3pt},
  error bars/.cd,y dir=both,y explicit,error bar style={solid}] coordinates {(300,6.4300)(1000,6.4300)(6900,6.4300)(20000,6.4300)};\addlegendentry{6.4 Other languages}
\\\end{axis}
\\\end{tikzpicture}
\\\caption{GPT{-}4o: shares against the number of merges. Pale: not determined by the merges.}
\\\end{figure}

\\\begin{table}[htbp]\\centering\\caption{GPT{-}4o: shares of bytes against the number of merges, \\%}
\\\small
\\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%
\\\begin{tabular}{lrrrr}
\\\toprule
merges & English & Other languages & Code & slack \\
\\\midrule
300 & 22.1 & 6.4 & not determined & 40.0 \% \\
1000 & 24.1 & 6.4 & not determined & 35.0 \% \\
6900 & 26.1 & 6.4 & not determined & 31.2 \% \\
20000 & 28.1 & 6.4 & not determined & 33.0 \% \\
\\\bottomrule
\\\end{tabular}}
\\\end{table}


% What is missing

\\\begin{figure}[htbp]\\centering % missing
\\\begin{tikzpicture}
\\\begin{axis}[y dir=reverse,xmin=0,xmax=6.66667,ymin=-0.7,ymax=1.7,scale only axis,width=0.600\\linewidth,height=1.1cm,clip=false,
  axis x line=none,axis y line*=left,ytick style={draw=none},y axis line style={draw=none},tick label style={font=\footnotesize},ytick={0,1},yticklabels={{Latin words},{bytes}}]
\\\draw[fill=bmxblue,draw=none] (axis cs:0,0.3) rectangle (axis cs:3,-0.3);
\\\node[anchor=west,font=\\footnotesize] at (axis cs:3,0) {3 {\\tiny\\color{black!65} \\textquotesingle{} nicht\\textquotesingle{}, \\textquotesingle{} werden\\textquotesingle{}}};
\\\draw[fill=bmxblue,draw=none] (axis cs:0,1.3) rectangle (axis cs:1,0.7);
\\\node[anchor=west,font=\\footnotesize] at (axis cs:1,1) {1 {\\tiny\\color{black!65} \\textquotesingle{}\\allowbreak\\textbackslash{}xe3\\allowbreak\\textbackslash{}x81\\textquotesingle{}, \\textquotesingle{}\\allowbreak\\textbackslash{}xf0\\allowbreak\\textbackslash{}x9f\\allowbreak\\textbackslash{}xf0\\allowbreak\\textbackslash{}x9f\\allowbreak\\textbackslash{}xf0\\allowbreak\\textbackslash{}x9f\\allowbreak\\textbackslash{}xf0\\allowbreak\\textbackslash{}x9f...\\textquotesingle{}}};
\\\end{axis}
\\\end{tikzpicture}
\\\caption{GPT{-}4o: 4 of 6784 merges are in no sample. By script and kind of the token: what to add samples of, or shares not to quote.}
\\\end{figure}

\\\begin{table}[htbp]\\centering\\caption{GPT{-}4o: merges in no sample}
\\\small
\\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%
\\\begin{tabular}{lrl}
\\\toprule
script and kind & merges & such as \\
\\\midrule
Latin words & 3 & \textquotesingle{} nicht\textquotesingle{}, \textquotesingle{} werden\textquotesingle{} \\
bytes & 1 & \textquotesingle{}\allowbreak\textbackslash{}xe3\allowbreak\textbackslash{}x81\textquotesingle{}, \textquotesingle{}\allowbreak\textbackslash{}xf0\allowbreak\textbackslash{}x9f\allowbreak\textbackslash{}xf0\allowbreak\textbackslash{}x9f\allowbreak\textbackslash{}xf0\allowbreak\textbackslash{}x9f\allowbreak\textbackslash{}xf0\allowbreak\textbackslash{}x9f...\textquotesingle{} \\
\\\bottomrule
\\\end{tabular}}
\\\end{table}


% Merges that the samples explain worst

\\\begin{table}[htbp]\\centering\\caption{Counts and slack in millionths of the pairs; categories: where most of a count comes from}
\\\tiny\\setlength{\\tabcolsep}{3pt}
\\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%
\\\begin{tabular}{lrlllllrrr}
\\\toprule
tokenizer & merge & tokens & script & category & rival & rival\textquotesingle{}s category & count & rival\textquotesingle{}s count & slack \\
\\\midrule
GPT{-}4o & 28 & \textvisiblespace{} \textbar{} r & Latin & english & \textvisiblespace{} \textbar{} \textvisiblespace{} & a\_b\textbar{}\textless{}x\textgreater{}\& & 2319.6 & 12655.1 & 2868.0 \\
GPT{-}4o & 40 & \allowbreak\textbackslash{}xe2 \textbar{} \allowbreak\textbackslash{}x80 &  &  &  &  & 0.8 & 0.0 & 1.0 \\
Llama 3 & 28 & \textvisiblespace{} \textbar{} r &  &  & \textvisiblespace{} \textbar{} \textvisiblespace{} &  & 2319.6 & 12655.1 & 2868.0 \\
Llama 3 & 40 & \allowbreak\textbackslash{}xe2 \textbar{} \allowbreak\textbackslash{}x80 &  &  &  &  & 0.8 & 0.0 & 1.0 \\
\\\bottomrule
\\\end{tabular}}
\\\end{table}


% Where the numbers come from

\\\begin{table}[htbp]\\centering\\caption{Tokenizers, by the SHA{-}256 of their merge lists}
\\\small
\\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%
\\\begin{tabular}{lp{0.379\\linewidth}p{0.391\\linewidth}}
\\\toprule
 & GPT{-}4o & Llama 3 \\
\\\midrule
file & \raggedright\let\\\tabularnewline gpt{-}4o/tokenizer.json & \raggedright\let\\\tabularnewline llama{-}3/tokenizer.json \\
format & \raggedright\let\\\tabularnewline tokenizer.json & \raggedright\let\\\tabularnewline tokenizer.json \\
digest & \raggedright\let\\\tabularnewline aaaaaaaa\allowbreak{}aaaaaaaa\allowbreak{}aaaaaaaa\allowbreak{}aaaaaaaa\allowbreak{}aaaaaaaa\allowbreak{}aaaaaaaa\allowbreak{}aaaaaaaa\allowbreak{}aaaaaaaa\allowbreak{} & \raggedright\let\\\tabularnewline bbbbbbbb\allowbreak{}bbbbbbbb\allowbreak{}bbbbbbbb\allowbreak{}bbbbbbbb\allowbreak{}bbbbbbbb\allowbreak{}bbbbbbbb\allowbreak{}bbbbbbbb\allowbreak{}bbbbbbbb\allowbreak{} \\
merges & \raggedright\let\\\tabularnewline 0:6900, 6780 constrained, 4 in no sample, 0 excluded & \raggedright\let\\\tabularnewline 100000:106900, 4616 constrained, 0 in no sample, 0 excluded \\
samples & \raggedright\let\\\tabularnewline 6 categories, 14.9 MB in 3725 documents & \raggedright\let\\\tabularnewline 4 categories, 10.9 MB in 2725 documents \\
text unit & \raggedright\let\\\tabularnewline document & \raggedright\let\\\tabularnewline document \\
method & \raggedright\let\\\tabularnewline monotone, weights quarter, optimal, gap 5.7e{-}07 & \raggedright\let\\\tabularnewline monotone, weights quarter, optimal, gap 5.7e{-}07 \\
ranges & \raggedright\let\\\tabularnewline mixtures at most 4.0 \% worse & \raggedright\let\\\tabularnewline mixtures at most 4.0 \% worse \\
bpemix & \raggedright\let\\\tabularnewline 0.2.0 & \raggedright\let\\\tabularnewline 0.2.0 \\
\\\bottomrule
\\\end{tabular}}
\\\end{table}

\\\begin{table}[htbp]\\centering\\caption{Samples, by the XXH3 of their files}
\\\small
\\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%
\\\begin{tabular}{lrrll}
\\\toprule
category & files & bytes & checksum & tokenizer \\
\\\midrule
english & 120 & 5000000 & 0123456789abcdef & GPT{-}4o \\
c & 1 & 3000000 & fedcba9876543210 & GPT{-}4o \\
\\\bottomrule
\\\end{tabular}}
\\\end{table}
\

## csv
$ r=$top/tests/fixtures/report
$ bpemix report -o shares.csv GPT-4o=$r/whole.json "Llama 3=$r/extension.json"
$ cat shares.csv
tokenizer,category,group,unit,share,low,high,identified,sample_bytes,documents,inner_low,inner_high
GPT-4o,english,English,bytes,0.261200000,0.191200000,0.339600000,false,5000000,1250,0.239000000,0.283000000
GPT-4o,english,English,pairs,0.250000000,0.228751914,0.270865237,true,5000000,1250,0.228751914,0.270865237
GPT-4o,english,English,merges,0.240000000,0.216000000,0.264000000,true,5000000,1250,0.216000000,0.264000000
GPT-4o,german,Other languages,bytes,0.039100000,0.028000000,0.051600000,true,2000000,500,0.035000000,0.043000000
GPT-4o,german,Other languages,pairs,0.040000000,0.035805627,0.043989770,true,2000000,500,0.035805627,0.043989770
GPT-4o,german,Other languages,merges,0.041000000,0.036900000,0.045100000,true,2000000,500,0.036900000,0.045100000
GPT-4o,日本語,Other languages,bytes,0.025200000,0.010400000,0.049200000,true,1500000,375,0.013000000,0.041000000
GPT-4o,日本語,Other languages,pairs,0.020000000,0.010317460,0.032539683,true,1500000,375,0.010317460,0.032539683
GPT-4o,日本語,Other languages,merges,0.020000000,0.018000000,0.022000000,true,1500000,375,0.018000000,0.022000000
GPT-4o,a_b|<x>&,Code,bytes,0.400000000,0.200000000,0.744000000,false,2500000,625,0.250000000,0.620000000
GPT-4o,a_b|<x>&,Code,pairs,0.410000000,0.256250000,0.635500000,false,2500000,625,0.256250000,0.635500000
GPT-4o,a_b|<x>&,Code,merges,0.409000000,0.368100000,0.449900000,true,2500000,625,0.368100000,0.449900000
GPT-4o,c,Code,bytes,0.234500000,0.000000000,0.492000000,false,3000000,750,0.000000000,0.410000000
GPT-4o,c,Code,pairs,0.240000000,0.000000000,0.419616205,false,3000000,750,0.000000000,0.419616205
GPT-4o,c,Code,merges,0.250000000,0.225000000,0.275000000,true,3000000,750,0.225000000,0.275000000
GPT-4o,"'=perl()",Code,bytes,0.040000000,0.024000000,0.060000000,true,900000,225,0.030000000,0.050000000
GPT-4o,"'=perl()",Code,pairs,0.040000000,0.030000000,0.050000000,true,900000,225,0.030000000,0.050000000
GPT-4o,"'=perl()",Code,merges,0.040000000,0.036000000,0.044000000,true,900000,225,0.036000000,0.044000000
Llama 3,english,English,bytes,0.669400000,0.445600000,0.937200000,false,5000000,1250,0.557000000,0.781000000
Llama 3,english,English,pairs,0.650000000,0.540857484,0.758365701,false,5000000,1250,0.540857484,0.758365701
Llama 3,english,English,merges,0.660000000,0.594000000,0.726000000,false,5000000,1250,0.594000000,0.726000000
Llama 3,german,Other languages,bytes,0.030600000,0.016000000,0.060000000,true,2000000,500,0.020000000,0.050000000
Llama 3,german,Other languages,pairs,0.030000000,0.019607843,0.049019608,true,2000000,500,0.019607843,0.049019608
Llama 3,german,Other languages,merges,0.030000000,0.027000000,0.033000000,true,2000000,500,0.027000000,0.033000000
Llama 3,c,Code,bytes,0.200000000,0.120000000,0.360000000,false,3000000,750,0.150000000,0.300000000
Llama 3,c,Code,pairs,0.220000000,0.165000000,0.330000000,false,3000000,750,0.165000000,0.330000000
Llama 3,c,Code,merges,0.210000000,0.189000000,0.231000000,true,3000000,750,0.189000000,0.231000000
Llama 3,"'=perl()",Code,bytes,0.100000000,0.000000000,0.864000000,false,900000,225,0.000000000,0.720000000
Llama 3,"'=perl()",Code,pairs,0.100000000,0.000000000,0.720000000,false,900000,225,0.000000000,0.720000000
Llama 3,"'=perl()",Code,merges,0.100000000,0.090000000,0.110000000,true,900000,225,0.090000000,0.110000000

## tsv
$ r=$top/tests/fixtures/report
$ bpemix report --format tsv --figure evidence GPT-4o=$r/whole.json "Llama 3=$r/extension.json"
tokenizer	merge	tokens	script	category	rival	rival's category	count	rival's count	slack
GPT-4o	28	␣ | r	Latin	english	␣ | ␣	a_b|<x>&	2319.6	12655.1	2868.0
GPT-4o	40	\\xe2 | \\x80					0.8	0.0	1.0
Llama 3	28	␣ | r			␣ | ␣		2319.6	12655.1	2868.0
Llama 3	40	\\xe2 | \\x80					0.8	0.0	1.0

## json
$ r=$top/tests/fixtures/report
$ bpemix report --format json GPT-4o=$r/whole.json "Llama 3=$r/extension.json"
{
  "schema_version": 2,
  "tool": {
    "name": "bpemix",
    "version": "0.2.0"
  },
  "title": "Training mixture of GPT-4o and Llama 3, as their merges tell",
  "sections": [
    {
      "id": "verdict",
      "title": "Verdict",
      "text": [
        {
          "level": "fair",
          "lead": "GPT-4o: fair.",
          "text": "In % of bytes: Code 54.0 .. 77.0, English 26.1, Other languages 6.4. The relative slack is 31 %, where samples of the same kind allow 12 %. Not covered: tokens such as ' nicht', ' werden' (Latin script); 0.1 % of the merges."
        },
        {
          "level": "unusable",
          "lead": "Llama 3: unusable.",
          "text": "The shares of this tokenizer are not to be quoted. The relative slack is 223 %: the merges cannot be explained by these samples. "
        },
        {
          "level": null,
          "lead": null,
          "text": "Shares are relative to the categories that were offered: text of a kind without a sample is explained by the nearest ones."
        },
        {
          "level": null,
          "lead": null,
          "text": "Some of these lists begin with merges of another tokenizer. What the merges behind them tell is the share of merges rather than of bytes."
        }
      ],
      "tables": [],
      "figures": []
    },
    {
      "id": "mixture",
      "title": "The mixture",
      "text": [],
      "tables": [
        {
          "name": "mixture",
          "caption": "Shares of bytes by group, % [range]",
          "columns": ["group", "GPT-4o", "Llama 3"],
          "rows": [
            ["English", "26.1 [21.5, 31.1]", "not quoted"],
            ["Other languages", "6.4 [4.5, 8.8]", "not quoted"],
            ["Code", "54.0 .. 77.0", "not quoted"]
          ]
        }
      ],
      "figures": [
        {
          "name": "mixture",
          "kind": "stacked",
          "title": "Estimated training mixture, % of bytes",
          "description": "GPT-4o: English 26 %, Other languages 6 %, Code not determined; Llama 3: not quoted, as the verdict is unusable",
          "rows": [
            {
              "name": "GPT-4o",
              "level": "fair",
              "x": 0
            },
            {
              "name": "Llama 3",
              "level": "unusable",
              "x": 0
            }
          ],
          "series": [
            {
              "name": "English",
              "level": null,
              "x": 0
            },
            {
              "name": "Other languages",
              "level": null,
              "x": 0
            },
            {
              "name": "Code",
              "level": null,
              "x": 0
            }
          ],
          "marks": [
            [
              {
                "value": 0.26119999999999999,
                "low": 0.21509999999999999,
                "high": 0.31130000000000002,
                "identified": true
              },
              {
                "value": 0.064299999999999996,
                "low": 0.045000000000000005,
                "high": 0.088000000000000009,
                "identified": true
              },
              {
                "value": null,
                "low": 0.54000000000000004,
                "high": 0.77000000000000002,
                "identified": false
              }
            ],
            [
              {
                "value": null,
                "low": 0.44560000000000005,
                "high": 0.93720000000000003,
                "identified": false
              },
              {
                "value": 0.030599999999999999,
                "low": 0.016,
                "high": 0.059999999999999998,
                "identified": true
              },
              {
                "value": null,
                "low": 0.12,
                "high": 1,
                "identified": false
              }
            ]
          ]
        }
      ]
    },
    {
      "id": "shares",
      "title": "Shares by category",
      "text": [],
      "tables": [
        {
          "name": "shares",
          "caption": "Shares of bytes by category, % [range]",
          "columns": ["category", "GPT-4o", "Llama 3"],
          "rows": [
            ["english", "19.1 .. 34.0", "not quoted"],
            ["Other languages", "6.4 [4.5, 8.8]", "not quoted"],
            ["german", "3.9 [2.8, 5.2]", "not quoted"],
            ["日本語", "2.5 [1.0, 4.9]", ""],
            ["Code", "54.0 .. 77.0", "not quoted"],
            ["a_b|<x>&", "20.0 .. 74.4", ""],
            ["c", "0.0 .. 49.2", "not quoted"],
            ["=perl()", "4.0 [2.4, 6.0]", "not quoted"],
            ["slack", "31.2 %", "223.1 %"],
            ["merges", "0:6900", "100000:106900"],
            ["in no sample", "4", "0"],
            ["samples", "14.9 MB", "10.9 MB"],
            ["verdict", "fair", "unusable"]
          ]
        },
        {
          "name": "shares",
          "caption": "One share a row",
          "columns": ["tokenizer", "category", "group", "unit", "share", "low", "high", "identified", "sample_bytes", "documents", "inner_low", "inner_high"],
          "rows": [
            ["GPT-4o", "english", "English", "bytes", "0.261200000", "0.191200000", "0.339600000", "false", "5000000", "1250", "0.239000000", "0.283000000"],
            ["GPT-4o", "english", "English", "pairs", "0.250000000", "0.228751914", "0.270865237", "true", "5000000", "1250", "0.228751914", "0.270865237"],
            ["GPT-4o", "english", "English", "merges", "0.240000000", "0.216000000", "0.264000000", "true", "5000000", "1250", "0.216000000", "0.264000000"],
            ["GPT-4o", "german", "Other languages", "bytes", "0.039100000", "0.028000000", "0.051600000", "true", "2000000", "500", "0.035000000", "0.043000000"],
            ["GPT-4o", "german", "Other languages", "pairs", "0.040000000", "0.035805627", "0.043989770", "true", "2000000", "500", "0.035805627", "0.043989770"],
            ["GPT-4o", "german", "Other languages", "merges", "0.041000000", "0.036900000", "0.045100000", "true", "2000000", "500", "0.036900000", "0.045100000"],
            ["GPT-4o", "日本語", "Other languages", "bytes", "0.025200000", "0.010400000", "0.049200000", "true", "1500000", "375", "0.013000000", "0.041000000"],
            ["GPT-4o", "日本語", "Other languages", "pairs", "0.020000000", "0.010317460", "0.032539683", "true", "1500000", "375", "0.010317460", "0.032539683"],
            ["GPT-4o", "日本語", "Other languages", "merges", "0.020000000", "0.018000000", "0.022000000", "true", "1500000", "375", "0.018000000", "0.022000000"],
            ["GPT-4o", "a_b|<x>&", "Code", "bytes", "0.400000000", "0.200000000", "0.744000000", "false", "2500000", "625", "0.250000000", "0.620000000"],
            ["GPT-4o", "a_b|<x>&", "Code", "pairs", "0.410000000", "0.256250000", "0.635500000", "false", "2500000", "625", "0.256250000", "0.635500000"],
            ["GPT-4o", "a_b|<x>&", "Code", "merges", "0.409000000", "0.368100000", "0.449900000", "true", "2500000", "625", "0.368100000", "0.449900000"],
            ["GPT-4o", "c", "Code", "bytes", "0.234500000", "0.000000000", "0.492000000", "false", "3000000", "750", "0.000000000", "0.410000000"],
            ["GPT-4o", "c", "Code", "pairs", "0.240000000", "0.000000000", "0.419616205", "false", "3000000", "750", "0.000000000", "0.419616205"],
            ["GPT-4o", "c", "Code", "merges", "0.250000000", "0.225000000", "0.275000000", "true", "3000000", "750", "0.225000000", "0.275000000"],
            ["GPT-4o", "=perl()", "Code", "bytes", "0.040000000", "0.024000000", "0.060000000", "true", "900000", "225", "0.030000000", "0.050000000"],
            ["GPT-4o", "=perl()", "Code", "pairs", "0.040000000", "0.030000000", "0.050000000", "true", "900000", "225", "0.030000000", "0.050000000"],
            ["GPT-4o", "=perl()", "Code", "merges", "0.040000000", "0.036000000", "0.044000000", "true", "900000", "225", "0.036000000", "0.044000000"],
            ["Llama 3", "english", "English", "bytes", "0.669400000", "0.445600000", "0.937200000", "false", "5000000", "1250", "0.557000000", "0.781000000"],
            ["Llama 3", "english", "English", "pairs", "0.650000000", "0.540857484", "0.758365701", "false", "5000000", "1250", "0.540857484", "0.758365701"],
            ["Llama 3", "english", "English", "merges", "0.660000000", "0.594000000", "0.726000000", "false", "5000000", "1250", "0.594000000", "0.726000000"],
            ["Llama 3", "german", "Other languages", "bytes", "0.030600000", "0.016000000", "0.060000000", "true", "2000000", "500", "0.020000000", "0.050000000"],
            ["Llama 3", "german", "Other languages", "pairs", "0.030000000", "0.019607843", "0.049019608", "true", "2000000", "500", "0.019607843", "0.049019608"],
            ["Llama 3", "german", "Other languages", "merges", "0.030000000", "0.027000000", "0.033000000", "true", "2000000", "500", "0.027000000", "0.033000000"],
            ["Llama 3", "c", "Code", "bytes", "0.200000000", "0.120000000", "0.360000000", "false", "3000000", "750", "0.150000000", "0.300000000"],
            ["Llama 3", "c", "Code", "pairs", "0.220000000", "0.165000000", "0.330000000", "false", "3000000", "750", "0.165000000", "0.330000000"],
            ["Llama 3", "c", "Code", "merges", "0.210000000", "0.189000000", "0.231000000", "true", "3000000", "750", "0.189000000", "0.231000000"],
            ["Llama 3", "=perl()", "Code", "bytes", "0.100000000", "0.000000000", "0.864000000", "false", "900000", "225", "0.000000000", "0.720000000"],
            ["Llama 3", "=perl()", "Code", "pairs", "0.100000000", "0.000000000", "0.720000000", "false", "900000", "225", "0.000000000", "0.720000000"],
            ["Llama 3", "=perl()", "Code", "merges", "0.100000000", "0.090000000", "0.110000000", "true", "900000", "225", "0.090000000", "0.110000000"]
          ]
        }
      ],
      "figures": [
        {
          "name": "ranges",
          "kind": "ranges",
          "title": "Share of bytes and its range, by category",
          "description": "One panel a tokenizer (2), one line a category (6); a dot is the estimate, a bar its range. The table below has the numbers.",
          "rows": [
            {
              "name": "english",
              "level": null,
              "x": 0
            },
            {
              "name": "german",
              "level": null,
              "x": 0
            },
            {
              "name": "日本語",
              "level": null,
              "x": 0
            },
            {
              "name": "a_b|<x>&",
              "level": null,
              "x": 0
            },
            {
              "name": "c",
              "level": null,
              "x": 0
            },
            {
              "name": "=perl()",
              "level": null,
              "x": 0
            }
          ],
          "series": [
            {
              "name": "GPT-4o",
              "level": "fair",
              "x": 0
            },
            {
              "name": "Llama 3",
              "level": "unusable",
              "x": 0
            }
          ],
          "marks": [
            [
              {
                "value": null,
                "low": 0.19120000000000001,
                "high": 0.33959999999999996,
                "identified": false
              },
              {
                "value": null,
                "low": 0.44560000000000005,
                "high": 0.93720000000000003,
                "identified": false
              }
            ],
            [
              {
                "value": 0.039100000000000003,
                "low": 0.028000000000000004,
                "high": 0.051599999999999993,
                "identified": true
              },
              {
                "value": 0.030599999999999999,
                "low": 0.016,
                "high": 0.059999999999999998,
                "identified": true
              }
            ],
            [
              {
                "value": 0.0252,
                "low": 0.0104,
                "high": 0.049200000000000001,
                "identified": true
              },
              {
                "value": null,
                "low": null,
                "high": null,
                "identified": true
              }
            ],
            [
              {
                "value": null,
                "low": 0.20000000000000001,
                "high": 0.74399999999999999,
                "identified": false
              },
              {
                "value": null,
                "low": null,
                "high": null,
                "identified": true
              }
            ],
            [
              {
                "value": null,
                "low": 0,
                "high": 0.49199999999999994,
                "identified": false
              },
              {
                "value": null,
                "low": 0.12,
                "high": 0.35999999999999999,
                "identified": false
              }
            ],
            [
              {
                "value": 0.040000000000000001,
                "low": 0.024,
                "high": 0.059999999999999998,
                "identified": true
              },
              {
                "value": null,
                "low": 0,
                "high": 0.86399999999999999,
                "identified": false
              }
            ]
          ]
        }
      ]
    },
    {
      "id": "sweep",
      "title": "The number of merges",
      "text": [],
      "tables": [
        {
          "name": "sweep",
          "caption": "GPT-4o: shares of bytes against the number of merges, %",
          "columns": ["merges", "English", "Other languages", "Code", "slack"],
          "rows": [
            ["300", "22.1", "6.4", "not determined", "40.0 %"],
            ["1000", "24.1", "6.4", "not determined", "35.0 %"],
            ["6900", "26.1", "6.4", "not determined", "31.2 %"],
            ["20000", "28.1", "6.4", "not determined", "33.0 %"]
          ]
        }
      ],
      "figures": [
        {
          "name": "sweep",
          "kind": "lines",
          "title": "GPT-4o: shares against the number of merges",
          "description": "300 merges: English 22.1 %, Other languages 6.4 %, Code not determined; 1000 merges: English 24.1 %, Other languages 6.4 %, Code not determined; 6900 merges: English 26.1 %, Other languages 6.4 %, Code not determined; 20000 merges: English 28.1 %, Other languages 6.4 %, Code not determined",
          "rows": [
            {
              "name": "300",
              "level": null,
              "x": 300
            },
            {
              "name": "1000",
              "level": null,
              "x": 1000
            },
            {
              "name": "6900",
              "level": null,
              "x": 6900
            },
            {
              "name": "20000",
              "level": null,
              "x": 20000
            }
          ],
          "series": [
            {
              "name": "English",
              "level": null,
              "x": 0
            },
            {
              "name": "Other languages",
              "level": null,
              "x": 0
            },
            {
              "name": "Code",
              "level": null,
              "x": 0
            }
          ],
          "marks": [
            [
              {
                "value": 0.22119999999999998,
                "low": null,
                "high": null,
                "identified": true
              },
              {
                "value": 0.064299999999999996,
                "low": null,
                "high": null,
                "identified": true
              },
              {
                "value": null,
                "low": null,
                "high": null,
                "identified": false
              }
            ],
            [
              {
                "value": 0.2412,
                "low": null,
                "high": null,
                "identified": true
              },
              {
                "value": 0.064299999999999996,
                "low": null,
                "high": null,
                "identified": true
              },
              {
                "value": null,
                "low": null,
                "high": null,
                "identified": false
              }
            ],
            [
              {
                "value": 0.26119999999999999,
                "low": null,
                "high": null,
                "identified": true
              },
              {
                "value": 0.064299999999999996,
                "low": null,
                "high": null,
                "identified": true
              },
              {
                "value": null,
                "low": null,
                "high": null,
                "identified": false
              }
            ],
            [
              {
                "value": 0.28120000000000001,
                "low": null,
                "high": null,
                "identified": true
              },
              {
                "value": 0.064299999999999996,
                "low": null,
                "high": null,
                "identified": true
              },
              {
                "value": null,
                "low": null,
                "high": null,
                "identified": false
              }
            ]
          ]
        }
      ]
    },
    {
      "id": "missing",
      "title": "What is missing",
      "text": [],
      "tables": [
        {
          "name": "missing",
          "caption": "GPT-4o: merges in no sample",
          "columns": ["script and kind", "merges", "such as"],
          "rows": [
            ["Latin words", "3", "' nicht', ' werden'"],
            ["bytes", "1", "'\\xe3\\x81', '\\xf0\\x9f\\xf0\\x9f\\xf0\\x9f\\xf0\\x9f...'"]
          ]
        }
      ],
      "figures": [
        {
          "name": "missing",
          "kind": "bars",
          "title": "GPT-4o: 4 of 6784 merges are in no sample",
          "description": "Latin words 3, bytes 1",
          "rows": [
            {
              "name": "Latin words",
              "level": null,
              "x": 0
            },
            {
              "name": "bytes",
              "level": null,
              "x": 0
            }
          ],
          "series": [
            {
              "name": "merges",
              "level": null,
              "x": 0
            }
          ],
          "marks": [
            [
              {
                "value": 3,
                "low": null,
                "high": null,
                "identified": true
              }
            ],
            [
              {
                "value": 1,
                "low": null,
                "high": null,
                "identified": true
              }
            ]
          ]
        }
      ]
    },
    {
      "id": "evidence",
      "title": "Merges that the samples explain worst",
      "text": [],
      "tables": [
        {
          "name": "evidence",
          "caption": "Counts and slack in millionths of the pairs; categories: where most of a count comes from",
          "columns": ["tokenizer", "merge", "tokens", "script", "category", "rival", "rival's category", "count", "rival's count", "slack"],
          "rows": [
            ["GPT-4o", "28", "␣ | r", "Latin", "english", "␣ | ␣", "a_b|<x>&", "2319.6", "12655.1", "2868.0"],
            ["GPT-4o", "40", "\\xe2 | \\x80", "", "", "", "", "0.8", "0.0", "1.0"],
            ["Llama 3", "28", "␣ | r", "", "", "␣ | ␣", "", "2319.6", "12655.1", "2868.0"],
            ["Llama 3", "40", "\\xe2 | \\x80", "", "", "", "", "0.8", "0.0", "1.0"]
          ]
        }
      ],
      "figures": []
    },
    {
      "id": "provenance",
      "title": "Where the numbers come from",
      "text": [],
      "tables": [
        {
          "name": "provenance",
          "caption": "Tokenizers, by the SHA-256 of their merge lists",
          "columns": ["", "GPT-4o", "Llama 3"],
          "rows": [
            ["file", "gpt-4o/tokenizer.json", "llama-3/tokenizer.json"],
            ["format", "tokenizer.json", "tokenizer.json"],
            ["digest", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"],
            ["merges", "0:6900, 6780 constrained, 4 in no sample, 0 excluded", "100000:106900, 4616 constrained, 0 in no sample, 0 excluded"],
            ["samples", "6 categories, 14.9 MB in 3725 documents", "4 categories, 10.9 MB in 2725 documents"],
            ["text unit", "document", "document"],
            ["method", "monotone, weights quarter, optimal, gap 5.7e-07", "monotone, weights quarter, optimal, gap 5.7e-07"],
            ["ranges", "mixtures at most 4.0 % worse", "mixtures at most 4.0 % worse"],
            ["bpemix", "0.2.0", "0.2.0"]
          ]
        },
        {
          "name": "sources",
          "caption": "Samples, by the XXH3 of their files",
          "columns": ["category", "path", "files", "bytes", "checksum", "tokenizer"],
          "rows": [
            ["english", "corpora/english", "120", "5000000", "0123456789abcdef", "GPT-4o"],
            ["c", "corpora/c.tar.zst", "1", "3000000", "fedcba9876543210", "GPT-4o"]
          ]
        }
      ],
      "figures": []
    }
  ]
}

## units
$ r=$top/tests/fixtures/report
$ bpemix report --unit merges --format markdown --figure shares $r/extension.json
**Shares of merges by category, % [range]**

| category | extension |
|---|--:|
| english | not quoted |
| c | not quoted |
| =perl() | not quoted |
| german | not quoted |
| *slack* | *223.1 %* |
| *merges* | *100000:106900* |
| *in no sample* | *0* |
| *samples* | *10.9 MB* |
| *verdict* | *unusable* |
\

## markdown-of-figures-alone
# a section that has nothing but a figure has no heading
$ bpemix train -qq -o tok.json --vocab-size 300 en="$en" c="$c" > /dev/null
$ bpemix infer -qq -t tok.json --json r.json en="$en" c="$c" > /dev/null
$ bpemix report --format markdown r.json | grep '^## '
\## Verdict
\## Shares by category
\## Merges that the samples explain worst
\## Where the numbers come from

## errors
$ r=$top/tests/fixtures/report
$ bpemix report
! bpemix: no results; give LABEL=FILE of one or more results
! usage: bpemix report [options] [LABEL=]RESULT.json ...
[2]
$ bpemix report $r/whole.json $r/whole.json
! bpemix: whole: label given twice; give every result a label of its own
[2]
$ bpemix report -o figure.foo $r/whole.json
! bpemix: figure.foo: the format cannot be told from the name; give --format, or a name that ends in .html, .svg, .md, .tex, .csv, .tsv, .json or .txt
[2]
$ bpemix report -o figure.svg --figure pie $r/whole.json
! bpemix: pie: no figure of this name; there is: mixture, ranges, sweep, missing
[2]
$ bpemix report -o page.html --figure mixture $r/whole.json
! bpemix: mixture: this format holds the whole report; leave the name out, or ask for svg, latex, markdown or csv
[2]
$ bpemix report nowhere.json
! bpemix: nowhere.json: cannot open: No such file or directory
[1]
$ echo '{"a": 1}' > other.json
$ bpemix report other.json
! bpemix: other.json: not a result; give a document that infer or solve has written
[1]
# documents of other commands, some of which have categories, too
$ bpemix train -qq -o tok.json --json train.json --vocab-size 300 en="$en" c="$c" > /dev/null
$ bpemix verify -qq -t tok.json --claim train.json --json verify.json en="$en" c="$c" > /dev/null
$ bpemix explain -qq -t tok.json --json explain.json en="$en" c="$c" > /dev/null
$ BPEMIX_PANEL= bpemix panel --json panel.json > /dev/null
$ for d in train verify explain panel; do bpemix report $d.json; bpemix compare $d.json $r/whole.json; done
! bpemix: train.json: not a result; give a document that infer or solve has written
! bpemix: train.json: not a result; give a document that infer or solve has written
! bpemix: verify.json: not a result; give a document that infer or solve has written
! bpemix: verify.json: not a result; give a document that infer or solve has written
! bpemix: explain.json: not a result; give a document that infer or solve has written
! bpemix: explain.json: not a result; give a document that infer or solve has written
! bpemix: panel.json: not a result; give a document that infer or solve has written
! bpemix: panel.json: not a result; give a document that infer or solve has written
[1]
$ bpemix explain -t tok.json verify.json en="$en" c="$c"
! bpemix: verify.json: not a result; give a document that infer or solve has written
[1]
$ rm train.json verify.json explain.json panel.json tok.json
$ ls
other.json

## compare
$ r=$top/tests/fixtures/report
$ bpemix compare A=$r/whole.json B=$r/extension.json
B: unusable. The shares of this tokenizer are not to be quoted.

Shares of bytes, % [range], largest difference first
group                            A               B         difference
English          26.1 [21.5, 31.1]    44.6 .. 93.7     +13.4 .. +72.2
Code                  54.0 .. 77.0   12.0 .. 100.0     -65.0 .. +46.0
Other languages     6.4 [4.5, 8.8]  3.1 [1.6, 6.0]  -3.4 [-7.2, +1.5]

Shares of bytes, % [range], largest difference first
category               A               B         difference
english     19.1 .. 34.0    44.6 .. 93.7     +10.6 .. +74.6          ##-------
a_b|<x>&    20.0 .. 74.4     not offered     -74.4 .. -20.0  ------##|
=perl()   4.0 [2.4, 6.0]     0.0 .. 86.4      -6.0 .. +84.0          |---------
c            0.0 .. 49.2    12.0 .. 36.0     -37.2 .. +36.0      ----|----
日本語    2.5 [1.0, 4.9]     not offered  -2.5 [-4.9, -1.0]          |
german    3.9 [2.8, 5.2]  3.1 [1.6, 6.0]  -0.9 [-3.6, +3.2]          |

Difference
measure             of both
mean squared error   0.0554
log10 of it           -1.26
root of it, points    23.53
largest, points       40.82
relative slack      223.1 %
$ bpemix compare --expect 'mse<0.5,max>=0.4' A=$r/whole.json B=$r/extension.json | tail -n 2
mse<0.5: holds
max>=0.4: holds
$ bpemix compare --expect 'mse<1e-5' A=$r/whole.json B=$r/extension.json > table
[1]
$ tail -n 1 table
mse<1e-5: does not hold
$ bpemix compare A=$r/whole.json B=$r/whole.json | tail -n 5
mean squared error              0
log10 of it         no difference
root of it, points           0.00
largest, points              0.00
relative slack             31.2 %

## compare-groups
# Differences of groups and categories with their ranges, and bars where the line has room.
$ r=$top/tests/fixtures/report
$ COLUMNS=110 bpemix compare --unit pairs A=$r/whole.json B=$r/extension.json
B: unusable. The shares of this tokenizer are not to be quoted.

Shares of pairs, % [range], largest difference first
group                            A               B         difference
English          26.1 [21.5, 31.1]    54.1 .. 75.8     +23.0 .. +54.3                      ########----------
Code                  54.0 .. 77.0   16.5 .. 100.0     -60.5 .. +46.0  --------------------|--------------
Other languages     6.4 [4.5, 8.8]  3.0 [2.0, 4.9]  -3.4 [-6.8, +0.4]                    -#|

Shares of pairs, % [range], largest difference first
category                  A               B         difference
a_b|<x>&       25.6 .. 63.6     not offered     -63.6 .. -25.6  -----------########|
english   25.0 [22.9, 27.1]    54.1 .. 75.8     +27.0 .. +53.0                     ########--------
=perl()      4.0 [3.0, 5.0]     0.0 .. 72.0      -5.0 .. +69.0                    -|--------------------
日本語       2.0 [1.0, 3.3]     not offered  -2.0 [-3.3, -1.0]                    -|
c               0.0 .. 42.0    16.5 .. 33.0     -25.5 .. +33.0             --------|---------
german       4.0 [3.6, 4.4]  3.0 [2.0, 4.9]  -1.0 [-2.4, +1.3]                    -|

Difference
measure             of both
mean squared error   0.0554
log10 of it           -1.26
root of it, points    23.54
largest, points       41.00
relative slack      223.1 %
$ printf 'english\tProse\ngerman\tProse\nc\tCode\n' > groups.tsv
$ bpemix compare --groups groups.tsv A=$r/whole.json B=$r/extension.json | head -n 10
B: unusable. The shares of this tokenizer are not to be quoted.

Shares of bytes, % [range], largest difference first
group             A             B      difference
Prose  21.9 .. 39.1  46.2 .. 99.7   +7.0 .. +77.8                |#------------
other  23.4 .. 85.3   0.0 .. 86.4  -85.3 .. +63.0  --------------|----------
Code    0.0 .. 49.2  12.0 .. 36.0  -37.2 .. +36.0          ------|------

Shares of bytes, % [range], largest difference first
category               A               B         difference
$ echo '{"english": 0.3, "c": 0.6, "german": 0.1}' > known.json
$ COLUMNS=120 bpemix compare --groups groups.tsv --truth known.json A=$r/whole.json | head -n 16
Shares of bytes, % [range], largest difference first
group   true             A  error
other   0.00  23.4 .. 85.3
Code   60.00   0.0 .. 49.2
Prose  40.00  21.9 .. 39.1

Shares of bytes, % [range], largest difference first
category   true               A  error
a_b|<x>&   0.00    20.0 .. 74.4                                 |
c         60.00     0.0 .. 49.2                                 |
german    10.00  3.9 [2.8, 5.2]  -6.09  ########################|
=perl()    0.00  4.0 [2.4, 6.0]  +4.00                          ################
english   30.00    19.1 .. 34.0                                 |
日本語     0.00  2.5 [1.0, 4.9]  +2.52                          ##########

Error
$ printf 'english Prose\n' > bad.tsv
$ bpemix compare --groups bad.tsv A=$r/whole.json B=$r/extension.json
! bpemix: bad.tsv:1: no group; write the category, a tab and its group
[1]

## widths-of-the-terminal
# Bars where there is room, and no line is wider than the terminal.
$ r=$top/tests/fixtures/report
$ for n in 40 60 80 100 132; do
>     COLUMNS=$n bpemix report GPT-4o=$r/whole.json > at-$n
>     test "$(wc -L < at-$n)" -lt $n || echo "at $n: wider"
> done
$ sed -n '/^script/,/^$/p' at-40
script and     merges
kind
Latin words         3
bytes               1

script and     such as
kind
Latin words    ' nicht', ' werden'
bytes          '\xe3\x81',
               '\xf0\x9f\xf0\x9f\xf0\x9
               f\xf0\x9f...'
\
$ cat at-132 | sed -n '/^group/,/^script/p'
group                       GPT-4o
English          26.1 [21.5, 31.1]  ##############--
Other languages     6.4 [4.5, 8.8]  ###--
Code                  54.0 .. 77.0  ############################------------

Shares of bytes by category, % [range]
category                 GPT-4o
english            19.1 .. 34.0  ##########--------
Other languages  6.4 [4.5, 8.8]  ###--
german           3.9 [2.8, 5.2]  ##-
日本語           2.5 [1.0, 4.9]  #--
Code               54.0 .. 77.0  ############################------------
a_b|<x>&           20.0 .. 74.4  ##########-----------------------------
c                   0.0 .. 49.2  --------------------------
=perl()          4.0 [2.4, 6.0]  ##-
slack                    31.2 %
merges                   0:6900
in no sample                  4
samples                 14.9 MB
verdict                    fair

GPT-4o: shares of bytes against the number of merges, %
merges  English  Other languages            Code   slack
300        22.1              6.4  not determined  40.0 %
1000       24.1              6.4  not determined  35.0 %
6900       26.1              6.4  not determined  31.2 %
20000      28.1              6.4  not determined  33.0 %

GPT-4o: merges in no sample
script and kind  merges  such as

## compare-with-truth
$ r=$top/tests/fixtures/report
$ echo '{"english": 0.7, "german": 0.02, "c": 0.2, "rust": 0.08}' > known.json
$ bpemix compare --truth known.json --expect 'log10_mse<-2.5,rms<0.05' $r/extension.json
extension: unusable. The shares of this tokenizer are not to be quoted.

Shares of bytes, % [range], largest difference first
category   true       extension  error
=perl()    0.00     0.0 .. 86.4                                           |
rust       8.00     not offered  -8.00  ##################################|
english   70.00    44.6 .. 93.7                                           |
german     2.00  3.1 [1.6, 6.0]  +1.06                                    #####
c         20.00    12.0 .. 36.0                                           |

Error
measure             extension
mean squared error    0.00349
log10 of it             -2.46
root of it, points       5.91
largest, points         10.00
relative slack        223.1 %

extension: the truth is inside 4 of 4 ranges.
log10_mse<-2.5: does not hold
rms<0.05: does not hold
[1]
$ bpemix compare --truth $r/whole.json --expect 'max<=0' $r/whole.json | tail -n 2
whole: the truth is inside 6 of 6 ranges.
max<=0: holds
$ echo '{"english": 70, "c": 30}' > percent.json
$ bpemix compare --truth percent.json $r/whole.json
! bpemix: percent.json: the shares add up to 100, not 1; give fractions, not percents, of all categories
[1]
$ bpemix compare --truth known.json --expect 'error<1' $r/whole.json
! bpemix: 'error<1' is not a condition; write a measure (mse, log10_mse, rms, max, slack), < or >, and a number, such as mse<1e-5
[2]
$ bpemix compare $r/whole.json
! bpemix: one result alone cannot be compared; give two results, or one and a known mixture
[2]

## experiment
$ r=$top/tests/fixtures/report
$ bpemix report --experiment --level paper=-7.3 lab=$r/experiment.json
lab: 3 simulated trials of 3 categories, samples of 1 MB, merges: auto; a
typical error of 0.44 points of share (log10 MSE -4.85).

Means over trials, with standard errors; how many ranges hold the true share,
and their mean width in points
experiment     sample  merges      log10 MSE  RMS, points  slack
lab, monotone  100 kB     100  -3.93 +- 0.12         1.10  4.9 %
lab, monotone  100 kB    auto  -4.39 +- 0.67         0.97  7.0 %
lab, monotone    1 MB     100  -4.91 +- 0.56         0.49  0.9 %
lab, monotone    1 MB    auto  -4.85 +- 0.38         0.44  1.7 %

experiment     sample  merges                   folds
lab, monotone  100 kB     100  88.9 % of 9, 8.89 wide
lab, monotone  100 kB    auto  77.8 % of 9, 6.18 wide
lab, monotone    1 MB     100  66.7 % of 9, 2.89 wide
lab, monotone    1 MB    auto  66.7 % of 9, 2.20 wide
$ bpemix report --experiment --format csv lab=$r/experiment.json
experiment,sample,merges,log10 MSE,"RMS, points",slack,folds
"lab, monotone",100 kB,100,"'-3.93 +- 0.12",1.10,4.9 %,"88.9 % of 9, 8.89 wide"
"lab, monotone",100 kB,auto,"'-4.39 +- 0.67",0.97,7.0 %,"77.8 % of 9, 6.18 wide"
"lab, monotone",1 MB,100,"'-4.91 +- 0.56",0.49,0.9 %,"66.7 % of 9, 2.89 wide"
"lab, monotone",1 MB,auto,"'-4.85 +- 0.38",0.44,1.7 %,"66.7 % of 9, 2.20 wide"
$ for f in error-bytes truth; do
>     bpemix report --experiment --level paper=-7.3 --format latex --figure $f lab=$r/experiment.json | sed '1,/^.begin{figure}/d'
> done
\\\begin{tikzpicture}
\\\begin{axis}[width=0.700\\linewidth,height=7cm,clip=false,ymajorgrids,xminorticks=false,xmode=log,
  xtick={100000,1000000},xticklabels={100k,1M},
  xlabel={bytes of sample a category (logarithmic)},ylabel={log10 of the mean squared error; bars: standard errors},label style={font=\footnotesize},
  tick label style={font=\footnotesize},legend cell align=left,legend style={at={(1.02,0.5)},anchor=west,draw=none,font=\footnotesize}]
\\\addplot[bmxblueline,line width=0.8pt,mark=*,mark size=1.4pt,mark options={solid,fill=bmxblue,draw=black,line width=0.3pt},
  error bars/.cd,y dir=both,y explicit,error bar style={solid}] coordinates {(100000,-4.3867)+=(0,0.6702)-=(0,0.6702)(1000000,-4.8535)+=(0,0.3806)-=(0,0.3806)};\addlegendentry{-4.85 lab}
\\\addplot[gray,densely dotted,mark=none,forget plot] coordinates {(100000,-7.3000)(1000000,-7.3000)} node[pos=0,above right,font=\\tiny] {paper -7.30};
\\\end{axis}
\\\end{tikzpicture}
\\\caption{Error against the size of the sample}
\\\end{figure}

\\\begin{tikzpicture}
\\\begin{axis}[width=0.650\\linewidth,height=0.650\\linewidth,xmin=0,ymin=0,xmax=9.826,ymax=9.826,grid=major,
  tick label style={font=\footnotesize},label style={font=\footnotesize},xtick={0.000,1.000,2.236,3.162,4.472,5.477,7.071,8.660},xticklabels={0,1,5,10,20,30,50,75},
  ytick={0.000,1.000,2.236,3.162,4.472,5.477,7.071,8.660},yticklabels={0,1,5,10,20,30,50,75},
  xlabel={true share, \%},ylabel={estimated share, \%},
  legend cell align=left,legend style={at={(1.03,1)},anchor=north west,draw=none,font=\footnotesize}]
\\\addplot[gray,densely dotted,mark=none,forget plot] coordinates {(0,0)(9.826,9.826)};
\\\addplot[only marks,mark size=1.2pt,bmxblueline,mark options={fill=bmxblue,draw=black,line width=0.2pt},
  error bars/.cd,y dir=both,y explicit,error mark=none] coordinates {(4.632,4.613)+=(0,0.161)-=(0,0.167)(6.240,6.257)+=(0,0.222)-=(0,0.230)(6.293,6.290)+=(0,0.104)-=(0,0.105)(2.312,2.422)+=(0,0.130)-=(0,0.137)(0.000,0.672)+=(0,0.176)-=(0,0.242)(9.729,9.679)+=(0,0.047)-=(0,0.047)(7.139,7.104)+=(0,0.051)-=(0,0.051)(4.705,4.690)+=(0,0.127)-=(0,0.130)(5.185,5.247)+=(0,0.045)-=(0,0.046)};
\\\end{axis}
\\\end{tikzpicture}
\\\caption{True and estimated shares. Each point is one category of one trial; a bar is its inner range, or the interval from folds. Axes of square roots, in percent of bytes.}
\\\end{figure}
\
$ bpemix report --experiment --level paper=-7.3 --format svg --figure error-bytes lab=$r/experiment.json | sed '1,/<\/style>/d'
<rect class="bg" width="760" height="411"/>
<text class="t" x="10" y="23.68">Error against the size of the sample</text>
<text class="s" x="10" y="47.68">log10 of the mean squared error; bars: standard errors</text>
<line class="gr" x1="64" y1="360.68" x2="664.68" y2="360.68"/>
<text class="s" x="58" y="364.68" text-anchor="end">-8</text>
<line class="gr" x1="64" y1="300.68" x2="664.68" y2="300.68"/>
<text class="s" x="58" y="304.68" text-anchor="end">-7</text>
<line class="gr" x1="64" y1="240.68" x2="664.68" y2="240.68"/>
<text class="s" x="58" y="244.68" text-anchor="end">-6</text>
<line class="gr" x1="64" y1="180.68" x2="664.68" y2="180.68"/>
<text class="s" x="58" y="184.68" text-anchor="end">-5</text>
<line class="gr" x1="64" y1="120.68" x2="664.68" y2="120.68"/>
<text class="s" x="58" y="124.68" text-anchor="end">-4</text>
<line class="gr" x1="64" y1="60.68" x2="664.68" y2="60.68"/>
<text class="s" x="58" y="64.68" text-anchor="end">-3</text>
<line class="ax" x1="72" y1="360.68" x2="72" y2="364.68"/>
<text class="s" x="72" y="377.68" text-anchor="middle">100k</text>
<line class="ax" x1="664.68" y1="360.68" x2="664.68" y2="364.68"/>
<text class="s" x="664.68" y="377.68" text-anchor="middle">1M</text>
<g><title>paper -7.30</title><line class="rule" x1="64" y1="318.68" x2="664.68" y2="318.68"/>
</g>
<text class="s" x="68" y="314.68">paper -7.30</text>
<path class="line l0" d="M72.00 143.88L664.68 171.89"/>
<g><title>lab at 100k: -4.39</title><line class="l0 wide" x1="72" x2="72" y1="184.09" y2="103.67"/><circle class="f0 ring" cx="72" cy="143.88" r="3.5"/></g>
<g><title>lab at 1M: -4.85</title><line class="l0 wide" x1="664.68" x2="664.68" y1="194.73" y2="149.05"/><circle class="f0 ring" cx="664.68" cy="171.89" r="3.5"/></g>
<line class="ax" x1="668.68" y1="171.89" x2="678.68" y2="171.89"/>
<text x="682.68" y="175.89">-4.85 lab</text>
<text class="s" x="368.34" y="395.68" text-anchor="middle">bytes of sample a category (logarithmic)</text>
</svg>
$ bpemix report --experiment --format svg --figure truth lab=$r/experiment.json | sed '1,/<\/style>/d' | head -n 40
<rect class="bg" width="560" height="525"/>
<text class="t" x="10" y="23.68">True and estimated shares</text>
<text class="s" x="10" y="47.68">estimated share, %</text>
<line class="gr" x1="64" y1="60.68" x2="64" y2="440.68"/>
<line class="gr" x1="64" y1="440.68" x2="444" y2="440.68"/>
<text class="s" x="64" y="454.68" text-anchor="middle">0</text>
<text class="s" x="58" y="444.68" text-anchor="end">0</text>
<line class="gr" x1="102.67" y1="60.68" x2="102.67" y2="440.68"/>
<line class="gr" x1="64" y1="402.01" x2="444" y2="402.01"/>
<text class="s" x="102.67" y="454.68" text-anchor="middle">1</text>
<text class="s" x="58" y="406.01" text-anchor="end">1</text>
<line class="gr" x1="150.48" y1="60.68" x2="150.48" y2="440.68"/>
<line class="gr" x1="64" y1="354.2" x2="444" y2="354.2"/>
<text class="s" x="150.48" y="454.68" text-anchor="middle">5</text>
<text class="s" x="58" y="358.2" text-anchor="end">5</text>
<line class="gr" x1="186.3" y1="60.68" x2="186.3" y2="440.68"/>
<line class="gr" x1="64" y1="318.38" x2="444" y2="318.38"/>
<text class="s" x="186.3" y="454.68" text-anchor="middle">10</text>
<text class="s" x="58" y="322.38" text-anchor="end">10</text>
<line class="gr" x1="236.95" y1="60.68" x2="236.95" y2="440.68"/>
<line class="gr" x1="64" y1="267.73" x2="444" y2="267.73"/>
<text class="s" x="236.95" y="454.68" text-anchor="middle">20</text>
<text class="s" x="58" y="271.73" text-anchor="end">20</text>
<line class="gr" x1="275.82" y1="60.68" x2="275.82" y2="440.68"/>
<line class="gr" x1="64" y1="228.86" x2="444" y2="228.86"/>
<text class="s" x="275.82" y="454.68" text-anchor="middle">30</text>
<text class="s" x="58" y="232.86" text-anchor="end">30</text>
<line class="gr" x1="337.46" y1="60.68" x2="337.46" y2="440.68"/>
<line class="gr" x1="64" y1="167.22" x2="444" y2="167.22"/>
<text class="s" x="337.46" y="454.68" text-anchor="middle">50</text>
<text class="s" x="58" y="171.22" text-anchor="end">50</text>
<line class="gr" x1="398.92" y1="60.68" x2="398.92" y2="440.68"/>
<line class="gr" x1="64" y1="105.76" x2="444" y2="105.76"/>
<text class="s" x="398.92" y="454.68" text-anchor="middle">75</text>
<text class="s" x="58" y="109.76" text-anchor="end">75</text>
<line class="rule" x1="64" y1="440.68" x2="444" y2="60.68"/>
<g><title>english: true share 21.45 %, estimate 21.3 % [19.8, 22.8]</title><line class="l0" x1="243.12" x2="243.12" y1="268.75" y2="256.04"/><circle class="f0 ring" cx="243.12" cy="262.28" r="3"/></g>
<g><title>french: true share 38.94 %, estimate 39.2 % [36.3, 42.0]</title><line class="l0" x1="305.34" x2="305.34" y1="207.59" y2="190.1"/><circle class="f0 ring" cx="305.34" cy="198.68" r="3"/></g>
<g><title>c: true share 39.60 %, estimate 39.6 % [38.3, 40.9]</title><line class="l0" x1="307.38" x2="307.38" y1="201.49" y2="193.41"/><circle class="f0 ring" cx="307.38" cy="197.42" r="3"/></g>
<g><title>english: true share 5.35 %, estimate 5.9 % [5.2, 6.5]</title><line class="l0" x1="153.41" x2="153.41" y1="352.29" y2="341.99"/><circle class="f0 ring" cx="153.41" cy="347" r="3"/></g>
$ bpemix report --experiment --format svg --figure coverage lab=$r/experiment.json | sed '1,/<\/style>/d'
<rect class="bg" width="760" height="411"/>
<text class="t" x="10" y="23.68">Intervals from folds that hold the truth</text>
<text class="s" x="10" y="47.68">ranges that hold the true share, %</text>
<line class="gr" x1="64" y1="360.68" x2="664.68" y2="360.68"/>
<text class="s" x="58" y="364.68" text-anchor="end">0 %</text>
<line class="gr" x1="64" y1="285.68" x2="664.68" y2="285.68"/>
<text class="s" x="58" y="289.68" text-anchor="end">20 %</text>
<line class="gr" x1="64" y1="210.68" x2="664.68" y2="210.68"/>
<text class="s" x="58" y="214.68" text-anchor="end">40 %</text>
<line class="gr" x1="64" y1="135.68" x2="664.68" y2="135.68"/>
<text class="s" x="58" y="139.68" text-anchor="end">60 %</text>
<line class="gr" x1="64" y1="60.68" x2="664.68" y2="60.68"/>
<text class="s" x="58" y="64.68" text-anchor="end">80 %</text>
<line class="ax" x1="72" y1="360.68" x2="72" y2="364.68"/>
<text class="s" x="72" y="377.68" text-anchor="middle">100k</text>
<line class="ax" x1="664.68" y1="360.68" x2="664.68" y2="364.68"/>
<text class="s" x="664.68" y="377.68" text-anchor="middle">1M</text>
<path class="line l0" d="M72.00 69.01L664.68 110.68"/>
<g><title>lab at 100k: 77.8 %</title><circle class="f0 ring" cx="72" cy="69.01" r="3.5"/></g>
<g><title>lab at 1M: 66.7 %</title><circle class="f0 ring" cx="664.68" cy="110.68" r="3.5"/></g>
<line class="ax" x1="668.68" y1="110.68" x2="678.68" y2="110.68"/>
<text x="682.68" y="114.68">66.7 lab</text>
<text class="s" x="368.34" y="395.68" text-anchor="middle">bytes of sample a category (logarithmic)</text>
</svg>

## experiment-errors
$ r=$top/tests/fixtures/report
$ bpemix report --experiment $r/whole.json
! bpemix: whole: no experiment; give a document that experiment has written
[1]
$ bpemix report --experiment --level paper $r/experiment.json
! bpemix: 'paper' is no level; write a name and a number, such as paper=-7.30
[2]
$ bpemix report --level paper=-7 $r/whole.json
! bpemix: --level: results have no figure of errors; give --experiment, too
[2]

## sources-of-several-are-listed-once
$ r=$top/tests/fixtures/report
$ bpemix report --figure sources --format tsv A=$r/whole.json B=$r/whole.json
category	path	files	bytes	checksum	tokenizer
english	corpora/english	120	5000000	0123456789abcdef	all
c	corpora/c.tar.zst	1	3000000	fedcba9876543210	all
$ bpemix report --figure sources --format tsv A=$r/whole.json B=$r/whole.json C=$r/extension.json
category	path	files	bytes	checksum	tokenizer
english	corpora/english	120	5000000	0123456789abcdef	A, B
c	corpora/c.tar.zst	1	3000000	fedcba9876543210	A, B

## provenance-of-many-has-a-row-each
$ r=$top/tests/fixtures/report
$ set -- A=$r/whole.json B=$r/extension.json C=$r/whole.json D=$r/whole.json
$ bpemix report --figure provenance --format tsv "$@"
tokenizer	file	format	digest	merges	samples	text unit	method	ranges	bpemix
A	gpt-4o/tokenizer.json	tokenizer.json	aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa	0:6900, 6780 constrained, 4 in no sample, 0 excluded	6 categories, 14.9 MB in 3725 documents	document	monotone, weights quarter, optimal, gap 5.7e-07	mixtures at most 4.0 % worse	0.2.0
B	llama-3/tokenizer.json	tokenizer.json	bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb	100000:106900, 4616 constrained, 0 in no sample, 0 excluded	4 categories, 10.9 MB in 2725 documents	document	monotone, weights quarter, optimal, gap 5.7e-07	mixtures at most 4.0 % worse	0.2.0
C	gpt-4o/tokenizer.json	tokenizer.json	aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa	0:6900, 6780 constrained, 4 in no sample, 0 excluded	6 categories, 14.9 MB in 3725 documents	document	monotone, weights quarter, optimal, gap 5.7e-07	mixtures at most 4.0 % worse	0.2.0
D	gpt-4o/tokenizer.json	tokenizer.json	aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa	0:6900, 6780 constrained, 4 in no sample, 0 excluded	6 categories, 14.9 MB in 3725 documents	document	monotone, weights quarter, optimal, gap 5.7e-07	mixtures at most 4.0 % worse	0.2.0
$ bpemix report --figure provenance --format latex "$@" | sed -n '/^.begingroup/,$p'

## ranges-leave-out-dots-at-zero
$ { printf '{"schema_version":2,"unit":"bytes","categories":['; \
>     for i in $(seq 40); do s=0; [ $i -gt 3 ] || s=0.$((5-i)); [ $i = 1 ] || printf ,; \
>         printf '{"name":"c%d","share_bytes":%s}' $i $s; done; echo ']}'; } > many.json
$ bpemix report --format svg --figure ranges many.json | grep -c '<circle'
3
$ bpemix report --format svg --figure ranges many.json | grep -o '[0-9]* categories below.*alone'
37 categories below 0.1 % everywhere are in the table alone
$ bpemix report --figure shares --format tsv many.json | wc -l
81

## width-is-of-the-line-on-paper
$ r=$top/tests/fixtures/report
$ set -- GPT-4o=$r/whole.json "Llama 3=$r/extension.json"
$ bpemix report --width 240 --format svg "$@"
<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" class="bmx" viewBox="0 0 318 310" width="318" height="310" role="img" aria-labelledby="mixture-t mixture-d">
<title id="mixture-t">Estimated training mixture, % of bytes</title>
<desc id="mixture-d">GPT-4o: English 26 %, Other languages 6 %, Code not determined; Llama 3: not quoted, as the verdict is unusable</desc>
<style>
.bmx{font-family:"DejaVu Sans",Verdana,Arial,"Noto Sans",sans-serif;font-size:12px}
.bmx text{fill:#1a1a1a}.bmx .t{font-size:14px;font-weight:bold}.bmx .b{font-weight:bold}
.bmx .s{font-size:11px;fill:#555}.bmx .bad{font-size:11px;fill:#a4001d}
.bmx .on{fill:#fff}.bmx .ok{fill:#000}.bmx .bg{fill:#fff}.bmx .chip{fill:#fff;fill-opacity:.88}
.bmx .gr{stroke:#ddd}.bmx .ax{stroke:#777}.bmx .rule{stroke:#777;stroke-dasharray:2 3}
.bmx .edge{stroke:#fff;stroke-width:1}.bmx .dim{fill-opacity:.25}
.bmx .open{fill-opacity:.15;stroke-dasharray:3 2}
.bmx .gone.open{fill-opacity:.05;stroke:#777}
.bmx .ring{stroke:#1a1a1a;stroke-width:1}.bmx .h{stroke:#000;stroke-opacity:.55}
.bmx .r{stroke-width:4}.bmx .wide{stroke-width:2}.bmx .line{fill:none;stroke-width:2}
.bmx .pale{opacity:.4}
.bmx .f0{fill:#0072B2}.bmx .l0{stroke:#0072B2}.bmx .f1{fill:#E69F00}.bmx .l1{stroke:#A87400}
.bmx .f2{fill:#009E73}.bmx .l2{stroke:#008A64}.bmx .f3{fill:#F0E442}.bmx .l3{stroke:#8F8500}
.bmx .f4{fill:#D55E00}.bmx .l4{stroke:#D55E00}.bmx .f5{fill:#56B4E9}.bmx .l5{stroke:#2A84B8}
.bmx .f6{fill:#6E6E6E}.bmx .l6{stroke:#6E6E6E}.bmx .f7{fill:#CC79A7}.bmx .l7{stroke:#B35B8D}
@media screen and (prefers-color-scheme:dark){.bmx text{fill:#eee}.bmx .s{fill:#bbb}
.bmx .bad{fill:#ff9d94}.bmx .on{fill:#fff}.bmx .ok{fill:#000}.bmx .bg{fill:#161616}
.bmx .gr{stroke:#3d3d3d}.bmx .ax,.bmx .rule{stroke:#999}.bmx .edge{stroke:#161616}
.bmx .ring{stroke:#eee}
.bmx .l0{stroke:#0072B2}.bmx .l1{stroke:#E69F00}.bmx .l2{stroke:#009E73}.bmx .l3{stroke:#F0E442}.bmx .l4{stroke:#D55E00}.bmx .l5{stroke:#56B4E9}.bmx .l6{stroke:#6E6E6E}.bmx .l7{stroke:#CC79A7}}
</style>
<rect class="bg" width="318" height="310"/>
<text class="t" x="10" y="23.68">Estimated training mixture, % of</text>
<text class="t" x="10" y="44.36">bytes</text>
<rect class="f0" x="16" y="57.36" width="13" height="12"></rect>
<text x="34" y="67.86">English</text>
<rect class="f1" x="93.8" y="57.36" width="13" height="12"></rect>
<text x="111.8" y="67.86">Other languages</text>
<rect class="f2" x="228.84" y="57.36" width="13" height="12"></rect>
<text x="246.84" y="67.86">Code</text>
<text x="16" y="94.36">GPT-4o</text>
<text class="s" x="308" y="94.36" text-anchor="end">fair, slack 31 %</text>
<rect class="f0" x="16" y="99.36" width="72.09" height="26"><title>GPT-4o, English: 26.1 % [21.5, 31.1]</title></rect>
<text class="on" x="52.05" y="116.86" text-anchor="middle">26</text>
<rect class="f1" x="88.09" y="99.36" width="17.75" height="26"><title>GPT-4o, Other languages: 6.4 % [4.5, 8.8]</title></rect>
<line class="edge" x1="88.09" y1="99.36" x2="88.09" y2="125.36"/>
<text class="ok" x="96.96" y="116.86" text-anchor="middle">6</text>
<rect class="f2 l2 open" x="106.34" y="99.86" width="185.16" height="25"><title>GPT-4o, Code: between 54.0 and 77.0 %, not determined</title></rect>
<line class="edge" x1="105.84" y1="99.36" x2="105.84" y2="125.36"/>
<text x="198.92" y="116.86" text-anchor="middle">Code 54 .. 77</text>
<text x="16" y="156.36">Llama 3</text>
<text class="bad" x="308" y="156.36" text-anchor="end">fit unusable: slack 223 %</text>
<rect class="f0 l0 open gone" x="16.5" y="161.86" width="183.75" height="25"><title>Llama 3, English: between 44.6 and 93.7 %, not determined</title></rect>
<text class="s" x="108.38" y="178.86" text-anchor="middle">English 45 .. 94</text>
<rect class="f1 dim" x="200.75" y="161.36" width="8.45" height="26"><title>Llama 3, Other languages: 3.1 % [1.6, 6.0]</title></rect>
<line class="edge" x1="200.75" y1="161.36" x2="200.75" y2="187.36"/>
<rect class="f2 l2 open gone" x="209.7" y="161.86" width="81.8" height="25"><title>Llama 3, Code: between 12.0 and 100.0 %, not determined</title></rect>
<line class="edge" x1="209.2" y1="161.36" x2="209.2" y2="187.36"/>
<text class="s" x="250.6" y="178.86" text-anchor="middle">12 .. 100</text>
<line class="ax" x1="16" y1="195.36" x2="16" y2="199.36"/>
<text class="s" x="16" y="212.36" text-anchor="middle">0 %</text>
<line class="ax" x1="71.2" y1="195.36" x2="71.2" y2="199.36"/>
<text class="s" x="71.2" y="212.36" text-anchor="middle">20 %</text>
<line class="ax" x1="126.4" y1="195.36" x2="126.4" y2="199.36"/>
<text class="s" x="126.4" y="212.36" text-anchor="middle">40 %</text>
<line class="ax" x1="181.6" y1="195.36" x2="181.6" y2="199.36"/>
<text class="s" x="181.6" y="212.36" text-anchor="middle">60 %</text>
<line class="ax" x1="236.8" y1="195.36" x2="236.8" y2="199.36"/>
<text class="s" x="236.8" y="212.36" text-anchor="middle">80 %</text>
<line class="ax" x1="292" y1="195.36" x2="292" y2="199.36"/>
<text class="s" x="292" y="212.36" text-anchor="middle">100 %</text>
<text class="s" x="10" y="234.36">6 categories, 4616 to 6780 merges constrained;</text>
<text class="s" x="10" y="250.36">bpemix 0.2.0. Shares are relative to the categories</text>
<text class="s" x="10" y="266.36">offered. Pale with a dashed edge: not determined by</text>
<text class="s" x="10" y="282.36">the merges, so with its range; as wide as in the best</text>
<text class="s" x="10" y="298.36">mixture.</text>
</svg>
$ bpemix report --width 240 --format latex --figure ranges "$@" | grep -o -e 'group size=[^,]*' -e 'width=[0-9.]*.linewidth'
group size=2 by 1
width=0.485\linewidth
$ bpemix report --width 240 --format latex --figure sweep "$@" | grep -o -e 'legend .*'
legend columns=2,legend cell align=left,legend style={at={(1,0)},yshift=-36pt,anchor=north east,draw=none,font=\footnotesize}]
$ bpemix report --experiment --width 240 --format svg --figure truth lab=$r/experiment.json | grep -o -m 1 'viewBox="[^"]*"'
viewBox="0 0 318 395"
$ bpemix report --width 240 --format csv "$@"
! bpemix: this format is as wide as its reader has it; leave it out, or ask for svg or latex (--width)
[2]
$ bpemix report --width 100 --format svg "$@"
! bpemix: a width of 100 points; give 150 to 2000 (--width)
[2]
$ bpemix report --width nan --format svg "$@"
! bpemix: --width: 'nan' is not a number; give a number such as 1e-6
[2]

## latex-tables-wider-than-the-line-have-bands
$ r=$top/tests/fixtures/report
$ set -- "A name of many words=$r/whole.json"
$ for i in 1 2 3 4 5 6 7; do set -- "$@" Tokenizer-$i=$r/extension.json; done
$ bpemix report --format latex --figure shares "$@" | sed '1,/^.definecolor{bmxpurple/d'
\\\begin{table}[htbp]\\centering\\caption{Shares of bytes by category, \\% [range]}
\\\scriptsize\\setlength{\\tabcolsep}{3pt}
\\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%
\\\begin{tabular}{lrrrr}
\\\toprule
category & \parbox[b]{45.0pt}{\raggedleft A name of many words\strut} & Tokenizer{-}1 & Tokenizer{-}2 & Tokenizer{-}3 \\
\\\midrule
english & 19.1 .. 34.0 & not quoted & not quoted & not quoted \\
\\\textbf{Other languages} & \\textbf{6.4 {\\tiny [4.5, 8.8]}} & \\textbf{not quoted} & \\textbf{not quoted} & \\textbf{not quoted} \\\\
german & 3.9 {\tiny [2.8, 5.2]} & not quoted & not quoted & not quoted \\
\\\bmxuni{65E5}\\bmxuni{672C}\\bmxuni{8A9E} & 2.5 {\\tiny [1.0, 4.9]} &  &  &  \\\\
\\\textbf{Code} & \\textbf{54.0 .. 77.0} & \\textbf{not quoted} & \\textbf{not quoted} & \\textbf{not quoted} \\\\
a\_b\textbar{}\textless{}x\textgreater{}\& & 20.0 .. 74.4 &  &  &  \\
c & 0.0 .. 49.2 & not quoted & not quoted & not quoted \\
=perl() & 4.0 {\tiny [2.4, 6.0]} & not quoted & not quoted & not quoted \\
\\\midrule
slack & 31.2 \% & 223.1 \% & 223.1 \% & 223.1 \% \\
merges & 0:6900 & 100000:106900 & 100000:106900 & 100000:106900 \\
in no sample & 4 & 0 & 0 & 0 \\
samples & 14.9 MB & 10.9 MB & 10.9 MB & 10.9 MB \\
verdict & fair & unusable & unusable & unusable \\
\\\bottomrule
\\\end{tabular}}
\\\par\\medskip
\\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%
\\\begin{tabular}{lrrrr}
\\\toprule
category & Tokenizer{-}4 & Tokenizer{-}5 & Tokenizer{-}6 & Tokenizer{-}7 \\
\\\midrule
english & not quoted & not quoted & not quoted & not quoted \\
\\\textbf{Other languages} & \\textbf{not quoted} & \\textbf{not quoted} & \\textbf{not quoted} & \\textbf{not quoted} \\\\
german & not quoted & not quoted & not quoted & not quoted \\
\\\bmxuni{65E5}\\bmxuni{672C}\\bmxuni{8A9E} &  &  &  &  \\\\
\\\textbf{Code} & \\textbf{not quoted} & \\textbf{not quoted} & \\textbf{not quoted} & \\textbf{not quoted} \\\\
a\_b\textbar{}\textless{}x\textgreater{}\& &  &  &  &  \\
c & not quoted & not quoted & not quoted & not quoted \\
=perl() & not quoted & not quoted & not quoted & not quoted \\
\\\midrule
slack & 223.1 \% & 223.1 \% & 223.1 \% & 223.1 \% \\
merges & 100000:106900 & 100000:106900 & 100000:106900 & 100000:106900 \\
in no sample & 0 & 0 & 0 & 0 \\
samples & 10.9 MB & 10.9 MB & 10.9 MB & 10.9 MB \\
verdict & unusable & unusable & unusable & unusable \\
\\\bottomrule
\\\end{tabular}}
\\\end{table}
\
$ bpemix report --format latex --width 700 --figure shares "$@" | grep -c 'begin{tabular}'
1
$ { printf '{"schema_version":2,"unit":"bytes","categories":['; \
>     for i in $(seq 50); do [ $i = 1 ] || printf ,; printf '{"name":"c%d","share_bytes":0.02}' $i; done; echo ']}'; } > many.json
$ set --; for i in $(seq 22); do set -- "$@" "The $i. tokenizer=many.json"; done
$ bpemix report --format latex --figure shares "$@" | grep -e longtable} -e caption -e '^category' -e addto -e '^c7 '
\\\begin{longtable}{lrrrrrr}
\\\caption{Shares of bytes by category, \\% [range]}\\\\
category & \parbox[b]{40.2pt}{\raggedleft The 1. tokenizer\strut} & \parbox[b]{40.2pt}{\raggedleft The 2. tokenizer\strut} & \parbox[b]{40.2pt}{\raggedleft The 3. tokenizer\strut} & \parbox[b]{40.2pt}{\raggedleft The 4. tokenizer\strut} & \parbox[b]{40.2pt}{\raggedleft The 5. tokenizer\strut} & \parbox[b]{40.2pt}{\raggedleft The 6. tokenizer\strut} \\
c7 & 2.0 & 2.0 & 2.0 & 2.0 & 2.0 & 2.0 \\
\\\end{longtable}
\\\addtocounter{table}{-1}%
\\\begin{longtable}{lrrrrrr}
\\\caption[]{Shares of bytes by category, \\% [range] (continued)}\\\\
category & \parbox[b]{40.2pt}{\raggedleft The 7. tokenizer\strut} & \parbox[b]{40.2pt}{\raggedleft The 8. tokenizer\strut} & \parbox[b]{40.2pt}{\raggedleft The 9. tokenizer\strut} & \parbox[b]{40.2pt}{\raggedleft The 10. tokenizer\strut} & \parbox[b]{40.2pt}{\raggedleft The 11. tokenizer\strut} & \parbox[b]{40.2pt}{\raggedleft The 12. tokenizer\strut} \\
c7 & 2.0 & 2.0 & 2.0 & 2.0 & 2.0 & 2.0 \\
\\\end{longtable}
\\\addtocounter{table}{-1}%
\\\begin{longtable}{lrrrrrr}
\\\caption[]{Shares of bytes by category, \\% [range] (continued)}\\\\
category & \parbox[b]{40.2pt}{\raggedleft The 13. tokenizer\strut} & \parbox[b]{40.2pt}{\raggedleft The 14. tokenizer\strut} & \parbox[b]{40.2pt}{\raggedleft The 15. tokenizer\strut} & \parbox[b]{40.2pt}{\raggedleft The 16. tokenizer\strut} & \parbox[b]{40.2pt}{\raggedleft The 17. tokenizer\strut} & \parbox[b]{40.2pt}{\raggedleft The 18. tokenizer\strut} \\
c7 & 2.0 & 2.0 & 2.0 & 2.0 & 2.0 & 2.0 \\
\\\end{longtable}
\\\addtocounter{table}{-1}%
\\\begin{longtable}{lrrrr}
\\\caption[]{Shares of bytes by category, \\% [range] (continued)}\\\\
category & \parbox[b]{40.2pt}{\raggedleft The 19. tokenizer\strut} & \parbox[b]{40.2pt}{\raggedleft The 20. tokenizer\strut} & \parbox[b]{40.2pt}{\raggedleft The 21. tokenizer\strut} & \parbox[b]{40.2pt}{\raggedleft The 22. tokenizer\strut} \\
c7 & 2.0 & 2.0 & 2.0 & 2.0 \\
\\\end{longtable}

## latex-ranges-of-many-go-over-pages
$ { printf '{"schema_version":2,"unit":"bytes","categories":['; \
>     for i in $(seq 40); do [ $i = 1 ] || printf ,; printf '{"name":"c%d","share_bytes":0.025}' $i; done; echo ']}'; } > many.json
$ set -- A=many.json B=many.json C=many.json D=many.json E=many.json
$ bpemix report --format latex --figure ranges "$@" | grep -c -e '^.begin{figure}' -e 'group size=4 by 1'
4
$ bpemix report --format latex --figure ranges "$@" | grep -c nextgroupplot
5

## latex-ranges-of-many-categories-go-over-pages
# 124 categories, each once, as many on each of three pages, as more than 60 rows of names do not fit on one
$ { printf '{"schema_version":2,"unit":"bytes","categories":['; \
>     for i in $(seq 124); do [ $i = 1 ] || printf ,; printf '{"name":"c%d","share_bytes":0.0080645}' $i; done; echo ']}'; } > many.json
$ bpemix report --format latex --figure ranges many.json > many.tex
$ grep -o -e '^.begin{figure}' -e 'ymax=[0-9.]*' many.tex
\\\begin{figure}
ymax=41.7
\\\begin{figure}
ymax=41.7
\\\begin{figure}
ymax=39.7
$ grep -o 'c[0-9][0-9]*[,}]' many.tex | sort | uniq | wc -l
124
$ grep -c filldraw many.tex
124

## the-figure-of-the-readme-is-from-the-results-of-the-study
$ cd "$top" && s=examples/published/results/text
$ bpemix report --format svg --figure mixture --unit pairs --groups examples/published/groups.tsv GPT-2=$s/gpt-2.json \
>     GPT-3.5=$s/gpt-3.5.json GPT-4o=$s/gpt-4o.json Mistral=$s/mistral.json Claude=$s/claude.json DeepSeek-V3=$s/deepseek-v3.json |
>     cmp - examples/mixture.svg

## the-tables-of-the-study-are-from-its-results
$ p=$top/examples/published
$ for set in text panel; do "$p/table.pl" "$p/results/$set"; done >tables
$ grep -c -e . tables
70
$ grep -vxFf "$p/README.md" tables
[1]
$ for set in text panel; do "$p/table.pl" --outside "$p/results/$set"; done
GPT-2: 1.81 points; in the outer range alone: English
GPT-3.5: 0.97 points; all within the inner ranges
GPT-4o: 0.25 points; all within the inner ranges
Llama: 3.73 points; in the outer range alone: code
Mistral: 3.74 points; in the outer range alone: English, code
GPT-NeoX: 0.99 points; all within the inner ranges
Claude: 3.18 points; in the outer range alone: English, code
Llama 3: 12.29 points; all within the inner ranges
mean of 7 whole lists: 2.10 points
of 28 figures 22 are within the inner ranges, 28 within the outer ones
GPT-2: 1.82 points; all within the inner ranges
GPT-3.5: 1.70 points; all within the inner ranges
GPT-4o: 0.41 points; all within the inner ranges
Llama: 3.28 points; all within the inner ranges
Mistral: 4.47 points; in the outer range alone: English, code
GPT-NeoX: 1.61 points; all within the inner ranges
Claude: 3.62 points; in the outer range alone: English, code
Llama 3: 12.29 points; in the outer range alone: other languages
mean of 7 whole lists: 2.41 points
of 28 figures 24 are within the inner ranges, 28 within the outer ones

## figure-in-text
# text holds the whole report, and says so
$ r=$top/tests/fixtures/report
$ bpemix report --figure mixture $r/whole.json
! bpemix: mixture: this format holds the whole report; leave the name out, or ask for svg, latex, markdown or csv
[2]
$ bpemix report --figure mixture -o x.txt $r/whole.json
! bpemix: mixture: this format holds the whole report; leave the name out, or ask for svg, latex, markdown or csv
[2]

## all-differences-are-negative
# zero is the right end of bars then
$ fixture tok.json
$ bpemix infer -qq -t tok.json --json last.json en="$en" c="$c" > /dev/null
$ echo '{"nobody": 1}' > nobody.json
$ COLUMNS=100 bpemix compare --truth nobody.json last.json | sed -n '1,5s/ *$//p'
Shares of bytes, % [range], largest difference first
category    true          last    error
nobody    100.00   not offered  -100.00  #######################################|
en          0.00  57.8 .. 93.7                                                  |
c           0.00   6.3 .. 42.2                                                  |

## unit-where-the-constraints-start-later
# the unit of the table of infer: merges if that of all results is merges; known mixtures are of bytes
$ fixture tok.json
$ bpemix infer -qq -t tok.json -m 100: --json later.json en="$en" c="$c" > /dev/null
$ bpemix infer -qq -t tok.json --json whole.json en="$en" c="$c" > /dev/null
$ bpemix report --format markdown --figure shares later.json | head -n 1
**Shares of merges by category, % [range]**
$ bpemix report --format markdown --figure shares --unit bytes later.json | head -n 1
**Shares of bytes by category, % [range]**
$ bpemix report --format markdown --figure shares later.json whole.json | head -n 1
**Shares of bytes by category, % [range]**
$ bpemix report later.json | grep -A1 '^Shares are of'
Shares are of the occurrences of the constrained merges. They tell what these
were learned from, not what the whole list was.
$ bpemix compare a=later.json b=later.json | grep -c ' merges'
1
$ echo '{"en": 1}' > en.json
$ bpemix compare --truth en.json later.json | head -n 4
Shares of bytes, % [range], largest difference first
category    true         later  error
c           0.00   2.5 .. 37.4
en        100.00  62.6 .. 97.5

## long-labels-are-broken
$ fixture tok.json
$ bpemix infer -qq -t tok.json --json one.json c="$c" > /dev/null
$ cp one.json a-file-whose-name-is-longer-than-a-heading.json
$ bpemix report --format html a-file-whose-name-is-longer-than-a-heading.json | grep -o '<th scope="col"[^>]*>a-file[^<]*' | sort -u
<th scope="col" class="long">a-file-whose-name-is-longer-than-a-heading
<th scope="col" class="n long">a-file-whose-name-is-longer-than-a-heading
$ bpemix report --format html one.json | grep -o '<th scope="col"[^>]*>one[^<]*' | sort -u
<th scope="col" class="n">one
<th scope="col">one
$ bpemix report one.json | grep -o '1 categor[a-z]*'
1 category

## a-group-of-all-categories
# is 100 %, and not the sum of the ends of their ranges
$ fixture tok.json
$ bpemix infer -qq -t tok.json --json a.json en="$en" c="$c" > /dev/null
$ printf 'en\teverything\nc\teverything\n' > all.tsv
$ bpemix report --groups all.tsv --format csv --figure mixture a.json
group,a
everything,100.0
$ printf 'en\teverything\nc\tcode\n' > some.tsv
$ bpemix report --groups some.tsv --format csv --figure mixture a.json
group,a
everything,57.8 .. 93.7
code,6.3 .. 42.2
