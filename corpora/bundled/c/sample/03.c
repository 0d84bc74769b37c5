/* calc - arithmetic expressions: lexer, precedence climbing, evaluation.
 *
 *   expr    := unary (binop expr)*
 *   unary   := ('-' | '+') unary | primary
 *   primary := NUMBER | NAME | NAME '(' expr ')' | '(' expr ')'
 *
 * '^' binds tighter than unary minus and groups to the right, so that
 * -2^2 is -4 and 2^3^2 is 512.
 */

#include <ctype.h>
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum
{
    TOK_END, TOK_NUMBER, TOK_NAME, TOK_OP, TOK_LPAREN, TOK_RPAREN
} TokenKind;

typedef struct
{
    TokenKind kind;
    double number;
    char text[32];
    int column;
} Token;

typedef struct
{
    const char *input;
    const char *cursor;
    Token tok;
    jmp_buf on_error;
    char message[128];
} Parser;

typedef struct
{
    const char *name;
    double value;
} Variable;

#define MAX_VARS 64

static Variable vars[MAX_VARS] =
{
    { "pi",  3.14159265358979323846 },
    { "e",   2.71828182845904523536 },
    { "ans", 0.0 },
};
static size_t nvars = 3;

static _Noreturn void parse_error(Parser *p, const char *msg)
{
    snprintf(p->message, sizeof(p->message), "column %d: %s",
             p->tok.column + 1, msg);
    longjmp(p->on_error, 1);
}

static void advance(Parser *p)
{
    Token *t = &p->tok;

    while (isspace((unsigned char)*p->cursor))
        p->cursor++;

    const char c = *p->cursor;
    t->column = (int)(p->cursor - p->input);
    t->text[0] = '\0';

    if (c == '\0')
    {
        t->kind = TOK_END;
    }
    else if (isdigit((unsigned char)c) || c == '.')
    {
        char *end;
        t->kind = TOK_NUMBER;
        t->number = strtod(p->cursor, &end);
        if (end == p->cursor)
            parse_error(p, "malformed number");
        p->cursor = end;
    }
    else if (isalpha((unsigned char)c) || c == '_')
    {
        size_t n = 0;
        while (isalnum((unsigned char)*p->cursor) || *p->cursor == '_')
        {
            if (n + 1 >= sizeof(t->text))
                parse_error(p, "name too long");
            t->text[n++] = *p->cursor++;
        }
        t->text[n] = '\0';
        t->kind = TOK_NAME;
    }
    else
    {
        p->cursor++;
        t->text[0] = c;
        t->text[1] = '\0';
        switch (c)
        {
            case '(': t->kind = TOK_LPAREN; break;
            case ')': t->kind = TOK_RPAREN; break;
            case '+': case '-': case '*': case '/': case '%': case '^':
                t->kind = TOK_OP;
                break;
            default:
                parse_error(p, "unexpected character");
        }
    }
}

static int precedence(const Token *t)
{
    if (t->kind != TOK_OP)
        return -1;
    switch (t->text[0])
    {
        case '+': case '-':           return 1;
        case '*': case '/': case '%': return 2;
        case '^':                     return 4;
        default:                      return -1;
    }
}

static double parse_expr(Parser *p, int min_prec);

static void expect(Parser *p, TokenKind kind, const char *msg)
{
    if (p->tok.kind != kind)
        parse_error(p, msg);
    advance(p);
}

static double lookup(Parser *p, const char *name)
{
    for (size_t i = 0; i < nvars; i++)
        if (strcmp(vars[i].name, name) == 0)
            return vars[i].value;
    parse_error(p, "unknown variable");
}

static double call(Parser *p, const char *name)
{
    advance(p); /* the opening parenthesis */
    const double x = parse_expr(p, 0);
    expect(p, TOK_RPAREN, "expected ')' after the argument");

    if (!strcmp(name, "sqrt")) return sqrt(x);
    if (!strcmp(name, "sin"))  return sin(x);
    if (!strcmp(name, "cos"))  return cos(x);
    if (!strcmp(name, "ln"))   return log(x);
    if (!strcmp(name, "abs"))  return fabs(x);
    parse_error(p, "no such function");
}

static double parse_unary(Parser *p)
{
    Token t = p->tok;

    switch (t.kind)
    {
        case TOK_NUMBER:
            advance(p);
            return t.number;
        case TOK_NAME:
            advance(p);
            return p->tok.kind == TOK_LPAREN ? call(p, t.text)
                                             : lookup(p, t.text);
        case TOK_LPAREN:
        {
            advance(p);
            double v = parse_expr(p, 0);
            expect(p, TOK_RPAREN, "missing ')'");
            return v;
        }
        case TOK_OP:
            if (t.text[0] == '-' || t.text[0] == '+')
            {
                advance(p);
                double v = parse_expr(p, 3);
                return t.text[0] == '-' ? -v : v;
            }
            /* fall through */
        default:
            parse_error(p, "expected a value");
    }
}

static double parse_expr(Parser *p, int min_prec)
{
    double lhs = parse_unary(p);

    for (int prec; (prec = precedence(&p->tok)) >= min_prec && prec > 0; )
    {
        const char op = p->tok.text[0];
        advance(p);
        double rhs = parse_expr(p, op == '^' ? prec : prec + 1);
        switch (op)
        {
            case '+': lhs += rhs; break;
            case '-': lhs -= rhs; break;
            case '*': lhs *= rhs; break;
            case '^': lhs = pow(lhs, rhs); break;
            case '%': lhs = fmod(lhs, rhs); break;
            case '/':
                if (rhs == 0.0)
                    parse_error(p, "division by zero");
                lhs /= rhs;
                break;
        }
    }
    return lhs;
}

int main(void)
{
    char line[512];
    Parser p;

    while (fgets(line, sizeof(line), stdin))
    {
        p.input = p.cursor = line;
        if (setjmp(p.on_error))
        {
            printf("error: %s\n", p.message);
            continue;
        }
        advance(&p);
        if (p.tok.kind == TOK_END)
            continue;
        double v = parse_expr(&p, 0);
        if (p.tok.kind != TOK_END)
            parse_error(&p, "trailing input");
        vars[2].value = v;
        printf("%.12g\n", v);
    }
    return 0;
}
