/* What the parts of the fake libnvidia-ml share; fake-nvml.c says what it is. */
#ifndef FAKE_NVML_H
#define FAKE_NVML_H
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
  OK = 0, UNINITIALIZED = 1, INVALID_ARGUMENT = 2, NOT_SUPPORTED = 3, NO_PERMISSION = 4, NOT_FOUND = 6, INSUFFICIENT_SIZE = 7, TIMEOUT = 10,
  GPU_IS_LOST = 15, RESET_REQUIRED = 16, IN_USE = 19, NO_DATA = 21, VERSION_MISMATCH = 25, GPU_NOT_FOUND = 28
};

#define MAX_GPUS 64
#define MAX_LINES 512
#define MAX_XIDS 128
#define MAX_SETS 8
#define LINE_SIZE 160

typedef int ret_t;
typedef uint32_t u32;
typedef uint64_t u64;

/* What a state line `gpu.<index>.<key>=<number>` may set. */
enum {
  UTILIZATION, MEMORY_UTILIZATION, MEMORY_TOTAL, MEMORY_RESERVED, MEMORY_USED, TEMPERATURE, MEMORY_TEMPERATURE, SLOWDOWN, SHUTDOWN,
  MEMORY_MAX, POWER_MW, ENERGY_MJ, LIMIT_MW, LIMIT_DEFAULT_MW, LIMIT_MIN_MW, LIMIT_MAX_MW, GRAPHICS_MHZ, SM_MHZ, MEMORY_MHZ, SM_MAX_MHZ,
  MEMORY_MAX_MHZ, REASONS, FAN, PCIE_GENERATION, PCIE_GENERATION_MAX, PCIE_WIDTH, PCIE_WIDTH_MAX, PCIE_REPLAYS, ECC_CORRECTABLE_VOLATILE,
  ECC_UNCORRECTABLE_VOLATILE, ECC_CORRECTABLE_AGGREGATE, ECC_UNCORRECTABLE_AGGREGATE, EVENT_TYPES, KEY_COUNT
};
typedef struct { u64 values[KEY_COUNT]; ret_t failure; int hang, crash; char uuid[96]; } gpu_t;

extern gpu_t gpus[MAX_GPUS];

/* Value of the last line with this key in the state file, or `otherwise`. */
const char *setting(const char *key, const char *otherwise);
/* Number of the last of `gpu.<index>.<key>=` and `all.<key>=` (the former wins), or `otherwise`: for keys that have no enum above. */
u64 gpu_number(const void *device, const char *key, u64 otherwise);
/* The same for a text. */
const char *gpu_text(const void *device, const char *key, const char *otherwise);
/* Value of the n-th line `gpu.<index>.<key>=`, from 0; NULL beyond the last. */
const char *gpu_line(const void *device, const char *key, int n);
/* True if the state file has the line `key=value`. */
int has(const char *key, const char *value);
/* What every call goes through: hangs, crashes and errors on command. `group` is what `unsupported=` may name besides the function. */
ret_t enter(const char *symbol);
ret_t enter_device(const char *symbol, const char *group, void *handle);
/* The GPU of a handle, which for a MIG handle is its parent; a handle that was never given out ends the process. */
gpu_t *gpu_of(void *handle, const char *symbol);
ret_t copy_text(char *out, u32 size, const char *text);

#define MAX_MIG 7
#define NO_INSTANCE 0xffffffffu
/* Of a MIG device by its handle; NULL or NO_INSTANCE if it is none. */
gpu_t *mig_parent(void *handle);
const char *mig_profile(void *handle);
u32 mig_gpu_instance(void *handle);
/* What a call on a MIG device goes through besides; OK for other handles. */
ret_t enter_mig(const char *symbol, void *handle);
void describe_gpu_instance(void *gpu, u32 gpu_instance, char *out, size_t size);
int open_gpm_samples(void);
void forget_gpm_samples(void);

typedef struct { u32 id, scope; int64_t timestamp_us, latency_us; u32 type, ret; union { double f64; u64 u64; u32 u32; } value; } field_t;
/* Scope of NVLink fields that asks for the sum. */
#define ALL_LINKS 0xffffffffu
enum { TYPE_DOUBLE = 0, TYPE_U32 = 1, TYPE_U64 = 3 };
/* Fills in one field of nvmlDeviceGetFieldValues as the driver does. */
void answer(field_t *field, u32 type, u64 value, const char *group);
/* Fields that other parts know: each returns 1 if it answered. */
int answer_link_field(field_t *field, void *device);
int answer_board_field(field_t *field, void *device);

#define VALUE(handle, key) (((gpu_t *)(handle))->values[key])
#define INDEX(handle) ((int)(gpu_of(handle, __func__) - gpus))
#define ENTER(group) do { ret_t r = enter_device(__func__, group, device); if (r != OK) return r; } while (0)
#define U32_CALL(name, group, key) ret_t name(void *device, u32 *out) { ENTER(group); *out = (u32)VALUE(device, key); return OK; }

#endif
