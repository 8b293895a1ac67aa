/**
 * The toy game in TensorFlow.js, in the page that benches/speed.mjs opens: the same networks, batch and optimiser, the non-saturating loss.
 * A game is written as its documentation would have it: variables, `minimize`, everything inside `tidy`.
 */
const LEAKY = 0.2;

function mlp(inputs, width, depth, outputs) {
  const sizes = [inputs, ...Array(depth).fill(width), outputs];
  const layers = sizes.slice(1).map((size, i) => ({
    weight: tf.variable(tf.randomNormal([sizes[i], size], 0, Math.sqrt(2 / sizes[i]))),
    bias: tf.variable(tf.zeros([size])),
  }));
  return {
    variables: layers.flatMap(({ weight, bias }) => [weight, bias]),
    forward: (x) =>
      layers.reduce((x, { weight, bias }, i) => {
        const y = tf.add(tf.matMul(x, weight), bias);
        return i + 1 < layers.length ? tf.leakyRelu(y, LEAKY) : y;
      }, x),
  };
}

/** Steps a second of a case on a backend. */
async function measure(backend, { batch, latent_dim, generator, critic }, seconds) {
  if (!(await tf.setBackend(backend))) throw new Error(`there is no ${backend} here`);
  await tf.ready();
  const g = mlp(latent_dim, ...generator, 2);
  const d = mlp(2, ...critic, 1);
  const [forG, forD] = [tf.train.adam(1e-3, 0.5, 0.99), tf.train.adam(1e-3, 0.5, 0.99)];
  const normals = (columns) => tf.randomNormal([batch, columns]);
  const pool = Array.from({ length: 16 }, () => normals(2));
  const step = (turn) =>
    tf.tidy(() => {
      const fake = g.forward(normals(latent_dim));
      forD.minimize(() => tf.add(tf.mean(tf.softplus(tf.neg(d.forward(pool[turn % 16])))), tf.mean(tf.softplus(d.forward(fake)))), false, d.variables);
      forG.minimize(() => tf.mean(tf.softplus(tf.neg(d.forward(g.forward(normals(latent_dim)))))), false, g.variables);
    });
  // What was queued is done when a number has come back.
  const settle = () => g.variables[0].data();
  for (let i = 0; i < 3; i++) step(i);
  await settle();
  let steps = 0;
  const begin = performance.now();
  while (performance.now() - begin < seconds * 1000) {
    // A backend that only queues must not run away from the clock.
    for (let i = 0; i < 4; i++) step(steps++);
    if (backend === 'webgl' || backend === 'webgpu') await settle();
  }
  await settle();
  const rate = steps / ((performance.now() - begin) / 1000);
  tf.disposeVariables();
  pool.forEach((x) => x.dispose());
  return rate;
}

globalThis.measure = measure;
