// Generated from the Rust types by `SPARRING_WRITE=1 cargo test --release --test generated`; do not edit.

/**
 * What the two networks play for.
 *
 * In the schema each variant carries its `title`, and as `x-neutral` the logit at which the optimal critic calls real and fake equally likely; a critic without
 * one is known up to a constant only, and the page draws it relative to its mean.
 */
export type Objective = "minimax" | "non_saturating" | "lsgan" | "wgan" | "hinge" | "rpgan" | "ragan" | "kl_fgan";

/**
 * A penalty that pulls ‖∇D‖ to 1 beside the data; R1 and R2 have weights of their own.
 */
export type GradientPenalty = "none" | "wgan_gp" | "wgan_gp_one_sided" | "dragan";

/**
 * What turns a gradient g into a step.
 */
export type OptimizerKind = "adam" | "adamw" | "optimistic_adam" | "rmsprop" | "sgd";

/**
 * In which order the players move.
 */
export type Play = "alternating" | "simultaneous" | "extragradient";

/**
 * What follows each hidden layer.
 */
export type Activation = "leaky_relu" | "relu" | "elu" | "tanh" | "swish";

/**
 * What normalises each hidden layer before its activation; each has a learned scale and shift per channel.
 */
export type Norm = "none" | "batch" | "layer" | "instance" | "group" | "virtual_batch";

/**
 * What is appended to the features of D.
 */
export type MinibatchFeature = "none" | "stddev" | "discrimination";

/**
 * How classes enter the game; any but "none" needs data with classes.
 */
export type Conditioning = "none" | "join" | "projection" | "acgan" | "semi_supervised";

/**
 * Who learns in a step; the other's loss is measured, and it stays as it is. The random numbers are the same whoever learns.
 */
export type Learners = "both" | "critic" | "generator";

/**
 * The distribution of each number of z; both have mean 0 and variance 1.
 */
export type LatentKind = "normal" | "uniform";

/**
 * A value that moves from `start` to `end` on a half cosine over the first `kimg` thousand images and then stays.
 *
 * v(t) = end + (start − end) · ½(1 + cos(π · min(t / kimg, 1)))
 *
 * `kimg = 0` means `end` from the first image on. R3GAN (2024) moves γ, β₂ and the EMA half-life this way.
 */
export type Schedule = { 
/**
 * Value at the first image.
 */
start: number, 
/**
 * Value from `kimg` on.
 */
end: number, 
/**
 * Thousands of images over which the value moves; 0 holds `end` throughout.
 */
kimg: number, };

/**
 * The architecture of a pair of networks.
 */
export type Family = "mlp" | "dcgan" | "r3gan";

/**
 * The size and the layers of one network.
 */
export type NetworkConfig = { 
/**
 * Units per hidden layer, or channels at full resolution.
 */
width: number, 
/**
 * Hidden layers, or residual blocks per resolution; `dcgan` has one layer per resolution whatever this says.
 */
depth: number, 
/**
 * What follows each hidden layer.
 */
activation: Activation, 
/**
 * What normalises each hidden layer.
 */
norm: Norm, 
/**
 * Whether each weight is divided by its largest singular value (SNGAN: Miyato 2018).
 */
spectral_norm: boolean, };

/**
 * The data sets there are; `docs/data.md` has their formulas.
 */
export type DataKind = "ring8" | "grid25" | "line" | "two_gaussians" | "ring" | "disjoint" | "moons" | "spiral" | "swiss_roll" | "checkerboard" | "pinwheel" | "two_scale" | "gaussian1d" | "bimodal1d" | "points" | "mnist" | "fashion_mnist" | "kmnist" | "stacked_mnist" | "cifar10" | "cifar100" | "shapes" | "images";

/**
 * How an image becomes a square.
 */
export type Fit = "crop" | "letterbox";

/**
 * What the images of `images`, and the drawings of `shapes`, become; other data are as they are, unless they are mirrored.
 */
