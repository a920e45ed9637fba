#define _GNU_SOURCE
#include "baseline.h"
#include <dlfcn.h>
#include <fcntl.h>
#include <lmdb.h>
#include <openssl/evp.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void check(int code) {
  if (code) {
    fprintf(stderr, "baseline: %s\n", mdb_strerror(code));
    exit(1);
  }
}

void *baseline_open(const char *path) {
  MDB_env *env;
  mkdir(path, 0700);
  check(mdb_env_create(&env));
  check(mdb_env_set_mapsize(env, (size_t)64 << 30));
  check(mdb_env_set_maxdbs(env, 8));
  check(mdb_env_open(env, path, MDB_NOTLS, 0600));
  return env;
}

void baseline_close(void *env) { mdb_env_close(env); }

double baseline_append(void *env, const uint8_t *value, size_t size, uint64_t first, uint64_t count,
                       uint64_t batch) {
  double start = now();
  for (uint64_t done = 0; done < count;) {
    MDB_txn *txn;
    MDB_dbi dbi;
    check(mdb_txn_begin(env, NULL, 0, &txn));
    check(mdb_dbi_open(txn, "events", MDB_CREATE, &dbi));
    for (uint64_t i = 0; i < batch && done < count; i++, done++) {
      uint64_t key = __builtin_bswap64(first + done);
      MDB_val k = {8, &key}, v = {size, (void *)value};
      check(mdb_put(txn, dbi, &k, &v, MDB_APPEND));
    }
    check(mdb_txn_commit(txn));
  }
  return now() - start;
}

static void put(MDB_txn *txn, MDB_dbi dbi, const void *key, size_t key_size, const void *value, size_t size,
                unsigned flags) {
  MDB_val k = {key_size, (void *)key}, v = {size, (void *)value};
  check(mdb_put(txn, dbi, &k, &v, flags));
}

/// How many bytes the event in a row has, behind which its leaf may lie.
static size_t event_size(MDB_val row) {
  return row.mv_size > 33 && ((uint8_t *)row.mv_data)[row.mv_size - 1] == 1 ? row.mv_size - 33 : row.mv_size;
}

double baseline_rows(void *env, const uint8_t *value, size_t size, uint64_t first, uint64_t count,
                     uint64_t batch) {
  double start = now();
  static const char *names[] = {"events", "meta", "nodes", "streams", "commands", "checkpoints"};
  uint8_t filling[320], event[size + 33];
  memset(filling, 7, sizeof filling);
  memcpy(event, value, size);
  memset(event + size, 1, 33);
  for (uint64_t done = 0; done < count;) {
    MDB_txn *txn;
    MDB_dbi dbi[6];
    check(mdb_txn_begin(env, NULL, 0, &txn));
    for (int i = 0; i < 6; i++) check(mdb_dbi_open(txn, names[i], MDB_CREATE, &dbi[i]));
    uint64_t note = __builtin_bswap64(first + done);
    put(txn, dbi[1], "head", 4, filling, 260, 0);
    if (done % 256 < batch) put(txn, dbi[5], &note, 8, filling, 220, 0);
    for (uint64_t i = 0; i < batch && done < count; i++, done++) {
      uint64_t key = __builtin_bswap64(first + done);
      put(txn, dbi[0], &key, 8, event, size + 33, MDB_APPEND);
      if ((first + done) % 16 == 0) put(txn, dbi[2], &key, 8, filling, 32, 0);
      char stream[16];
      int length = snprintf(stream, sizeof stream, "a:%u", (unsigned)(batch == 1 ? 0 : i));
      put(txn, dbi[3], stream, length, &key, 8, 0);
      put(txn, dbi[4], &key, 8, filling, 40, MDB_APPEND);
    }
    check(mdb_txn_commit(txn));
  }
  return now() - start;
}

void *baseline_read(const char *path) {
  MDB_env *env;
  check(mdb_env_create(&env));
  check(mdb_env_set_mapsize(env, (size_t)64 << 30));
  check(mdb_env_set_maxdbs(env, 4));
  check(mdb_env_open(env, path, MDB_NOTLS | MDB_NOLOCK | MDB_RDONLY, 0600));
  return env;
}

