#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# make_known_lists.sh FOLDER > src/tokenizer/known_lists.inc
#
# FOLDER holds published tokenizer files under the names below.  Run from the
# top of the source tree, after `make`.
set -eu
d=$1
build=${BUILD:-build}
cc -std=c11 -D_GNU_SOURCE -O2 -Isrc -Iinclude -o "$build/make_known_lists" src/tokenizer/gen/make_known_lists.c \
    "$build/libbpemix.a" $(pkg-config --libs libpcre2-8 libcjson libutf8proc libarchive zlib libmd libxxhash) -lglpk -lm -lpthread
"$build/make_known_lists" \
    GPT-2:gpt2="$d/gpt-2/r50k_base.tiktoken.gz" \
    p50k:gpt2="$d/gpt-3/p50k_base.tiktoken.gz" \
    cl100k:cl100k="$d/cl100k/cl100k_base.tiktoken.gz" \
    cl100k="$d/cl100k/cl100k_base.tiktoken.gz:less-multi-digit" \
    o200k:o200k="$d/o200k/o200k_base.tiktoken.gz" \
    o200k="$d/o200k/o200k_base.tiktoken.gz:less-multi-digit" \
    Claude:gpt2+nfkc="$d/claude/tokenizer.json.gz" \
    GPT-NeoX:gpt2+nfc="$d/gpt-neox/tokenizer.json.gz" \
    Llama="$d/llama/tokenizer.model.gz" \
    Mistral="$d/mistral-7b/tokenizer.model.v1.gz" \
    "Llama 3:llama3=$d/llama-3/tokenizer.model.gz" \
    "Llama 4:o200k=$d/llama-4/tokenizer.model.gz" \
    Qwen:qwen+nfc="$d/qwen/qwen.tiktoken.gz" \
    "Whisper multilingual:gpt2=$d/whisper-multilingual/multilingual.tiktoken.gz" \
    Falcon:falcon="$d/falcon/tokenizer.json.gz" \
    StarCoder:starcoder="$d/starcoder/ggml-vocab-starcoder.gguf.gz" \
    DeepSeek-Coder:deepseek-coder="$d/deepseek-coder/ggml-vocab-deepseek-coder.gguf.gz" \
    "DeepSeek LLM:deepseek-llm=$d/deepseek-llm/ggml-vocab-deepseek-llm.gguf.gz" \
    Grok-1="$d/grok-1/tokenizer.model.gz" \
    ChatGLM="$d/chatglm/tokenizer.json.gz" \
    Baichuan="$d/baichuan/ggml-vocab-baichuan.gguf.gz" \
    CLIP="$d/clip/bpe_simple_vocab_16e6.txt.gz" \
    "Kimi K2:kimi=$d/kimi-k2/tiktoken.model.gz"
