/* minsh: a very small shell.
 *
 * Supports pipelines, < > >> redirection, background jobs with &, quoting
 * with ' and ", and the builtins cd, exit, pwd and wait. There is no
 * globbing, no variables and no job control; it is meant for rescue images
 * where even that much is a comfort.
 */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_ARGS	64
#define MAX_CMDS	16

struct command {
	char *argv[MAX_ARGS + 1];
	int argc;
	char *in, *out;
	int append;
};

struct pipeline {
	struct command cmd[MAX_CMDS];
	int ncmds;
	int background;
};

static int last_status;

static void die(const char *what)
{
	fprintf(stderr, "minsh: %s: %s\n", what, strerror(errno));
	_exit(127);
}

/*
 * Cuts the next word out of *sp, overwriting the quotes as it goes.
 * Operators are returned as static strings so that the caller can compare
 * pointers and never confuse a quoted "|" with a real one.
 */
static char OP_PIPE[] = "|", OP_IN[] = "<", OP_OUT[] = ">";
static char OP_APP[] = ">>", OP_BG[] = "&", OP_BAD[] = "?";

static char *next_word(char **sp, char *held)
{
	char *s = *sp, *start, *out, quote = 0;
	char c = *held ? *held : *s;

	*held = 0;
	while (c == ' ' || c == '\t')
		c = *++s;
	switch (c) {
	case '\0':
	case '\n':
	case '#':
		return NULL;
	case '|': *sp = s + 1; return OP_PIPE;
	case '<': *sp = s + 1; return OP_IN;
	case '&': *sp = s + 1; return OP_BG;
	case '>':
		if (s[1] == '>') {
			*sp = s + 2;
			return OP_APP;
		}
		*sp = s + 1;
		return OP_OUT;
	}

	for (start = out = s; (c = *s) != '\0' && c != '\n'; s++) {
		if (quote) {
			if (c == quote)
				quote = 0;
			else
				*out++ = c;
		} else if (c == '\'' || c == '"') {
			quote = c;
		} else if (c == '\\' && s[1]) {
			*out++ = *++s;
		} else if (strchr(" \t|<>&", c)) {
			break;
		} else {
			*out++ = c;
		}
	}
	if (quote)
		return OP_BAD;
	*sp = s;
	*held = *s;	/* the terminator below may land on it */
	*out = '\0';
	return start;
}

static int parse(char *line, struct pipeline *pl)
{
	struct command *c = pl->cmd;
	char **target = NULL, *w, held = 0;

	memset(pl, 0, sizeof(*pl));
	while ((w = next_word(&line, &held)) != NULL) {
		if (w == OP_BAD) {
			fprintf(stderr, "minsh: unmatched quote\n");
			return -1;
		}
		if (w == OP_IN || w == OP_OUT || w == OP_APP) {
			if (target)
				goto syntax;
			target = w == OP_IN ? &c->in : &c->out;
			c->append = w == OP_APP;
		} else if (w == OP_PIPE) {
			if (target || !c->argc || pl->ncmds + 1 >= MAX_CMDS)
				goto syntax;
			pl->ncmds++;
			c++;
		} else if (w == OP_BG) {
			pl->background = 1;
			break;
		} else if (target) {
			*target = w;
			target = NULL;
		} else if (c->argc < MAX_ARGS) {
			c->argv[c->argc++] = w;
		}
	}
	if (target || (pl->ncmds && !c->argc))
		goto syntax;
	if (c->argc)
		pl->ncmds++;
	return 0;
syntax:
	fprintf(stderr, "minsh: syntax error\n");
	return -1;
}

static int builtin(struct command *c)
{
	const char *name = c->argv[0];
	char cwd[4096];

	if (!strcmp(name, "exit"))
		exit(c->argc > 1 ? atoi(c->argv[1]) : last_status);
	if (!strcmp(name, "cd")) {
		const char *dir = c->argc > 1 ? c->argv[1] : getenv("HOME");

		last_status = 0;
		if (!dir || chdir(dir) < 0) {
			perror("minsh: cd");
			last_status = 1;
		}
		return 1;
	}
	if (!strcmp(name, "pwd")) {
		if (getcwd(cwd, sizeof(cwd)))
			puts(cwd);
		return 1;
	}
	if (!strcmp(name, "wait")) {
		while (wait(NULL) > 0)
			;
		return 1;
	}
	return 0;
}

static void redirect(const char *path, int flags, int fd)
{
	int f = open(path, flags | O_CLOEXEC, 0666);

	if (f < 0)
		die(path);
	dup2(f, fd);
}

static void run(struct pipeline *pl)
{
	int fds[2], prev = -1, status = 0;
	pid_t pid = -1;

	for (int i = 0; i < pl->ncmds; i++) {
		struct command *c = &pl->cmd[i];
		int last = i == pl->ncmds - 1;

		if (!last && pipe2(fds, O_CLOEXEC) < 0) {
			perror("minsh: pipe");
			return;
		}
		pid = fork();
		if (pid < 0) {
			perror("minsh: fork");
			return;
		}
		if (pid == 0) {
			signal(SIGINT, pl->background ? SIG_IGN : SIG_DFL);
			if (prev >= 0)
				dup2(prev, STDIN_FILENO);
			if (!last)
				dup2(fds[1], STDOUT_FILENO);
			if (c->in)
				redirect(c->in, O_RDONLY, 0);
			if (c->out)
				redirect(c->out, O_WRONLY | O_CREAT |
					 (c->append ? O_APPEND : O_TRUNC), 1);
			execvp(c->argv[0], c->argv);
			die(c->argv[0]);
		}
		if (prev >= 0)
			close(prev);
		if (!last) {
			close(fds[1]);
			prev = fds[0];
		}
	}
	if (pl->background) {
		printf("[%d]\n", (int)pid);
		return;
	}
	if (waitpid(pid, &status, 0) == pid)
		last_status = WIFEXITED(status) ? WEXITSTATUS(status)
						: 128 + WTERMSIG(status);
}

int main(void)
{
	struct pipeline pl;
	char *line = NULL;
	size_t cap = 0;

	signal(SIGINT, SIG_IGN);
	for (;;) {
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		if (isatty(STDIN_FILENO))
			fputs(last_status ? "! " : "$ ", stderr);
		if (getline(&line, &cap, stdin) < 0)
			break;
		if (parse(line, &pl) < 0 || pl.ncmds == 0)
			continue;
		if (pl.ncmds == 1 && builtin(&pl.cmd[0]))
			continue;
		run(&pl);
	}
	free(line);
	return last_status;
}
