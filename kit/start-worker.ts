import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

/** Starts the thread whose entry point is the module of that path, which has no extension: it is compiled, or as it was written. */
export function startWorker(module: string, workerData: unknown): Worker {
  const extension = extname(import.meta.filename);
  const { href } = pathToFileURL(module + extension);
  if (extension !== '.ts') return new Worker(new URL(href), { workerData });
  // Only tests and scripts run the sources themselves; an installed package is compiled.
  const code = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(href)}); })`;
  return new Worker(code, { eval: true, workerData });
}
