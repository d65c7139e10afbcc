import { createReadStream, statSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { pipeline } from 'node:stream';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.map': 'application/json',
  '.md': 'text/markdown; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Sends a file below the folder; false if there is none. */
export function sendFile(response: ServerResponse, folder: string, path: string): boolean {
  const file = join(folder, normalize(`/${path}`));
  const size = sizeOf(file);
  const type = types[extname(file)];
  if (size === undefined || type === undefined) return false;
  response.writeHead(200, {
    'Content-Type': type,
    'Content-Length': size,
    // What is built anew must be seen at once.
    'Cache-Control': 'no-cache',
    'X-Content-Type-Options': 'nosniff',
  });
  pipeline(createReadStream(file), response, () => {});
  return true;
}

function sizeOf(file: string): number | undefined {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats?.isFile() === true ? stats.size : undefined;
}
