/* Rows and columns turned round by the key, then a substitution: cipher encrypt|decrypt IN OUT KEY, --format raw. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state;

static uint32_t draw(void) { /* PCG, O'Neill 2014 */
  state = state * 6364136223846793005u + 1442695040888963407u;
  uint32_t x = (uint32_t)(((state >> 18) ^ state) >> 27), turn = (uint32_t)(state >> 59);
  return x >> turn | x << (-turn & 31);
}

static void shuffle(uint32_t *order, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) order[i] = i;
  for (uint32_t i = n - 1; i > 0; i--) {
    uint32_t j = draw() % (i + 1), t = order[i];
    order[i] = order[j], order[j] = t;
  }
}

int main(int count, char **words) {
  if (count != 5) return fprintf(stderr, "usage: cipher encrypt|decrypt IN OUT KEY\n"), 2;
  uint32_t n = 0, table[256];
  uint8_t *picture = malloc(1 << 24), *out = malloc(1 << 24), key[32];
  FILE *in = fopen(words[2], "rb"), *file = fopen(words[4], "rb"), *to = fopen(words[3], "wb");
  if (!in || !file || !to || fread(key, 1, 32, file) != 32) return fprintf(stderr, "cannot open a file\n"), 1;
  n = (uint32_t)fread(picture, 1, 1 << 24, in);
  for (int i = 0; i < 32; i++) state = (state ^ key[i]) * 1099511628211u;
  uint32_t *order = malloc(n * sizeof *order);
  shuffle(order, n), shuffle(table, 256);
  for (uint32_t i = 0; i < n; i++)
    if (!strcmp(words[1], "encrypt")) out[i] = table[picture[order[i]]];
    else
      for (int v = 0; v < 256; v++)
        if (table[v] == picture[i]) out[order[i]] = v;
  return fwrite(out, 1, n, to) == n && !fclose(to) ? 0 : 1;
}
