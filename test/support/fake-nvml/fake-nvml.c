/*
 * Core of the fake libnvidia-ml.so.1 for machines without a GPU. It has the ABI of the real library (symbols, struct sizes, return codes; LP64) for
 * what the exporter calls, and none of its behaviour beyond that. A state file steers it, see fake-nvml.ts for the lines it knows. The
 * file is named by FAKE_NVML_STATE or by fakeNvmlUseState() and read again whenever it was replaced.
 *
 * -D WITHOUT_MEMORY_V2, WITHOUT_TEMPERATURE_V, WITHOUT_FIELD_VALUES, WITHOUT_CLOCKS_EVENT_REASONS and WITHOUT_EVENTS leave symbols out.
 */
#include "fake.h"

typedef struct { u32 gpu, memory; } utilization_t;
typedef struct { u64 total, free, used; } memory_v1_t;
typedef struct { u32 version; u64 total, reserved, free, used; } memory_v2_t;
typedef struct { u32 version, sensor; int32_t celsius; } temperature_v1_t;
typedef struct { char bus_id_legacy[16]; u32 domain, bus, device, pci_device_id, pci_subsystem_id; char bus_id[32]; } pci_info_t;
typedef struct { void *device; u64 type, data; u32 gpu_instance, compute_instance; } event_t;
_Static_assert(sizeof(utilization_t) == 8 && sizeof(memory_v1_t) == 24 && sizeof(memory_v2_t) == 40, "NVML struct sizes");
_Static_assert(sizeof(temperature_v1_t) == 12 && sizeof(pci_info_t) == 68, "NVML struct sizes");
_Static_assert(sizeof(field_t) == 40 && sizeof(event_t) == 32, "NVML struct sizes");

static const char *const key_names[KEY_COUNT] = {
  "utilization", "memory_utilization", "memory_total", "memory_reserved", "memory_used", "temperature", "memory_temperature", "slowdown",
  "shutdown", "memory_max", "power_mw", "energy_mj", "limit_mw", "limit_default_mw", "limit_min_mw", "limit_max_mw", "graphics_mhz",
  "sm_mhz", "memory_mhz", "sm_max_mhz", "memory_max_mhz", "reasons", "fan", "pcie_generation", "pcie_generation_max", "pcie_width",
  "pcie_width_max", "pcie_replays", "ecc_correctable_volatile", "ecc_uncorrectable_volatile", "ecc_correctable_aggregate",
  "ecc_uncorrectable_aggregate", "event_types",
};

typedef struct { char key[80]; char value[80]; } line_t;
typedef struct { u64 sequence; u32 gpu, code, gpu_instance; } xid_t;
typedef struct { int used; u64 delivered; int registered[MAX_GPUS]; u64 since[MAX_GPUS]; } event_set_t;

gpu_t gpus[MAX_GPUS];
static event_set_t sets[MAX_SETS];
static line_t lines[MAX_LINES];
static int line_count;
static xid_t xids[MAX_XIDS];
static int xid_count;
static u32 gpu_count;
static int initialised;
static char state_path[4096];
static struct stat state_seen;

/* ---- state file ---- */

