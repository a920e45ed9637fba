/* scan FOLDER: reads every event of a log through a raw LMDB cursor, and nothing more. Prints how many
   there are, their bytes, and the seconds that it took. */
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void check(int code) {
  if (code) {
    fprintf(stderr, "scan: %s\n", mdb_strerror(code));
    exit(1);
  }
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: scan FOLDER\n");
    return 64;
  }
  struct timespec start, end;
  MDB_env *env;
  MDB_txn *txn;
  MDB_dbi dbi;
  MDB_cursor *cursor;
  MDB_val key, value;
  unsigned long count = 0, bytes = 0, sum = 0;
  clock_gettime(CLOCK_MONOTONIC, &start);
  check(mdb_env_create(&env));
  check(mdb_env_set_mapsize(env, (size_t)1 << 40));
  check(mdb_env_set_maxdbs(env, 32));
  check(mdb_env_open(env, argv[1], MDB_RDONLY | MDB_NOTLS, 0600));
  check(mdb_txn_begin(env, NULL, MDB_RDONLY, &txn));
  check(mdb_dbi_open(txn, "events", 0, &dbi));
  check(mdb_cursor_open(txn, dbi, &cursor));
  for (int code = mdb_cursor_get(cursor, &key, &value, MDB_FIRST); code != MDB_NOTFOUND;
       code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
    check(code);
    // Behind the event lie its leaf and a one.
    size_t size = value.mv_size > 33 && ((unsigned char *)value.mv_data)[value.mv_size - 1] == 1
                      ? value.mv_size - 33
                      : value.mv_size;
    count++;
    bytes += size;
    sum += ((unsigned char *)value.mv_data)[size / 2];
  }
  clock_gettime(CLOCK_MONOTONIC, &end);
  printf("%lu %lu %.9f %lu\n", count, bytes,
         end.tv_sec - start.tv_sec + (end.tv_nsec - start.tv_nsec) / 1e9, sum);
  mdb_cursor_close(cursor);
  mdb_txn_abort(txn);
  mdb_env_close(env);
  return 0;
}
