// A load generator for one address on this machine: one thread, epoll, HTTP/1.1 with keep-alive.
//
//   load -p PORT [-u PATH] [-c CONNECTIONS] [-w WARM_UP_S] [-d SECONDS] [-R PER_SECOND] [-r RAMP_S]
//        [-s] [-b BODY_FILE] [-H 'Name: value']...
//
// Closed loop: each connection sends its next request when the answer to the last one is complete.
// With -R: requests start at a constant rate, and latency counts from the moment at which a request was
// to start, so a server that falls behind cannot hide it. With -r connections start one by one.
// With -s it reads event streams: time to the first chunk, chunks per second, and how long each chunk
// was on its way, from the time that mock.c writes into it.
//
// Prints one line of JSON; times are microseconds. "bad" counts answers other than 200, "errors"
// connections lost. The first bad answer is shown on standard error.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HEAD_BYTES = 8192, LINE_BYTES = 4096, BODY_BYTES = 65536, READ_BYTES = 262144 };

typedef enum { CHUNK_SIZE, CHUNK_SIZE_END, CHUNK_DATA, CHUNK_END, TRAILER } ChunkState;

typedef struct {
  int descriptor, busy, in_body, status, chunked, closing;
  ChunkState chunk_state;
  long body_left, chunk_left; // body_left < 0: until the connection closes
  long started_ns, first_chunk_ns;
  long head_length, line_length;
  char head[HEAD_BYTES], line[LINE_BYTES];
} Connection;

// Durations in tenths of a microsecond.
typedef struct { unsigned *values; long count, capacity; } Samples;

static struct {
  int port, connections, streams;
  double seconds, warm_up, rate, ramp;
  const char *path, *body_file;
  char headers[4096];
} options = {.connections = 1, .seconds = 3, .warm_up = 1, .path = "/v1/chat/completions"};

static char request[BODY_BYTES + 8192];
static long request_length;
static Connection *connections;
static int poller, measuring, shown_bad;
static long good, bad, errors, chunks, end_ns;
static Samples latency, first_chunk, on_its_way;

static long now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

static void add(Samples *samples, long ns) {
  if (samples->count == samples->capacity) {
    samples->capacity = samples->capacity ? samples->capacity * 2 : 65536;
    samples->values = realloc(samples->values, samples->capacity * sizeof(unsigned));
  }
  long tenths = ns / 100;
  samples->values[samples->count++] = tenths < 0 ? 0 : tenths > 4294967295L ? 4294967295U : tenths;
}

static int ascending(const void *a, const void *b) {
  unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
  return x < y ? -1 : x > y;
}

static double percentile(const Samples *samples, double share) {
  if (!samples->count) return -1;
  long index = share * samples->count;
  return samples->values[index < samples->count ? index : samples->count - 1] / 10.0;
}

static void dial(Connection *c) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(options.port)};
  struct epoll_event event = {EPOLLIN, {.ptr = c}};
  int on = 1;
  inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  c->descriptor = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(c->descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(c->descriptor, (void *)&address, sizeof address)) {
    perror("connect");
    exit(3);
  }
  epoll_ctl(poller, EPOLL_CTL_ADD, c->descriptor, &event);
}

static void redial(Connection *c) {
  close(c->descriptor);
  dial(c);
}

static void send_request(Connection *c, long started_ns) {
  c->in_body = c->closing = c->chunked = 0;
  c->head_length = c->line_length = c->first_chunk_ns = 0;
  c->busy = 1;
  c->started_ns = started_ns;
  for (long sent = 0; sent < request_length;) {
    ssize_t n = write(c->descriptor, request + sent, request_length - sent);
    if (n < 0) {
      errors += measuring;
      redial(c);
      n = sent = 0;
    }
    sent += n;
  }
}

static void take_line(Connection *c) {
  c->line[c->line_length] = 0;
  if (!strncmp(c->line, "data: {", 7)) {
    long t = now_ns();
    if (!c->first_chunk_ns) {
      c->first_chunk_ns = t;
      if (measuring) add(&first_chunk, t - c->started_ns);
    }
    char *stamp = strstr(c->line, "sent_");
    chunks += measuring;
    if (measuring && stamp) add(&on_its_way, t - atol(stamp + 5));
  }
  c->line_length = 0;
}

static void take_body(Connection *c, const char *bytes, long length) {
  if (!options.streams) return;
  for (long i = 0; i < length; i++) {
    if (bytes[i] == '\n') take_line(c);
    else if (c->line_length < LINE_BYTES - 1) c->line[c->line_length++] = bytes[i];
  }
}