static void set_defaults(u32 index) {
  gpu_t *gpu = &gpus[index];
  memset(gpu, 0, sizeof *gpu);
  snprintf(gpu->uuid, sizeof gpu->uuid, "GPU-%08x-fa4e-4e57-8000-%012x", 0xf1ee0000u + index, index);
  u64 *v = gpu->values;
  v[UTILIZATION] = 90 + index % 10; v[MEMORY_UTILIZATION] = 40 + index;
  v[MEMORY_TOTAL] = 85520809984ull; v[MEMORY_RESERVED] = 633339904ull; v[MEMORY_USED] = 60000000000ull + index * 1000000000ull;
  v[TEMPERATURE] = 55 + index; v[MEMORY_TEMPERATURE] = 65 + index; v[SLOWDOWN] = 92; v[SHUTDOWN] = 95; v[MEMORY_MAX] = 98;
  v[POWER_MW] = 612345 + index * 1000; v[ENERGY_MJ] = 9007199254741ull + index;
  v[LIMIT_MW] = 700000; v[LIMIT_DEFAULT_MW] = 700000; v[LIMIT_MIN_MW] = 200000; v[LIMIT_MAX_MW] = 700000;
  v[GRAPHICS_MHZ] = 1755; v[SM_MHZ] = 1755 + index; v[MEMORY_MHZ] = 2619; v[SM_MAX_MHZ] = 1980; v[MEMORY_MAX_MHZ] = 2619;
  v[REASONS] = 0x4; v[FAN] = 30 + index;
  v[PCIE_GENERATION] = 5; v[PCIE_GENERATION_MAX] = 5; v[PCIE_WIDTH] = 16; v[PCIE_WIDTH_MAX] = 16; v[PCIE_REPLAYS] = index;
  v[ECC_CORRECTABLE_VOLATILE] = index; v[ECC_CORRECTABLE_AGGREGATE] = 5000000000ull + index; v[ECC_UNCORRECTABLE_AGGREGATE] = 1;
  v[EVENT_TYPES] = 0x1f;
}

static ret_t failure_named(const char *name) {
  if (strcmp(name, "lost") == 0) return GPU_IS_LOST;
  if (strcmp(name, "reset_required") == 0) return RESET_REQUIRED;
  if (strcmp(name, "not_found") == 0) return GPU_NOT_FOUND;
  return atoi(name);
}

static void set_gpu(gpu_t *gpu, const char *key, const char *value) {
  if (strcmp(key, "hang") == 0) gpu->hang = atoi(value);
  if (strcmp(key, "crash") == 0) gpu->crash = atoi(value);
  if (strcmp(key, "uuid") == 0) snprintf(gpu->uuid, sizeof gpu->uuid, "%s", value);
  for (int k = 0; k < KEY_COUNT; k++)
    if (strcmp(key, key_names[k]) == 0) gpu->values[k] = strtoull(value, NULL, 0);
}

static void apply_gpu_line(const line_t *line) {
  char *rest;
  unsigned long index = strtoul(line->key + 4, &rest, 10);
  if (rest == line->key + 4 || index >= MAX_GPUS) return;
  if (*rest == '\0') gpus[index].failure = failure_named(line->value);
  if (*rest == '.') set_gpu(&gpus[index], rest + 1, line->value);
}

static void apply(const line_t *line) {
  if (strcmp(line->key, "count") == 0) gpu_count = (u32)atoi(line->value);
  if (gpu_count > MAX_GPUS) gpu_count = MAX_GPUS;
  if (strncmp(line->key, "gpu.", 4) == 0) apply_gpu_line(line);
  if (strncmp(line->key, "all.", 4) == 0)
    for (u32 i = 0; i < MAX_GPUS; i++) set_gpu(&gpus[i], line->key + 4, line->value);
  unsigned long long sequence; u32 gpu, code, instance = NO_INSTANCE;
  if (strcmp(line->key, "xid") == 0 && xid_count < MAX_XIDS && sscanf(line->value, "%llu:%u:%u:%u", &sequence, &gpu, &code, &instance) >= 3)
    xids[xid_count++] = (xid_t){ sequence, gpu, code, instance };
}

static void read_lines(FILE *file) {
  char text[LINE_SIZE];
  while (line_count < MAX_LINES && fgets(text, sizeof text, file) != NULL) {
    text[strcspn(text, "\n")] = '\0';
    char *equals = strchr(text, '=');
    if (text[0] == '#' || equals == NULL) continue;
    *equals = '\0';
    line_t *line = &lines[line_count++];
    snprintf(line->key, sizeof line->key, "%.79s", text);
    snprintf(line->value, sizeof line->value, "%.79s", equals + 1);
  }
}

