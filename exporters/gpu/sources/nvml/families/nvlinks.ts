/** Numbers that a link can have: NVML_NVLINK_MAX_LINKS of CUDA 13.3 is 36, of older ones 18, 12 or 6. */
export const linkNumbers: readonly number[] = Array.from({ length: 36 }, (_, link) => link);
