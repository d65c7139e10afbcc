import type { Trouble } from './trouble.ts';

/** How a request tells which model it wants and whose it is. */
export interface Naming<R> {
  /** Model that is asked for; that of the settings where there is none. */
  readonly model?: ((request: R) => string | undefined) | undefined;
  readonly tenant?: ((request: R) => string | undefined) | undefined;
}

export interface Names {
  readonly model: string | undefined;
  readonly tenant: string | undefined;
}

/** A name that cannot be read costs no answer. */
export function namesIn<R>(request: R, { model, tenant }: Naming<R>, trouble: Trouble): Names {
  return { model: read('model', request, model, trouble), tenant: read('tenant', request, tenant, trouble) };
}

function read<R>(
  what: keyof Names,
  request: R,
  find: ((request: R) => string | undefined) | undefined,
  trouble: Trouble,
): string | undefined {
  try {
    return find?.(request);
  } catch (error) {
    trouble(what, `the ${what} of a request could not be read: ${error}`);
    return undefined;
  }
}
