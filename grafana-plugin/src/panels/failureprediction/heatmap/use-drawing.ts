import { type RefObject, useCallback, useEffect, useRef } from 'react';
import { draw, type Picture } from './draw';

interface View {
  readonly width: number;
  readonly height: number;
}

/**
 * Draws once for each frame of the screen at most, whatever has changed until then. The returned function asks for a drawing; it is for what changes
 * without React, such as scrolling.
 */
export function useDrawing(
  canvas: RefObject<HTMLCanvasElement | null>,
  scroller: RefObject<HTMLElement | null>,
  picture: Picture,
  { width, height }: View,
): () => void {
  const latest = useRef({ picture, width, height });
  const frame = useRef(0);
  const askForDrawing = useCallback(() => {
    if (frame.current !== 0) return;
    frame.current = requestAnimationFrame(() => {
      frame.current = 0;
      paint(canvas.current, scroller.current?.scrollTop ?? 0, latest.current);
    });
  }, [canvas, scroller]);
  useEffect(() => {
    latest.current = { picture, width, height };
    askForDrawing();
  }, [picture, width, height, askForDrawing]);
  useEffect(
    () => () => {
      cancelAnimationFrame(frame.current);
      frame.current = 0;
    },
    [],
  );
  return askForDrawing;
}

function paint(
  canvas: HTMLCanvasElement | null,
  top: number,
  { picture, width, height }: { readonly picture: Picture } & View,
): void {
  const context = canvas?.getContext('2d');
  if (canvas === null || context === null || context === undefined) return;
  const ratio = window.devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  // Setting the size of a canvas clears it and costs more than drawing.
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
  }
  draw(context, picture, { top, width, height, ratio });
}
