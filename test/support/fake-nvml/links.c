/* NVLink. A link n counts `nvlink_<what>` + n, unless that is 0: then it counts nothing. Those of `nvlinks_down`, a mask, are down. */
#include "fake.h"

#define DEFAULT_LINKS 18

static u64 link_count(void *device) { return has("unsupported", "nvlink") ? 0 : gpu_number(device, "nvlinks", DEFAULT_LINKS); }

static u64 is_up(void *device, u32 link) { return (gpu_number(device, "nvlinks_down", 0) >> link & 1) == 0; }

static u64 counted_by(void *device, u64 link, const char *key, u64 otherwise) {
  u64 first = gpu_number(device, key, otherwise);
  return first == 0 ? 0 : first + link;
}

static u64 counted_by_all(void *device, const char *key, u64 otherwise) {
  u64 sum = 0;
  for (u64 link = 0; link < link_count(device); link++) sum += counted_by(device, link, key, otherwise);
  return sum;
}

ret_t nvmlDeviceGetNvLinkState(void *device, u32 link, u32 *out) {
  ENTER("nvlink");
  if (link >= link_count(device)) return INVALID_ARGUMENT;
  *out = (u32)is_up(device, link);
  return OK;
}

/* Turns down a link that is down: it is not known what the real library does. */
ret_t nvmlDeviceGetNvLinkErrorCounter(void *device, u32 link, u32 counter, u64 *out) {
  static const char *const keys[] = { "nvlink_replays", "nvlink_recoveries", "nvlink_crc_flit", "nvlink_crc_data" };
  ENTER("nvlink");
  if (link >= link_count(device) || counter > 3) return INVALID_ARGUMENT;
  if (!is_up(device, link)) return NOT_SUPPORTED;
  *out = counted_by(device, link, keys[counter], 0);
  return OK;
}

/* `each` and `sum` are the groups of what the field says of one link and of all; NULL if it does not. */
typedef struct { u32 id; const char *key; u64 otherwise; const char *each, *sum; } link_field_t;

static const link_field_t link_fields[] = {
  { 138, "nvlink_tx_kib", 7000000000ull, "nvlink_bytes_each", "nvlink_bytes_sum" },
  { 139, "nvlink_rx_kib", 8000000000ull, "nvlink_bytes_each", "nvlink_bytes_sum" },
  { 161, "nvlink_replays", 0, "nvlink_errors_each", NULL },
  { 162, "nvlink_recoveries", 0, "nvlink_errors_each", NULL },
  { 163, "nvlink_crc_flit", 0, "nvlink_errors_each", NULL },
  { 38, "nvlink_crc_flit", 0, NULL, "nvlink_errors_sum" },
  { 45, "nvlink_crc_data", 0, NULL, "nvlink_errors_sum" },
  { 52, "nvlink_replays", 0, NULL, "nvlink_errors_sum" },
  { 59, "nvlink_recoveries", 0, NULL, "nvlink_errors_sum" },
};

static const link_field_t *link_field_of(u32 id) {
  for (size_t i = 0; i < sizeof link_fields / sizeof *link_fields; i++)
    if (link_fields[i].id == id) return &link_fields[i];
  return NULL;
}

static void answer_state(field_t *field, void *device) {
  if (field->scope < link_count(device)) answer(field, TYPE_U32, is_up(device, field->scope), "nvlink_state_each");
  else field->ret = INVALID_ARGUMENT;
}

static void answer_counter(field_t *field, void *device, const link_field_t *known) {
  int is_sum = known->each == NULL || (known->sum != NULL && field->scope == ALL_LINKS);
  if (is_sum) answer(field, TYPE_U64, counted_by_all(device, known->key, known->otherwise), known->sum);
  else if (field->scope >= link_count(device)) field->ret = INVALID_ARGUMENT;
  else answer(field, TYPE_U64, counted_by(device, field->scope, known->key, known->otherwise), known->each);
}

int answer_link_field(field_t *field, void *device) {
  const link_field_t *known = link_field_of(field->id);
  if (known == NULL && field->id != 165) return 0;
  if (link_count(device) == 0) field->ret = NOT_SUPPORTED;
  else if (known == NULL) answer_state(field, device);
  else answer_counter(field, device, known);
  return 1;
}
