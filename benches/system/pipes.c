/*
 * A long stream through a child's pipes by read and write alone, the limit: what the kernel's pipes take.
 * piped.ts tells the arguments.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* As piped.ts and the others have them. */
enum { PERIOD = 1000003, PIECE = 64 * 1024, LOOK = 32, PREFIX = 4, WORDS = 16 };
/* Bytes a read takes, and that the pipes hold, as in mioloop. */
enum { READ = 128 * 1024 };

extern char **environ;

static char table[PERIOD + PIECE], room[READ];
static int is_echo;
static char **prefix;

static void fail(const char *what) {
  fprintf(stderr, "error: %s: %s\n", what, strerror(errno));
  exit(1);
}

static double seconds(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void make_pipe(int ends[2], int ours) {
  if (pipe2(ends, O_CLOEXEC) != 0) fail("pipe2");
  fcntl(ends[0], F_SETPIPE_SZ, READ);
  fcntl(ends[ours], F_SETFL, O_NONBLOCK);
}

/* Our ends of its pipes: what it reads, what it writes. */
static pid_t start(long long bytes, int *in, int *out) {
  char length[32], *words[WORDS] = {0};
  int to[2], from[2], count = 0;
  pid_t pid;
  posix_spawn_file_actions_t actions;
  snprintf(length, sizeof length, "%lld", bytes);
  for (char **word = prefix; *word != NULL && count < PREFIX; word++) words[count++] = *word;
  char *echo[] = {"cat", NULL}, *zeros[] = {"head", "-c", length, "/dev/zero", NULL};
  for (char **word = is_echo ? echo : zeros; *word != NULL; word++) words[count++] = *word;
  make_pipe(to, 1);
  make_pipe(from, 0);
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, to[0], 0);
  posix_spawn_file_actions_adddup2(&actions, from[1], 1);
  errno = posix_spawnp(&pid, words[0], &actions, NULL, words, environ);
  if (errno != 0) fail(words[0]);
  posix_spawn_file_actions_destroy(&actions);
  close(to[0]);
  close(from[1]);
  *in = to[1];
  *out = from[0];
  return pid;
}

/* Writes what the pipe takes; closes it behind the last byte. */
static void feed(int *in, long long *written, long long bytes) {
  while (*written < bytes) {
    size_t length = bytes - *written < PIECE ? (size_t)(bytes - *written) : PIECE;
    ssize_t taken = write(*in, table + *written % PERIOD, length);
    if (taken < 0 && errno == EAGAIN) return;
    if (taken < 0) fail("write");
    *written += taken;
  }
  close(*in);
  *in = -1;
}

static void stream(long long bytes) {
  int in, out, status;
  pid_t pid = start(bytes, &in, &out);
  long long written = is_echo ? 0 : bytes, got = 0;
  for (;;) {
    if (in >= 0 && written == bytes) feed(&in, &written, bytes);
    struct pollfd ends[] = {{.fd = out, .events = POLLIN}, {.fd = in, .events = POLLOUT}};
    if (poll(ends, 2, -1) < 0) fail("poll");
    if (ends[1].revents != 0) feed(&in, &written, bytes);
    if (ends[0].revents == 0) continue;
    ssize_t count = read(out, room, READ);
    if (count < 0) fail("read");
    if (count == 0) break;
    if (memcmp(room, table + got % PERIOD, count < LOOK ? (size_t)count : LOOK) != 0) break;
    got += count;
  }
  close(out);
  if (got != bytes || waitpid(pid, &status, 0) != pid || status != 0) {
    fprintf(stderr, "error: %lld right bytes came out instead of %lld\n", got, bytes);
    exit(1);
  }
}

int main(int argc, char **argv) {
  if (argc < 5) {
    fputs("usage: pipes <echo|read> <file> <warm-up bytes> <bytes> [<prefix>...]\n", stderr);
    return 2;
  }
  long long bytes = atoll(argv[4]);
  is_echo = strcmp(argv[1], "echo") == 0;
  prefix = argv + 5;
  signal(SIGPIPE, SIG_IGN);
  if (is_echo) {
    int file = open(argv[2], O_RDONLY);
    if (file < 0 || read(file, table, sizeof table) != (ssize_t)sizeof table) fail(argv[2]);
    close(file);
  }
  stream(atoll(argv[3]));
  double begun = seconds(CLOCK_MONOTONIC), used = seconds(CLOCK_PROCESS_CPUTIME_ID);
  stream(bytes);
  printf("{\"bytes\":%lld,\"seconds\":%.6f,\"cpuUs\":%.1f}\n", bytes, seconds(CLOCK_MONOTONIC) - begun,
         (seconds(CLOCK_PROCESS_CPUTIME_ID) - used) * 1e6);
  return 0;
}
