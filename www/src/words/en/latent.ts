/** The latent room. */
import { numbers } from './numbers';

const { whole } = numbers;

export const latent = {
  title: 'Latent: what a generator makes of its noise',
  about: (weights: number, dimensions: number, shape: number[] | null, images: number) =>
    `${whole(weights)} weights, z of ${dimensions} dimensions, ${shape ? `${shape.join('×')} images` : 'points in the plane'}, trained on ${whole(images)} images`,
  none: 'No generator loaded',
  load: 'Load weights',
  fromLab: "Take the lab's generator",
  labWeights: (data: string) => `${data} from the lab`,
  bundled: 'Bundled digits',
  fetching: 'Fetching the bundled generator …',
  missing: 'This copy of the page came without its bundled generator.',
  notFetched: (why: string) => `The bundled generator could not be fetched (${why}).`,
  whatNow: 'Drop a .safetensors file that this program exported, or take the generator of the lab.',
  sample: 'Sample',
  z: 'Latent z',
  wall: 'Wall of samples',
  card: 'Where these weights come from',
  picture: 'The sample that the generator makes of z',
  point: (coordinates: string) => `z becomes the point ${coordinates}`,
  cloud: (point: string) => `${point}. Small triangles: 1000 random z.`,
  way: {
    title: 'From A to B',
    setA: 'Set A',
    setB: 'Set B',
    place: 'Place between A and B',
    play: 'Play',
    stop: 'Stop',
    help: (t: string) => `t = ${t}, along the great circle. Set A and Set B take the current z.`,
  },
  sliders: {
    seed: 'Seed',
    random: 'Random',
    exact: (name: string) => `${name}, exact`,
    zero: (name: string) => `Snap ${name} to zero`,
    zeroHelp: 'Snap to zero',
    reset: (name: string) => `Reset ${name}`,
    resetHelp: 'Back to the value that was drawn',
    previous: 'Previous dimensions',
    next: 'Next dimensions',
    range: (from: number, to: number, of: number) => `z ${from}–${to} of ${of}`,
  },
  samples: {
    title: 'Samples',
    others: 'Others',
    take: (number: number) => `Take sample ${number}`,
    help: (seed: number) => `64 random z, seed ${seed}. Press one to make it the current z.`,
  },
};
