import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

/** Starts the thread whose entry point is the module of that name in this folder, compiled or as it was written. */
export function startWorker(name: string, workerData: unknown): Worker {
  const extension = extname(import.meta.filename);
  const { href } = pathToFileURL(join(import.meta.dirname, name + extension));
  if (extension !== '.ts') return new Worker(new URL(href), { workerData });
  // Only tests and scripts run the sources themselves; an installed package is compiled.
  const code = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(href)}); })`;
  return new Worker(code, { eval: true, workerData });
}
