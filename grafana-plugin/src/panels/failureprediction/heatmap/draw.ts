import { colourAt, type Scale } from '../colour/scale';
import type { Horizon } from '../horizon';
import type { RiskRow } from '../rows/risk-row';
import type { Arrangement } from './arrange';
import { blockAt, cellAt, type Grid, type Place, visibleBlocks } from './grid';

export interface Picture {
  readonly arrangement: Arrangement;
  readonly grid: Grid;
  readonly scale: Scale;
  readonly horizon: Horizon;
  readonly hovered: Place | undefined;
  readonly chosen: Place | undefined;
  readonly ink: Ink;
  /** What a block is called whose rack nobody knows. */
  readonly noRack: string;
}

export interface Ink {
  readonly text: string;
  readonly faint: string;
  readonly hover: string;
  readonly chosen: string;
  readonly background: string;
  readonly font: string;
}

/** Draws what lies between two heights of the whole map, and nothing else. `ratio` is pixels of the screen for each of ours. */
export function draw(
  context: CanvasRenderingContext2D,
  picture: Picture,
  view: { readonly top: number; readonly width: number; readonly height: number; readonly ratio: number },
): void {
  const { grid } = picture;
  context.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
  context.clearRect(0, 0, view.width, view.height);
  context.translate(0, -view.top);
  context.font = picture.ink.font;
  context.textBaseline = 'alphabetic';
  const { from, to } = visibleBlocks(grid, view.top, view.top + view.height);
  for (let block = from; block < to; block++) drawBlock(context, picture, block);
  if (picture.hovered !== undefined) outline(context, grid, picture.hovered, picture.ink.hover, 1.5);
  if (picture.chosen !== undefined) outline(context, grid, picture.chosen, picture.ink.chosen, 2.5);
}

function drawBlock(context: CanvasRenderingContext2D, picture: Picture, block: number): void {
  const { arrangement, grid, ink } = picture;
  const own = arrangement.blocks[block];
  if (own === undefined) return;
  const { x, y } = blockAt(grid, block);
  context.fillStyle = ink.text;
  context.fillText(fitted(own.title || picture.noRack, grid), x, y + grid.title - 4);
  for (const [line, { cells }] of own.lines.entries()) {
    for (let cell = 0; cell < cells.length; cell++) drawCell(context, picture, cells[cell], { block, line, cell });
  }
}

function drawCell(
  context: CanvasRenderingContext2D,
  { grid, scale, horizon, ink }: Picture,
  row: RiskRow | undefined,
  place: Place,
): void {
  const { x, y } = cellAt(grid, place);
  const probability = row?.probability[horizon];
  if (row === undefined) return;
  if (probability === undefined) {
    context.strokeStyle = ink.faint;
    context.lineWidth = 1;
    context.strokeRect(x + 0.5, y + 0.5, grid.cell - 1, grid.cell - 1);
    return;
  }
  context.fillStyle = colourAt(scale.steps, probability);
  context.fillRect(x, y, grid.cell, grid.cell);
  if (row.isOut) cross(context, { x, y, size: grid.cell, colour: ink.background });
  else if (row.rules[0]?.severity === 'act_now') corner(context, { x, y, size: grid.cell, colour: ink.text });
}

interface Mark {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly colour: string;
}

/** Out of service. */
function cross(context: CanvasRenderingContext2D, { x, y, size, colour }: Mark): void {
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x + 1, y + 1);
  context.lineTo(x + size - 1, y + size - 1);
  context.moveTo(x + size - 1, y + 1);
  context.lineTo(x + 1, y + size - 1);
  context.stroke();
}

/** A rule that says: act now. */
function corner(context: CanvasRenderingContext2D, { x, y, size, colour }: Mark): void {
  const side = Math.max(4, size / 2);
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(x + size - side, y);
  context.lineTo(x + size, y);
  context.lineTo(x + size, y + side);
  context.fill();
}

function outline(context: CanvasRenderingContext2D, grid: Grid, place: Place, colour: string, width: number): void {
  const { x, y } = cellAt(grid, place);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.strokeRect(x - 1, y - 1, grid.cell + 2, grid.cell + 2);
}

/** By the usual width of a letter: measuring each title would cost more than all cells. */
function fitted(title: string, { blockWidth }: Grid): string {
  const most = Math.max(3, Math.floor((blockWidth - 10) / 5.6));
  return title.length <= most ? title : `…${title.slice(1 - most)}`;
}
