import { type RefObject, useEffect } from 'react';

/** Brings the focus to the field with `/`, as many pages do; where somebody types, it is a slash. */
export function useSlashKey(
  field: RefObject<HTMLInputElement | null>,
  within: RefObject<HTMLElement | null> | undefined,
): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTypedInto(event.target)) return;
      if (within !== undefined && !within.current?.contains(event.target instanceof Node ? event.target : null)) return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [field, within]);
}

function isTypedInto(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName))
  );
}