export type ImageConfig = { 
/**
 * Pixels along each side of the square, of `images` and `shapes`.
 */
resolution: number, 
/**
 * Channels of `images`: 1 for grey, 3 for RGB, 4 for RGB with alpha; `shapes` are grey.
 */
channels: number, 
/**
 * How an image becomes a square.
 */
fit: Fit, 
/**
 * The colour under transparent images, and around them with `letterbox`: #rrggbb.
 */
background: string, 
/**
 * Classes of `images`: the folders at the top of --data, which the program counts for a game with classes; 0 where none are told apart.
 */
classes: number, 
/**
 * Whether D's reals are flipped left to right with probability ½ (StyleGAN's `mirror`), of all image data: twice the data where left and right mean the same.
 */
mirror: boolean, };

/**
 * How the images that D sees are changed.
 */
export type Augment = "none" | "diff_augment" | "ada" | "scheduled";

/**
 * Which changes ADA chooses from, by StyleGAN2-ADA's names.
 */
export type Pipeline = "blit" | "geom" | "color" | "bg" | "bgc";

/**
 * Augmentation of what D sees of images, reals and fakes alike; samples stay as G makes them.
 */
export type AugmentConfig = { 
/**
 * How images are changed.
 */
method: Augment, 
/**
 * Whether DiffAugment changes brightness, saturation and contrast.
 */
color: boolean, 
/**
 * Whether DiffAugment moves images by up to an eighth of their size; what comes in is 0, mid grey.
 */
translation: boolean, 
/**
 * Whether DiffAugment blanks a square of half their size.
 */
cutout: boolean, 
/**
 * Which changes `ada` and `scheduled` choose from.
 */
pipeline: Pipeline, 
/**
 * E sign D(x) on reals that `ada` holds; above it D is held to overfit (Karras 2020, with .6).
 */
target: number, 
/**
 * Thousands of images in which the p of `ada` can go from 0 to 1 (Karras 2020, with 500).
 */
ramp: number, 
/**
 * p of `scheduled`, at most 1; beyond .8 changes leak into samples.
 */
p: Schedule, };

/**
 * One Gaussian along the axes: N(centre, diag(sigma²)), with its share of the samples. On the line both second numbers are 0.
 */
export type Mode = { 
/**
 * Its mean.
 */
centre: [number, number], 
/**
 * Its standard deviations.
 */
sigma: [number, number], 
/**
 * Its share; those of a mixture sum to 1.
 */
weight: number, };

/**
 * Where to compute.
 */
export type DeviceChoice = "auto" | "cpu" | "gpu" | "cuda";

/**
 * Everything that determines a run. The same config gives the same run.
 *
 * The default is the preset `ring8`; a setting that a file does not name has its default.
 */
