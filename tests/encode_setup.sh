# Sourced by the tests of encode: t.json, a tokenizer small enough to read.
cat > t.json <<'EOF'
{
  "added_tokens": [
    {"id": 8, "content": "<end>", "special": true, "normalized": false,
     "single_word": false, "lstrip": false, "rstrip": true},
    {"id": 9, "content": "CD", "special": false, "normalized": true,
     "single_word": true, "lstrip": false, "rstrip": false}
  ],
  "normalizer": {"type": "Lowercase"},
  "pre_tokenizer": {"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithNext", "invert": false},
  "model": {
    "type": "BPE", "unk_token": "?",
    "vocab": {"?": 0, " ": 1, "a": 2, "b": 3, "c": 4, "d": 5, "ab": 6, " ab": 7},
    "merges": ["a b", " ab", " ab"]
  }
}
EOF
sed -i 's/"merges": .*/"merges": [["a", "b"], [" ", "ab"]]/' t.json
