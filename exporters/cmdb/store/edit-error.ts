import type { Item } from '../model/item.ts';

/** Why an edit is not made. Nothing of it is. */
export class EditError extends Error {
  override readonly name = 'EditError';
  readonly kind: 'missing' | 'invalid' | 'conflict' | 'version';
  /** The part of the edit that is wrong: attributes.serial, relations[0].to. */
  readonly field: string | undefined;
  /** The item as it is, where somebody else has changed it meanwhile. */
  readonly item: Item | undefined;

  constructor(
    kind: EditError['kind'],
    message: string,
    about: { readonly field?: string | undefined; readonly item?: Item | undefined } = {},
  ) {
    super(message);
    this.kind = kind;
    this.field = about.field;
    this.item = about.item;
  }
}

export function invalid(field: string, message: string): EditError {
  return new EditError('invalid', message, { field });
}

export function contradicts(field: string | undefined, message: string): EditError {
  return new EditError('conflict', message, { field });
}
