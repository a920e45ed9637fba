// The plain C loop of poppler and MeCab that senko's reader is held against: page text, NFKC, nouns counted; of
// what is no PDF the text as it is.
// With an argument MeCab alone: of texts that are normalised already.
// Unsandboxed; speaks the same framing: four bytes of length, lowest first, then the document; answers with
// the number of nouns as four bytes.
#include <mecab.h>
#include <poppler.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fully(void *into, size_t count) { return fread(into, 1, count, stdin) == count; }

static uint32_t nouns(mecab_t *tagger, mecab_lattice_t *lattice, const char *text) {
  uint32_t count = 0;
  for (const char *line = text; *line;) {
    const char *end = strchrnul(line, '\n');
    mecab_lattice_clear(lattice);
    mecab_lattice_set_sentence2(lattice, line, end - line);
    if (mecab_parse_lattice(tagger, lattice))
      for (const mecab_node_t *node = mecab_lattice_get_bos_node(lattice); node; node = node->next)
        count += node->stat <= MECAB_UNK_NODE && !strncmp(node->feature, "名詞", strlen("名詞"));
    line = *end ? end + 1 : end;
  }
  return count;
}

static uint32_t normal_nouns(mecab_t *tagger, mecab_lattice_t *lattice, const char *text, gssize size) {
  char *normal = g_utf8_normalize(text, size, G_NORMALIZE_ALL_COMPOSE);
  uint32_t count = normal ? nouns(tagger, lattice, normal) : 0;
  g_free(normal);
  return count;
}

int main(int argc, char **argv) {
  mecab_model_t *model = mecab_model_new2("-r /dev/null -d /var/lib/mecab/dic/ipadic-utf8");
  if (!model) return 1;
  mecab_t *tagger = mecab_model_new_tagger(model);
  mecab_lattice_t *lattice = mecab_model_new_lattice(model);
  PopplerDocument *kept_open = NULL;
  uint32_t size;
  int alone = argc > 1;
  while (fully(&size, 4)) {
    char *bytes = malloc(size);
    if (!fully(bytes, size)) return 1;
    uint32_t count = 0;
    if (size < 5 || memcmp(bytes, "%PDF-", 5)) {
      if (alone) {
        bytes = realloc(bytes, size + 1);
        bytes[size] = 0;
        count = nouns(tagger, lattice, bytes);
      } else {
        count = normal_nouns(tagger, lattice, bytes, size);
      }
      free(bytes);
      fwrite(&count, 4, 1, stdout);
      fflush(stdout);
      continue;
    }
    GBytes *data = g_bytes_new_take(bytes, size);
    PopplerDocument *document = poppler_document_new_from_bytes(data, NULL, NULL);
    for (int page = 0; document && page < poppler_document_get_n_pages(document) && page < 50; page++) {
      PopplerPage *present = poppler_document_get_page(document, page);
      char *text = poppler_page_get_text(present);
      count += normal_nouns(tagger, lattice, text, -1);
      g_free(text);
      g_object_unref(present);
    }
    g_bytes_unref(data);
    // One document stays open, as in senko: poppler then keeps what it knows of encodings.
    if (kept_open && document) g_object_unref(document);
    else if (document) kept_open = document;
    fwrite(&count, 4, 1, stdout);
    fflush(stdout);
  }
  return 0;
}
