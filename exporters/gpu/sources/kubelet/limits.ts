/** What is beyond counts as an entry that could not be read. A kubelet runs a few hundred pods. */
export const maxPods = 20_000;
/** Of one pod; shared devices have an id for each replica. */
export const maxDevicesOfPod = 10_000;
/** Kubernetes allows 253 characters for names of pods, and fewer for all other names. */
export const maxNameLength = 253;
export const maxDeviceIdLength = 256;
