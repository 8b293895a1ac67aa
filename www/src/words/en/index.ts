/** The English table. Its type is that of every language: what is missing in another does not compile. */
import { doctor } from './doctor';
import { drawing } from './drawing';
import { engine } from './engine';
import { evidence } from './evidence';
import { failures } from './failures';
import { film } from './film';
import { lab } from './lab';
import { latent } from './latent';
import { model } from './model';
import { numbers } from './numbers';
import { page } from './page';
import { settings } from './settings';
import { slow } from './slow';
import { stage } from './stage';

export const en = { numbers, page, lab, stage, slow, evidence, doctor, failures, settings, drawing, film, latent, model, engine };

export type Words = typeof en;
