/** 画面：图层、下方的一句话、图例。 */
import type { Words } from '../en';
import { numbers } from './numbers';

const { whole, loss, percent } = numbers;

export const stage: Words['stage'] = {
  starting: '引擎正在启动 …',
  layers: {
    title: '图层',
    reals: '真样本',
    fakes: '假样本',
    ground: '底色',
    lines: '等值线',
    modes: '模式 3σ',
    forces: '假样本的受力',
    mesh: 'G 的网格',
    best: 'D* 的等值线',
  },
  ground: { label: '底色表示什么', critic: 'D', optimum: 'D*，最优判别器', error: 'D − D*', slopes: '‖∇D‖，陡峭程度' },
  camera: {
    title: '视野；方向键可移动',
    closer: '放大',
    closerHelp: '放大（也可用 Ctrl + 滚轮或双指）',
    farther: '缩小',
    home: '全图',
    homeHelp: '全图；拖动画面可移动',
  },
  modes: {
    move: '移动模式',
    moveHelp: '训练进行时拖动数据的模式；方向键移动获得焦点的那个',
    back: '放回模式',
    handle: (mode, x, y) => `模式 ${mode}，位于 ${x}, ${y}；方向键可移动`,
  },
  summary: {
    outside: (fakes) => `${whole(fakes)} 个假样本在画面之外`,
    untrained: (outside) => `尚未训练：假样本（三角形）落在初始随机权重给出的位置${outside && `，${outside}`}。请按 ▶。`,
    now: (step, images) => `第 ${whole(step)} 步，${whole(images)} 个训练样本`,
    past: (step, images) => `过去：第 ${whole(step)} 步，${whole(images)} 个训练样本`,
    modes: (modes, all, hq) => `覆盖 ${modes}/${all} 个模式，${percent(hq)} 的假样本落在模式上`,
    sliced: (distance) => `切片 W1 ${distance}`,
    losses: (d, g) => `D 的损失 ${loss(d)}，G 的损失 ${loss(g)}`,
    sentence: (parts) => `${parts.join('；')}。`,
  },
  legend: {
    relative: 'D 的颜色相对于它在样本上的均值：在这一目标函数下，logit 没有绝对意义。',
    probability: 'D 的颜色是它判为“真”的概率：蓝色高于二分之一，橙色低于二分之一。',
    error: '蓝色：D 对此处的评价高于最优 D；橙色：低于最优 D。无色：D 已达最优。',
    steep: (logits) => `深色：D 在此处陡峭，每单位长度 ${logits} 个 logit 或更多。`,
    flat: 'D 处处平坦。',
    seeking: '正在求 D* …',
    noBest: '这些设置下，没有仅由该点的 p 和 q 决定的 D*（Wasserstein、相对平均，或 D 能看到类别或其他样本）。',
    best: (step, sigma) => `D* 是面对第 ${whole(step)} 步的 G 时最优的 D：由精确的 p 和 32,768 个假样本求得，两者均以 σ = ${sigma} 平滑。`,
    sheet: '概率相等的噪声格子被 G 送到的位置：格子小处密度大；网面翻折处以墨色描边。',
    line: '全部噪声所在的直线被 G 送到的位置。',
    moreLatents: '潜变量多于两维时只显示前两维，其余取 0。',
    noMesh: '直线上的点没有网格。',
    arrows: '箭头：−∇ₓL_G，即 G 的目标函数把每个假样本拉向何处、拉力多大。',
    unit: (slope) => `表示斜率 ${slope}；越长越强，按比例绘制。`,
    noForces: 'D 在每个假样本处都平坦：没有拉力。',
  },
};
