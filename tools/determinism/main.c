#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

uint64_t learning_digest(int32_t number);

/* Prints one digest a line, until there is no such case. */
int main(void) {
  for (int32_t number = 0;; number++) {
    uint64_t digest = learning_digest(number);
    if (digest == 0) return 0;
    printf("%016" PRIx64 "\n", digest);
  }
}
