import { BmcError } from './bmc-error.ts';

export const rootPath = '/redfish/v1/';

/**
 * The address behind a path that a management controller gave. It never leaves the controller: what it says is a path of Redfish, whatever
 * it looks like. Throws BmcError.
 */
export function resourceUrl(root: URL, path: string): URL {
  const prefix = root.pathname.replace(/\/$/, '');
  const own = prefix !== '' && path.startsWith(`${prefix}/redfish/`) ? path.slice(prefix.length) : path;
  const [plain = ''] = own.split('#');
  if (!/^\/redfish(\/[^\s\\]*)?$/.test(plain) || plain.length > maxCharacters || !URL.canParse(plain, root.href))
    throw outside(root, path);
  const url = new URL(plain, root);
  // Dots in the path are resolved by now, so that it cannot climb out.
  if (url.origin !== root.origin || !/^\/redfish(\/|$)/.test(url.pathname)) throw outside(root, path);
  url.pathname = prefix + url.pathname;
  return url;
}

const maxCharacters = 1000;

function outside(root: URL, path: string): BmcError {
  const shown = JSON.stringify(path.slice(0, 80));
  return new BmcError('content', `${root.host}: links to ${shown}, which is no path of its Redfish service`);
}
