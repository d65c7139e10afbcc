/* What a board says of its engines, its memory's repairs and its modes: an H100-like one in good health, without vGPU. */
#include "fake.h"

#define NOT_THERE (~0ull)
#define SAMPLE_PERIOD_US 167000

typedef struct { u32 max, high, partial, low, none; } histogram_t;
typedef struct { u32 year; uint16_t month, day, hour, minute, second; uint8_t status; } expiry_t;
typedef struct { u32 code, state; char info[128], product[128]; u32 enabled; expiry_t expiry; } feature_t;
typedef struct { int is_supported; u32 count; feature_t features[3]; } licence_t;
_Static_assert(sizeof(histogram_t) == 20 && sizeof(feature_t) == 284 && sizeof(licence_t) == 860, "NVML struct sizes");

/* ---- engines ---- */

static ret_t engine(void *device, const char *key, u32 *percent, u32 *period_us) {
  *percent = (u32)gpu_number(device, key, 0);
  *period_us = SAMPLE_PERIOD_US;
  return OK;
}

#define ENGINE_CALL(name, key) ret_t name(void *device, u32 *out, u32 *us) { ENTER("engines"); return engine(device, key, out, us); }
ENGINE_CALL(nvmlDeviceGetEncoderUtilization, "encoder")
ENGINE_CALL(nvmlDeviceGetDecoderUtilization, "decoder")
ENGINE_CALL(nvmlDeviceGetJpgUtilization, "jpeg")
ENGINE_CALL(nvmlDeviceGetOfaUtilization, "ofa")

/* ---- row remapping ---- */

ret_t nvmlDeviceGetRemappedRows(void *device, u32 *correctable, u32 *uncorrectable, u32 *pending, u32 *failure) {
  ENTER("rows");
  *correctable = (u32)gpu_number(device, "rows_correctable", 0);
  *uncorrectable = (u32)gpu_number(device, "rows_uncorrectable", 0);
  *pending = (u32)gpu_number(device, "rows_pending", 0);
  *failure = (u32)gpu_number(device, "rows_failure", 0);
  return OK;
}

ret_t nvmlDeviceGetRowRemapperHistogram(void *device, histogram_t *out) {
  ENTER("rows");
  *out = (histogram_t){
    (u32)gpu_number(device, "banks_max", 2560), (u32)gpu_number(device, "banks_high", 0), (u32)gpu_number(device, "banks_partial", 0),
    (u32)gpu_number(device, "banks_low", 0), (u32)gpu_number(device, "banks_none", 0),
  };
  return OK;
}

/* ---- modes ---- */

ret_t nvmlDeviceGetComputeMode(void *device, u32 *out) {
  ENTER("modes");
  *out = (u32)gpu_number(device, "compute_mode", 0);
  return OK;
}

ret_t nvmlDeviceGetPersistenceMode(void *device, u32 *out) {
  ENTER("modes");
  *out = (u32)gpu_number(device, "persistence", 1);
  return OK;
}

static u64 ecc_is_on(void) { return strcmp(setting("ecc", "on"), "off") != 0; }

ret_t nvmlDeviceGetEccMode(void *device, u32 *current, u32 *pending) {
  ENTER("ecc_mode");
  *current = (u32)ecc_is_on();
  *pending = (u32)gpu_number(device, "ecc_pending", ecc_is_on());
  return OK;
}

/* ---- vGPU ---- */

ret_t nvmlDeviceGetVirtualizationMode(void *device, u32 *out) {
  ENTER("vgpu");
  *out = (u32)gpu_number(device, "virtualization", 0);
  return OK;
}

/* The licence is the last feature, so that a reader has to look at all of them. */
ret_t nvmlDeviceGetGridLicensableFeatures_v4(void *device, licence_t *out) {
  ENTER("vgpu");
  memset(out, 0, sizeof *out);
  out->is_supported = (int)gpu_number(device, "licence_supported", 0);
  out->count = (u32)gpu_number(device, "licence_features", 3);
  if (out->count == 0 || out->count > 3) return OK;
  out->features[out->count - 1].state = (u32)gpu_number(device, "licensed", 0);
  out->features[out->count - 1].enabled = (u32)gpu_number(device, "licence_enabled", 0);
  return OK;
}

/* ---- fields ---- */

typedef struct { u32 id, type; const char *key; u64 otherwise; const char *group; } board_field_t;

static const board_field_t board_fields[] = {
  { 29, TYPE_U32, "pages_correctable", NOT_THERE, "pages" },
  { 30, TYPE_U32, "pages_uncorrectable", NOT_THERE, "pages" },
  { 31, TYPE_U32, "pages_pending", NOT_THERE, "pages" },
  { 74, TYPE_U64, "throttle_power_ns", 12500000000ull, "throttle" },
  { 75, TYPE_U64, "throttle_thermal_ns", 0, "throttle" },
  { 76, TYPE_U64, "throttle_sync_boost_ns", 0, "throttle" },
  { 77, TYPE_U64, "throttle_board_limit_ns", 0, "throttle" },
  { 78, TYPE_U64, "throttle_low_util_ns", 0, "throttle" },
  { 79, TYPE_U64, "throttle_reliability_ns", 0, "throttle" },
  { 142, TYPE_U32, "rows_correctable", 0, "row_fields" },
  { 143, TYPE_U32, "rows_uncorrectable", 0, "row_fields" },
  { 144, TYPE_U32, "rows_pending", 0, "row_fields" },
  { 145, TYPE_U32, "rows_failure", 0, "row_fields" },
  { 186, TYPE_U32, "power_instant_mw", 598765, "power_instant" },
  { 197, TYPE_U32, "pcie_tx_bytes", 3020371496ull, "pcie_bytes" },
  { 198, TYPE_U32, "pcie_rx_bytes", 3893142392ull, "pcie_bytes" },
  { 230, TYPE_U32, "recovery_action", 0, "recovery" },
};

int answer_board_field(field_t *field, void *device) {
  if (field->id == 1) answer(field, TYPE_U32, ecc_is_on(), "ecc_mode_fields");
  if (field->id == 2) answer(field, TYPE_U32, gpu_number(device, "ecc_pending", ecc_is_on()), "ecc_mode_fields");
  if (field->id == 1 || field->id == 2) return 1;
  for (size_t i = 0; i < sizeof board_fields / sizeof *board_fields; i++) {
    const board_field_t *known = &board_fields[i];
    if (known->id != field->id) continue;
    u64 value = gpu_number(device, known->key, known->otherwise);
    answer(field, known->type, value, known->group);
    if (value == NOT_THERE) field->ret = NOT_SUPPORTED;
    return 1;
  }
  return 0;
}