export type TrainConfig = { 
/**
 * Seed of all random streams.
 */
seed: number, 
/**
 * Length of the run in thousands of images; the page trains on beyond it.
 */
kimg: number, 
/**
 * Images per step, for each player.
 */
batch: number, 
/**
 * What the generator imitates.
 */
data: DataKind, 
/**
 * The points of `data=points`, x and y of each: 1 to 4096; the program reads them from `--data FILE.csv`, the page from a file or your strokes.
 */
points: Array<[number, number]>, 
/**
 * What a person's own images become.
 */
image: ImageConfig, 
/**
 * How what D sees of images is augmented, where there are few.
 */
augment: AugmentConfig, 
/**
 * Modes of the data that lie elsewhere: the number of each, counted from 0, with its new centre, as `mode:x:y,mode:x:y`; the networks' units stay those of the data.
 */
moved: Array<[number, number, number]>, 
/**
 * Distribution of the latent z.
 */
latent: LatentKind, 
/**
 * Dimensions of z.
 */
latent_dim: number, 
/**
 * Architecture of both networks; D mirrors G.
 */
family: Family, 
/**
 * The generator G.
 */
generator: NetworkConfig, 
/**
 * The critic D (a discriminator that returns logits).
 */
critic: NetworkConfig, 
/**
 * How classes enter the game.
 */
conditioning: Conditioning, 
/**
 * Labelled samples of each class in the semi-supervised game; all others come without label.
 */
labelled: number, 
/**
 * The losses of the two players.
 */
objective: Objective, 
/**
 * D's target on reals; below 1 it is one-sided label smoothing (Salimans 2016), with .9.
 */
real_label: number, 
/**
 * Weight of the objective in G's loss; 0 leaves feature matching alone.
 */
adversarial: number, 
/**
 * Weight of feature matching in G's loss: ‖E f(x) − E f(g)‖² on D's last hidden features (Salimans 2016).
 */
feature_matching: number, 
/**
 * γ of R1: γ/2 · E‖∇ₓD(x)‖² on reals (Mescheder 2018).
 */
r1: Schedule, 
/**
 * γ of R2: γ/2 · E‖∇D(g)‖² on fakes.
 */
r2: Schedule, 
/**
 * A penalty that pulls D's slope to 1.
 */
gradient_penalty: GradientPenalty, 
/**
 * λ of that penalty: 10 on images, .1 on toys (Gulrajani 2017).
 */
gp_weight: Schedule, 
/**
 * D's weights are clipped to ± this after each of its steps (Arjovsky 2017, with .01); 0 leaves them.
 */
weight_clip: number, 
/**
 * β of orthogonal regularisation of both networks, β‖W Wᵀ ⊙ (1 − I)‖² (BigGAN 2019, with 1e-4); 0 for none.
 */
orthogonal: number, 
/**
 * Standard deviation of noise on all that D sees, in network units (Sønderby 2017, from .1 to 0); 0 for none.
 */
instance_noise: Schedule, 
/**
 * What D sees of the batch as a whole.
 */
minibatch: MinibatchFeature, 
/**
 * Samples that D judges together (PacGAN: Lin 2018, with 2 or 4); the batch must be a multiple.
 */
packing: number, 
/**
 * I_c of the variational discriminator bottleneck in nats (VDB: Peng 2019, with .1 to .2): D's features may carry so much; 0 for no bottleneck.
 */
bottleneck: number, 
/**
 * Step size α of the bottleneck's multiplier, β ← max(0, β + α(KL − I_c)).
 */
bottleneck_rate: number, 
/**
 * Weight of historical averaging, λ‖θ − mean of all past θ‖² for both players (Salimans 2016, with 1); 0 for none.
 */
historical_averaging: number, 
/**
 * What turns gradients into steps, for both players.
 */
optimizer: OptimizerKind, 
/**
 * In which order the players move.
 */
play: Play, 
/**
 * Who learns; the other stays as it is.
 */
learn: Learners, 
/**
 * Steps of D for each step of G (WGAN: 5).
 */
n_critic: number, 
/**
 * Learning rate.
 */
lr: Schedule, 
/**
 * D's learning rate as a multiple of G's (two time scales, TTUR: Heusel 2017).
 */
ttur: number, 
/**
 * Decay of the first moment; of SGD the momentum, which may be negative.
 */
beta1: number, 
/**
 * Decay of the second moment.
 */
beta2: Schedule, 
/**
 * Weight decay, of AdamW only.
 */
weight_decay: number, 
/**
 * Half-life, in thousands of images, of the moving average of G's weights (EMA) that samples are drawn from; 0 takes the weights themselves.
 */
ema: Schedule, };

/**
 * A config with a name and a word about it.
 */
export type Preset = { 
/**
 * What `sparring train` takes.
 */
name: string, 
/**
 * What it is, in one line.
 */
summary: string, 
/**
 * What must be given with it, as flags; empty where nothing is needed.
 */
needs: string, 
/**
 * Whether it is a method for any points; otherwise it is made for certain data.
 */
method: boolean, 
/**
 * What it changes in the defaults, as `--set` takes it.
 */
changes: Array<string>, 
/**
 * The settings.
 */
config: TrainConfig, };

/**
 * The device in use.
 */
export type DeviceInfo = { 
/**
 * `cpu` or `gpu`.
 */
kind: DeviceChoice, 
/**
 * Its name, for the badge.
 */
name: string, 
/**
 * Why it is not the device that was asked for; empty where it is.
 */
note: string, };

