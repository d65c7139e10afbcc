/** What people call a meter: gpu_time is "GPU time". */
export function meterTitle(meter: string): string {
  const text = meter.replaceAll('_', ' ').replaceAll(/\b(gpu|cpu|llm|mig)\b/g, (word) => word.toUpperCase());
  return text.charAt(0).toUpperCase() + text.slice(1);
}
