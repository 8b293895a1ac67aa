/** 潜空间。 */
import type { Words } from '../en';
import { numbers } from './numbers';

const { whole } = numbers;

export const latent: Words['latent'] = {
  title: '潜空间：生成器把噪声变成什么',
  about: (weights, dimensions, shape, images) =>
    `${whole(weights)} 个权重，z 为 ${dimensions} 维，生成${shape ? ` ${shape.join('×')} 的图像` : '平面上的点'}，训练样本 ${whole(images)} 个`,
  none: '尚未载入生成器',
  load: '载入权重',
  fromLab: '取用实验室的生成器',
  labWeights: (data) => `实验室的 ${data}`,
  bundled: '自带的手写数字',
  fetching: '正在获取自带的生成器 …',
  missing: '本页面的这份副本没有自带的生成器。',
  notFetched: (why) => `无法获取自带的生成器（${why}）。`,
  whatNow: '请拖入本程序导出的 .safetensors 文件，或取用实验室的生成器。',
  sample: '样本',
  z: '潜变量 z',
  wall: '样本墙',
  card: '这些权重的来历',
  picture: '生成器由 z 生成的样本',
  point: (coordinates) => `z 变成点 ${coordinates}`,
  cloud: (point) => `${point}。小三角形：1000 个随机的 z。`,
  way: {
    title: '从 A 到 B',
    setA: '设为 A',
    setB: '设为 B',
    place: 'A 与 B 之间的位置',
    play: '播放',
    stop: '停止',
    help: (t) => `t = ${t}，沿大圆移动。“设为 A”和“设为 B”取当前的 z。`,
  },
  sliders: {
    seed: '随机种子',
    random: '随机',
    exact: (name) => `${name}，精确值`,
    zero: (name) => `把 ${name} 归零`,
    zeroHelp: '归零',
    reset: (name) => `恢复 ${name}`,
    resetHelp: '恢复为抽取时的值',
    previous: '前面的维度',
    next: '后面的维度',
    range: (from, to, of) => `z ${from}–${to}，共 ${of} 维`,
  },
  samples: {
    title: '样本',
    others: '换一批',
    take: (number) => `取第 ${number} 个样本`,
    help: (seed) => `64 个随机的 z，种子 ${seed}。按其中一个，使它成为当前的 z。`,
  },
};
