/*
 * Processes. `gpu.<index>.process=<pid>:<bytes>[:<SM percent>[:<GPU instance>[:<kind>]]]`, once for each; bytes may be `unknown`, a GPU
 * instance `-` is none, and the kind is compute, mps or graphics. `gpu.<index>.process_count=<n>` are n more from pid 1000 on.
 * `gpu.<index>.sample=<pid>:<us>:<SM percent>` is a sample of a process at a time; a process with a percentage has one of this moment.
 *
 * `process_struct=32` gives the lists of `_v3` the entries that drivers had from 535.43 to 535.86, and `process_instances=off` leaves
 * the instances out of the lists of GPUs. -D WITHOUT_PROCESSES_V3, WITHOUT_PROCESSES_V2, WITHOUT_PROCESS_DETAILS, WITHOUT_CONF_COMPUTE
 * and WITHOUT_PROCESS_UTILIZATION leave symbols out.
 */
#include "fake.h"
#include <time.h>

typedef struct { u32 pid; u64 bytes; } process_v1_t;
typedef struct { u32 pid; u64 bytes; u32 gpu_instance, compute_instance; } process_v2_t;
typedef struct { u32 pid; u64 bytes; u32 gpu_instance, compute_instance; u64 protected_bytes; } process_long_t;
typedef struct { u32 pid; u64 at_us; u32 sm, memory, encoder, decoder; } sample_t;
_Static_assert(sizeof(process_v1_t) == 16 && sizeof(process_v2_t) == 24 && sizeof(process_long_t) == 32, "NVML struct sizes");
_Static_assert(sizeof(sample_t) == 32, "NVML struct sizes");

typedef struct { u32 pid; u64 bytes; int sm; u32 gpu_instance; char kind[16]; } process_t;

static process_t parse(const char *line) {
  char bytes[32] = "unknown", instance[16] = "-";
  process_t process = { .sm = -1, .kind = "compute" };
  sscanf(line, "%u:%31[^:]:%d:%15[^:]:%15s", &process.pid, bytes, &process.sm, instance, process.kind);
  process.bytes = strcmp(bytes, "unknown") == 0 ? ~0ull : strtoull(bytes, NULL, 0);
  process.gpu_instance = strcmp(instance, "-") == 0 ? NO_INSTANCE : (u32)atoi(instance);
  return process;
}

/* The n-th process of the GPU; 0 beyond the last. */
static int process_at(void *gpu, u32 n, process_t *out) {
  u64 numbered = gpu_number(gpu, "process_count", 0);
  *out = (process_t){ .pid = 1000 + n, .bytes = (n + 1) * 1048576ull, .sm = -1, .gpu_instance = NO_INSTANCE, .kind = "compute" };
  if (n < numbered) return 1;
  const char *line = gpu_line(gpu, "process", (int)(n - numbered));
  if (line != NULL) *out = parse(line);
  return line != NULL;
}

static int is_listed(void *device, const process_t *process, const char *kind) {
  u32 instance = mig_gpu_instance(device);
  return strcmp(process->kind, kind) == 0 && (instance == NO_INSTANCE || instance == process->gpu_instance);
}

static void write_entry(void *device, char *entry, size_t size, const process_t *process) {
  int is_told = mig_gpu_instance(device) != NO_INSTANCE || !has("process_instances", "off");
  u32 instance = is_told ? process->gpu_instance : NO_INSTANCE;
  process_long_t full = { process->pid, process->bytes, instance, instance == NO_INSTANCE ? NO_INSTANCE : 0, 0 };
  memcpy(entry, &full, size);
}

static ret_t list(void *device, const char *kind, size_t size, u32 *count, char *entries) {
  void *gpu = gpu_of(device, __func__);
  u32 found = 0, room = *count;
  process_t process;
  for (u32 n = 0; process_at(gpu, n, &process); n++) {
    if (!is_listed(device, &process, kind)) continue;
    if (found < room) write_entry(device, entries + found * size, size, &process);
    found++;
  }
  *count = found;
  return found > room ? INSUFFICIENT_SIZE : OK;
}