/**
 * A rectangle of the plane, in data units.
 */
export type View = { 
/**
 * Left edge.
 */
x_min: number, 
/**
 * Right edge.
 */
x_max: number, 
/**
 * Lower edge.
 */
y_min: number, 
/**
 * Upper edge.
 */
y_max: number, };

/**
 * What a data set of points looks like.
 */
export type Scene = { 
/**
 * A square that shows all of it with room around.
 */
view: View, 
/**
 * Numbers in a sample: 1 or 2.
 */
dim: number, 
/**
 * Its modes, where it is made of some.
 */
modes: Array<Mode> | null, 
/**
 * Data units per unit that the networks see: the root mean square deviation of a coordinate, before a mode was moved.
 */
unit: number, 
/**
 * Some of its samples, for a small picture; on the line y is 0.
 */
points: Array<[number, number]>, };

/**
 * Which latents to generate from.
 */
export type Latents = { "type": "given", 
/**
 * `count * latent_dim` numbers.
 */
z: Array<number>, } | { "type": "drawn", 
/**
 * The seed.
 */
seed: number, 
/**
 * How many rows.
 */
count: number, } | { "type": "between", 
/**
 * Where t = 0.
 */
from: Array<number>, 
/**
 * Where t = 1.
 */
to: Array<number>, 
/**
 * Place on the way, 0 to 1.
 */
t: number, };

/**
 * What a look can hold beside samples and D.
 */
export type Extra = "forces" | "slopes" | "mesh" | "optimum" | "units" | "checkpoint";

/**
 * The best critic's figures.
 */
export type OptimumFigures = { 
/**
 * σ of the smoothing of p and q, in data units.
 */
smoothing: number, 
/**
 * The least that D's loss can be; none where there is no D*.
 */
loss: number | null, };

/**
 * What one training step measured.
 */
export type StepReport = { 
/**
 * Steps done.
 */
step: number, 
/**
 * Real images seen.
 */
images: number, 
/**
 * The critic's adversarial loss, without penalties.
 */
loss_d: number, 
/**
 * The generator's loss.
 */
loss_g: number, 
/**
 * γ₁/2 · E‖∇D(x)‖²; 0 while R1 and R2 are off.
 */
r1: number, 
/**
 * γ₂/2 · E‖∇D(g)‖²; 0 while R1 and R2 are off.
 */
r2: number, 
/**
 * The penalty that pulls D's slope to 1 (WGAN-GP, DRAGAN), with its weight; 0 while it is off.
 */
slope: number, 
/**
 * E D(x), a logit.
 */
d_real: number, 
/**
 * E D(g), a logit.
 */
d_fake: number, 
/**
 * How often D is right: ½P(D(x) > c) + ½P(D(g) < c) at the logit c where it is undecided; of objectives without one P(D(x) > D(g)). ½ is a guess.
 */
accuracy: number, 
/**
 * ‖∂L_D/∂θ_D‖ over all of D's parameters, penalties included.
 */
norm_d: number, 
/**
 * ‖∂L_G/∂θ_G‖ over all of G's parameters.
 */
norm_g: number, 
/**
 * p of ADA's changes of images, and of scheduled ones, with which this step was made.
 */
augment_p?: number, };

/**
 * A measure of how far fakes are from the data, over samples.
 */
export type Score = "js" | "kl" | "reverse_kl" | "tv" | "w1" | "sliced_w1" | "mmd2" | "precision" | "recall" | "density" | "coverage";

/**
 * What a sampler scored.
 */
export type Measured = { 
/**
 * Which score.
 */
score: Score, 
/**
 * The figure.
 */
value: number, 
/**
 * Mean ± 2 standard deviations of what pairs of real samples of the same size score: within it nothing can be told from the data.
 */
band: [number, number], };

/**
 * Metrics on data with known modes (protocol: 2,500 samples; a point is of high quality within 3σ of a mode, a figure within .2 of a template).
 */