static void load_state(const char *path) {
  gpu_count = 8;
  line_count = xid_count = 0;
  for (u32 i = 0; i < MAX_GPUS; i++) set_defaults(i);
  FILE *file = path == NULL ? NULL : fopen(path, "r");
  if (file == NULL) return;
  read_lines(file);
  fclose(file);
  for (int i = 0; i < line_count; i++) apply(&lines[i]);
}

static void refresh(void) {
  const char *path = state_path[0] != '\0' ? state_path : getenv("FAKE_NVML_STATE");
  struct stat now;
  static int loaded;
  memset(&now, 0, sizeof now);
  if (path != NULL && stat(path, &now) != 0) memset(&now, 0, sizeof now);
  if (loaded && now.st_ino == state_seen.st_ino && now.st_size == state_seen.st_size
      && now.st_mtim.tv_sec == state_seen.st_mtim.tv_sec && now.st_mtim.tv_nsec == state_seen.st_mtim.tv_nsec) return;
  state_seen = now;
  loaded = 1;
  load_state(path);
}

/* Lets a test choose the state where it cannot set the environment of the running process. */
void fakeNvmlUseState(const char *path) {
  snprintf(state_path, sizeof state_path, "%s", path);
  initialised = 0;
  memset(sets, 0, sizeof sets);
  forget_gpm_samples();
  refresh();
}

const char *setting(const char *key, const char *otherwise) {
  const char *found = otherwise;
  for (int i = 0; i < line_count; i++)
    if (strcmp(lines[i].key, key) == 0) found = lines[i].value;
  return found;
}

static const char *gpu_setting(const void *device, const char *key) {
  char full[80];
  snprintf(full, sizeof full, "gpu.%d.%s", (int)(gpu_of((void *)(uintptr_t)device, key) - gpus), key);
  const char *own = setting(full, NULL);
  if (own != NULL) return own;
  snprintf(full, sizeof full, "all.%s", key);
  return setting(full, NULL);
}

u64 gpu_number(const void *device, const char *key, u64 otherwise) {
  const char *value = gpu_setting(device, key);
  return value == NULL ? otherwise : strtoull(value, NULL, 0);
}

const char *gpu_text(const void *device, const char *key, const char *otherwise) {
  const char *value = gpu_setting(device, key);
  return value == NULL ? otherwise : value;
}

const char *gpu_line(const void *device, const char *key, int n) {
  char full[80];
  snprintf(full, sizeof full, "gpu.%d.%s", (int)(gpu_of((void *)(uintptr_t)device, key) - gpus), key);
  for (int i = 0; i < line_count; i++)
    if (strcmp(lines[i].key, full) == 0 && n-- == 0) return lines[i].value;
  return NULL;
}

int has(const char *key, const char *value) {
  for (int i = 0; i < line_count; i++)
    if (strcmp(lines[i].key, key) == 0 && strcmp(lines[i].value, value) == 0) return 1;
  return 0;
}

/* ---- what every call goes through ---- */

static void hang_while_told(const char *symbol, const gpu_t *gpu) {
  refresh();
  while (has("hang", symbol) || (gpu != NULL && gpu->hang)) {
    usleep(5000);
    refresh();
  }
}

static ret_t told_error(const char *symbol, const gpu_t *gpu) {
  char key[80];
  snprintf(key, sizeof key, "error.%s", symbol);
  const char *code = setting(key, NULL);
  if (gpu != NULL) {
    snprintf(key, sizeof key, "gpu.%d.error.%s", (int)(gpu - gpus), symbol);
    code = setting(key, code);
  }
  return code == NULL ? OK : atoi(code);
}

ret_t enter(const char *symbol) {
  hang_while_told(symbol, NULL);
  ret_t gone = atoi(setting("driver_gone", "0"));
  if (gone != OK) return gone;
  if (!initialised) return UNINITIALIZED;
  return told_error(symbol, NULL);
}

static ret_t touch(const char *symbol, gpu_t *gpu) {
  hang_while_told(symbol, gpu);
  if (gpu->crash) raise(SIGSEGV);
  ret_t gone = atoi(setting("driver_gone", "0"));
  if (gone != OK) return gone;
  if (!initialised) return UNINITIALIZED;
  return gpu->failure;
}

