import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Loaded into the proxy with --import: on SIGUSR2 it writes the 99th percentile of the delay of its event loop, in ms, and starts anew. */
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
process.on('SIGUSR2', () => {
  process.stderr.write(`event-loop-lag-p99-ms=${(delay.percentile(99) / 1e6 - 1).toFixed(3)}\n`);
  delay.reset();
});
