/** 画板。 */
import type { Words } from '../en';
import { numbers } from './numbers';

const { whole } = numbers;

export const drawing: Words['drawing'] = {
  open: '手绘 …',
  title: '画出自己的数据',
  board: (points) => `画板，${points} 个点`,
  tool: '工具',
  brush: '画笔',
  eraser: '橡皮',
  size: '大小',
  undo: '撤销',
  undoHelp: '在画板上按 Ctrl + Z',
  redo: '重做',
  redoHelp: '在画板上按 Ctrl + Shift + Z',
  clear: '清空',
  count: (points, most) => `${whole(points)} 个点，最多 ${whole(most)} 个。`,
  full: '引擎不再接受更多的点：撤销或擦除之前，画笔不会添加任何点。',
  keys: '在画板上，方向键移动光标（按住 Shift 移动较小），空格或 Enter 绘制或擦除，按住不放可连成一线。',
  train: '用这些点训练',
  close: '关闭',
};