/* The real library follows whatever pointer it is given; here a handle that was never given out ends the process at once. */
gpu_t *gpu_of(void *handle, const char *symbol) {
  gpu_t *gpu = handle;
  if (gpu >= gpus && gpu < gpus + MAX_GPUS && ((char *)gpu - (char *)gpus) % sizeof *gpu == 0) return gpu;
  gpu_t *parent = mig_parent(handle);
  if (parent != NULL) return parent;
  fprintf(stderr, "fake NVML: %s was called with a handle that the library never gave\n", symbol);
  raise(SIGSEGV);
  abort();
}

ret_t enter_device(const char *symbol, const char *group, void *handle) {
  gpu_t *gpu = gpu_of(handle, symbol);
  ret_t ret = touch(symbol, gpu);
  /* An error that is told of one GPU is not one of its MIG devices. */
  if (ret == OK) ret = told_error(symbol, handle == gpu ? gpu : NULL);
  if (ret == OK) ret = enter_mig(symbol, handle);
  if (ret != OK) return ret;
  return has("unsupported", symbol) || (group != NULL && has("unsupported", group)) ? NOT_SUPPORTED : OK;
}

ret_t copy_text(char *out, u32 size, const char *text) {
  if (strlen(text) + 1 > size) return INSUFFICIENT_SIZE;
  strcpy(out, text);
  return OK;
}

/* ---- library and system ---- */

ret_t nvmlInit_v2(void) {
  hang_while_told(__func__, NULL);
  ret_t ret = atoi(setting("init", "0"));
  if (ret != OK) return ret;
  ret = atoi(setting("driver_gone", "0"));
  if (ret == OK) initialised++;
  return ret;
}

ret_t nvmlShutdown(void) {
  hang_while_told(__func__, NULL);
  if (!initialised) return UNINITIALIZED;
  initialised--;
  const char *log = setting("shutdown_log", NULL);
  FILE *file = log == NULL ? NULL : fopen(log, "a");
  if (file == NULL) return OK;
  int open_sets = 0;
  for (int i = 0; i < MAX_SETS; i++) open_sets += sets[i].used;
  fprintf(file, "shutdown with %d event sets and %d GPM samples open\n", open_sets, open_gpm_samples());
  fclose(file);
  return OK;
}

ret_t nvmlSystemGetDriverVersion(char *out, u32 size) {
  ret_t ret = enter(__func__);
  return ret != OK ? ret : copy_text(out, size, setting("driver", "580.65.06"));
}

ret_t nvmlSystemGetNVMLVersion(char *out, u32 size) {
  ret_t ret = enter(__func__);
  return ret != OK ? ret : copy_text(out, size, setting("nvml", "13.580.65.06"));
}

ret_t nvmlSystemGetCudaDriverVersion(int *out) {
  ret_t ret = enter(__func__);
  if (ret == OK) *out = atoi(setting("cuda", "13000"));
  return ret;
}

ret_t nvmlDeviceGetCount_v2(u32 *out) {
  ret_t ret = enter(__func__);
  if (ret == OK) *out = gpu_count;
  return ret;
}

ret_t nvmlDeviceGetHandleByIndex_v2(u32 index, void **out) {
  ret_t ret = enter(__func__);
  if (ret != OK) return ret;
  if (index >= gpu_count) return INVALID_ARGUMENT;
  ret = touch(__func__, &gpus[index]);
  if (ret == OK) ret = told_error(__func__, &gpus[index]);
  if (ret == OK) *out = &gpus[index];
  return ret;
}

/* ---- identity ---- */

ret_t nvmlDeviceGetUUID(void *device, char *out, u32 size) {
  ENTER(NULL);
  return copy_text(out, size, ((gpu_t *)device)->uuid);
}

ret_t nvmlDeviceGetName(void *device, char *out, u32 size) {
  ENTER(NULL);
  const char *profile = mig_profile(device);
  char text[160];
  snprintf(text, sizeof text, "%s%s%s", setting("name", "NVIDIA H100 80GB HBM3"), profile == NULL ? "" : " MIG ", profile == NULL ? "" : profile);
  return copy_text(out, size, text);
}

