/*
 * GPM. A metric has a figure by its number, `gpu.<index>.gpm.<id>=` changes it and `gpu.<index>.gpm_error.<id>=` makes it fail; those of
 * a MIG GPU instance are `gpu.<index>.gpm_instance.<GPU instance>.<id>=`. `unsupported=gpm` is a GPU without it, `gpu.<index>.gpm=0`
 * one that says so, and -D WITHOUT_GPM a library without it. A sample that is used after it was freed ends the process.
 */
#include "fake.h"

#define MAX_SAMPLES 512
#define MAX_METRICS 333

typedef struct { u32 version, is_supported; } support_t;
typedef struct { u32 id, ret; double value; const char *short_name, *long_name, *unit; } metric_t;
typedef struct { u32 version, count; void *older, *newer; metric_t metrics[MAX_METRICS]; } metrics_get_t;
_Static_assert(sizeof(support_t) == 8 && sizeof(metric_t) == 40 && sizeof(metrics_get_t) == 24 + 40 * MAX_METRICS, "NVML struct sizes");

typedef struct { int used; u64 taken; void *gpu; u32 gpu_instance; char instance[512]; } sample_t;
static sample_t samples[MAX_SAMPLES];

int open_gpm_samples(void) {
  int open = 0;
  for (int i = 0; i < MAX_SAMPLES; i++) open += samples[i].used;
  return open;
}

void forget_gpm_samples(void) { memset(samples, 0, sizeof samples); }

#ifndef WITHOUT_GPM
static sample_t *sample_of(void *handle, const char *symbol) {
  sample_t *sample = handle;
  if (sample >= samples && sample < samples + MAX_SAMPLES && sample->used) return sample;
  fprintf(stderr, "fake NVML: %s was called with a sample that is not allocated\n", symbol);
  raise(SIGSEGV);
  abort();
}

ret_t nvmlGpmQueryDeviceSupport(void *device, support_t *out) {
  ENTER("gpm");
  if (out->version != 1) return VERSION_MISMATCH;
  out->is_supported = (u32)gpu_number(device, "gpm", 1);
  return OK;
}

ret_t nvmlGpmSampleAlloc(void **out) {
  ret_t ret = enter(__func__);
  if (ret != OK) return ret;
  for (int i = 0; i < MAX_SAMPLES; i++) {
    if (samples[i].used) continue;
    memset(&samples[i], 0, sizeof samples[i]);
    samples[i].used = 1;
    *out = &samples[i];
    return OK;
  }
  return INSUFFICIENT_SIZE;
}

ret_t nvmlGpmSampleFree(void *handle) {
  ret_t ret = enter(__func__);
  if (ret == OK) sample_of(handle, __func__)->used = 0;
  return ret;
}

static void take(sample_t *sample, void *gpu, u32 gpu_instance) {
  static u64 taken;
  sample->taken = ++taken;
  sample->gpu = gpu;
  sample->gpu_instance = gpu_instance;
}

ret_t nvmlGpmSampleGet(void *device, void *handle) {
  ENTER("gpm");
  take(sample_of(handle, __func__), device, NO_INSTANCE);
  return OK;
}

ret_t nvmlGpmMigSampleGet(void *device, u32 gpu_instance, void *handle) {
  ENTER("gpm");
  sample_t *sample = sample_of(handle, __func__);
  take(sample, device, gpu_instance);
  describe_gpu_instance(device, gpu_instance, sample->instance, sizeof sample->instance);
  return sample->instance[0] == '\0' ? NOT_FOUND : OK;
}

static double default_of(u32 id) {
  static const struct { u32 id; double value; } figures[] = {
    { 1, 90.5 }, { 2, 80.25 }, { 3, 45 }, { 4, 10 }, { 5, 60 }, { 10, 35 }, { 11, 1 }, { 12, 20 }, { 13, 5 }, { 20, 100 }, { 21, 50 },
    { 60, 1900 }, { 61, 2000 },
  };
  for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
    if (figures[i].id == id) return figures[i].value;
  return -1;
}

static void measure(metric_t *metric, const sample_t *sample) {
  char key[64];
  snprintf(key, sizeof key, "gpm.%u", metric->id);
  if (strcmp(gpu_text(sample->gpu, key, ""), "untouched") == 0) return;
  snprintf(key, sizeof key, "gpm_error.%u", metric->id);
  metric->ret = (u32)gpu_number(sample->gpu, key, OK);
  if (default_of(metric->id) < 0) metric->ret = INVALID_ARGUMENT;
  if (metric->ret != OK) return;
  if (sample->gpu_instance == NO_INSTANCE) snprintf(key, sizeof key, "gpm.%u", metric->id);
  else snprintf(key, sizeof key, "gpm_instance.%u.%u", sample->gpu_instance, metric->id);
  const char *told = gpu_text(sample->gpu, key, NULL);
  metric->value = told == NULL ? default_of(metric->id) : strtod(told, NULL);
}

ret_t nvmlGpmMetricsGet(metrics_get_t *get) {
  ret_t ret = enter(__func__);
  if (ret != OK) return ret;
  if (get->version != 1) return VERSION_MISMATCH;
  sample_t *older = sample_of(get->older, __func__), *newer = sample_of(get->newer, __func__);
  if (get->count > MAX_METRICS || older->gpu != newer->gpu || older->gpu_instance != newer->gpu_instance) return INVALID_ARGUMENT;
  if (older->taken == 0 || older->taken >= newer->taken) return INVALID_ARGUMENT;
  for (u32 i = 0; i < get->count; i++) {
    measure(&get->metrics[i], newer);
    /* What comes out across a reconfiguration means nothing, but looks like a figure. */
    if (strcmp(older->instance, newer->instance) != 0) get->metrics[i].value = 66.6;
  }
  return OK;
}
#endif