export type ModeMetrics = { 
/**
 * Modes with at least one high-quality sample.
 */
modes: number, 
/**
 * Modes there are.
 */
modes_total: number, 
/**
 * Share of samples of high quality. Of points, those within 3σ of a mode: a perfect sampler scores .9889 in the plane, .9973 on the line.
 */
hq: number, 
/**
 * KL(histogram of high-quality samples over modes ‖ their true shares), in nats; infinite (null in JSON) without any.
 */
rkl: number | null, 
/**
 * Share of all samples that is of high quality at each mode.
 */
mass: Array<number>, 
/**
 * The data's share at each mode.
 */
truth: Array<number>, 
/**
 * Number of samples.
 */
samples: number, };

/**
 * Metrics of a run on points.
 */
export type PointMetrics = { 
/**
 * On which modes the fakes lie, where the data are made of modes.
 */
coverage: ModeMetrics | null, 
/**
 * The scores that were asked for.
 */
scores: Array<Measured>, };

/**
 * An error as the page shows it.
 */
export type Failure = { 
/**
 * A stable word for programs.
 */
code: string, 
/**
 * What happened.
 */
message: string, 
/**
 * What to do.
 */
hint: string, };

/**
 * What can go wrong with a game, in the order in which the doctor speaks: what comes first explains what follows.
 */
export type Ailment = "divergence" | "weak_critic" | "dead_units" | "vanishing_gradient" | "disjoint_supports" | "mode_hopping" | "oscillation" | "mode_collapse";

/**
 * What the doctor measures.
 */
export type Measure = "logits" | "gap" | "dead_share" | "saturated" | "auc" | "sliced_w1" | "basins" | "hops" | "swings";

/**
 * A measure and the limit that it passed.
 */
export type Evidence = { 
/**
 * Which.
 */
measure: Measure, 
/**
 * Its value.
 */
value: number, 
/**
 * Where trouble begins.
 */
limit: number, };

/**
 * Something that is wrong with a run, with its evidence and what to change.
 */
export type Finding = { 
/**
 * What.
 */
ailment: Ailment, 
/**
 * The measures that say so, each with the limit that it passed.
 */
evidence: Array<Evidence>, 
/**
 * The settings that should help.
 */
remedy: TrainConfig, 
/**
 * Whether the run must begin anew with them: what is lost does not come back.
 */
anew: boolean, };

/**
 * A run that fails, and what heals it.
 */
export type Exhibit = { 
/**
 * Which way.
 */
ailment: Ailment, 
/**
 * Why it happens, in a sentence for a student.
 */
why: string, 
/**
 * Where to read about it.
 */
papers: string, 
/**
 * What is imitated.
 */
data: DataKind, 
/**
 * What is changed in the method `r3gan`: `key=value`.
 */
settings: Array<string>, 
/**
 * What is changed beside that to heal it.
 */
remedy: Array<string>, 
/**
 * After so many steps it shows.
 */
steps: number, };

/**
 * What the page asks.
 */
export type Command = { "type": "open", 
/**
 * Which.
 */
device: DeviceChoice, } | { "type": "preset", 
/**
 * Its name.
 */
method: string, 
/**
 * What it shall imitate.
 */
data: DataKind, 
/**
 * What is changed in it: `key=value`, as `--set` takes them.
 */
settings: Array<string>, } | { "type": "read_points", 
/**
 * The file's name, for messages.
 */
name: string, } | { "type": "reset", 
/**
 * Its settings.
 */
config: TrainConfig, } | { "type": "tune", 
/**
 * The new settings, whole.
 */
config: TrainConfig, } | { "type": "play" } | { "type": "pause" } | { "type": "step", 
/**
 * How many.
 */
steps: number, 
/**
 * Who learns in them; as the settings say where it is not said.
 */
learn?: Learners, } | { "type": "try", 
/**
 * How many.
 */
steps: number, 
/**
 * Who learns in them; as its settings say where it is not said.
 */
learn?: Learners, } | { "type": "look", 
/**
 * What rectangle the critic is drawn on.
 */
view: View, 
/**
 * How many real and fake samples (at most 10,000).
 */
samples: number, 
/**
 * Cells of the critic's grid along each axis (at most 512, or 48 where D compares samples with each other).
 */
grid: number, 
/**
 * What else is asked for.
 */
extras: Array<Extra>, } | { "type": "evaluate", 
/**
 * Which scores beside the coverage of modes; some take a second.
 */
scores: Array<Score>, } | { "type": "save" } | { "type": "load", 
/**
 * The file's name, for messages.
 */
name: string, } | { "type": "export", 
/**
 * Whether in 16 bits.
 */
half: boolean, } | { "type": "load_weights", 
/**
 * The file's name, for messages.
 */
name: string, } | { "type": "generate", 
/**
 * From what.
 */
latents: Latents, };