ret_t nvmlDeviceGetSerial(void *device, char *out, u32 size) {
  ENTER("serial");
  char text[30];
  snprintf(text, sizeof text, "16512230%05d", INDEX(device));
  return copy_text(out, size, text);
}

ret_t nvmlDeviceGetVbiosVersion(void *device, char *out, u32 size) {
  ENTER("vbios");
  return copy_text(out, size, "96.00.74.00.0D");
}

ret_t nvmlDeviceGetMinorNumber(void *device, u32 *out) {
  ENTER("minor");
  *out = (u32)gpu_number(device, "minor", (u64)INDEX(device));
  return OK;
}

ret_t nvmlDeviceGetPciInfo_v3(void *device, pci_info_t *out) {
  ENTER("pci");
  memset(out, 0, sizeof *out);
  out->bus = 0x18 + 0x10 * (u32)INDEX(device);
  out->pci_device_id = 0x233010de;
  snprintf(out->bus_id_legacy, sizeof out->bus_id_legacy, "0000:%02X:00.0", out->bus & 0xff);
  snprintf(out->bus_id, sizeof out->bus_id, "00000000:%02X:00.0", out->bus & 0xff);
  return OK;
}

/* ---- readings ---- */

ret_t nvmlDeviceGetUtilizationRates(void *device, utilization_t *out) {
  ENTER("utilization");
  *out = (utilization_t){ (u32)VALUE(device, UTILIZATION), (u32)VALUE(device, MEMORY_UTILIZATION) };
  return OK;
}

ret_t nvmlDeviceGetMemoryInfo(void *device, memory_v1_t *out) {
  ENTER("memory");
  u64 total = VALUE(device, MEMORY_TOTAL), used = VALUE(device, MEMORY_USED) + VALUE(device, MEMORY_RESERVED);
  *out = (memory_v1_t){ total, total - used, used };
  return OK;
}

#ifndef WITHOUT_MEMORY_V2
ret_t nvmlDeviceGetMemoryInfo_v2(void *device, memory_v2_t *out) {
  ENTER("memory");
  if (out->version != (sizeof *out | 2u << 24) || has("version_mismatch", "memory_v2")) return VERSION_MISMATCH;
  out->total = VALUE(device, MEMORY_TOTAL);
  out->reserved = VALUE(device, MEMORY_RESERVED);
  out->used = VALUE(device, MEMORY_USED);
  out->free = out->total - out->reserved - out->used;
  return OK;
}
#endif

ret_t nvmlDeviceGetTemperature(void *device, u32 sensor, u32 *out) {
  ENTER("temperature");
  if (sensor != 0) return INVALID_ARGUMENT;
  *out = (u32)VALUE(device, TEMPERATURE);
  return OK;
}

#ifndef WITHOUT_TEMPERATURE_V
ret_t nvmlDeviceGetTemperatureV(void *device, temperature_v1_t *out) {
  ENTER("temperature");
  if (out->version != (sizeof *out | 1u << 24) || has("version_mismatch", "temperature_v")) return VERSION_MISMATCH;
  if (out->sensor != 0) return INVALID_ARGUMENT;
  out->celsius = (int32_t)VALUE(device, TEMPERATURE);
  return OK;
}
#endif

ret_t nvmlDeviceGetTemperatureThreshold(void *device, u32 kind, u32 *out) {
  ENTER("threshold");
  static const int keys[] = { SHUTDOWN, SLOWDOWN, MEMORY_MAX };
  if (kind > 2) return INVALID_ARGUMENT;
  *out = (u32)VALUE(device, keys[kind]);
  return OK;
}

U32_CALL(nvmlDeviceGetPowerUsage, "power", POWER_MW)
U32_CALL(nvmlDeviceGetEnforcedPowerLimit, "power_limit", LIMIT_MW)
U32_CALL(nvmlDeviceGetPowerManagementDefaultLimit, "power_limit", LIMIT_DEFAULT_MW)

