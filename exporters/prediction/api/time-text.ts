/** RFC 3339; undefined stays undefined. */
export function timeText(ms: number | undefined): string | undefined {
  return ms === undefined || !Number.isFinite(ms) ? undefined : new Date(ms).toISOString();
}
