/*
 * Children one after another by posix_spawn and waitpid, the limit: `spawn <plain|options> <warm-up> <count>`.
 *
 * posix_spawn has no attribute for the umask and for another user.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static posix_spawnattr_t attributes;
static posix_spawn_file_actions_t actions;

static double microseconds(struct timespec time) {
  return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return microseconds(time);
}

static double cpu(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return microseconds(time);
}

static void work(void) {
  static char program[] = "/bin/true";
  char *const arguments[] = {program, NULL};
  pid_t pid;
  int status;
  if (posix_spawn(&pid, program, &actions, &attributes, arguments, environ) != 0 ||
      waitpid(pid, &status, 0) != pid || status != 0) {
    fputs("error: a child was not there, or failed\n", stderr);
    exit(1);
  }
}

/* As the others do: a default for what a program ignores, an empty mask; and what the kind asks for. */
static void prepare(const char *kind) {
  sigset_t none, ignored;
  short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
  sigemptyset(&none);
  sigemptyset(&ignored);
  sigaddset(&ignored, SIGPIPE);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &ignored);
  if (strcmp(kind, "options") == 0) {
    flags |= POSIX_SPAWN_SETSID;
    posix_spawn_file_actions_addchdir_np(&actions, "/");
    for (int fd = 0; fd < 3; fd++)
      posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
  }
  posix_spawnattr_setflags(&attributes, flags);
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fputs("usage: spawn <plain|options> <warm-up> <count>\n", stderr);
    return 2;
  }
  int warmup = atoi(argv[2]), count = atoi(argv[3]);
  double *latencies = calloc((size_t)count, sizeof *latencies);
  if (latencies == NULL) return 1;
  prepare(argv[1]);
  for (int index = 0; index < warmup; index++) work();
  double start = now(), used = cpu();
  for (int index = 0; index < count; index++) {
    double begin = now();
    work();
    latencies[index] = now() - begin;
  }
  printf("{\"cpuUs\":%.1f,\"seconds\":%.6f,\"latenciesUs\":[", cpu() - used, (now() - start) / 1e6);
  for (int index = 0; index < count; index++) printf(index == 0 ? "%.3f" : ",%.3f", latencies[index]);
  puts("]}");
  return 0;
}
