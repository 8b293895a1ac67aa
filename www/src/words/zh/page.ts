/** 整个页面：页首、帮助、文件。 */
import type { Words } from '../en';

export const page: Words['page'] = {
  title: 'sparring：看 GAN 如何学习',
  rooms: { label: '页面', lab: '实验室', latent: '潜空间' },
  helpButton: '帮助与按键',
  languageMissing: (name) => `无法获取${name}的文字；页面保持不变。`,
  sentences: (said) => said.join(''),
  chooseAnother: '请选择另一个文件',
  tooLarge: (name, mebibytes) => `${name}：${mebibytes} MiB，超过本程序的任何文件`,
  engine: {
    stopped: (why) => `引擎已停止：${why}`,
    whatNow: '按 ↺ 重新开始，或载入检查点；若仍失败，请刷新页面',
    answered: (event) => `引擎的回答是 \`${event}\``,
    reload: '请刷新页面',
    runsOnCpu: (why) => `改在 CPU 上运行，原因：${why}。`,
    continuesOnCpu: (images, why) => `从第 ${images} 个训练样本起改在 CPU 上继续，原因：${why}。`,
  },
  help: {
    title: '你看到的是什么',
    what: {
      before: '两个网络相互对抗。生成器 G 把噪声变成样本（',
      fakes: '△ 假样本',
      between: '）；判别器 D 把它们与数据（',
      reals: '● 真样本',
      after: '）区分开。画面的颜色是 D 的看法：蓝色处认为是真，橙色处认为是假。当 G 足够好时，D 便无话可说。',
    },
    where: '一切都在本页面中运行，不向任何地方发送数据。可把检查点（.sparring）或导出的权重（.safetensors）拖放到页面任意位置。',
    keys: '按键',
    close: '关闭',
    and: '和',
    space: '空格',
    meanings: {
      play: '训练或暂停',
      step: '一步',
      one: '只有 D 或只有 G 学习的一步',
      speed: '慢一些，快一些',
      time: '在训练过程中前后移动',
      reset: '按表单中的设置回到起点',
      seed: '同上，并换一个随机种子',
      layers: '画面的各图层，按顺序',
      compare: '从此处开始第二次训练，用于对比',
      paste: '用剪贴板中的点训练，每行两个数',
      help: '本帮助',
    },
    layerKeys: '1 到 8',
  },
};
