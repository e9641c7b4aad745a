/*
 * A shop that answers every request at once, as cheaply as a server can: one thread, epoll, one answer for all.
 * usage: target PORT. Prints a line when it listens. What it reads up to an empty line and a content-length of bytes is a
 * request; it looks no further than wrk, hey and seckill need.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static const char ANSWER[] =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 32\r\n"
    "Date: Wed, 11 Nov 2026 12:00:00 GMT\r\nConnection: keep-alive\r\n\r\n"
    "{\"code\":0,\"message\":\"sold out\"}\n";

struct connection {
  int fd;
  int held;
  char buffer[16384];
};

/* Bytes of the first request in the buffer, 0 while it is not whole. */
static int request_length(const char *buffer, int held) {
  const char *end = memmem(buffer, held, "\r\n\r\n", 4);
  if (!end) return 0;
  int head = end + 4 - buffer, body = 0;
  for (const char *at = buffer; at < end; at = (const char *)memchr(at, '\n', end + 2 - at) + 1)
    if (!strncasecmp(at, "content-length:", 15)) body = atoi(at + 15);
  return head + body <= held ? head + body : 0;
}

static void drop(struct connection *c) {
  close(c->fd);
  free(c);
}

static void serve(struct connection *c) {
  int got = read(c->fd, c->buffer + c->held, sizeof c->buffer - c->held);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) return drop(c);
  c->held += got;
  for (int length; (length = request_length(c->buffer, c->held)) > 0;) {
    if (write(c->fd, ANSWER, sizeof ANSWER - 1) < 0) return drop(c);
    c->held -= length;
    memmove(c->buffer, c->buffer + length, c->held);
  }
  if (c->held == sizeof c->buffer) drop(c);
}

int main(int argc, char **argv) {
  int yes = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), poll = epoll_create1(0);
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(argc > 1 ? atoi(argv[1]) : 0)};
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(listener, (struct sockaddr *)&at, size) || listen(listener, 65535)) return perror("target"), 1;
  getsockname(listener, (struct sockaddr *)&at, &size);
  struct epoll_event event = {.events = EPOLLIN}, events[1024];
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
  printf("%d\n", ntohs(at.sin_port));
  fflush(stdout);
  for (;;) {
    int ready = epoll_wait(poll, events, 1024, -1);
    for (int i = 0; i < ready; i++) {
      if (events[i].data.ptr) {
        serve(events[i].data.ptr);
        continue;
      }
      for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        struct connection *c = calloc(1, sizeof *c);
        c->fd = fd;
        event.data.ptr = c;
        epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
      }
    }
  }
}
