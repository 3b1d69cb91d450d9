/*
 * What every measured program says about itself, as one line of JSON.
 */
#ifndef UCM_BENCH_MEASURE_H
#define UCM_BENCH_MEASURE_H

struct measure {
	double wall, cpu; /* seconds at the start */
};

void measure_start(struct measure *measure);

/* Seconds since the start, for `count` messages or `bytes`, and the memory of this process. */
void measure_print(const struct measure *measure, long count, long long bytes);

#endif
