import { SourceError } from '../../../kit/errors.ts';
import type { RenderContext } from '../channels/channel.ts';

/** The URL that a file holds. Throws SourceError that names the file and not what is in it. */
export function secretUrl(file: string, context: RenderContext): URL {
  const text = context.secret(file).trim();
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new SourceError(`${file} must hold one URL that begins with https:// or http:// and nothing else`);
}
