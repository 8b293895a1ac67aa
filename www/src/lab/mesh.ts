/** G's warped noise: cells of latents that are equally likely, where G takes them. */
import type { View } from '../generated/types';
import type { Pen } from '../ui/svg-pen';
import { sameView } from './camera';
import { place } from './draw';
import { polygon } from './marks';
import type { Mesh } from './stage';

/** Shades of density, darker where more of the noise is pressed into an area. */
const SHADES = 8;
const DARKEST = 0.6;
/** A cell as large as this part of the view has half the darkest shade. */
const HALF_SHADE = 1 / 4000;

/** What a mesh looks like at a size: made once a look, drawn once a frame. */
interface Sheet {
  size: number;
  view: View;
  curve: Point[];
  /** The cells of each shade, from the palest visible one on. */
  shades: Cell[][];
  flat: Cell[];
  folded: Cell[];
}

const sheets = new WeakMap<Mesh, Sheet>();

/** The cells filled by density and outlined; those that are turned over, where the sheet is folded, in another ink. */
export function drawMesh(pen: Pen, size: number, view: View, mesh: Mesh, { ink, foldInk }: { ink: string; foldInk: string }): void {
  const sheet = sheetOf(size, view, mesh);
  if (sheet.curve.length > 0) return drawCurve(pen, size, sheet.curve, ink);
  pen.fillStyle = ink;
  sheet.shades.forEach((cells, i) => {
    pen.globalAlpha = (DARKEST * (i + 1)) / SHADES;
    pen.beginPath();
    for (const { corners } of cells) polygon(pen, corners);
    pen.fill();
  });
  pen.lineWidth = Math.max(0.6, size / 1000);
  for (const [cells, colour, alpha] of [[sheet.flat, ink, 0.55], [sheet.folded, foldInk, 0.9]] as const) {
    pen.strokeStyle = colour;
    pen.globalAlpha = alpha;
    pen.beginPath();
    for (const { corners } of cells) polygon(pen, corners);
    pen.stroke();
  }
  pen.globalAlpha = 1;
}

function sheetOf(size: number, view: View, mesh: Mesh): Sheet {
  const known = sheets.get(mesh);
  if (known && known.size === size && sameView(known.view, view)) return known;
  const corners = placed(size, view, mesh);
  const line = corners.length <= mesh.columns;
  const cells = line ? [] : cellsOf(corners, mesh.columns);
  const shades: Cell[][] = Array.from({ length: SHADES }, () => []);
  for (const cell of cells) shades[shadeOf(Math.abs(cell.area) / size ** 2) - 1]?.push(cell);
  const sheet = { size, view, curve: line ? corners : [], shades, flat: cells.filter(({ folded }) => !folded), folded: cells.filter(({ folded }) => folded) };
  sheets.set(mesh, sheet);
  return sheet;
}

type Point = [number, number];

interface Cell {
  corners: Point[];
  /** Signed, in pixels. */
  area: number;
  folded: boolean;
}

function placed(size: number, view: View, { points }: Mesh): Point[] {
  return Array.from({ length: points.length / 2 }, (_, i) => place(size, view, points[2 * i], points[2 * i + 1]));
}

/** The sheet lies as most of its area does; what is turned the other way is folded. */
export function cellsOf(corners: Point[], columns: number): Cell[] {
  const rows = corners.length / columns;
  const cells: Cell[] = [];
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const at = row * columns + column;
      const around = [corners[at], corners[at + 1], corners[at + columns + 1], corners[at + columns]];
      cells.push({ corners: around, area: areaOf(around), folded: false });
    }
  }
  const facing = Math.sign(cells.reduce((sum, { area }) => sum + area, 0)) || 1;
  return cells.map((cell) => ({ ...cell, folded: cell.area * facing < 0 }));
}

function areaOf(corners: Point[]): number {
  const cross = ([x, y]: Point, [u, v]: Point) => x * v - u * y;
  return corners.reduce((sum, corner, i) => sum + cross(corner, corners[(i + 1) % corners.length]), 0) / 2;
}

/** 0 where nothing is to be seen. */
function shadeOf(part: number): number {
  return Number.isFinite(part) ? Math.round((SHADES * HALF_SHADE) / (HALF_SHADE + part)) : 0;
}

function drawCurve(pen: Pen, size: number, points: Point[], ink: string): void {
  pen.strokeStyle = ink;
  pen.lineWidth = Math.max(1.5, size / 300);
  pen.beginPath();
  points.forEach(([x, y], i) => (i === 0 ? pen.moveTo(x, y) : pen.lineTo(x, y)));
  pen.stroke();
}
