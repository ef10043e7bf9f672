/*
 * measure.c - what a command costs
 *
 *     measure FIGURES COMMAND [ARGUMENT…]
 *
 * Runs the command and writes into the file FIGURES its wall time and its processor time in
 * microseconds and its greatest memory in KiB. The exit status is 1 if the command failed.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SECOND = 1000000 };

static int64_t wall_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * SECOND + now.tv_nsec / 1000;
}

static int64_t cpu_us(const struct rusage *usage)
{
    return ((int64_t)usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * SECOND +
           usage->ru_utime.tv_usec + usage->ru_stime.tv_usec;
}

static bool write_figures(const char *path, int64_t took, const struct rusage *usage)
{
    FILE *file = fopen(path, "w");

    if (file == NULL)
        return false;
    fprintf(file, "%" PRId64 "\t%" PRId64 "\t%ld\n", took, cpu_us(usage), usage->ru_maxrss);
    return fclose(file) == 0;
}

int main(int argc, char **argv)
{
    struct rusage usage;
    int64_t start, took;
    int status;
    pid_t child;

    if (argc < 3) {
        fputs("usage: measure FIGURES COMMAND [ARGUMENT...]\n", stderr);
        return 2;
    }
    start = wall_us();
    child = fork();
    if (child == 0) {
        execvp(argv[2], argv + 2);
        fprintf(stderr, "measure: cannot run %s: %s\n", argv[2], strerror(errno));
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) != child) {
        fprintf(stderr, "measure: %s\n", strerror(errno));
        return 1;
    }
    took = wall_us() - start;
    if (!write_figures(argv[1], took, &usage)) {
        fprintf(stderr, "measure: cannot write %s: %s\n", argv[1], strerror(errno));
        return 1;
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
