/** Where the units of a network lie in its picture: each layer a strip of small squares under a line of words, one strip below the other. */

export interface Strips {
  layers: number;
  /** Units in a layer. */
  units: number;
  /** Units in a row of a strip. */
  columns: number;
  /** Pixels of a unit's side, and from one to the next. */
  side: number;
  pitch: number;
  height: number;
}

/** A unit by the numbers of its layer and its place there, both from 0. */
export interface Place {
  layer: number;
  unit: number;
}

/** Between units, below a strip, and for the words above it. */
const GAP = 2;
const SPACE = 8;
export const WORDS = 20;
/** A unit shows twelve cells on a side: smaller ones cannot be told apart, larger ones show no more. */
const SMALLEST = 14;
const LARGEST = 26;

/** As few rows as leave each unit large enough, all of them equally long. */
export function stripsOf(width: number, layers: number, units: number): Strips {
  const most = Math.max(1, Math.floor((width + GAP) / (SMALLEST + GAP)));
  const columns = Math.ceil(units / Math.ceil(units / most));
  const pitch = Math.max(GAP + 1, Math.min((width + GAP) / columns, LARGEST + GAP));
  const strips = { layers, units, columns, side: Math.floor(pitch) - GAP, pitch, height: 0 };
  return { ...strips, height: layers * tallOf(strips) - SPACE };
}

/** From the top of one layer to that of the next. */
function tallOf({ units, columns, side }: Strips): number {
  return WORDS + Math.ceil(units / columns) * (side + GAP) - GAP + SPACE;
}

/** The top of the words above a layer. */
export function topOf(strips: Strips, layer: number): number {
  return layer * tallOf(strips);
}

/** The top left corner of a unit. */
export function cornerOf(strips: Strips, { layer, unit }: Place): [number, number] {
  const { columns, side, pitch } = strips;
  return [Math.round((unit % columns) * pitch), topOf(strips, layer) + WORDS + Math.floor(unit / columns) * (side + GAP)];
}

/** The unit at a point; null where there is none. The gaps belong to the unit before them. */
export function unitAt(strips: Strips, x: number, y: number): Place | null {
  const { columns, side, pitch, units, layers } = strips;
  const layer = Math.floor(y / tallOf(strips));
  const [column, row] = [Math.floor((x + 0.5) / pitch), Math.floor((y - topOf(strips, layer) - WORDS) / (side + GAP))];
  const unit = row * columns + column;
  return layer >= 0 && layer < layers && column >= 0 && column < columns && row >= 0 && unit < units ? { layer, unit } : null;
}

/** Where a key leads: along a row and over its end, up and down within a layer and into the next, by whole layers, or to the ends; null for other keys. */
export function led(strips: Strips, { layer, unit }: Place, key: string): Place | null {
  const { columns, units, layers } = strips;
  const all = layers * units;
  const along = (by: number) => {
    const to = Math.min(Math.max(layer * units + unit + by, 0), all - 1);
    return { layer: Math.floor(to / units), unit: to % units };
  };
  const layered = (by: number) => ({ layer: Math.min(Math.max(layer + by, 0), layers - 1), unit });
  const keys: Record<string, () => Place> = {
    ArrowRight: () => along(1),
    ArrowLeft: () => along(-1),
    ArrowDown: () => (unit + columns < units ? { layer, unit: unit + columns } : layer + 1 < layers ? { layer: layer + 1, unit: unit % columns } : { layer, unit }),
    ArrowUp: () => (unit >= columns ? { layer, unit: unit - columns } : layer > 0 ? { layer: layer - 1, unit: lastBelow(strips, unit) } : { layer, unit }),
    PageDown: () => layered(1),
    PageUp: () => layered(-1),
    Home: () => ({ layer, unit: 0 }),
    End: () => ({ layer, unit: units - 1 }),
  };
  return keys[key]?.() ?? null;
}

/** The last unit of a layer in a column: the last row may be short. */
function lastBelow({ columns, units }: Strips, column: number): number {
  const rows = Math.floor((units - 1 - column) / columns);
  return column + rows * columns;
}
