/** 引擎的设置、取值、方法与数据。英文由 Rust 的文档注释生成；`tests/unit/words.test.ts` 检查此处既不缺少也不多余。 */
import type { EngineWords, Said } from '../en/engine';
import { variants } from './variants';

/** 分组设置的各部分，名称形如 `lr.start`。 */
const parts = (group: string, words: Record<string, Said>) => Object.fromEntries(Object.entries(words).map(([name, said]) => [`${group}.${name}`, said]));

const SCHEDULE: Record<string, Said> = {
  start: { title: '起始', help: '第一个训练样本时的值。' },
  end: { title: '终止', help: '从 `kimg` 起的值。' },
  kimg: { title: '千样本', help: '该值变化所历经的训练样本数，以千计；0 表示始终为终止值。' },
};

const NETWORK: Record<string, Said> = {
  width: { title: '宽度', help: '每个隐藏层的单元数，或最高分辨率下的通道数。' },
  depth: { title: '深度', help: '隐藏层数，或每个分辨率的残差块数；`dcgan` 不论此值，每个分辨率一层。' },
  activation: { title: '激活函数', help: '每个隐藏层之后的函数。' },
  norm: { title: '归一化', help: '每个隐藏层的归一化方式。' },
  spectral_norm: { title: '谱归一化', help: '是否把每个权重矩阵除以其最大奇异值（SNGAN：Miyato 2018）。' },
};

const SCHEDULED = ['r1', 'r2', 'gp_weight', 'instance_noise', 'lr', 'beta2', 'ema'];

const settings: Record<string, Said> = {
  seed: { title: '种子', help: '所有随机数流的种子。' },
  data: { title: '数据', help: '生成器所模仿的分布。' },
  points: { title: '点', help: '自己的点，每个点的 x 与 y：1 到 4096 个；程序从 `--data FILE.csv` 读取，页面取自文件或手绘。' },
  image: { title: '图像', help: '你自己的图像会变成什么样。' },
  augment: { title: '增强', help: '图像很少时，D 所见的图像怎样增强。' },
  moved: { title: '移动的模式', help: '被移到别处的模式：各自的编号（从 0 起）与新的中心，写作 `mode:x:y,mode:x:y`；网络的单位仍是原数据的。' },
  kimg: { title: '训练长度', help: '训练的长度，以千个训练样本计；页面会在此之后继续训练。' },
  batch: { title: '批大小', help: '每个玩家每一步所用的样本数。' },
  latent: { title: '潜变量分布', help: '潜变量 z 的分布。' },
  latent_dim: { title: '潜变量维数', help: 'z 的维数。' },
  family: { title: '架构', help: '两个网络的架构；D 与 G 互为镜像。' },
  generator: { title: '生成器', help: '生成器 G。' },
  critic: { title: '判别器', help: '判别器 D（输出 logit）。' },
  conditioning: { title: '条件方式', help: '类别怎样进入博弈。' },
  labelled: { title: '有标签样本', help: '半监督博弈中每一类有标签样本的个数；其余样本没有标签。' },
  objective: { title: '目标函数', help: '两个玩家的损失。' },
  real_label: { title: '真样本标签', help: 'D 在真样本上的目标值；小于 1 即单侧标签平滑（Salimans 2016，取 .9）。' },
  adversarial: { title: '对抗权重', help: '目标函数在 G 的损失中的权重；0 表示只用特征匹配。' },
  feature_matching: { title: '特征匹配', help: '特征匹配在 G 的损失中的权重：D 最后一层隐藏特征上的 ‖E f(x) − E f(g)‖²（Salimans 2016）。' },
  r1: { title: 'R1 γ', help: 'R1 的 γ：真样本上的 γ/2 · E‖∇ₓD(x)‖²（Mescheder 2018）。' },
  r2: { title: 'R2 γ', help: 'R2 的 γ：假样本上的 γ/2 · E‖∇D(g)‖²。' },
  gradient_penalty: { title: '梯度惩罚', help: '把 D 的斜率拉向 1 的惩罚。' },
  gp_weight: { title: '梯度惩罚 λ', help: '该惩罚的 λ：图像取 10，二维数据取 .1（Gulrajani 2017）。' },
  weight_clip: { title: '权重裁剪', help: 'D 每一步之后把权重裁剪到 ± 此值（Arjovsky 2017，取 .01）；0 表示不裁剪。' },
  orthogonal: { title: '正交 β', help: '两个网络正交正则化的 β：β‖W Wᵀ ⊙ (1 − I)‖²（BigGAN 2019，取 1e-4）；0 表示不用。' },
  instance_noise: { title: '实例噪声', help: '加在 D 的一切输入上的噪声的标准差，以网络单位计（Sønderby 2017，从 .1 到 0）；0 表示不用。' },
  minibatch: { title: '小批量特征', help: 'D 能看到整批样本的什么。' },
  packing: { title: '打包', help: 'D 一起判断的样本数（PacGAN：Lin 2018，取 2 或 4）；批大小须为其倍数。' },
  bottleneck: { title: '瓶颈 I_c', help: '变分判别器瓶颈的 I_c，单位为奈特（VDB：Peng 2019，取 .1 到 .2）：D 的特征最多携带这么多信息；0 表示没有瓶颈。' },
  bottleneck_rate: { title: '瓶颈 α', help: '瓶颈乘子的步长 α，β ← max(0, β + α(KL − I_c))。' },
  historical_averaging: { title: '历史平均', help: '历史平均的权重：两个玩家都加上 λ‖θ − 过去所有 θ 的均值‖²（Salimans 2016，取 1）；0 表示不用。' },
  optimizer: { title: '优化器', help: '两个玩家怎样由梯度得到更新。' },
  play: { title: '行动顺序', help: '两个玩家按什么顺序行动。' },
  learn: { title: '学习方', help: '谁在学习；另一方保持不变。' },
  n_critic: { title: '每步 G 对应的 D 步数', help: 'G 每走一步，D 走几步（WGAN：5）。' },
  lr: { title: '学习率', help: '学习率。' },
  ttur: { title: 'TTUR', help: 'D 的学习率是 G 的几倍（双时间尺度，TTUR：Heusel 2017）。' },
  beta1: { title: 'β₁（动量）', help: '一阶矩的衰减率；对 SGD 是动量，可为负。' },
  beta2: { title: 'β₂', help: '二阶矩的衰减率。' },
  weight_decay: { title: '权重衰减', help: '权重衰减，仅用于 AdamW。' },
  ema: { title: 'EMA 半衰期', help: 'G 的权重的指数移动平均（EMA）的半衰期，以千个训练样本计，样本由它生成；0 表示直接取用权重本身。' },
};