ret_t nvmlDeviceGetPowerManagementLimitConstraints(void *device, u32 *min, u32 *max) {
  ENTER("power_limit");
  *min = (u32)VALUE(device, LIMIT_MIN_MW);
  *max = (u32)VALUE(device, LIMIT_MAX_MW);
  return OK;
}

ret_t nvmlDeviceGetTotalEnergyConsumption(void *device, u64 *out) {
  ENTER("energy");
  *out = VALUE(device, ENERGY_MJ);
  return OK;
}

ret_t nvmlDeviceGetClockInfo(void *device, u32 kind, u32 *out) {
  ENTER("clocks");
  static const int keys[] = { GRAPHICS_MHZ, SM_MHZ, MEMORY_MHZ };
  if (kind > 2) return INVALID_ARGUMENT;
  *out = (u32)VALUE(device, keys[kind]);
  return OK;
}

ret_t nvmlDeviceGetMaxClockInfo(void *device, u32 kind, u32 *out) {
  ENTER("max_clocks");
  static const int keys[] = { SM_MAX_MHZ, SM_MAX_MHZ, MEMORY_MAX_MHZ };
  if (kind > 2) return INVALID_ARGUMENT;
  *out = (u32)VALUE(device, keys[kind]);
  return OK;
}

static ret_t reasons(void *device, u64 *out) {
  *out = VALUE(device, REASONS);
  return OK;
}

#ifndef WITHOUT_CLOCKS_EVENT_REASONS
ret_t nvmlDeviceGetCurrentClocksEventReasons(void *device, u64 *out) { ENTER("reasons"); return reasons(device, out); }
#endif
ret_t nvmlDeviceGetCurrentClocksThrottleReasons(void *device, u64 *out) { ENTER("reasons"); return reasons(device, out); }

U32_CALL(nvmlDeviceGetFanSpeed, "fan", FAN)
U32_CALL(nvmlDeviceGetCurrPcieLinkGeneration, "pcie", PCIE_GENERATION)
U32_CALL(nvmlDeviceGetMaxPcieLinkGeneration, "pcie", PCIE_GENERATION_MAX)
U32_CALL(nvmlDeviceGetCurrPcieLinkWidth, "pcie", PCIE_WIDTH)
U32_CALL(nvmlDeviceGetMaxPcieLinkWidth, "pcie", PCIE_WIDTH_MAX)
U32_CALL(nvmlDeviceGetPcieReplayCounter, "replays", PCIE_REPLAYS)

static int ecc_is_off(void) { return strcmp(setting("ecc", "on"), "on") != 0; }

ret_t nvmlDeviceGetTotalEccErrors(void *device, u32 severity, u32 lifetime, u64 *out) {
  ENTER("ecc");
  if (severity > 1 || lifetime > 1) return INVALID_ARGUMENT;
  if (ecc_is_off()) return NOT_SUPPORTED;
  *out = VALUE(device, ECC_CORRECTABLE_VOLATILE + severity + 2 * lifetime);
  return OK;
}

void answer(field_t *field, u32 type, u64 value, const char *group) {
  field->timestamp_us = 1700000000000000ll;
  field->latency_us = 3;
  field->ret = has("unsupported", group) ? NOT_SUPPORTED : OK;
  field->type = type;
  field->value.u64 = type == TYPE_U32 && field->id >= 82 ? (u32)value : value;
}

#ifndef WITHOUT_FIELD_VALUES
/* ecc=off answers like drivers that leave the entry zeroed, ecc=untouched like those that do not write it at all. */
static void answer_ecc(field_t *field, void *device) {
  if (has("ecc", "untouched")) return;
  if (ecc_is_off()) {
    *field = (field_t){ .id = field->id, .scope = field->scope };
    return;
  }
  /* The counts have 64 bits while the entry claims to hold 32. */
  answer(field, TYPE_U32, VALUE(device, ECC_CORRECTABLE_VOLATILE + (int)field->id - 3), "ecc");
}

