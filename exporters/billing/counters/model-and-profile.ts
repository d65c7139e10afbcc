/** The SKU of GPU time is the model, and for MIG the profile behind it: "NVIDIA H100 80GB HBM3 MIG 1g.10gb". */
export function modelAndProfile(sku: string): { readonly model: string; readonly profile: string } {
  const [, model = sku, profile = ''] = /^(.*) MIG(?: (\S+))?$/.exec(sku) ?? [];
  // An instance whose profile nobody tells is no whole GPU.
  return { model, profile: model === sku ? '' : profile || 'unknown' };
}
