// A provider that costs next to nothing: one thread, epoll, HTTP/1.1 with keep-alive.
//
//   mock PORT:DELAY_MS:CHUNKS:INTERVAL_MS ...      one listener on 127.0.0.1 for each argument
//
// It answers in OpenAI's chat format; at a path with "/messages" as Anthropic does, at one with
// ":streamGenerateContent" as Gemini does, streams only. Without "stream":true in the body: one
// completion of 1.3 kB after DELAY_MS. With it: after DELAY_MS an event stream of CHUNKS chunks, one
// each INTERVAL_MS (0: all in one write), then what the format ends with. Each chunk's text holds the time
// it was written, as "sent_<ns>" (CLOCK_MONOTONIC), from which load.c tells how long it was on its way;
// all else is the same in each chunk of a stream, as with the providers.
//
// It trusts its callers: a request must fit into 64 kB and come with content-length, or chunked in
// a way that "0\r\n\r\n" stands only at its end.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_DESCRIPTORS = 65536, REQUEST_BYTES = 65536, QUEUE_SLOTS = 131072, MAX_LISTENERS = 16 };

// Work that is due at a time. All entries of a queue wait equally long, so it stays sorted by itself.
typedef struct {
  long head, tail;
  struct { long due_ns; int descriptor; unsigned generation; } slots[QUEUE_SLOTS];
} Queue;

typedef struct {
  int descriptor, delay_ms, chunks, interval_ms;
  Queue *starts, *chunks_due;
} Listener;

typedef enum { OPENAI, ANTHROPIC, GEMINI } Format;

typedef struct {
  Listener *listener;
  Format format;
  unsigned generation; // tells a reused descriptor from the one that was queued
  int busy, streaming, chunks_sent;
  char *in, *out;
  long in_length, out_length, out_sent, out_capacity;
} Connection;

static Connection connections[MAX_DESCRIPTORS];
static Listener listeners[MAX_LISTENERS];
static int listener_count, poller;
static char completion[4096];

static const char STREAM_HEAD[] =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
    "Cache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n";

static const char COMPLETION_BODY[] =
    "{\"id\":\"chatcmpl-mock000000000000000000000000\",\"object\":\"chat.completion\",\"created\":1741569952,"
    "\"model\":\"gpt-4.1-2025-04-14\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
    "A gateway sits between many clients and several providers. It checks the key, picks a route, forwards "
    "the request, reads the usage from the reply and records what was spent. Each of those steps is small, "
    "but together they decide how many requests one core can carry. When the provider is slow the gateway "
    "mostly waits, so the number of open connections matters more than the cost of one request; when the "
    "provider is fast the cost of one request decides everything.\\n\\nIn practice the model takes far longer "
    "than the gateway.\",\"refusal\":null,\"annotations\":[]},\"logprobs\":null,\"finish_reason\":\"stop\"}],"
    "\"usage\":{\"prompt_tokens\":19,\"completion_tokens\":160,\"total_tokens\":179,"
    "\"prompt_tokens_details\":{\"cached_tokens\":0,\"audio_tokens\":0},"
    "\"completion_tokens_details\":{\"reasoning_tokens\":0,\"audio_tokens\":0,"
    "\"accepted_prediction_tokens\":0,\"rejected_prediction_tokens\":0}},"
    "\"service_tier\":\"default\",\"system_fingerprint\":\"fp_mock\"}";

static long now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

static void enqueue(Queue *queue, int descriptor, long delay_ms) {
  long slot = queue->tail++ % QUEUE_SLOTS;
  queue->slots[slot].due_ns = now_ns() + delay_ms * 1000000L;
  queue->slots[slot].descriptor = descriptor;
  queue->slots[slot].generation = connections[descriptor].generation;
}

static void watch(int descriptor, unsigned events, int operation) {
  struct epoll_event event = {events, {.fd = descriptor}};
  epoll_ctl(poller, operation, descriptor, &event);
}

