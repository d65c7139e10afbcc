const app = '/a/fleetlens-gpucluster-app';

/** Pages of the FleetLens app about one thing, by what comes before its name in the address. */
export const appPages = {
  inventory: `${app}/inventory?q=`,
  risk: `${app}/risk?gpu=`,
} as const;

export type AppPage = keyof typeof appPages;
