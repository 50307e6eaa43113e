/*
 * Ten indicators of TA-Lib over every series of a file, one series after the other, as a program in C would call it: no
 * wrapper, one thread, outputs to memory that was touched before.
 *
 *   talib-peer FILE SERIES LENGTH     FILE: high, low, close, volume, each [series x length] doubles
 *
 * Prints its version, then for each line on stdin the milliseconds of one round and the sum of the last values.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ta_libc.h"

enum { FIELDS = 4, OUTPUTS = 15 };

static double milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return 1e3 * (double)now.tv_sec + 1e-6 * (double)now.tv_nsec;
}

static void check(TA_RetCode code, const char* name) {
  if (code == TA_SUCCESS) return;
  fprintf(stderr, "%s: TA-Lib returned %d\n", name, (int)code);
  exit(1);
}

int main(int count, char** arguments) {
  if (count != 4) return 2;
  const long series = atol(arguments[2]), length = atol(arguments[3]), values = series * length;
  double* in = malloc(sizeof(double) * FIELDS * (size_t)values);
  double* out = malloc(sizeof(double) * OUTPUTS * (size_t)values);
  FILE* file = fopen(arguments[1], "rb");
  if (in == NULL || out == NULL || file == NULL || fread(in, sizeof(double), (size_t)(FIELDS * values), file) != (size_t)(FIELDS * values)) {
    fprintf(stderr, "cannot read %s\n", arguments[1]);
    return 1;
  }
  fclose(file);
  memset(out, 0, sizeof(double) * OUTPUTS * (size_t)values);
  check(TA_Initialize(), "TA_Initialize");
  printf("%s\n", TA_GetVersionString());
  fflush(stdout);

  char line[64];
  while (fgets(line, sizeof line, stdin) != NULL) {
    double last = 0;
    const double start = milliseconds();
    for (long s = 0; s < series; ++s) {
      const double *high = in + s * length, *low = high + values, *close = low + values, *volume = close + values;
      double* o[OUTPUTS];
      for (int i = 0; i < OUTPUTS; ++i) o[i] = out + i * values + s * length;
      const int end = (int)length - 1;
      int begin = 0, n = 0;
      check(TA_SMA(0, end, close, 30, &begin, &n, o[0]), "SMA");
      check(TA_EMA(0, end, close, 30, &begin, &n, o[1]), "EMA");
      check(TA_RSI(0, end, close, 14, &begin, &n, o[2]), "RSI");
      check(TA_MACD(0, end, close, 12, 26, 9, &begin, &n, o[3], o[4], o[5]), "MACD");
      check(TA_BBANDS(0, end, close, 20, 2, 2, TA_MAType_SMA, &begin, &n, o[6], o[7], o[8]), "BBANDS");
      check(TA_ATR(0, end, high, low, close, 14, &begin, &n, o[9]), "ATR");
      check(TA_ADX(0, end, high, low, close, 14, &begin, &n, o[10]), "ADX");
      check(TA_STOCH(0, end, high, low, close, 5, 3, TA_MAType_SMA, 3, TA_MAType_SMA, &begin, &n, o[11], o[12]), "STOCH");
      check(TA_CCI(0, end, high, low, close, 14, &begin, &n, o[13]), "CCI");
      check(TA_OBV(0, end, close, volume, &begin, &n, o[14]), "OBV");
      last += o[14][n - 1];
    }
    const double spent = milliseconds() - start;
    printf("%.6f %.17g\n", spent, last);
    fflush(stdout);
  }
  return 0;
}
