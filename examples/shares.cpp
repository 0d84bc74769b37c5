/* SPDX-License-Identifier: GPL-3.0-or-later */
// shares.cpp - libbpemix from C++: texts from memory, objects that free themselves.
//
//   c++ -std=c++17 -o shares shares.cpp $(pkg-config --cflags --libs bpemix)
//   ./shares tokenizer.json english=texts/en german=texts/de
//
// Reads the files of each folder itself and hands their text over, as a program would
// whose documents come from somewhere else.
#include <bpemix.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

template <auto free> struct Free {
    template <class T> void operator()(T *p) const { free(p); }
};
using Tokenizer = std::unique_ptr<bpemix_tokenizer, Free<bpemix_tokenizer_free>>;
using Trace = std::unique_ptr<bpemix_trace, Free<bpemix_trace_free>>;
using Result = std::unique_ptr<bpemix_result, Free<bpemix_result_free>>;

// Call a function whose last two arguments are an output and an error.
template <class Owner, class Function, class... Args>
Owner make(Function function, Args... args)
{
    typename Owner::pointer out = nullptr;
    bpemix_error err;

    if (function(args..., &out, &err) != BPEMIX_OK) {
        char text[1024];
        bpemix_error_text(&err, text, sizeof text);
        throw std::runtime_error(text);
    }
    return Owner(out);
}

// Documents of one category; the text handed over last stays where it is until the next one.
struct Documents {
    std::string name;
    std::vector<std::filesystem::path> files;
    std::size_t next = 0;
    std::string text;

    static bpemix_status read(void *ctx, bpemix_text *doc, bool *more, bpemix_error *err) noexcept
    {
        auto *d = static_cast<Documents *>(ctx);
        if (d->next == d->files.size()) {
            *more = false;
            return BPEMIX_OK;
        }
        try {
            std::ifstream in(d->files[d->next++], std::ios::binary);
            d->text.assign(std::istreambuf_iterator<char>(in), {});
        } catch (const std::exception &e) { // none may leave through C
            if (err)
                std::snprintf(err->what, sizeof err->what, "%s", e.what());
            return BPEMIX_E_IO;
        }
        *doc = { d->text.data(), d->text.size() };
        return BPEMIX_OK;
    }
};

Documents documents(const std::string &operand)
{
    const auto equals = operand.find('=');
    Documents d;

    if (equals == std::string::npos)
        throw std::runtime_error(operand + ": not NAME=FOLDER");
    d.name = operand.substr(0, equals);
    for (const auto &entry : std::filesystem::directory_iterator(operand.substr(equals + 1)))
        if (entry.is_regular_file())
            d.files.push_back(entry.path());
    return d;
}

} // namespace

int main(int argc, char **argv)
try {
    if (argc < 3) {
        std::fputs("usage: shares TOKENIZER NAME=FOLDER...\n", stderr);
        return 2;
    }
    std::vector<Documents> texts;
    for (int i = 2; i < argc; i++)
        texts.push_back(documents(argv[i]));
    std::vector<bpemix_category> categories(texts.size());
    for (std::size_t i = 0; i < texts.size(); i++) {
        categories[i].name = texts[i].name.c_str();
        categories[i].read = Documents::read;
        categories[i].read_ctx = &texts[i];
    }

    bpemix_solve_opts solve{};
    solve.size = sizeof solve;
    solve.merges_auto = true;
    const auto tokenizer = make<Tokenizer>(bpemix_tokenizer_load, argv[1], nullptr);
    const auto trace = make<Trace>(bpemix_count, tokenizer.get(), categories.data(),
                                   categories.size(), nullptr);
    const auto result = make<Result>(bpemix_solve, trace.get(), &solve);

    for (std::size_t i = 0; const bpemix_share *s = bpemix_result_share(result.get(), i); i++) {
        const bpemix_range range = s->range_outer_bytes; // NaN with more than 300 categories

        if (range.low <= range.high && !s->identified) // the merges tell no more than this
            std::printf("%-16s %7.3f .. %.3f %% of bytes\n", s->name, 100 * range.low,
                        100 * range.high);
        else
            std::printf("%-16s %7.3f %% of bytes\n", s->name, 100 * s->share_bytes);
    }
    for (std::size_t i = 0; const char *w = bpemix_result_warning(result.get(), i); i++)
        std::fprintf(stderr, "shares: warning: %s\n", w);
    return std::fflush(stdout) ? 1 : 0;
} catch (const std::exception &e) {
    std::fprintf(stderr, "shares: %s\n", e.what());
    return 1;
}
