/** 引擎拒绝或失败的原因：按代码说明，其后附上引擎自己的英文。 */
import type { Words } from '../en';

/** 代码见 `src/error.rs`。 */
const SAID: Record<string, { message: (setting: string) => string; hint: string }> = {
  setting: { message: (setting) => (setting ? `设置项“${setting}”的值不能用。` : '有一项设置不能用。'), hint: '请改动该设置后重试；未作任何更改。' },
  unknown_preset: { message: () => '没有这个方法或预设。', hint: '请从“方法”中选择一个。' },
  file: { message: () => '文件不能用。', hint: '未作任何更改；请选择另一个文件。' },
  other_config: { message: () => '检查点是用别的设置得到的。', hint: '请用检查点的设置继续，或重新开始训练。' },
  diverged: { message: () => '训练发散：出现了非有限的数。', hint: '最后一个好的检查点已保留；可降低学习率，或提高 R1 γ 和 R2 γ。' },
  device: { message: () => '计算设备不能用。', hint: '在 CPU 上一切同样可用。' },
  unready: { message: () => '现在还不能这样做。', hint: '请先开始训练，或载入权重。' },
};

export const failures: Words['failures'] = {
  message: (_, code, setting) => SAID[code]?.message(setting) ?? '出了问题。',
  hint: (_, code) => SAID[code]?.hint ?? '请重试；若仍失败，请刷新页面。',
};
