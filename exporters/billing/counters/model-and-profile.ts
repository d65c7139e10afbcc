/** The SKU of GPU time is the model, and for MIG the profile behind it: "NVIDIA H100 80GB HBM3 1g.10gb". */
export function modelAndProfile(sku: string): { readonly model: string; readonly profile: string } {
  const [, model = sku, profile = ''] = /^(.*?)[\s/:,]+(\d+c?\.?\d*g\.\d+gb(?:\+[\w.]+)?)$/.exec(sku) ?? [];
  return { model, profile };
}
