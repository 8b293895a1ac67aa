/** 模型图：两个网络及其隐藏单元。 */
import type { Words } from '../en';
import { numbers } from './numbers';

const { whole } = numbers;

const dead = (units: number, of: number, layer: number) => `第 ${layer} 层的 ${of} 个单元中有 ${units} 个`;
const place = (layer: number, unit: number) => `第 ${layer} 层，第 ${unit} 个单元`;
const count = (dimensions: number) => (dimensions === 1 ? '一个数，' : `${dimensions} 个数，各自`);

export const model: Words['model'] = {
  title: (run) => (run ? `${run} 的模型` : '模型'),
  about: 'z → G → x̃，x → D → logit，以及每一个隐藏单元',
  generator: { title: 'G，生成器', layers: 'G，逐层', units: 'G 的隐藏单元' },
  critic: { title: 'D，判别器', layers: 'D，逐层', units: 'D 的隐藏单元' },
  shape: (weights, depth, width, activation) => `${whole(weights)} 个权重，${depth} 个隐藏层，每层 ${whole(width)} 个单元，激活函数 ${activation}`,
  noise: (latent) => `，噪声：${latent}`,
  latents: {
    normal: (dimensions) => `${count(dimensions)}服从标准正态分布 N(0, 1)`,
    uniform: (dimensions) => `${count(dimensions)}在 −√3 到 √3 上均匀分布`,
  },
  fake: '一个假样本',
  real: '数据中的一个真样本',
  oneByOne: '每次输入一个',
  logit: 'D(x)，即 logit',
  logitHelp: '：越大，D 越认为是真样本。平面上每一点对应一个数。',
  judged: '计算损失，梯度反向传播',
  objective: '：双方博弈的目标函数，D 和 G 各自只调整自己的权重。',
  help: (dimensions) => {
    const ways = dimensions > 2 ? '（第一维横向，第二维向上，其余取 0）' : dimensions > 1 ? '（第一维横向，第二维向上）' : '（从左到右）';
    return `每个方格是一个隐藏单元：墨色越深，输出越强；输出为负处较浅；每层各有尺度。G 的单元显示对等概率潜变量${ways}的输出，D 的单元显示在画面所示区域上的输出。叉号：死亡单元，其输出从不改变。方向键在单元之间移动，Page Up 和 Page Down 在层之间移动。`;
  },
  looking: '正在查看各单元 …',
  caption: (layer, scale, dead) => `↓ 第 ${layer} 层，±${scale} 起墨色最深${dead > 0 ? `；${dead} 个死亡单元` : ''}`,
  unit: {
    place,
    read: (layer, unit, answers) => `${place(layer, unit)}：${answers}`,
    silent: '输出处处为 0',
    constant: (answer) => `输出处处为 ${answer}`,
    range: (low, high) => `${low} 到 ${high}`,
    unknown: '输出不是数',
  },
  health: {
    silent: (units, of, layer) => `${dead(units, of, layer)}输出处处为 0`,
    constant: (units, of, layer) => `${dead(units, of, layer)}输出处处相同`,
    allLive: (units) => `没有死亡单元：全部 ${whole(units)} 个单元对不同的输入都有不同的输出。`,
  },
  table: { layer: '层', units: '单元数', scale: '墨色最深起自', silent: '恒为 0', constant: '恒定不变' },
  tooLarge: '网络太大，无法查看其中的单元：那会使训练停顿数秒。',
  none: (player, reason) => `${player} 没有可显示的单元：${reason}，而这里只能查看普通的全连接层。`,
  reasons: {
    norm: (norm) => `它使用${norm}`,
    spectral: '它的权重作了谱归一化',
    convolutional: '它是卷积网络',
    classes: '它使用类别',
    batch: '它能看到整批样本',
    packs: '它把几个样本打包判断',
    bottleneck: '它带有信息瓶颈',
    other: '它是另一种网络',
  },
};