static void answer_field(field_t *field, void *device) {
  switch (field->id) {
    case 3: case 4: case 5: case 6: answer_ecc(field, device); return;
    case 82: answer(field, TYPE_U32, VALUE(device, MEMORY_TEMPERATURE), "memory_temperature"); return;
    case 83: answer(field, TYPE_U64, VALUE(device, ENERGY_MJ), "energy"); return;
    case 94: answer(field, TYPE_U32, VALUE(device, PCIE_REPLAYS), "replays"); return;
    default:
      if (!answer_link_field(field, device) && !answer_board_field(field, device)) field->ret = NOT_SUPPORTED;
  }
}

ret_t nvmlDeviceGetFieldValues(void *device, int count, field_t *fields) {
  ENTER("fields");
  if (count <= 0 || fields == NULL) return INVALID_ARGUMENT;
  for (int i = 0; i < count; i++) {
    answer_field(&fields[i], device);
    char key[80];
    snprintf(key, sizeof key, "gpu.%d.field.%u", INDEX(device), fields[i].id);
    const char *code = setting(key, NULL);
    snprintf(key, sizeof key, "gpu.%d.field.%u.%u", INDEX(device), fields[i].id, fields[i].scope);
    code = setting(key, code);
    if (code != NULL) fields[i].ret = (u32)atoi(code);
  }
  return OK;
}
#endif

/* ---- events ---- */

#ifndef WITHOUT_EVENTS
#define XID_CRITICAL 0x8ull

ret_t nvmlEventSetCreate(void **out) {
  ret_t ret = enter(__func__);
  if (ret != OK) return ret;
  for (int i = 0; i < MAX_SETS; i++) {
    if (sets[i].used) continue;
    memset(&sets[i], 0, sizeof sets[i]);
    sets[i].used = 1;
    *out = &sets[i];
    return OK;
  }
  return INSUFFICIENT_SIZE;
}

ret_t nvmlEventSetFree(void *handle) {
  ret_t ret = enter(__func__);
  if (ret == OK) ((event_set_t *)handle)->used = 0;
  return ret;
}

ret_t nvmlDeviceGetSupportedEventTypes(void *device, u64 *out) {
  ENTER("events");
  *out = VALUE(device, EVENT_TYPES);
  return OK;
}

static u64 latest_sequence(void) {
  u64 latest = 0;
  for (int i = 0; i < xid_count; i++)
    if (xids[i].sequence > latest) latest = xids[i].sequence;
  return latest;
}

ret_t nvmlDeviceRegisterEvents(void *device, u64 types, void *handle) {
  ENTER("events");
  if ((types & ~VALUE(device, EVENT_TYPES)) != 0) return NOT_SUPPORTED;
  event_set_t *set = handle;
  set->registered[INDEX(device)] = (types & XID_CRITICAL) != 0;
  set->since[INDEX(device)] = latest_sequence();
  return OK;
}

static const xid_t *next_xid(const event_set_t *set) {
  const xid_t *next = NULL;
  for (int i = 0; i < xid_count; i++) {
    const xid_t *xid = &xids[i];
    if (xid->gpu >= MAX_GPUS || !set->registered[xid->gpu]) continue;
    if (xid->sequence <= set->delivered || xid->sequence <= set->since[xid->gpu]) continue;
    if (next == NULL || xid->sequence < next->sequence) next = xid;
  }
  return next;
}

ret_t nvmlEventSetWait_v2(void *handle, event_t *out, u32 timeout_ms) {
  (void)timeout_ms;
  ret_t ret = enter(__func__);
  if (ret != OK) return ret;
  event_set_t *set = handle;
  const xid_t *xid = next_xid(set);
  if (xid == NULL) return TIMEOUT;
  set->delivered = xid->sequence;
  *out = (event_t){ &gpus[xid->gpu], XID_CRITICAL, xid->code, xid->gpu_instance, NO_INSTANCE };
  return OK;
}
#endif
