/*
 * MIG devices. `gpu.<index>.mig=1` is MIG mode; `gpu.<index>.mig.<slot>=<GPU instance>:<compute instance>:<profile>[:<UUID>]` is a MIG
 * device. A handle stands for a slot, so one that was made anew has the handle of the one before it. -D WITHOUT_MIG leaves it all out.
 */
#include "fake.h"

typedef struct { u32 multiprocessors, copy, decoder, encoder, jpeg, ofa, gpu_slices, compute_slices; u64 memory_mib; } attributes_t;
_Static_assert(sizeof(attributes_t) == 40, "NVML struct sizes");

/* Begins with values of its own, so that what reads the values of a GPU reads those of the instance. */
typedef struct { gpu_t own; u32 gpu_instance, compute_instance; char profile[32]; } mig_t;
static mig_t migs[MAX_GPUS][MAX_MIG];

static int gpu_index_of(const mig_t *mig) { return (int)(((const char *)mig - (const char *)migs) / (long)sizeof migs[0]); }
static int slot_of(const mig_t *mig) { return (int)(mig - migs[gpu_index_of(mig)]); }

static mig_t *mig_of(void *handle) {
  char *at = handle, *start = (char *)migs;
  return at >= start && at < start + sizeof migs && (at - start) % (long)sizeof(mig_t) == 0 ? handle : NULL;
}

gpu_t *mig_parent(void *handle) {
  mig_t *mig = mig_of(handle);
  return mig == NULL ? NULL : &gpus[gpu_index_of(mig)];
}

static int mode_of(void *gpu) { return (int)gpu_number(gpu, "mig", 0); }

/* Reads what is in the slot now; 0 if nothing. */
static int load(mig_t *mig) {
  gpu_t *gpu = &gpus[gpu_index_of(mig)];
  char key[32], uuid[64] = "";
  snprintf(key, sizeof key, "mig.%d", slot_of(mig));
  const char *line = gpu_text(gpu, key, NULL);
  if (!mode_of(gpu) || line == NULL) return 0;
  if (sscanf(line, "%u:%u:%31[^:]:%63s", &mig->gpu_instance, &mig->compute_instance, mig->profile, uuid) < 3) return 0;
  if (uuid[0] == '\0')
    snprintf(uuid, sizeof uuid, "MIG-f1ee%04x-fa4e-4e57-8000-%06x%06x", INDEX(gpu), mig->gpu_instance, mig->compute_instance);
  snprintf(mig->own.uuid, sizeof mig->own.uuid, "%s", uuid);
  return 1;
}

static u32 slices_before(const char *profile, const char *mark) {
  const char *end = strstr(profile, mark);
  while (end != NULL && end > profile && end[-1] >= '0' && end[-1] <= '9') end--;
  return end == NULL ? 0 : (u32)atoi(end);
}

static void load_memory(mig_t *mig) {
  u64 *v = mig->own.values;
  u64 eighths = slices_before(mig->profile, "gb") * 8ull / 80;
  v[MEMORY_TOTAL] = (eighths == 0 ? 1 : eighths) * 10200547328ull;
  v[MEMORY_RESERVED] = 16777216;
  v[MEMORY_USED] = (mig->gpu_instance + 1) * 104857600ull;
}

ret_t enter_mig(const char *symbol, void *handle) {
  static const char *const known[] = {
    "nvmlDeviceGetUUID", "nvmlDeviceGetName", "nvmlDeviceGetMemoryInfo", "nvmlDeviceGetMemoryInfo_v2", "nvmlDeviceGetGpuInstanceId",
    "nvmlDeviceGetComputeInstanceId", "nvmlDeviceGetAttributes_v2", "nvmlDeviceGetComputeRunningProcesses",
    "nvmlDeviceGetComputeRunningProcesses_v2", "nvmlDeviceGetComputeRunningProcesses_v3",
  };
  mig_t *mig = mig_of(handle);
  if (mig == NULL) return OK;
  if (!load(mig)) return NOT_FOUND;
  load_memory(mig);
  char key[80];
  snprintf(key, sizeof key, "mig.%d.error.%s", slot_of(mig), symbol);
  ret_t error = (ret_t)gpu_number(handle, key, OK);
  if (error != OK) return error;
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strcmp(known[i], symbol) == 0) return OK;
  return NOT_SUPPORTED;
}

const char *mig_profile(void *handle) {
  mig_t *mig = mig_of(handle);
  return mig == NULL || has("mig_names", "off") ? NULL : mig->profile;
}

u32 mig_gpu_instance(void *handle) {
  mig_t *mig = mig_of(handle);
  return mig == NULL ? NO_INSTANCE : mig->gpu_instance;
}

/* What is in a GPU instance, as a text; empty if there is no such instance. */
void describe_gpu_instance(void *gpu, u32 gpu_instance, char *out, size_t size) {
  out[0] = '\0';
  for (int slot = 0; slot < MAX_MIG; slot++) {
    mig_t *mig = &migs[INDEX(gpu)][slot];
    size_t length = strlen(out);
    if (load(mig) && mig->gpu_instance == gpu_instance) snprintf(out + length, size - length, "%s %s;", mig->own.uuid, mig->profile);
  }
}

#ifndef WITHOUT_MIG
ret_t nvmlDeviceGetMigMode(void *device, u32 *current, u32 *pending) {
  ENTER("mig");
  *current = (u32)mode_of(device);
  *pending = (u32)gpu_number(device, "mig_pending", *current);
  return OK;
}

ret_t nvmlDeviceGetMaxMigDeviceCount(void *device, u32 *out) {
  ENTER("mig");
  *out = 7;
  return OK;
}

ret_t nvmlDeviceGetMigDeviceHandleByIndex(void *device, u32 index, void **out) {
  ENTER("mig");
  if (index >= MAX_MIG) return INVALID_ARGUMENT;
  mig_t *mig = &migs[INDEX(device)][index];
  if (!load(mig)) return NOT_FOUND;
  *out = mig;
  return OK;
}

ret_t nvmlDeviceGetGpuInstanceId(void *device, u32 *out) {
  ENTER("mig");
  if (mig_of(device) == NULL) return INVALID_ARGUMENT;
  *out = mig_of(device)->gpu_instance;
  return OK;
}

ret_t nvmlDeviceGetComputeInstanceId(void *device, u32 *out) {
  ENTER("mig");
  if (mig_of(device) == NULL) return INVALID_ARGUMENT;
  *out = mig_of(device)->compute_instance;
  return OK;
}

ret_t nvmlDeviceGetAttributes_v2(void *device, attributes_t *out) {
  ENTER("mig");
  mig_t *mig = mig_of(device);
  if (mig == NULL) return INVALID_ARGUMENT;
  u32 gpu_slices = slices_before(mig->profile, "g."), compute_slices = slices_before(mig->profile, "c.");
  *out = (attributes_t){ .multiprocessors = 16, .gpu_slices = gpu_slices, .compute_slices = compute_slices == 0 ? gpu_slices : compute_slices };
  out->memory_mib = VALUE(device, MEMORY_TOTAL) >> 20;
  return OK;
}
#endif
