/** 设置表单；各项设置自己的名称和说明在 `engine.ts` 中。 */
import type { Words } from '../en';
import { numbers } from './numbers';

const { whole } = numbers;

export const settings: Words['settings'] = {
  title: (run) => (run ? `${run} 的设置` : '设置'),
  explain: '显示说明',
  preset: (name, changed) => `预设 ${name}${changed > 0 ? `，改动 ${changed} 项` : ''}。`,
  asLoaded: '随文件载入',
  weights: (g, d) => `权重：G ${whole(g)} 个，D ${whole(d)} 个`,
  waiting: () => '项设置等待 ↺。',
  more: '更多设置',
  waits: '按 ↺ 后生效',
  on: '开启',
  reset: (title) => `把${title}恢复为预设值`,
  resetHelp: '恢复为预设值',
  up: (title, to) => `${title}升到 ${to}`,
  down: (title, to) => `${title}降到 ${to}`,
  ladderHelp: (said) => `${said}（按 1、3、10 的阶梯；输入框中用 ↑ 和 ↓）`,
  vary: (title) => `让${title}随训练变化`,
  hold: (title, value) => `把${title}固定为 ${value}`,
  live: '立即生效。',
  later: '按 ↺ 后生效。',
  part: (group, part) => `${group} ${part}`,
  notANumber: (path) => `设置项 \`${path}\`：须为数字`,
  notWhole: (path, value) => `设置项 \`${path}\`：须为整数（现为 ${value}）`,
};