static void show_bad(const Connection *c, const char *rest, long length) {
  if (shown_bad++ == 0)
    fprintf(stderr, "first bad answer: %.300s | %.*s\n", c->head, (int)(length > 300 ? 300 : length), rest);
}

// Takes bytes of the head; returns how many. c->in_body tells whether it is complete.
static long take_head(Connection *c, const char *bytes, long length) {
  long room = HEAD_BYTES - 1 - c->head_length, taken = length < room ? length : room;
  if (!taken) {
    fprintf(stderr, "the answer's head is over %d bytes\n", HEAD_BYTES);
    exit(4);
  }
  long before = c->head_length;
  memcpy(c->head + before, bytes, taken);
  c->head_length += taken;
  c->head[c->head_length] = 0;
  char *end = strstr(c->head, "\r\n\r\n");
  if (!end) return taken;
  long used = end + 4 - c->head - before;
  *end = 0;
  char *content_length = strcasestr(c->head, "\r\ncontent-length:");
  c->status = atoi(c->head + 9);
  c->body_left = content_length ? atol(content_length + 17) : -1;
  c->chunked = strcasestr(c->head, "\r\ntransfer-encoding: chunked") != 0;
  c->closing = strcasestr(c->head, "\r\nconnection: close") != 0;
  c->in_body = 1;
  c->chunk_state = CHUNK_SIZE;
  c->chunk_left = 0;
  if (c->status != 200 && measuring) show_bad(c, bytes + used, length - used);
  return used;
}

static int digit(char c) { return c <= '9' ? c - '0' : (c | 32) - 'a' + 10; }

// Takes bytes of a chunked body; returns how many, and tells whether the answer is complete.
static long take_chunked(Connection *c, const char *bytes, long length, int *complete) {
  if (c->chunk_state == CHUNK_DATA) {
    long taken = length < c->chunk_left ? length : c->chunk_left;
    take_body(c, bytes, taken);
    c->chunk_left -= taken;
    if (!c->chunk_left) c->chunk_state = CHUNK_END;
    return taken;
  }
  char ch = *bytes;
  if (c->chunk_state == CHUNK_SIZE) {
    if (ch == '\r' || ch == ';') c->chunk_state = CHUNK_SIZE_END;
    else c->chunk_left = c->chunk_left * 16 + digit(ch);
  } else if (ch == '\n') {
    *complete = c->chunk_state == TRAILER;
    if (c->chunk_state == CHUNK_SIZE_END) c->chunk_state = c->chunk_left ? CHUNK_DATA : TRAILER;
    else c->chunk_state = CHUNK_SIZE;
  }
  return 1;
}

static long take_sized(Connection *c, const char *bytes, long length, int *complete) {
  long taken = c->body_left >= 0 && c->body_left < length ? c->body_left : length;
  take_body(c, bytes, taken);
  if (c->body_left >= 0) c->body_left -= taken;
  *complete = c->body_left == 0;
  return taken;
}

// Whether the answer is complete with these bytes.
static int take(Connection *c, const char *bytes, long length) {
  int complete = 0;
  while (length > 0 && !complete) {
    long taken;
    if (!c->in_body) {
      taken = take_head(c, bytes, length);
      complete = c->in_body && !c->chunked && c->body_left == 0;
    } else if (c->chunked) {
      taken = take_chunked(c, bytes, length, &complete);
    } else {
      taken = take_sized(c, bytes, length, &complete);
    }
    bytes += taken;
    length -= taken;
  }
  return complete;
}

static void finish(Connection *c) {
  if (measuring && c->status == 200) {
    good++;
    add(&latency, now_ns() - c->started_ns);
  } else {
    bad += measuring;
  }
  c->busy = 0;
  if (c->closing) redial(c);
}

static void read_more(Connection *c) {
  static char buffer[READ_BYTES];
  ssize_t n = read(c->descriptor, buffer, sizeof buffer);
  int was_busy = c->busy;
  if (n > 0) {
    if (!was_busy || !take(c, buffer, n)) return;
    finish(c);
  } else if (was_busy && c->in_body && !c->chunked && c->body_left < 0) {
    c->closing = 1;
    finish(c);
  } else {
    errors += was_busy && measuring;
    c->busy = 0;
    redial(c);
  }
  if (was_busy && options.rate <= 0) send_request(c, now_ns());
}

// Starts what is due at a constant rate, as far as connections are free; returns the new total.
static long start_due(long total, long begin_ns) {
  static int candidate;
  long due = (now_ns() - begin_ns) / 1e9 * options.rate + 1;
  for (; total < due; total++) {
    int tried = 0;
    while (connections[candidate].busy && tried++ < options.connections)
      candidate = (candidate + 1) % options.connections;
    if (connections[candidate].busy) return total;
    send_request(&connections[candidate], begin_ns + (long)(total / options.rate * 1e9));
  }
  return total;
}

