/** The drawing board. */
import { numbers } from './numbers';

const { whole } = numbers;

export const drawing = {
  open: 'Draw …',
  title: 'Draw your own data',
  board: (points: number) => `Drawing board, ${points} points`,
  tool: 'Tool',
  brush: 'Brush',
  eraser: 'Eraser',
  size: 'Size',
  undo: 'Undo',
  undoHelp: 'Ctrl + Z on the board',
  redo: 'Redo',
  redoHelp: 'Ctrl + Shift + Z on the board',
  clear: 'Clear',
  count: (points: number, most: number) => `${whole(points)} of at most ${whole(most)} points.`,
  full: 'The engine takes no more: the brush adds nothing until you undo or erase.',
  keys: 'On the board, arrow keys move the cursor (with Shift less), and Space or Enter paints or erases, in a line while it is held.',
  train: 'Train on these',
  close: 'Close',
};