#define LIST_CALL(name, kind, size) ret_t name(void *device, u32 *count, void *entries) { \
  ENTER("processes"); return list(device, kind, size, count, entries); }

LIST_CALL(nvmlDeviceGetComputeRunningProcesses, "compute", sizeof(process_v1_t))
LIST_CALL(nvmlDeviceGetMPSComputeRunningProcesses, "mps", sizeof(process_v1_t))
LIST_CALL(nvmlDeviceGetGraphicsRunningProcesses, "graphics", sizeof(process_v1_t))
#ifndef WITHOUT_PROCESSES_V2
LIST_CALL(nvmlDeviceGetComputeRunningProcesses_v2, "compute", sizeof(process_v2_t))
LIST_CALL(nvmlDeviceGetMPSComputeRunningProcesses_v2, "mps", sizeof(process_v2_t))
LIST_CALL(nvmlDeviceGetGraphicsRunningProcesses_v2, "graphics", sizeof(process_v2_t))
#endif
#ifndef WITHOUT_PROCESSES_V3
#define NEWEST_SIZE (has("process_struct", "32") ? sizeof(process_long_t) : sizeof(process_v2_t))
LIST_CALL(nvmlDeviceGetComputeRunningProcesses_v3, "compute", NEWEST_SIZE)
LIST_CALL(nvmlDeviceGetMPSComputeRunningProcesses_v3, "mps", NEWEST_SIZE)
LIST_CALL(nvmlDeviceGetGraphicsRunningProcesses_v3, "graphics", NEWEST_SIZE)
#endif

#ifndef WITHOUT_PROCESS_DETAILS
typedef struct { u32 version, mode, count; void *entries; } detail_list_t;
_Static_assert(sizeof(detail_list_t) == 24, "NVML struct sizes");

ret_t nvmlDeviceGetRunningProcessDetailList(void *device, detail_list_t *out) {
  ENTER("processes");
  if (out->version != (sizeof *out | 1u << 24)) return VERSION_MISMATCH;
  out->count = 0;
  return OK;
}
#endif

#ifndef WITHOUT_CONF_COMPUTE
typedef struct { u64 protected_kib, unprotected_kib; } conf_compute_t;

ret_t nvmlDeviceGetConfComputeMemSizeInfo(void *device, conf_compute_t *out) {
  ENTER("conf_compute");
  *out = (conf_compute_t){ 0, 81920 };
  return OK;
}
#endif

#ifndef WITHOUT_PROCESS_UTILIZATION
static u64 now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (u64)now.tv_sec * 1000000 + (u64)now.tv_nsec / 1000;
}

static void add(const sample_t *sample, u64 since, sample_t *samples, u32 room, u32 *found) {
  if (sample->at_us <= since && !has("old_samples", "yes")) return;
  if (*found < room) samples[*found] = *sample;
  ++*found;
}

ret_t nvmlDeviceGetProcessUtilization(void *device, sample_t *samples, u32 *count, u64 since) {
  ENTER("process_utilization");
  if (gpu_number(device, "mig", 0)) return NOT_SUPPORTED;
  u32 found = 0, room = *count;
  process_t process;
  for (u32 n = 0; process_at(device, n, &process); n++)
    if (process.sm >= 0) add(&(sample_t){ .pid = process.pid, .at_us = now_us(), .sm = (u32)process.sm }, since, samples, room, &found);
  const char *line;
  for (int n = 0; (line = gpu_line(device, "sample", n)) != NULL; n++) {
    sample_t sample = { 0 };
    unsigned long long at_us = 0;
    sscanf(line, "%u:%llu:%u", &sample.pid, &at_us, &sample.sm);
    sample.at_us = at_us;
    add(&sample, since, samples, room, &found);
  }
  *count = found;
  if (found == 0) return NOT_FOUND;
  return found > room ? INSUFFICIENT_SIZE : OK;
}
#endif
