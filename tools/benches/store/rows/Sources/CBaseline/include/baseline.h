#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A raw LMDB environment with one table, opened as the log opens its own. */
void *baseline_open(const char *path);
void baseline_close(void *environment);
/* Appends `count` values of `size` bytes under rising keys, `batch` a commit; returns seconds. */
double baseline_append(void *environment, const uint8_t *value, size_t size, uint64_t first, uint64_t count,
                       uint64_t batch);
/* As above, with every other row that the log commits for an event with an idempotency key: leaf, tree node,
   stream, key and note. */
double baseline_rows(void *environment, const uint8_t *value, size_t size, uint64_t first, uint64_t count,
                     uint64_t batch);
/* Opens the environment of a log beside the log itself, for reading while nobody writes. */
void *baseline_read(const char *path);
/* Scans all events, adding up their positions and one byte of each; returns seconds. */
double baseline_scan(void *environment, uint64_t *sum, uint64_t *count);
/* Hashes all values of a table one by one with SHA-256; returns seconds. */
double baseline_sha256(void *environment, const char *table, uint64_t *bytes, uint64_t *count);
/* Whether Ed25519 signatures are made from now on, or are zeros that take no time. */
void baseline_sign(bool does);
/* The processor time that this process has taken, in seconds. */
double baseline_cpu(void);
/* The bytes of memory of this process that no file stands behind. */
uint64_t baseline_anonymous(void);
/* Writes and fdatasyncs 4 KiB `count` times; returns the median in seconds. */
double baseline_fdatasync(const char *path, int count);
