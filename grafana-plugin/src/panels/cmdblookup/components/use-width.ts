import { type RefCallback, useCallback, useRef, useState } from 'react';

const before = 640;

/** The width of an element as it is laid out. */
export function useWidth(): [ref: RefCallback<HTMLElement>, width: number] {
  const [width, setWidth] = useState(before);
  const observer = useRef<ResizeObserver | undefined>(undefined);
  const ref = useCallback((element: HTMLElement | null) => {
    observer.current?.disconnect();
    if (element === null) return;
    if (element.clientWidth > 0) setWidth(element.clientWidth);
    observer.current = new ResizeObserver(() => element.clientWidth > 0 && setWidth(element.clientWidth));
    observer.current.observe(element);
  }, []);
  return [ref, width];
}
