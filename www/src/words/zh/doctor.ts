/** 诊断与失败案例。 */
import type { Ailment } from '../../generated/types';
import type { Words } from '../en';
import { numbers } from './numbers';

const { whole } = numbers;

const WHY: Record<Ailment, string> = {
  mode_collapse: 'G 只需骗过眼前的 D，而一个点和八个点一样能骗过它。没有惩罚项时，D 在剩下的少数模式处越来越陡，丢掉的模式再也没有力量把 G 拉回去。',
  mode_hopping: 'G 总是奔向 D 此刻最弱的地方。D 学得太慢，等它认出这里是假的，G 已经跳到下一个模式：绕着圆环无休止地追逐。',
  oscillation: '两个玩家各自沿自己的梯度走，只会绕着均衡点转，而不会落进去；动量还不断把它们推过头。',
  vanishing_gradient: '在极小极大博弈中，G 降低 log(1 − σ(D(g)))，其斜率为 σ(D(g))。D 一旦确信某个样本是假的，G 就没有可学的东西了。',
  weak_critic: 'G 的好坏取决于它得到的信息。几乎不学习的 D 永远指着某个方向，G 就跟着它越过数据，走出画面。',
  divergence: 'Wasserstein 的判别器若斜率无界就没有最优值。裁剪到 100 等于任它增长，梯度随之增长，朴素的梯度步便奔向无穷。',
  dead_units: '步子太大，会把 ReLU 的偏置推得过低，使它对任何输入都为 0：没有输出，没有斜率，也回不来。每死一个单元，G 就少一道折痕来拼出图形。',
  disjoint_supports: '八个点与假样本的云互不相接，于是立刻存在完美的 D，而它在假样本处的斜率说不出数据在哪里。给两边都加噪声，它们就会重叠。',
};

export const doctor: Words['doctor'] = {
  title: '诊断',
  looks: '训练时约每秒检查一次。',
  well: '没有发现问题。',
  finding: (help) => `：${help}。`,
  evidence: (measure, value, limit) => `${measure} ${value}，界限 ${limit}`,
  withIt: (others) => `同时出现：${others}。`,
  and: '、',
  treat: '在旁边试试对策',
  anew: '，两者都从头开始',
  gallery: '失败案例',
  why: (ailment) => WHY[ailment],
  papers: (papers, steps) => `${papers}。约 ${whole(steps)} 步内可见。`,
  fail: '看它失败',
  beside: '与对策并排',
  lesson: {
    go: '下一个失败或对策',
    help: '依次看每一种失败，再看它与对策并排（n 键）。',
    shown: (step, of, title, beside) => `失败案例，第 ${step} 步，共 ${of} 步：${title}${beside ? '（A）与对策（B）并排' : ''}。`,
    next: (title, beside) => (beside ? '下一步（n）：与对策并排。' : `下一步（n）：${title}。`),
  },
  ailments: {
    divergence: { title: '发散', help: '数值奔向无穷' },
    weak_critic: { title: 'D 太弱', help: '它给假样本的分数高于真样本' },
    dead_units: { title: '死亡单元', help: '不再有任何响应的隐藏 ReLU' },
    vanishing_gradient: { title: 'G 的梯度消失', help: 'D 过于确信，目标函数没有给 G 留下斜率' },
    disjoint_supports: { title: '支撑集不相交', help: '完美的 D，其斜率却不指向数据' },
    mode_hopping: { title: '模式跳跃', help: 'G 在模式之间跳来跳去' },
    oscillation: { title: '振荡', help: '两个玩家绕着均衡点转' },
    mode_collapse: { title: '模式坍塌', help: 'G 只生成少数模式' },
  },
  measures: {
    logits: '平均 logit 的最大值',
    gap: '200 步内 D(x) − D(g) 的中位数',
    dead_share: '死亡单元的比例',
    saturated: '不受牵引的假样本比例',
    auc: 'P(D(x) > D(g))，即 D 给真样本更高分的概率',
    sliced_w1: '以标准差为单位的切片 W1',
    basins: '生成出来的模式数',
    hops: '五次检查中最满模式的变化次数',
    swings: '200 步内 D(x) − D(g) 的摆动次数',
  },
};