/**
 * What the worker answers.
 */
export type Event = { "type": "opened", 
/**
 * Which it became.
 */
device: DeviceInfo, 
/**
 * [`PROTOCOL_VERSION`].
 */
protocol: number, } | { "type": "preset", 
/**
 * The preset, its config being that for the data.
 */
preset: Preset, } | { "type": "points", 
/**
 * They.
 */
points: Array<[number, number]>, 
/**
 * Rows of the file that were no points.
 */
dropped: number, } | { "type": "started", 
/**
 * Its settings.
 */
config: TrainConfig, 
/**
 * What its data look like, if they are points.
 */
scene: Scene | null, 
/**
 * Steps done.
 */
step: number, 
/**
 * Real images seen.
 */
images: number, 
/**
 * Trainable numbers in G.
 */
parameters_g: number, 
/**
 * Trainable numbers in D.
 */
parameters_d: number, } | { "type": "progress", 
/**
 * Whether the engine trains by itself.
 */
playing: boolean, 
/**
 * Steps done.
 */
step: number, 
/**
 * Real images seen.
 */
images: number, 
/**
 * Steps per second over the last second of training; 0 before the first.
 */
steps_per_sec: number, 
/**
 * What each of the steps since the last report measured.
 */
history: Array<StepReport>, } | { "type": "tried", 
/**
 * What each step measured.
 */
history: Array<StepReport>, } | { "type": "stage", 
/**
 * What the critic was drawn on.
 */
view: View, 
/**
 * Samples of each kind.
 */
samples: number, 
/**
 * Cells along each axis.
 */
grid: number, 
/**
 * Steps done when it was looked at.
 */
step: number, 
/**
 * Real images seen by then.
 */
images: number, 
/**
 * What else there is, in the order of [`Extra`].
 */
extras: Array<Extra>, 
/**
 * Nodes of the mesh along each latent.
 */
mesh: number, 
/**
 * Figures of the best critic, where it was asked for.
 */
optimum: OptimumFigures | null, } | { "type": "evaluated", 
/**
 * Steps done.
 */
step: number, 
/**
 * The figures.
 */
metrics: PointMetrics, 
/**
 * Share of real samples whose class D finds, in games in which D classifies (ACGAN, K + 1).
 */
accuracy: number | null, 
/**
 * What is wrong with the run, what explains the rest first.
 */
findings: Array<Finding>, } | { "type": "checkpoint", 
/**
 * Real images seen.
 */
images: number, } | { "type": "exported", 
/**
 * Real images seen.
 */
images: number, } | { "type": "weights", 
/**
 * The settings they were trained with.
 */
config: TrainConfig, 
/**
 * What their data look like, if they are points.
 */
scene: Scene | null, 
/**
 * Real images seen in training.
 */
images: number, 
/**
 * Trainable numbers.
 */
parameters: number, 
/**
 * Shape of one sample: `[1]`, `[2]`, or `[channels, height, width]`.
 */
shape: Array<number>, } | { "type": "generated", 
/**
 * How many.
 */
count: number, 
/**
 * Shape of one sample.
 */
shape: Array<number>, } | { "type": "failed", 
/**
 * Why.
 */
failure: Failure, };

/** Version of the protocol between page and worker. */
export const PROTOCOL_VERSION = 7;

/** Cells along each axis on which hidden units are shown. */
export const UNIT_CELLS = 12;
