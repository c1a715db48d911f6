/*
 * The floor of a ping-pong, a thread at each end: blocking recv and send without timeouts, or the
 * system calls of a wait that another thread can end: ppoll on the socket and on an eventfd.
 * Arguments: connections, bytes, "block" or "ppoll". For each line "millis" it works for that long and prints
 * "round-trips nanoseconds cpu-nanoseconds".
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>

static size_t bytes;
static int polls;
static volatile int running;

struct pair {
  int client;
  int server;
  long round_trips;
  char *client_buffer;
  char *server_buffer;
};

static void check(int good, const char *what) {
  if (!good) {
    perror(what);
    exit(1);
  }
}

static void await(int fd) {
  static _Thread_local int waker = -1;
  struct timespec limit = {3600, 0};
  if (waker < 0) waker = eventfd(0, EFD_NONBLOCK);
  struct pollfd both[2] = {{.fd = fd, .events = POLLIN}, {.fd = waker, .events = POLLIN}};
  check(ppoll(both, 2, &limit, NULL) > 0, "ppoll");
}

static int receive(int fd, char *buffer) {
  for (size_t got = 0; got < bytes;) {
    if (polls) await(fd);
    ssize_t n = recv(fd, buffer + got, bytes - got, polls ? MSG_DONTWAIT : 0);
    if (n <= 0) return 0;
    got += (size_t) n;
  }
  return 1;
}

static void transmit(int fd, const char *buffer) {
  for (size_t sent = 0; sent < bytes;) {
    ssize_t n = send(fd, buffer + sent, bytes - sent, MSG_NOSIGNAL);
    check(n > 0, "send");
    sent += (size_t) n;
  }
}

static void *echo(void *argument) {
  struct pair *pair = argument;
  while (receive(pair->server, pair->server_buffer)) transmit(pair->server, pair->server_buffer);
  return NULL;
}

static void *ping(void *argument) {
  struct pair *pair = argument;
  while (running) {
    transmit(pair->client, pair->client_buffer);
    check(receive(pair->client, pair->client_buffer), "recv");
    pair->round_trips++;
  }
  return NULL;
}

static long long nanos(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void open_pair(struct pair *pair) {
  int on = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  check(bind(listener, (struct sockaddr *) &address, length) == 0, "bind");
  check(listen(listener, 1) == 0, "listen");
  getsockname(listener, (struct sockaddr *) &address, &length);
  pair->client = socket(AF_INET, SOCK_STREAM, 0);
  check(connect(pair->client, (struct sockaddr *) &address, length) == 0, "connect");
  pair->server = accept(listener, NULL, NULL);
  check(pair->server >= 0, "accept");
  setsockopt(pair->client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(pair->server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  pair->client_buffer = calloc(1, bytes);
  pair->server_buffer = calloc(1, bytes);
}

int main(int count, char **arguments) {
  if (count != 4) return 2;
  int connections = atoi(arguments[1]);
  bytes = (size_t) atol(arguments[2]);
  polls = strcmp(arguments[3], "ppoll") == 0;
  struct pair *pairs = calloc((size_t) connections, sizeof *pairs);
  pthread_t *clients = calloc((size_t) connections, sizeof *clients);
  for (int i = 0; i < connections; i++) {
    pthread_t server;
    open_pair(&pairs[i]);
    check(pthread_create(&server, NULL, echo, &pairs[i]) == 0, "pthread_create");
  }
  long millis;
  while (scanf("%ld", &millis) == 1) {
    long long began = nanos(CLOCK_MONOTONIC);
    long long cpu = nanos(CLOCK_PROCESS_CPUTIME_ID);
    struct timespec slice = {millis / 1000, millis % 1000 * 1000000};
    long total = 0;
    running = 1;
    for (int i = 0; i < connections; i++) {
      pairs[i].round_trips = 0;
      check(pthread_create(&clients[i], NULL, ping, &pairs[i]) == 0, "pthread_create");
    }
    nanosleep(&slice, NULL);
    running = 0;
    for (int i = 0; i < connections; i++) {
      pthread_join(clients[i], NULL);
      total += pairs[i].round_trips;
    }
    printf("%ld %lld %lld\n", total, nanos(CLOCK_MONOTONIC) - began,
           nanos(CLOCK_PROCESS_CPUTIME_ID) - cpu);
    fflush(stdout);
  }
  return 0;
}