double baseline_scan(void *env, uint64_t *sum, uint64_t *count) {
  double start = now();
  MDB_txn *txn;
  MDB_dbi dbi;
  MDB_cursor *cursor;
  MDB_val k, v;
  *sum = *count = 0;
  check(mdb_txn_begin(env, NULL, MDB_RDONLY, &txn));
  check(mdb_dbi_open(txn, "events", 0, &dbi));
  check(mdb_cursor_open(txn, dbi, &cursor));
  while (mdb_cursor_get(cursor, &k, &v, MDB_NEXT) == 0) {
    uint64_t position;
    memcpy(&position, k.mv_data, 8);
    *sum += __builtin_bswap64(position) + ((uint8_t *)v.mv_data)[event_size(v) / 2];
    *count += 1;
  }
  mdb_cursor_close(cursor);
  mdb_txn_abort(txn);
  return now() - start;
}

double baseline_sha256(void *env, const char *table, uint64_t *bytes, uint64_t *count) {
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  EVP_MD *algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
  uint8_t digest[32];
  MDB_txn *txn;
  MDB_dbi dbi;
  MDB_cursor *cursor;
  MDB_val k, v;
  double start = now();
  *bytes = *count = 0;
  check(mdb_txn_begin(env, NULL, MDB_RDONLY, &txn));
  check(mdb_dbi_open(txn, table, 0, &dbi));
  check(mdb_cursor_open(txn, dbi, &cursor));
  while (mdb_cursor_get(cursor, &k, &v, MDB_NEXT) == 0) {
    EVP_DigestInit_ex(context, algorithm, NULL);
    size_t size = strcmp(table, "events") ? v.mv_size : event_size(v);
    EVP_DigestUpdate(context, v.mv_data, size);
    EVP_DigestFinal_ex(context, digest, NULL);
    *bytes += size;
    *count += 1;
  }
  mdb_cursor_close(cursor);
  mdb_txn_abort(txn);
  double seconds = now() - start;
  EVP_MD_CTX_free(context);
  EVP_MD_free(algorithm);
  return seconds;
}

static atomic_bool signs = true;

void baseline_sign(bool does) { signs = does; }

// The program's own definitions, which libcrypto's stand behind: so the store can be timed with signatures that cost
// nothing, and needs no switch for it.
int EVP_DigestSignInit(EVP_MD_CTX *context, EVP_PKEY_CTX **key_context, const EVP_MD *type, ENGINE *engine,
                       EVP_PKEY *key) {
  static int (*real)(EVP_MD_CTX *, EVP_PKEY_CTX **, const EVP_MD *, ENGINE *, EVP_PKEY *);
  if (!signs) return 1;
  if (!real) real = dlsym(RTLD_NEXT, "EVP_DigestSignInit");
  return real(context, key_context, type, engine, key);
}

int EVP_DigestSign(EVP_MD_CTX *context, unsigned char *signature, size_t *size, const unsigned char *text,
                   size_t count) {
  static int (*real)(EVP_MD_CTX *, unsigned char *, size_t *, const unsigned char *, size_t);
  if (!signs) {
    memset(signature, 0, *size);
    return 1;
  }
  if (!real) real = dlsym(RTLD_NEXT, "EVP_DigestSign");
  return real(context, signature, size, text, count);
}

double baseline_cpu(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

uint64_t baseline_anonymous(void) {
  char line[256];
  uint64_t kilobytes = 0;
  FILE *status = fopen("/proc/self/status", "r");
  if (!status) return 0;
  while (fgets(line, sizeof line, status) && sscanf(line, "RssAnon: %lu kB", &kilobytes) != 1) {
  }
  fclose(status);
  return kilobytes << 10;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

double baseline_fdatasync(const char *path, int count) {
  double *times = malloc(sizeof(double) * count);
  uint8_t page[4096];
  memset(page, 7, sizeof page);
  int file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
  for (int i = 0; i < count; i++) {
    double start = now();
    if (pwrite(file, page, sizeof page, 0) != sizeof page || fdatasync(file)) exit(1);
    times[i] = now() - start;
  }
  close(file);
  unlink(path);
  qsort(times, count, sizeof(double), ascending);
  double median = times[count / 2];
  free(times);
  return median;
}
