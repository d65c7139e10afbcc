const tera = 1e12;

/**
 * Dense peak of the matrix units in BF16 (FP16 where a GPU has no BF16 there), in FLOP/s of one device, accumulating in FP32. Data sheets
 * often print the sparse figure, which is twice that. A name stands for all variants that are not listed with more words.
 */
const builtIn: Readonly<Record<string, number>> = {
  // NVIDIA H100 and H200 Tensor Core GPU data sheets: 1,979 (SXM), 1,671 (NVL) and 1,513 (PCIe) TFLOPS with sparsity.
  H100: 989.5 * tera,
  'H100 PCIe': 756.5 * tera,
  'H100 NVL': 835.5 * tera,
  H200: 989.5 * tera,
  'H200 NVL': 835.5 * tera,
  // GH200 Grace Hopper Superchip data sheet: 990 dense.
  GH200: 990 * tera,
  // H800 and H20: as H100 SXM; 148 dense.
  H800: 989.5 * tera,
  H20: 148 * tera,
  // A100 data sheet: 312 dense, all variants. A800 has the same units.
  A100: 312 * tera,
  A800: 312 * tera,
  // Blackwell: HGX B200 and B300 36 PFLOPS, HGX B100 28 PFLOPS, with sparsity, of eight; GB200 and GB300 NVL72 360 PFLOPS of 72.
  B100: 1750 * tera,
  B200: 2250 * tera,
  B300: 2250 * tera,
  GB200: 2500 * tera,
  GB300: 2500 * tera,
  // Data sheets of L40S (733 with sparsity, 362.05), L40 (181.05), L4 (242 with sparsity), A10 (125), A30 (165), A40 (149.7).
  L40S: 362.05 * tera,
  L40: 181.05 * tera,
  L4: 121 * tera,
  A10: 125 * tera,
  A30: 165 * tera,
  A40: 149.7 * tera,
  // NVIDIA Ampere GA102 and Ada GPU architecture white papers: 154.8 (A6000), 35 (A10G by AWS), 364.2, 71, 165.2; Blackwell: 209.5.
  'RTX A6000': 154.8 * tera,
  A10G: 70 * tera,
  'RTX 6000 Ada': 364.2 * tera,
  'RTX 3090': 71 * tera,
  'RTX 4090': 165.2 * tera,
  'RTX 5090': 209.5 * tera,
  // FP16. Data sheets of V100 (SXM2 125, PCIe 112, V100S 130) and T4 (65).
  V100: 125 * tera,
  'V100 PCIe': 112 * tera,
  'V100S PCIe': 130 * tera,
  T4: 65 * tera,
  // AMD Instinct data sheets. MI250 and MI250X show as two devices, so half of 362.1 and 383 each.
  MI210: 181 * tera,
  MI250: 181.05 * tera,
  MI250X: 191.5 * tera,
  MI300A: 980.6 * tera,
  MI300X: 1307.4 * tera,
  MI325X: 1307.4 * tera,
  MI350X: 2309.6 * tera,
  MI355X: 2516.6 * tera,
  // Intel Gaudi 2 and 3 white papers.
  Gaudi2: 432 * tera,
  Gaudi3: 1678 * tera,
};

const words = Object.entries(builtIn)
  .map(([name, peak]) => ({ parts: partsOf(name), peak }))
  .toSorted((a, b) => b.parts.length - a.parts.length);

export const knownGpus = Object.keys(builtIn);

/**
 * The peak of a GPU by its name, also as a driver tells it, such as `NVIDIA H100 80GB HBM3`: of the built-in names whose words are all in
 * it, the one with most words.
 */
export function peakFlopsOf(gpu: string): number | undefined {
  const parts = new Set(partsOf(gpu));
  return words.find((each) => each.parts.every((part) => parts.has(part)))?.peak;
}

function partsOf(name: string): readonly string[] {
  return name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((part) => part !== '');
}
