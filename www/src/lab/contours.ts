/** Lines of equal value on a grid: marching squares. */

/**
 * Segments where `values` (`[grid, grid]`, row 0 first) cross `level`, as x0, y0, x1, y1, … in cells, (0.5, 0.5) being the centre of the first cell.
 */
export function contour(values: Float32Array, grid: number, level: number): number[] {
  const segments: number[] = [];
  for (let row = 0; row + 1 < grid; row++) {
    let at = row * grid;
    let lower = values[at] > level;
    let upper = values[at + grid] > level;
    for (let column = 0; column + 1 < grid; column++, at++) {
      const right = values[at + 1] > level;
      const above = values[at + grid + 1] > level;
      // Hardly any square is crossed, and this is done for each of them at every look.
      if (lower !== right || right !== above || above !== upper) square(segments, column, row, values[at] - level, values[at + 1] - level, values[at + grid + 1] - level, values[at + grid] - level);
      lower = right;
      upper = above;
    }
  }
  return segments;
}

/** One square between four cell centres a, b, c, d, counter-clockwise from the lower left. */
function square(out: number[], column: number, row: number, a: number, b: number, c: number, d: number): void {
  // Where something is no number there is nothing to be drawn.
  if (Number.isNaN(a + b + c + d)) return;
  const key = (a > 0 ? 1 : 0) | (b > 0 ? 2 : 0) | (c > 0 ? 4 : 0) | (d > 0 ? 8 : 0);
  const [x, y] = [column + 0.5, row + 0.5];
  const bottom = () => out.push(x + a / (a - b), y);
  const right = () => out.push(x + 1, y + b / (b - c));
  const top = () => out.push(x + d / (d - c), y + 1);
  const left = () => out.push(x, y + a / (a - d));
  // At a saddle the mean of the corners says which diagonal is joined.
  const saddle = key === 5 || key === 10;
  const code = saddle && a + b + c + d > 0 ? 15 - key : key;
  if (code === 1 || code === 14) (left(), bottom());
  else if (code === 2 || code === 13) (bottom(), right());
  else if (code === 4 || code === 11) (right(), top());
  else if (code === 8 || code === 7) (top(), left());
  else if (code === 3 || code === 12) (left(), right());
  else if (code === 6 || code === 9) (bottom(), top());
  else if (code === 5) (left(), bottom(), right(), top());
  else (bottom(), right(), top(), left());
}
