import { createReadStream, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
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

export interface WantedFile {
  readonly folder: string;
  readonly path: string;
}

/** Sends a file below the folder, or word that the browser has it already; false if there is none. */
export function sendFile(request: IncomingMessage, response: ServerResponse, { folder, path }: WantedFile): boolean {
  const file = join(folder, normalize(`/${path}`));
  const stats = statSync(file, { throwIfNoEntry: false });
  const type = types[extname(file)];
  if (stats?.isFile() !== true || type === undefined) return false;
  const etag = `"${stats.size.toString(36)}-${Math.trunc(stats.mtimeMs).toString(36)}"`;
  // What is built anew must be seen at once, so the browser asks each time whether it has changed.
  const headers = { 'Cache-Control': 'no-cache', ETag: etag, 'X-Content-Type-Options': 'nosniff' };
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, headers).end();
    return true;
  }
  response.writeHead(200, { ...headers, 'Content-Type': type, 'Content-Length': stats.size });
  pipeline(createReadStream(file), response, () => {});
  return true;
}
