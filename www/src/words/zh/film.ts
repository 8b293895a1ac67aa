/** 训练过程的影片。 */
import type { Words } from '../en';
import { numbers } from './numbers';

const { whole } = numbers;

export const film: Words['film'] = {
  title: '影片',
  record: '录制影片',
  stop: '停止录制',
  cancel: '取消',
  noWebm: '此浏览器无法编码 WebM。',
  making: (format) => `正在制作 ${format}`,
  extent: (frames, from, to) => `${frames} 帧，第 ${whole(from)} 步到第 ${whole(to)} 步`,
  recording: (extent) => `正在录制：${extent}。`,
  ready: (extent, seconds) => `${extent}，${seconds} 秒，按当前开启的图层绘制。`,
  still: '录制期间没有任何变化：请在录制时训练。',
  help: (most) => `在训练时记录画面，保存为 GIF 或 WebM：无论训练多长，最多 ${most} 帧，间隔均匀。`,
  cut: '新的训练已开始，录制随上一次训练结束。',
  cancelled: '已取消；录制内容保留。',
  failed: (why) => `影片制作失败：${why}。录制内容保留；请尝试另一种格式。`,
  label: (step, images) => `第 ${whole(step)} 步 · ${whole(images)} 个训练样本`,
};
