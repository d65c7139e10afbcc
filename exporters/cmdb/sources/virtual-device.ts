/** Interfaces that the kernel or a container engine makes up: no hardware stands behind them, or that of others. */
const madeUp =
  /^(lo$|dummy|bond|team|veth|cali|docker|cni|flannel|br-|virbr|vnet|tun|tap|wg|ifb|sit|ip6tnl|tunl|gre|erspan|kube|nodelocaldns|lxc|cilium|ovs|vxlan|podman)/;

export function isVirtualInterface(device: string): boolean {
  return madeUp.test(device) || /[.:@]/.test(device);
}

/** Block devices without a disk of their own. */
export function isVirtualDisk(device: string): boolean {
  return /^(loop|dm-|zram|ram|sr|md|nbd|rbd|drbd|fd)\d*/.test(device);
}
