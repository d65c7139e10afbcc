import { type HardwareControl, HardwareRefusal } from './hardware-control.ts';

/** The hardware of several sources as one. `controls` is asked each time, because a new configuration brings others. */
export function joinControls(controls: () => readonly HardwareControl[]): HardwareControl {
  function controlOf(node: string): HardwareControl {
    const found = controls().find((control) => control.nodes().includes(node));
    if (found !== undefined) return found;
    throw new HardwareRefusal(
      'unknown',
      `no source of type redfish has a management controller for ${JSON.stringify(node.slice(0, 100))}`,
    );
  }

  return {
    nodes: () => controls().flatMap((control) => control.nodes()),
    statuses: () => controls().flatMap((control) => control.statuses()),
    status: (node) =>
      controls()
        .map((control) => control.status(node))
        .find((status) => status !== undefined),
    plan: async (node, action, signal) => controlOf(node).plan(node, action, signal),
    execute: async (node, action, token, signal) => controlOf(node).execute(node, action, token, signal),
    logEntries: async (node, signal) => controlOf(node).logEntries(node, signal),
  };
}
