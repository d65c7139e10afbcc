const address = /^([0-9a-f]{1,8}):([0-9a-f]{2}):([0-9a-f]{2})(?:\.[0-7])?$/i;

/**
 * The same text for every way to write an address: NVML has 00000000:18:00.0, the kernel 0000:18:00. Undefined for what is no
 * address. The function is left out: a GPU is one device.
 */
export function normalPci(text: string): string | undefined {
  const [, domain, bus, device] = address.exec(text.trim()) ?? [];
  if (domain === undefined || bus === undefined || device === undefined) return undefined;
  const shortDomain = Number.parseInt(domain, 16).toString(16).padStart(4, '0');
  return `${shortDomain}:${bus}:${device}`.toLowerCase();
}

export function samePci(one: string, other: string): boolean {
  const normal = normalPci(one);
  return normal !== undefined && normal === normalPci(other);
}
