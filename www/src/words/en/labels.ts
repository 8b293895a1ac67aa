/** What the papers call a setting, where the engine's name is short; any other setting is called by its own name. */

export const LABELS: Record<string, string> = {
  kimg: 'Length',
  batch: 'Batch',
  latent_dim: 'Latent dimensions',
  generator: 'Generator',
  critic: 'Critic',
  r1: 'R1 γ',
  r2: 'R2 γ',
  lr: 'Learning rate',
  gp_weight: 'Gradient penalty λ',
  orthogonal: 'Orthogonal β',
  bottleneck: 'Bottleneck I_c',
  bottleneck_rate: 'Bottleneck α',
  n_critic: 'D steps per G step',
  ttur: 'TTUR',
  beta1: 'β₁ (momentum)',
  beta2: 'β₂',
  ema: 'EMA half-life',
};
