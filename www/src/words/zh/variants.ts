/** 各项设置的取值，以及数据集。 */
import type { EngineWords } from '../en/engine';

export const variants: EngineWords['variants'] = {
  Activation: {
    leaky_relu: { title: 'Leaky ReLU', help: 'x > 0 时为 x，否则为 x/5（DCGAN、StyleGAN、R3GAN）。' },
    relu: { title: 'ReLU', help: 'x > 0 时为 x，否则为 0。' },
    elu: { title: 'ELU', help: 'x > 0 时为 x，否则为 eˣ − 1（Clevert 2016）：斜率光滑。' },
    tanh: { title: 'tanh', help: 'tanh(x)：光滑，两侧饱和。' },
    swish: { title: 'Swish', help: 'x·σ(x)（Ramachandran 2017）：光滑。' },
  },
  Conditioning: {
    none: { title: '无', help: '不使用类别。' },
    join: { title: '拼接 (cGAN)', help: 'cGAN（Mirza & Osindero 2014）：类别的独热编码与 z 以及 D 的输入拼接。' },
    projection: { title: '投影', help: '投影（Miyato & Koyama 2018）：D = ψ(φ(x)) + ⟨e_y, φ(x)⟩；类别与 z 拼接。' },
    acgan: { title: '辅助分类器 (ACGAN)', help: '辅助分类器（ACGAN：Odena 2017）：两个玩家还要最小化类别的交叉熵；类别与 z 拼接。' },
    semi_supervised: { title: '半监督 (K + 1)', help: 'K + 1 类的半监督（Salimans 2016）：D 对少量有标签样本分类，其 logit 为各类 logit 的 log Σ exp；G 没有类别。' },
  },
  DataKind: {
    ring8: { title: '八点环', help: '单位圆上的 8 个高斯分布，σ .01（VEEGAN、PacGAN）。' },
    grid25: { title: '25 点网格', help: '网格 {−4, −2, 0, 2, 4}² 上的 25 个高斯分布，σ .05（VEEGAN、PacGAN）。' },
    line: { title: '线段', help: '一条短线段，噪声 .01（GAN Lab）。' },
    two_gaussians: { title: '两个高斯', help: '两个形状不同的高斯分布（GAN Lab）。' },
    ring: { title: '圆环', help: '一个椭圆，噪声 .025（GAN Lab）。' },
    disjoint: { title: '分离', help: '三个相距很远的团块（GAN Lab）。' },
    moons: { title: '双月', help: '两个相互嵌入的半圆，噪声 .05（scikit-learn）。' },
    spiral: { title: '螺线', help: '螺线的两条臂，噪声 .02。' },
    swiss_roll: { title: '瑞士卷', help: '瑞士卷的截面，噪声 .05（scikit-learn）。' },
    checkerboard: { title: '棋盘', help: '在 4x4 棋盘的 8 个深色格子上均匀分布。' },
    pinwheel: { title: '风车', help: '五条扭曲的臂（Johnson 2016）。' },
    two_scale: { title: '两种尺度', help: '一半样本分散，一半集中于一点：σ .5 与 .05。' },
    gaussian1d: { title: '一维高斯', help: '直线上的 N(2, .5²)：每个样本一个数。' },
    bimodal1d: { title: '一维双峰', help: '直线上的 .3 N(−1, .2²) + .7 N(1, .4²)。' },
    points: { title: '自己的点', help: '你自己的点，手绘或来自 CSV 文件，每个点是一个小高斯分布。' },
    mnist: { title: 'MNIST', help: '手写数字，28x28 灰度图像（LeCun 1998）；需要数据文件。' },
  },
  Family: {
    mlp: { title: 'MLP', help: '全连接层；共 `depth` 个隐藏层，每层 `width` 个单元。' },
    dcgan: { title: 'DCGAN', help: '用于图像的 DCGAN（Radford 2016）：带步幅的卷积与转置卷积，4x4；最高分辨率有 `width` 个通道，分辨率每减半，通道数加倍。' },
    r3gan: {
      title: 'R3GAN',
      help: '用于图像的小型卷积 R3GAN（2024）：没有归一化，残差块用分组卷积；最高分辨率有 `width` 个通道，分辨率每减半，通道数加倍，每个分辨率 `depth` 个块。',
    },
  },
  GradientPenalty: {
    none: { title: '无', help: '不用。' },
    wgan_gp: { title: 'WGAN-GP', help: 'WGAN-GP（Gulrajani 2017）：在 x̂ = εx + (1 − ε)g 处取 λE(‖∇D(x̂)‖ − 1)²，ε 对每一对均匀分布。' },
    wgan_gp_one_sided: { title: 'WGAN-GP，单侧', help: 'WGAN-LP（Petzka 2018），单侧：在同样的点上取 λE relu(‖∇D(x̂)‖ − 1)²；小于 1 的斜率不受惩罚。' },
    dragan: { title: 'DRAGAN', help: 'DRAGAN（Kodali 2017）：在数据附近取 λE(‖∇D(x + αδ)‖ − 1)²，δ = ½·std(X)·U[0, 1] 逐元素抽取，α 对每个样本均匀分布。' },
  },
  LatentKind: {
    normal: { title: '正态', help: '标准正态分布 N(0, 1)。' },
    uniform: { title: '均匀', help: '在 −√3 到 √3 上均匀分布：没有尾部，因此最外侧的模式与内侧的模式占有同样大的一部分。' },
  },
  Learners: {
    both: { title: '双方', help: 'D 和 G。' },
    critic: { title: '仅 D', help: '仅 D：面对不动的 G，它达到最优。' },
    generator: { title: '仅 G', help: '仅 G：它追随不动的 D。' },
  },
  MinibatchFeature: {
    none: { title: '无', help: '不附加任何特征。' },
    stddev: { title: '小批量标准差', help: '每 4 个样本一组的标准差，对特征取平均得一个数（ProGAN 2018）。' },
    discrimination: {
      title: '小批量判别',
      help: '与其他样本的 100 个接近程度 Σ exp(−‖Mᵢ − Mⱼ‖₁)，每个有 5 个学得的维度（Salimans 2016）；时间与内存随批大小的平方增长。',
    },
  },
  Norm: {
    none: { title: '无', help: '不作归一化（R3GAN、WGAN-GP 的判别器）。' },
    batch: { title: '批归一化', help: '对整批样本（Ioffe & Szegedy 2015，DCGAN）；生成样本时用移动统计量。在 D 中不能与梯度惩罚同用，因为它把样本混在一起。' },
    layer: { title: '层归一化', help: '对一个样本的各单元（Ba 2016）。' },
    instance: { title: '实例归一化', help: '对一幅图像的像素，逐通道进行（Ulyanov 2016）；仅用于图像。' },
    group: { title: '组归一化', help: '对一个样本的通道分成 8 组（Wu & He 2018）。' },
    virtual_batch: { title: '虚拟批归一化', help: '对由 64 个潜变量构成的固定参考批和样本自身（Salimans 2016）；仅用于生成器。' },
  },
  Objective: {
    minimax: { title: '极小极大（饱和）', help: '最初的博弈（Goodfellow 2014）；D 确信时 G 的梯度消失。D：E sp(−D(x)) + E sp(D(g))。G：−E sp(D(g)) = E log(1 − σ(D(g)))。' },
    non_saturating: { title: '非饱和', help: '非饱和损失（Goodfellow 2014）。D：E sp(−D(x)) + E sp(D(g))。G：E sp(−D(g))。' },
    lsgan: { title: '最小二乘 (LSGAN)', help: '最小二乘（Mao 2017），a = 0，b = c = 1，作用于原始输出。D：½E(D(x) − 1)² + ½E D(g)²。G：½E(D(g) − 1)²。' },
    wgan: { title: 'Wasserstein (WGAN)', help: 'Wasserstein 距离（Arjovsky 2017）；只能配合斜率有界的判别器，例如用梯度惩罚。D：E D(g) − E D(x)。G：−E D(g)。' },
    hinge: { title: '合页', help: '合页损失（Lim & Ye 2017；SAGAN、BigGAN）。D：E relu(1 − D(x)) + E relu(1 + D(g))。G：−E D(g)。' },
    rpgan: { title: '相对成对 (RpGAN)', help: '相对成对损失，RpGAN（Jolicoeur-Martineau 2018）：每个假样本与一个真样本相比，而不是与常数相比。D：E sp(−(D(x) − D(g)))。G：E sp(−(D(g) − D(x)))。' },
    ragan: {
      title: '相对平均 (RaGAN)',
      help: '相对平均损失，RaGAN（Jolicoeur-Martineau 2018）：每个样本与另一方的均值相比。D：E sp(−(D(x) − E D(g))) + E sp(D(g) − E D(x))。G：E sp(D(x) − E D(g)) + E sp(−(D(g) − E D(x)))。',
    },
    kl_fgan: { title: 'KL f-GAN', help: 'Kullback-Leibler 散度的 f-GAN（Nowozin 2016）；最优判别器为 1 + log(p/q)。D：E exp(D(g) − 1) − E D(x)。G：−E exp(D(g) − 1)。' },
  },
  OptimizerKind: {
    adam: { title: 'Adam', help: 'Adam 优化器（Kingma & Ba 2015）：θ ← θ − lr·m̂/(√v̂ + 1e-8)。' },
    adamw: { title: 'AdamW', help: 'AdamW（Loshchilov & Hutter 2019）：先 θ ← (1 − lr·decay)·θ，再作 Adam。' },
    optimistic_adam: { title: '乐观 Adam', help: '乐观 Adam（Daskalakis 2018）：θ ← θ − 2·dₜ + dₜ₋₁，d 为 Adam 的步；抑制博弈中的旋转。' },
    rmsprop: { title: 'RMSprop', help: 'RMSprop：以二阶矩缩放梯度，v ← β₂v + (1 − β₂)g²，θ ← θ − lr·g/(√v + 1e-8)。' },
    sgd: { title: 'SGD', help: '带动量 β₁ 的梯度下降，β₁ 可为负（Gidel 2019）：m ← β₁m + g，θ ← θ − lr·m。' },
  },
  Play: {
    alternating: { title: '交替', help: 'D 先行，G 再面对新的 D（Goodfellow 2014）。' },
    simultaneous: { title: '同时', help: '两个梯度在同一处求得，然后双方一起行动。' },
    extragradient: { title: '外梯度', help: '外梯度（Korpelevich 1976，Gidel 2019）：双方各试一步，再从原处按试探处的梯度行动，使用同一批样本。' },
  },
};