static void hang_up(int descriptor) {
  Connection *c = &connections[descriptor];
  c->generation++;
  c->busy = c->streaming = 0;
  c->in_length = c->out_length = c->out_sent = 0;
  close(descriptor);
}

static void flush(int descriptor) {
  Connection *c = &connections[descriptor];
  while (c->out_sent < c->out_length) {
    ssize_t n = write(descriptor, c->out + c->out_sent, c->out_length - c->out_sent);
    if (n < 0 && errno == EAGAIN) {
      watch(descriptor, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
      return;
    }
    if (n < 0) {
      hang_up(descriptor);
      return;
    }
    c->out_sent += n;
  }
  c->out_sent = c->out_length = 0;
}

static void put(Connection *c, const char *bytes, long length) {
  if (c->out_length + length > c->out_capacity) {
    c->out_capacity = (c->out_length + length) * 2;
    c->out = realloc(c->out, c->out_capacity);
  }
  memcpy(c->out + c->out_length, bytes, length);
  c->out_length += length;
}

static void put_event(Connection *c, const char *event, int length) {
  char size[16];
  put(c, size, sprintf(size, "%x\r\n", length));
  put(c, event, length);
  put(c, "\r\n", 2);
}

static const char CHUNK_HEAD[] =
    "data: {\"id\":\"chatcmpl-mock000000000000000000000000\",\"object\":\"chat.completion.chunk\","
    "\"created\":1741569952,\"model\":\"gpt-4.1-2025-04-14\"";

static const char ANTHROPIC_START[] =
    "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"model\":\"claude-sonnet-4-5-20250929\","
    "\"id\":\"msg_mock00000000000000000000\",\"type\":\"message\",\"role\":\"assistant\",\"content\":[],"
    "\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":19,\"cache_creation_input_tokens\":0,"
    "\"cache_read_input_tokens\":0,\"output_tokens\":1,\"service_tier\":\"standard\"}}      }\n\n"
    "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":"
    "{\"type\":\"text\",\"text\":\"\"}   }\n\n"
    "event: ping\ndata: {\"type\": \"ping\"}\n\n";

// Gemini repeats its figures, which grow, and its names in every event.
static const char GEMINI_END[] =
    "\"index\": 0}],\"usageMetadata\": {\"promptTokenCount\": 19,\"candidatesTokenCount\": %d,"
    "\"totalTokenCount\": %d,\"promptTokensDetails\": [{\"modality\": \"TEXT\",\"tokenCount\": 19}]},"
    "\"modelVersion\": \"gemini-2.5-flash\",\"responseId\": \"mock0000000000000000000\"}\r\n\r\n";

static void put_stream_start(Connection *c) {
  put(c, STREAM_HEAD, sizeof STREAM_HEAD - 1);
  if (c->format == ANTHROPIC) put_event(c, ANTHROPIC_START, sizeof ANTHROPIC_START - 1);
}

static void put_chunk(Connection *c, int number) {
  char event[1000];
  int length = 0, padding = number % 16;  // Anthropic's, which hides how long the text is
  if (c->format == OPENAI)
    length = sprintf(event,
        "%s,\"service_tier\":\"default\",\"system_fingerprint\":\"fp_mock\",\"choices\":[{\"index\":0,"
        "\"delta\":{\"content\":\" sent_%ld token%d\"},\"logprobs\":null,\"finish_reason\":null}],\"usage\":null}\n\n",
        CHUNK_HEAD, now_ns(), number);
  if (c->format == ANTHROPIC)
    length = sprintf(event,
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":"
        "{\"type\":\"text_delta\",\"text\":\" sent_%ld token%d\"}%*s}\n\n", now_ns(), number, padding, "");
  if (c->format == GEMINI) {
    length = sprintf(event,
        "data: {\"candidates\": [{\"content\": {\"parts\": [{\"text\": \" sent_%ld token%d\"}],\"role\": \"model\"},",
        now_ns(), number);
    length += sprintf(event + length, GEMINI_END, number + 1, number + 20);
  }
  put_event(c, event, length);
}

static void put_stream_end(Connection *c) {
  char event[1000];
  int length = 0, tokens = c->listener->chunks;
  if (c->format == OPENAI)
    length = sprintf(event,
        "%s,\"choices\":[],\"usage\":{\"prompt_tokens\":19,\"completion_tokens\":%d,\"total_tokens\":%d}}\n\n"
        "data: [DONE]\n\n",
        CHUNK_HEAD, tokens, 19 + tokens);
  if (c->format == ANTHROPIC)
    length = sprintf(event,
        "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0   }\n\n"
        "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\","
        "\"stop_sequence\":null},\"usage\":{\"input_tokens\":19,\"cache_creation_input_tokens\":0,"
        "\"cache_read_input_tokens\":0,\"output_tokens\":%d}    }\n\n"
        "event: message_stop\ndata: {\"type\":\"message_stop\"  }\n\n",
        tokens);
  if (c->format == GEMINI) {
    length = sprintf(event,
        "data: {\"candidates\": [{\"content\": {\"parts\": [{\"text\": \"\"}],\"role\": \"model\"},"
        "\"finishReason\": \"STOP\",");
    length += sprintf(event + length, GEMINI_END, tokens, 19 + tokens);
  }
  put_event(c, event, length);
  put(c, "0\r\n\r\n", 5);
}

static void stream_on(int descriptor) {
  Connection *c = &connections[descriptor];
  Listener *listener = c->listener;
  if (c->chunks_sent == 0) put_stream_start(c);
  do {
    if (c->chunks_sent < listener->chunks) put_chunk(c, c->chunks_sent++);
  } while (listener->interval_ms == 0 && c->chunks_sent < listener->chunks);
  if (c->chunks_sent == listener->chunks) {
    put_stream_end(c);
    c->busy = 0;
  } else {
    enqueue(listener->chunks_due, descriptor, listener->interval_ms);
  }
  flush(descriptor);
}

static void answer(int descriptor) {
  Connection *c = &connections[descriptor];
  if (c->streaming) {
    stream_on(descriptor);
  } else {
    c->busy = 0;
    put(c, completion, strlen(completion));
    flush(descriptor);
  }
}

// The length of the request at the head of the buffer, or 0 while it is not all there.
static long request_length(const Connection *c, const char **body) {
  char *end = strstr(c->in, "\r\n\r\n");
  if (!end) return 0;
  *body = end + 4;
  char *length = strcasestr(c->in, "\r\ncontent-length:");
  if (length && length < end) {
    long total = *body - c->in + atol(length + 17);
    return total <= c->in_length ? total : 0;
  }
  char *chunked = strcasestr(c->in, "\r\ntransfer-encoding: chunked");
  if (!chunked || chunked > end) return *body - c->in;
  char *last = strstr(end, "0\r\n\r\n");
  return last ? last + 5 - c->in : 0;
}

static int asks_for_stream(const char *body, const char *end) {
  const char *found = memmem(body, end - body, "\"stream\"", 8);
  if (!found) return 0;
  for (found += 8; found < end && strchr(" :", *found); found++) {}
  return found < end && *found == 't';
}

static Format format_of(const char *head) {
  const char *end = strstr(head, "\r\n");
  if (memmem(head, end - head, "/messages", 9)) return ANTHROPIC;
  return memmem(head, end - head, ":streamGenerateContent", 22) ? GEMINI : OPENAI;
}

static void take_requests(int descriptor) {
  Connection *c = &connections[descriptor];
  while (!c->busy && c->in_length > 0) {
    const char *body;
    c->in[c->in_length] = 0;
    long length = request_length(c, &body);
    if (!length) return;
    c->format = format_of(c->in);
    c->streaming = c->format == GEMINI || asks_for_stream(body, c->in + length);
    c->chunks_sent = 0;
    c->busy = 1;
    memmove(c->in, c->in + length, c->in_length - length);
    c->in_length -= length;
    if (c->listener->delay_ms) enqueue(c->listener->starts, descriptor, c->listener->delay_ms);
    else answer(descriptor);
  }
}

static void accept_all(Listener *listener) {
  int descriptor, on = 1;
  while ((descriptor = accept4(listener->descriptor, 0, 0, SOCK_NONBLOCK)) >= 0) {
    if (descriptor >= MAX_DESCRIPTORS) {
      close(descriptor);
      continue;
    }
    Connection *c = &connections[descriptor];
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (!c->in) c->in = malloc(REQUEST_BYTES + 1);
    c->listener = listener;
    watch(descriptor, EPOLLIN, EPOLL_CTL_ADD);
  }
}

static void read_more(int descriptor) {
  Connection *c = &connections[descriptor];
  ssize_t n = read(descriptor, c->in + c->in_length, REQUEST_BYTES - c->in_length);
  if (n < 0 && errno == EAGAIN) return;
  if (n <= 0) {
    hang_up(descriptor);
    return;
  }
  c->in_length += n;
  take_requests(descriptor);
}

// Does what is due; returns the time of the next entry, or of never.
static long run_due(Queue *queue, long never) {
  while (queue->head != queue->tail) {
    long slot = queue->head % QUEUE_SLOTS;
    if (queue->slots[slot].due_ns > now_ns()) return queue->slots[slot].due_ns;
    int descriptor = queue->slots[slot].descriptor;
    queue->head++;
    if (connections[descriptor].generation != queue->slots[slot].generation) continue;
    answer(descriptor);
    take_requests(descriptor);
  }
  return never;
}

static int listen_on(const char *argument) {
  Listener *listener = &listeners[listener_count];
  int port, on = 1;
  if (sscanf(argument, "%d:%d:%d:%d", &port, &listener->delay_ms, &listener->chunks,
             &listener->interval_ms) != 4) {
    fprintf(stderr, "usage: mock PORT:DELAY_MS:CHUNKS:INTERVAL_MS ...\n");
    return 0;
  }
  listener->starts = calloc(1, sizeof(Queue));
  listener->chunks_due = calloc(1, sizeof(Queue));
  listener->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  setsockopt(listener->descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  if (bind(listener->descriptor, (void *)&address, sizeof address) || listen(listener->descriptor, 4096)) {
    perror(argument);
    return 0;
  }
  watch(listener->descriptor, EPOLLIN, EPOLL_CTL_ADD);
  listener_count++;
  return 1;
}

static Listener *listener_of(int descriptor) {
  for (int i = 0; i < listener_count; i++)
    if (listeners[i].descriptor == descriptor) return &listeners[i];
  return 0;
}

static int milliseconds_until(long due_ns, long never) {
  if (due_ns == never) return -1;
  long left = due_ns - now_ns();
  return left > 0 ? left / 1000000 + 1 : 0;
}

int main(int argc, char **argv) {
  const long never = 1L << 62;
  struct epoll_event events[512];
  signal(SIGPIPE, SIG_IGN);
  poller = epoll_create1(0);
  sprintf(completion,
          "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n"
          "x-request-id: req_mock\r\n\r\n%s",
          sizeof COMPLETION_BODY - 1, COMPLETION_BODY);
  for (int i = 1; i < argc && i <= MAX_LISTENERS; i++)
    if (!listen_on(argv[i])) return 2;
  for (;;) {
    long next = never;
    for (int i = 0; i < listener_count; i++) {
      long start = run_due(listeners[i].starts, never), chunk = run_due(listeners[i].chunks_due, never);
      if (start < next) next = start;
      if (chunk < next) next = chunk;
    }
    int ready = epoll_wait(poller, events, 512, milliseconds_until(next, never));
    for (int i = 0; i < ready; i++) {
      int descriptor = events[i].data.fd;
      Listener *listener = listener_of(descriptor);
      if (listener) {
        accept_all(listener);
        continue;
      }
      if (events[i].events & EPOLLOUT) {
        watch(descriptor, EPOLLIN, EPOLL_CTL_MOD);
        flush(descriptor);
      }
      if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) read_more(descriptor);
    }
  }
}