static int start_ramp(int started, long begin_ns) {
  double share = options.ramp > 0 ? (now_ns() - begin_ns) / 1e9 / options.ramp : 1;
  int wanted = share >= 1 ? options.connections : share * options.connections + 1;
  for (; started < wanted; started++) send_request(&connections[started], now_ns());
  return started;
}

static void run(void) {
  struct epoll_event events[512];
  long begin_ns = now_ns(), measure_ns = begin_ns + options.warm_up * 1e9, total = 0;
  int started = 0;
  end_ns = measure_ns + options.seconds * 1e9;
  while (now_ns() < end_ns) {
    if (!measuring && now_ns() >= measure_ns) measuring = 1;
    if (options.rate > 0) total = start_due(total, begin_ns);
    else if (started < options.connections) started = start_ramp(started, begin_ns);
    int waits = options.rate > 0 ? 0 : started < options.connections ? 1 : 50;
    int ready = epoll_wait(poller, events, 512, waits);
    for (int i = 0; i < ready; i++) read_more(events[i].data.ptr);
  }
}

static void report(void) {
  qsort(latency.values, latency.count, sizeof(unsigned), ascending);
  qsort(first_chunk.values, first_chunk.count, sizeof(unsigned), ascending);
  qsort(on_its_way.values, on_its_way.count, sizeof(unsigned), ascending);
  printf("{\"connections\":%d,\"seconds\":%.2f,\"good\":%ld,\"bad\":%ld,\"errors\":%ld,\"rps\":%.1f,"
         "\"p50\":%.1f,\"p99\":%.1f,\"max\":%.1f",
         options.connections, options.seconds, good, bad, errors, good / options.seconds,
         percentile(&latency, .5), percentile(&latency, .99), percentile(&latency, 1));
  if (options.streams)
    printf(",\"chunks\":%ld,\"chunks_per_s\":%.0f,\"first50\":%.1f,\"first99\":%.1f,\"relay50\":%.1f,"
           "\"relay99\":%.1f",
           chunks, chunks / options.seconds, percentile(&first_chunk, .5), percentile(&first_chunk, .99),
           percentile(&on_its_way, .5), percentile(&on_its_way, .99));
  printf("}\n");
}

static int read_options(int argc, char **argv) {
  int option;
  while ((option = getopt(argc, argv, "p:u:c:d:w:R:r:sb:H:")) > 0) {
    switch (option) {
      case 'p': options.port = atoi(optarg); break;
      case 'u': options.path = optarg; break;
      case 'c': options.connections = atoi(optarg); break;
      case 'd': options.seconds = atof(optarg); break;
      case 'w': options.warm_up = atof(optarg); break;
      case 'R': options.rate = atof(optarg); break;
      case 'r': options.ramp = atof(optarg); break;
      case 's': options.streams = 1; break;
      case 'b': options.body_file = optarg; break;
      case 'H':
        strncat(options.headers, optarg, sizeof options.headers - strlen(options.headers) - 3);
        strcat(options.headers, "\r\n");
        break;
      default: return 0;
    }
  }
  return options.port > 0;
}

static int write_request(void) {
  static char body[BODY_BYTES];
  long length = 0;
  if (options.body_file) {
    FILE *file = fopen(options.body_file, "r");
    if (!file) {
      perror(options.body_file);
      return 0;
    }
    length = fread(body, 1, sizeof body, file);
    fclose(file);
  }
  request_length = snprintf(request, 8192,
      "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\nUser-Agent: load/1\r\n"
      "Accept: */*\r\n%sContent-Length: %ld\r\n\r\n",
      options.path, options.port, options.headers, length);
  memcpy(request + request_length, body, length);
  request_length += length;
  return 1;
}

int main(int argc, char **argv) {
  signal(SIGPIPE, SIG_IGN);
  if (!read_options(argc, argv)) {
    fprintf(stderr, "usage: load -p PORT [-u PATH] [-c CONNECTIONS] [-w WARM_UP_S] [-d SECONDS] [-R PER_SECOND]"
                    " [-r RAMP_S] [-s] [-b BODY_FILE] [-H 'Name: value']...\n");
    return 2;
  }
  if (!write_request()) return 2;
  poller = epoll_create1(0);
  connections = calloc(options.connections, sizeof(Connection));
  for (int i = 0; i < options.connections; i++) dial(&connections[i]);
  run();
  report();
  return 0;
}
