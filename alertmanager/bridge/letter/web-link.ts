/** Longer links are cut by some chat programs. */
export const longestUrl = 1000;

/**
 * The URL as a link may hold it: http or https, no user, and nothing in it that ends a link in a markup. Undefined for anything else, which
 * is to be shown as text.
 */
export function webLink(url: string | undefined): string | undefined {
  if (url === undefined || url.length > longestUrl || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  if (!/^https?:$/.test(parsed.protocol) || parsed.username !== '' || parsed.password !== '') return undefined;
  const rest = `${parsed.pathname}${parsed.search}${parsed.hash}`.replaceAll(
    /[()[\]*'`|\\^{}<>"\s]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
  const safe = `${parsed.origin}${rest}`;
  return safe.length <= longestUrl ? safe : undefined;
}