for (const group of SCHEDULED) Object.assign(settings, parts(group, SCHEDULE));
for (const group of ['generator', 'critic']) Object.assign(settings, parts(group, NETWORK));

export const engine: EngineWords = {
  settings,
  sections: {
    '': '',
    Networks: '网络',
    Classes: '类别',
    Losses: '损失',
    'Slope of D': 'D 的斜率',
    Stabilisers: '稳定手段',
    Optimisers: '优化器',
  },
  variants,
  methods: {
    'gan-2014': 'Goodfellow 2014，算法 1：用带动量的梯度下降玩极小极大博弈',
    cgan: 'Mirza & Osindero 2014：类别与 z 以及 D 的输入拼接',
    dcgan: 'Radford 2016：非饱和损失，G 用批归一化和 ReLU，D 用 Leaky ReLU',
    'improved-gan': 'Salimans 2016：小批量判别与单侧标签平滑',
    'improved-gan-labels': 'Salimans 2016，半监督：D 有 K + 1 类和少量标签，G 作特征匹配',
    'f-gan': 'Nowozin 2016：Kullback-Leibler 散度的 f-GAN',
    lsgan: 'Mao 2017：最小二乘',
    wgan: 'Arjovsky 2017：裁剪权重以求 Wasserstein 距离，RMSprop',
    'wgan-gp': 'Gulrajani 2017：以梯度惩罚求 Wasserstein 距离，权重 .1，与其二维实验相同',
    'wgan-lp': 'Petzka 2018：不惩罚小于 1 的斜率的 WGAN-GP',
    acgan: 'Odena 2017：D 还要识别类别，G 须按指定类别生成',
    dragan: 'Kodali 2017：数据附近的梯度惩罚',
    'instance-noise': 'Sønderby 2017：D 的一切输入都加噪声，逐渐减弱',
    ttur: 'Heusel 2017：D 的学习速度是 G 的四倍',
    sngan: 'Miyato 2018：合页损失，D 的权重除以其谱范数',
    projection: 'Miyato & Koyama 2018：以投影引入类别的 SNGAN',
    pacgan: 'Lin 2018：D 一次判断两个样本',
    r1: 'Mescheder 2018：非饱和损失，仅在真样本上用 R1',
    rpgan: 'Jolicoeur-Martineau 2018：相对成对损失，没有任何惩罚',
    ragan: 'Jolicoeur-Martineau 2018：与另一方的均值相比的相对损失',
    optimistic: 'Daskalakis 2018：用乐观 Adam 训练的 WGAN-GP',
    extragradient: 'Gidel 2019：用外梯度 Adam 训练的 WGAN-GP',
    vdb: 'Peng 2019：D 中的信息瓶颈，配合 R1',
    r3gan: 'Huang 2024：相对成对损失，配合 R1 和 R2，即默认设置',
  },
};
