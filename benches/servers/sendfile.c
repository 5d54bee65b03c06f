/*
 * The limit of `sendfile`: a loop of the system call in C, one connection after another.
 *
 * usage: sendfile <file>. A connection asks with 8 bytes, little endian, for as many bytes of the file, and is closed
 * behind them. Prints `PORT <n>`; SIGTERM ends it, as does its parent's end.
 */
#include <arpa/inet.h>
#include <endian.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

static void fail(const char *what) {
    perror(what);
    exit(1);
}

/* A client that goes away is its own matter. */
static void serve(int client, int file) {
    uint64_t wanted;
    if (recv(client, &wanted, sizeof wanted, MSG_WAITALL) != sizeof wanted) return;
    uint64_t left = le64toh(wanted);
    off_t offset = 0;
    while (left > 0) {
        ssize_t sent = sendfile(client, file, &offset, left);
        if (sent <= 0) return;
        left -= (uint64_t)sent;
    }
}

int main(int argc, char **argv) {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    signal(SIGPIPE, SIG_IGN);
    int file = argc == 2 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) fail("sendfile <file>");
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof address;
    if (listener < 0) fail("socket");
    if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 16) != 0) fail("listen");
    if (getsockname(listener, (struct sockaddr *)&address, &length) != 0) fail("getsockname");
    printf("PORT %d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        int client = accept(listener, NULL, NULL);
        if (client < 0) fail("accept");
        serve(client, file);
        close(client);
    }
}
