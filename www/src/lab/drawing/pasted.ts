/** Text from the clipboard: rows of numbers, or something that was meant for somebody else. */

/** Rows that are looked at. */
const ROWS = 200;

/** Whether text is points for the engine to read: at least two of its rows begin with two numbers, and at least half of them do. */
export function looksLikePoints(text: string): boolean {
  const rows = text.split(/\r?\n/, ROWS).filter((row) => row.trim() !== '');
  const points = rows.filter(beginsWithTwoNumbers).length;
  return points >= 2 && 2 * points >= rows.length;
}

/** By the same separators as the engine's reader. */
function beginsWithTwoNumbers(row: string): boolean {
  const cells = row.split(/[,;\t ]/).map((cell) => cell.trim().replace(/^"+|"+$/g, '')).filter((cell) => cell !== '');
  return cells.length >= 2 && cells.slice(0, 2).every((cell) => Number.isFinite(Number(cell)));
}
